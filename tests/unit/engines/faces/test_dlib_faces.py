"""Faces of the bundled analyser: their boxes, their alignment, and which are clear."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from drawn_faces import draw_face
from scenedex.engines.engine import EngineContext
from scenedex.engines.faces import DLIB, dlib_faces
from scenedex.engines.faces.dlib_faces import DlibFaceAnalyser

GROUND = (70, 75, 82)


@pytest.fixture(scope="module")
def analyser() -> DlibFaceAnalyser:
    return DlibFaceAnalyser(EngineContext(DLIB))


def test_the_file_of_the_detector_is_what_dlib_saves(tmp_path: Path) -> None:
    dlib: Any = importlib.import_module("dlib")
    dlib.get_frontal_face_detector().save(str(tmp_path / "saved"))

    assert (
        Path(dlib_faces.__file__).with_name("dlib_frontal_faces.svm").read_bytes() == (tmp_path / "saved").read_bytes()
    )


def on_ground(face: Image.Image) -> np.ndarray:
    picture = Image.new("RGB", (640, 360), GROUND)
    picture.paste(face, (200, 20))
    return np.array(picture)


def test_a_box_reaches_from_the_brows_to_the_chin(analyser: DlibFaceAnalyser) -> None:
    (face,) = analyser.find(on_ground(draw_face(300)))

    # The drawing has its brows at 0.38 and its chin at 0.91 of its height.
    assert face.box.top * 360 == pytest.approx(20 + 0.38 * 300, abs=30)
    assert (face.box.top + face.box.height) * 360 == pytest.approx(20 + 0.91 * 300, abs=30)
    assert face.box.width * 640 == pytest.approx(face.box.height * 360, rel=0.01)
    assert face.is_clear


@pytest.mark.parametrize("degrees", [-30, 20, 30])
def test_a_tilted_face_has_the_vector_of_the_upright_one(degrees: int, analyser: DlibFaceAnalyser) -> None:
    upright = on_ground(draw_face(300))
    tilted = on_ground(draw_face(300).rotate(degrees, Image.Resampling.BICUBIC, fillcolor=GROUND))
    (here,), (there,) = analyser.find(upright), analyser.find(tilted)

    assert float(analyser.describe(upright, here) @ analyser.describe(tilted, there)) > 0.9


def test_a_covered_face_and_a_small_one_are_found_and_not_clear(analyser: DlibFaceAnalyser) -> None:
    masked = draw_face(300)
    ImageDraw.Draw(masked).rectangle((50, 185, 250, 290), fill=(200, 220, 230))

    (covered,) = analyser.find(on_ground(masked))
    (small,) = analyser.find(on_ground(draw_face(55)), closely=True)

    assert not covered.is_clear
    assert not small.is_clear


def test_a_known_face_is_found_near_its_place_in_the_coordinates_of_the_picture(analyser: DlibFaceAnalyser) -> None:
    picture = on_ground(draw_face(150))
    (face,) = analyser.find(picture)

    (again,) = analyser.find(picture, near=[face.box])

    assert face.box.overlap(again.box) > 0.85
    assert np.abs(face.landmarks - again.landmarks).max() < 6
