from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from engine_choices import choice_of, fake_spec, spec_of
from networks_pictures import real_weights, write_fastestdet
from scenedex.engines.keywords import FASTESTDET, OBJECTS
from scenedex.engines.keywords.scripted import BrightSpotFinder
from scenedex.engines.loader import open_engine
from scenedex.engines.testing import ObjectFinderContract
from scenedex.media.images import read_image

if TYPE_CHECKING:
    from scenedex.engines.keywords import ObjectFinder


class TestBrightSpots(ObjectFinderContract):
    spec = fake_spec(OBJECTS, BrightSpotFinder().engine)

    @pytest.fixture
    def engine(self) -> ObjectFinder:
        return BrightSpotFinder()


class TestFastestDet(ObjectFinderContract):
    spec = spec_of(FASTESTDET)

    @pytest.fixture(scope="class")
    @classmethod
    def weights_folder(cls, tmp_path_factory: pytest.TempPathFactory) -> Path:
        return write_fastestdet(tmp_path_factory.mktemp("fastestdet"))


class TestRealFastestDet(ObjectFinderContract):
    spec = spec_of(FASTESTDET)

    @pytest.fixture(scope="class")
    @classmethod
    def weights_folder(cls) -> Path:
        return real_weights("fastestdet-coco80.onnx").parent


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
