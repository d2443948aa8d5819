"""What every embedder of pictures keeps to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from engine_choices import choice_of
from networks_pictures import write_siglip
from scenedex.engines.embeddings import MPEG7, PICTURES, SIGLIP2, PictureEmbedder
from scenedex.engines.embeddings.toy import MeanColours
from scenedex.engines.engine import Engine
from scenedex.engines.loader import open_engine

if TYPE_CHECKING:
    from numpy.typing import NDArray


@pytest.fixture(scope="module", params=["fake", "mpeg7", "siglip2"])
def embedder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> PictureEmbedder:
    match request.param:
        case "fake":
            return MeanColours()
        case "mpeg7":
            return open_engine(PICTURES, choice_of(MPEG7))
        case _:
            folder = write_siglip(tmp_path_factory.mktemp("siglip"))
            return open_engine(PICTURES, choice_of(SIGLIP2, folder))


def landscape(red: int, *, height: int = 180, width: int = 320) -> NDArray[np.uint8]:
    """A picture with something in it."""
    rows, columns = np.mgrid[0:height, 0:width]
    ground = (rows > height * 2 // 3) * 90
    return np.stack(
        [np.full_like(rows, red), ground + columns * 100 // width, 200 - rows * 200 // height], axis=2
    ).astype(np.uint8)


def test_vectors_have_the_promised_shape_type_and_length(embedder: PictureEmbedder) -> None:
    vector = embedder.embed(landscape(200))

    assert vector.shape == (embedder.dimension,)
    assert vector.dtype == np.float32
    assert float(np.linalg.norm(vector)) == pytest.approx(1, abs=1e-5)


def test_a_picture_has_one_vector(embedder: PictureEmbedder) -> None:
    first = embedder.embed(landscape(10))
    embedder.embed(landscape(250))

    np.testing.assert_array_equal(embedder.embed(landscape(10)), first)


def test_the_picture_is_left_as_it_is(embedder: PictureEmbedder) -> None:
    picture = landscape(10)
    picture.flags.writeable = False

    embedder.embed(picture)


def test_the_same_picture_in_another_size_is_nearer_than_another_picture(embedder: PictureEmbedder) -> None:
    vector = embedder.embed(landscape(60))

    same = float(vector @ embedder.embed(landscape(60, height=360, width=640)))
    other = float(vector @ embedder.embed(255 - landscape(60)))

    assert same > 0.98
    assert other < same


@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (900, 1), (2, 3), (7, 7)], ids=str)
@pytest.mark.parametrize("grey", [0, 128, 255])
def test_odd_pictures_have_vectors_too(embedder: PictureEmbedder, shape: tuple[int, int], grey: int) -> None:
    vector = embedder.embed(np.full((*shape, 3), grey, np.uint8))

    assert float(np.linalg.norm(vector)) == pytest.approx(1, abs=1e-5)


def test_a_slice_of_a_larger_picture_is_a_picture(embedder: PictureEmbedder) -> None:
    whole = landscape(90, height=300, width=400)

    cut = embedder.embed(whole[10:290:2, 20:380:2])

    np.testing.assert_array_equal(cut, embedder.embed(np.ascontiguousarray(whole[10:290:2, 20:380:2])))


def test_it_says_what_it_is(embedder: PictureEmbedder) -> None:
    assert isinstance(embedder.engine, Engine)
    assert embedder.engine.name
    assert embedder.engine.version
