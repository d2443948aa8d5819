"""The detector of faces, and the networks that it is made of."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from drawn_faces import draw_crowd, draw_face
from scenedex.engines.engine import EngineUnavailable
from scenedex.engines.faces.mtcnn import MIN_CONFIDENCE, MtcnnDetector
from scenedex.engines.faces.mtcnn_networks import CONFIRMED, REFINED, FaceNetworks, packaged_weights

if TYPE_CHECKING:
    from pathlib import Path

SIZES = (40, 60, 120, 300)
ROLLS = (-30, -15, 15, 30)


@pytest.fixture(scope="module")
def detector() -> MtcnnDetector:
    return MtcnnDetector()


def on_ground(face: Image.Image) -> np.ndarray:
    picture = Image.new("RGB", (640, 360), (70, 75, 82))
    picture.paste(face, (200, 20))
    return np.array(picture)


@pytest.mark.parametrize("size", SIZES)
def test_a_face_is_found_at_its_place_in_every_size(size: int, detector: MtcnnDetector) -> None:
    (found,) = detector.find(on_ground(draw_face(size)), 24)

    # The drawing has its eyes at 3/8 and 5/8 of its width, 15/32 of its height.
    eyes = np.array([[0.375, 0.469], [0.625, 0.469]]) * size + np.array([200, 20])
    assert np.abs(found.points[:2] - eyes).max() < 0.08 * size
    assert MIN_CONFIDENCE <= found.confidence <= 1
    left_eye, right_eye, nose, left_corner, right_corner = found.points
    assert left_eye[0] < nose[0] < right_eye[0]
    assert left_corner[0] < right_corner[0]
    assert left_eye[1] < nose[1] < left_corner[1]


@pytest.mark.parametrize("degrees", ROLLS)
def test_a_tilted_face_is_found(degrees: int, detector: MtcnnDetector) -> None:
    face = draw_face(200).rotate(degrees, Image.Resampling.BILINEAR, fillcolor=(70, 75, 82))

    (found,) = detector.find(on_ground(face), 30)

    across, down = found.points[1] - found.points[0]
    assert np.degrees(np.arctan2(-down, across)) == pytest.approx(degrees, abs=6)


def test_a_face_of_a_crowd_is_found_once(detector: MtcnnDetector) -> None:
    assert 13 <= len(detector.find(draw_crowd(600, 360, 120), 40)) <= 15


@pytest.mark.parametrize("shape", [(11, 200), (12, 12), (300, 13)], ids=str)
def test_pictures_without_a_face_and_narrow_ones_have_none(shape: tuple[int, int], detector: MtcnnDetector) -> None:
    assert list(detector.find(np.full((*shape, 3), 90, np.uint8), 24)) == []


def test_noise_shows_no_face(detector: MtcnnDetector) -> None:
    noise = np.random.default_rng(3).integers(0, 256, (240, 320, 3), np.uint8)

    assert list(detector.find(noise, 24)) == []


def test_the_networks_rate_a_face_above_its_ground() -> None:
    networks = FaceNetworks(packaged_weights())

    def windows(side: int) -> np.ndarray:
        face = draw_face(300).crop((40, 40, 260, 290)).resize((side, side))
        pictures = np.stack([np.array(face), np.full((side, side, 3), 70, np.uint8)])
        return pictures.transpose(0, 3, 1, 2).astype(np.float32)

    refined, confirmed = networks.refine(windows(REFINED)), networks.confirm(windows(CONFIRMED))
    assert refined.shape == (2, 5)
    assert confirmed.shape == (2, 15)
    assert refined[0, 4] > 2 > -2 > refined[1, 4]
    assert confirmed[0, 14] > 2 > -2 > confirmed[1, 14]
    assert networks.propose(windows(REFINED)[:1]).shape == (5, 7, 7)


def test_other_files_than_the_known_ones_are_never_unpacked(tmp_path: Path) -> None:
    folder = shutil.copytree(packaged_weights(), tmp_path / "weights")
    with (folder / "rnet.lz4").open("r+b") as file:
        file.seek(1000)
        file.write(b"\0\1\2\3")

    with pytest.raises(EngineUnavailable, match=r"mtcnn/rnet\.lz4 is another file than expected"):
        FaceNetworks(folder)
    (folder / "rnet.lz4").unlink()
    with pytest.raises(EngineUnavailable, match=r"rnet\.lz4"):
        FaceNetworks(folder)
