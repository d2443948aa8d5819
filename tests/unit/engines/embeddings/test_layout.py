"""The bundled embedder of pictures: frames of one shot are close, whatever was done to them, and others are far."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image, ImageEnhance

from scenedex.engines.embeddings import LAYOUT
from scenedex.engines.embeddings.layout import LayoutPictures, edge_strengths
from scenedex.engines.engine import EngineContext

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

PICTURES = st.tuples(st.integers(1, 40), st.integers(1, 40)).flatmap(
    lambda size: arrays(np.uint8, (*size, 3), elements=st.integers(0, 255))
)


def embed(picture: Image.Image | NDArray[np.uint8]) -> NDArray[np.float32]:
    return LayoutPictures(EngineContext(LAYOUT)).embed(np.asarray(picture))


def drawn(seed: int) -> Image.Image:
    """Return a picture of coarse patches, unlike that of any other seed."""
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize((640, 480), Image.Resampling.BICUBIC)


def coded(picture: Image.Image) -> Image.Image:
    file = io.BytesIO()
    picture.resize((320, 240)).save(file, "jpeg", quality=25)
    return Image.open(file)


def cropped_at_a_corner(picture: Image.Image) -> Image.Image:
    return picture.crop((0, 0, 576, 432))


def without_margins(picture: Image.Image) -> Image.Image:
    return picture.crop((32, 24, 608, 456))


def darker(picture: Image.Image) -> Image.Image:
    return ImageEnhance.Brightness(picture).enhance(0.7)


def with_more_contrast(picture: Image.Image) -> Image.Image:
    return ImageEnhance.Contrast(picture).enhance(1.25)


@given(PICTURES)
def test_vectors_have_length_1(picture: np.ndarray) -> None:
    assert abs(float(np.linalg.norm(embed(picture))) - 1) < 1e-5


@pytest.mark.parametrize(
    ("change", "least"),
    [(coded, 0.98), (cropped_at_a_corner, 0.7), (without_margins, 0.8), (darker, 0.95), (with_more_contrast, 0.95)],
)
def test_a_changed_picture_is_close_and_others_are_far(
    change: Callable[[Image.Image], Image.Image], least: float
) -> None:
    vectors = np.stack([embed(drawn(seed)) for seed in range(20)])

    similarities = vectors @ embed(change(drawn(0)))

    assert similarities[0] > least
    assert similarities[1:].max() < 0.5


def test_plain_pictures_of_different_brightness_and_noise_are_far_from_each_other() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (480, 640, 3), dtype=np.uint8)
    black, white = np.zeros_like(noise), np.full_like(noise, 255)

    assert embed(black) @ embed(white) < 0.5
    assert embed(noise) @ embed(np.full_like(noise, 128)) < 0.8
    assert embed(black) @ embed(black[:224, :300]) > 0.999


def test_edges_count_by_their_direction_and_part() -> None:
    luma = np.zeros((90, 120), np.float32)
    luma[:20, 20] = 200

    strengths = edge_strengths(luma)

    assert np.unravel_index(strengths.argmax(), strengths.shape) == (0, 0, 0)
    assert strengths[2].max() == 0
