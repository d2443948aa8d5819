"""Quality of faces as likenesses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from drawn_faces import draw_face
from scenedex.engines.faces import FoundFace
from scenedex.engines.faces.quality import FaceQuality, assess, frontality, sharpness
from scenedex.timeline import BoundingBox

GOOD = FaceQuality(size_px=150, sharpness=0.9, frontality=0.9, confidence=0.9)
SHARES = st.floats(0, 1, allow_nan=False)


def points(nose: float) -> np.ndarray:
    return np.array([[10, 10], [50, 10], [10 + 40 * nose, 30], [0, 0], [0, 0]], np.float32)


def test_a_large_sharp_frontal_face_may_define_a_person() -> None:
    assert GOOD.is_presentable


@pytest.mark.parametrize(
    "poor",
    [
        replace(GOOD, size_px=22),
        replace(GOOD, sharpness=0.05),
        replace(GOOD, frontality=0.2),
        replace(GOOD, confidence=0.5),
    ],
    ids=["small", "blurred", "profile", "doubtful"],
)
def test_one_defect_is_enough_not_to(poor: FaceQuality) -> None:
    assert not poor.is_presentable
    assert poor.score < GOOD.score


def test_a_covered_face_defines_no_person() -> None:
    assert not replace(GOOD, is_clear=False).is_presentable
    assert replace(GOOD, is_clear=True, frontality=0.3).is_presentable


@given(SHARES, SHARES, SHARES, st.floats(0, 4000))
def test_scores_lie_between_0_and_1(sharp: float, front: float, sure: float, size: float) -> None:
    assert 0 <= FaceQuality(size, sharp, front, sure).score <= 1


@pytest.mark.parametrize(("nose", "front"), [(0.5, 1), (0.25, 0.5), (0.75, 0.5), (0, 0), (1.4, 0)])
def test_frontality_is_where_the_nose_lies_between_the_eyes(nose: float, front: float) -> None:
    assert frontality(points(nose)) == pytest.approx(front)


@given(st.floats(0, 6.3), st.floats(1, 50))
def test_frontality_does_not_depend_on_roll_or_size(angle: float, scale: float) -> None:
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])

    assert frontality((points(0.4) @ turn.T * scale).astype(np.float32)) == pytest.approx(0.8, abs=1e-3)


def test_eyes_that_fall_together_are_no_front() -> None:
    assert frontality(np.zeros((5, 2), np.float32)) == 0


def test_blur_lowers_sharpness_and_size_does_not() -> None:
    face = draw_face(400)
    blurred = [sharpness(np.asarray(face.filter(ImageFilter.GaussianBlur(radius)))) for radius in (0, 6, 12, 24)]
    sizes = [sharpness(np.asarray(face.resize((side, side), Image.Resampling.LANCZOS))) for side in (400, 200, 130)]

    assert blurred == sorted(blurred, reverse=True)
    assert blurred[0] > 5 * blurred[-1]
    assert sizes == pytest.approx([sizes[0]] * 3, rel=0.35)


@pytest.mark.parametrize("size", [(0, 5), (1, 1), (40, 40)], ids=str)
def test_even_and_empty_pictures_are_not_sharp(size: tuple[int, int]) -> None:
    assert sharpness(np.full((*size, 3), 90, np.uint8)) == 0


def test_a_face_is_assessed_where_it_is() -> None:
    picture = np.zeros((300, 600, 3), np.uint8)
    picture[:, 300:] = np.asarray(draw_face(300))
    here = FoundFace(BoundingBox(0.5, 0.2, 0.5, 0.8), 0.9, points(0.5))

    found = assess(picture, here)

    assert found.size_px == pytest.approx(240)
    assert (found.frontality, found.confidence) == (1, 0.9)
    assert found.sharpness > 0.2
    assert assess(picture, replace(here, box=BoundingBox(0, 0.2, 0.5, 0.8))).sharpness == 0
