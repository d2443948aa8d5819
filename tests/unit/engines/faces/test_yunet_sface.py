"""Faces that the downloaded analyser makes of the outputs of its networks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from networks_faces import POINTS, write_face_networks
from scenedex.engines.engine import EngineContext
from scenedex.engines.faces import YUNET_SFACE, FoundFace
from scenedex.engines.faces.yunet_sface import YunetSfaceAnalyser
from scenedex.timeline import BoundingBox

if TYPE_CHECKING:
    from pathlib import Path

CELL = 16


def opened(folder: Path, *, seed: int | None = None, strides: tuple[int, ...] = (CELL,)) -> YunetSfaceAnalyser:
    write_face_networks(folder, seed=seed, strides=strides)
    return YunetSfaceAnalyser(EngineContext(YUNET_SFACE, folder, threads=1))


def test_boxes_and_points_come_back_in_the_picture_that_was_shown(tmp_path: Path) -> None:
    # The picture is doubled: its cells are of 8 pixels.
    picture = np.zeros((160, 320, 3), np.uint8)
    picture[64:72, 120:128, 0] = 255

    (face,) = opened(tmp_path).find(picture)

    assert face.box.left * 320 == pytest.approx(124 - 16)
    assert face.box.top * 160 == pytest.approx(68 - 16)
    assert (face.box.width * 320, face.box.height * 160) == pytest.approx((32, 32))
    assert face.landmarks == pytest.approx(POINTS * 8 + np.array([120, 64]), abs=1e-3)
    assert face.confidence > 0.9


def test_channels_are_shown_as_the_detector_learned_them(tmp_path: Path) -> None:
    picture = np.zeros((640, 640, 3), np.uint8)
    picture[320:336, 320:336, 2] = 255

    assert len(opened(tmp_path).find(picture)) == 0


def test_neighbours_that_see_the_same_face_are_one(tmp_path: Path) -> None:
    picture = np.zeros((640, 640, 3), np.uint8)
    picture[320:352, 320:352, 0] = 255

    assert len(opened(tmp_path).find(picture)) == 1


def test_any_weights_give_faces_inside_the_picture(tmp_path: Path) -> None:
    picture = np.random.default_rng(0).integers(0, 255, (361, 643, 3), dtype=np.uint8)

    for seed in range(4):
        analyser = opened(tmp_path / str(seed), seed=seed)
        for face in analyser.find(picture)[:5]:
            assert 0 < face.box.area <= 1
            assert float(np.linalg.norm(analyser.describe(picture, face))) == pytest.approx(1, abs=1e-5)


def test_descriptions_do_not_depend_on_where_the_face_is(tmp_path: Path) -> None:
    analyser = opened(tmp_path)
    chance = np.random.default_rng(3)
    small = np.kron(chance.integers(0, 255, (20, 20, 3)), np.ones((16, 16, 1))).astype(np.uint8)
    picture = np.zeros((640, 640, 3), np.uint8)
    picture[100:420, 200:520] = small
    here = FoundFace(BoundingBox(0.3, 0.3, 0.4, 0.4), 0.9, POINTS * 80 + 120)
    there = replace(here, landmarks=here.landmarks + np.array([200, 100], np.float32))

    first, second = analyser.describe(small, here), analyser.describe(picture, there)

    assert float(first @ second) > 0.999
