from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scenedex.engines.embeddings import MPEG7
from scenedex.engines.embeddings.mpeg7 import Mpeg7Pictures
from scenedex.engines.engine import EngineContext

pictures = st.tuples(st.integers(1, 40), st.integers(1, 40)).flatmap(
    lambda size: arrays(np.uint8, (*size, 3), elements=st.integers(0, 255))
)


@given(pictures, pictures)
def test_the_cosine_of_two_pictures_lies_from_0_to_1(one: np.ndarray, other: np.ndarray) -> None:
    embedder = Mpeg7Pictures(EngineContext(MPEG7))

    cosine = float(embedder.embed(one) @ embedder.embed(other))

    assert -1e-6 <= cosine <= 1 + 1e-5


@given(pictures)
def test_vectors_have_length_1(picture: np.ndarray) -> None:
    assert abs(float(np.linalg.norm(Mpeg7Pictures(EngineContext(MPEG7)).embed(picture))) - 1) < 1e-5


def test_the_more_the_colour_differs_the_farther_the_picture() -> None:
    embedder = Mpeg7Pictures(EngineContext(MPEG7))
    first = embedder.embed(np.full((60, 80, 3), (200, 40, 40), np.uint8))

    cosines = [
        float(first @ embedder.embed(np.full((60, 80, 3), (red, 40, 240 - red), np.uint8)))
        for red in (190, 140, 80, 40)
    ]

    assert cosines == sorted(cosines, reverse=True)


def test_edges_tell_pictures_of_one_colour_apart() -> None:
    # As wide as the blocks of a picture of this size, so that each block has an edge.
    rows, columns = np.mgrid[0:432, 0:432]
    upright, lying = [
        np.repeat(((place + 6) // 12 % 2 * 255).astype(np.uint8)[:, :, None], 3, axis=2) for place in (columns, rows)
    ]
    shifted = np.roll(upright, 12, axis=1)
    embedder = Mpeg7Pictures(EngineContext(MPEG7))

    vector = embedder.embed(upright)

    assert vector @ embedder.embed(shifted) > vector @ embedder.embed(lying) + 0.1
