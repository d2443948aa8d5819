"""What every finder of objects keeps to."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from engine_choices import choice_of
from networks_pictures import real_weights, write_fastestdet
from scenedex.engines.keywords import FASTESTDET, OBJECTS, ObjectFinder
from scenedex.engines.keywords.scripted import BrightSpotFinder
from scenedex.engines.loader import open_engine
from scenedex.media.images import read_image

if TYPE_CHECKING:
    from numpy.typing import NDArray

PICTURES = {
    "black": np.zeros((90, 160, 3), np.uint8),
    "white": np.full((1080, 1920, 3), 255, np.uint8),
    "noise": np.random.default_rng(1).integers(0, 256, (240, 320, 3), np.uint8),
    "point": np.full((1, 1, 3), 255, np.uint8),
    "line": np.full((2, 4000, 3), 127, np.uint8),
}


@pytest.fixture(scope="module", params=["fake", "fastestdet-tiny", "fastestdet-real"])
def finder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ObjectFinder:
    match request.param:
        case "fake":
            return BrightSpotFinder()
        case "fastestdet-tiny":
            folder = write_fastestdet(tmp_path_factory.mktemp("fastestdet"))
        case _:
            folder = real_weights("fastestdet-coco80.onnx").parent
    return open_engine(OBJECTS, choice_of(FASTESTDET, folder))


@pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES)
def test_what_is_found_has_a_name_a_confidence_and_a_place(finder: ObjectFinder, picture: NDArray[np.uint8]) -> None:
    found = finder.find(picture)

    assert all(thing.name for thing in found)
    assert all(0 <= thing.confidence <= 1 for thing in found)
    assert all(thing.box.left + thing.box.width <= 1.001 for thing in found)
    assert [thing.confidence for thing in found] == sorted((thing.confidence for thing in found), reverse=True)


def test_the_same_picture_shows_the_same_things(finder: ObjectFinder) -> None:
    assert finder.find(PICTURES["noise"]) == finder.find(PICTURES["noise"].copy())


def test_a_black_picture_shows_nothing_of_certainty(finder: ObjectFinder) -> None:
    assert all(thing.confidence < 0.7 for thing in finder.find(PICTURES["black"]))


@pytest.mark.parametrize("portrait", ["obama.jpg", "obama2.jpg", "biden.jpg"])
def test_the_real_network_sees_a_person_in_a_portrait(portrait: str) -> None:
    media = Path(os.environ.get("SCENEDEX_TEST_MEDIA") or Path(__file__).parents[4] / "shared" / "media") / portrait
    if not media.exists():
        pytest.skip(f"needs {portrait}: set SCENEDEX_TEST_MEDIA")
    weights = real_weights("fastestdet-coco80.onnx").parent
    finder = open_engine(OBJECTS, choice_of(FASTESTDET, weights))
    with media.open("rb") as file:
        picture = read_image(file, "jpg", max_pixels=1 << 26)

    found = finder.find(picture)

    # It sees the tie as well, and of one portrait more certainly than the man.
    sitter = next(thing for thing in found if thing.name == "person")
    assert sitter.confidence >= 0.7
    assert sitter.box.area > 0.3
