"""What every analyser of faces keeps to."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest

from drawn_faces import draw_crowd
from engine_choices import choice_of
from networks_faces import write_face_networks
from scenedex.engines.faces import (
    DLIB,
    FACES,
    YUNET_SFACE,
    ScriptedFaceAnalyser,
    ScriptedFaceLook,
    frontality,
)
from scenedex.engines.loader import open_engine
from scenedex.timeline import BoundingBox

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from scenedex.engines.faces import FaceAnalyser


@dataclass(frozen=True)
class Case:
    analyser: FaceAnalyser
    picture: NDArray[np.uint8]
    faces: int


def bundled(folder: Path) -> Case:
    del folder
    choice = choice_of(DLIB)
    return Case(open_engine(FACES, choice, threads=1), draw_crowd(900, 300, 300, most=2), 2)


def downloaded(folder: Path) -> Case:
    write_face_networks(folder)
    picture = np.zeros((320, 320, 3), np.uint8)
    for row, column in ((80, 80), (200, 160)):
        picture[row : row + 8, column : column + 8] = (255, 0, 0)
    choice = choice_of(YUNET_SFACE, folder)
    return Case(open_engine(FACES, choice, threads=1), picture, 2)


def scripted(folder: Path) -> Case:
    del folder
    looks = (
        ScriptedFaceLook(1, BoundingBox(0.1, 0.1, 0.2, 0.3)),
        ScriptedFaceLook(2, BoundingBox(0.5, 0.2, 0.3, 0.5), nose=0.6),
    )
    return Case(ScriptedFaceAnalyser({9: looks}), np.full((200, 300, 3), 9, np.uint8), 2)


@pytest.fixture(scope="module", params=[bundled, downloaded, scripted], ids=["dlib", "yunet-sface", "scripted"])
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    make: Callable[[Path], Case] = request.param
    return make(tmp_path_factory.mktemp("weights") / "faces")


def test_it_says_what_it_is(case: Case) -> None:
    assert case.analyser.engine.name
    assert 0 < case.analyser.same_person < 1


def test_faces_lie_in_the_picture_largest_first(case: Case) -> None:
    found = case.analyser.find(case.picture)

    assert len(found) == case.faces
    areas = [face.box.area for face in found]
    assert areas == sorted(areas, reverse=True)
    assert min(areas) > 0
    assert all(0 <= face.confidence <= 1 for face in found)


def test_landmarks_begin_with_left_eye_right_eye_and_nose(case: Case) -> None:
    for face in case.analyser.find(case.picture):
        left, right, nose = face.landmarks[:3]
        assert face.landmarks.shape == (5, 2)
        assert face.landmarks.dtype == np.float32
        assert left[0] < nose[0] < right[0]
        assert nose[1] > max(left[1], right[1])
        assert frontality(face.landmarks) > 0.5


def test_a_description_is_a_unit_vector_and_always_the_same(case: Case) -> None:
    face = case.analyser.find(case.picture)[0]

    vector = case.analyser.describe(case.picture, face)

    assert vector.shape == (case.analyser.dimension,)
    assert vector.dtype == np.float32
    assert float(np.linalg.norm(vector)) == pytest.approx(1, abs=1e-5)
    assert np.array_equal(vector, case.analyser.describe(case.picture, case.analyser.find(case.picture)[0]))


def test_several_threads_may_search_at_once(case: Case) -> None:
    alone = [(face.box, face.confidence) for face in case.analyser.find(case.picture)]

    with ThreadPoolExecutor(3) as pool:
        together = list(pool.map(case.analyser.find, [case.picture] * 6))

    assert all([(face.box, face.confidence) for face in found] == alone for found in together)


@pytest.mark.parametrize("size", [(1, 1), (3, 400), (400, 3), (9, 9), (720, 1280)], ids=str)
def test_black_pictures_of_any_size_show_nobody(case: Case, size: tuple[int, int]) -> None:
    assert len(case.analyser.find(np.zeros((*size, 3), np.uint8))) == 0


def test_pictures_that_cannot_be_written_to_or_are_turned_views_will_do(case: Case) -> None:
    turned = np.ascontiguousarray(case.picture[:, ::-1])[:, ::-1]
    turned.flags.writeable = False

    found = case.analyser.find(turned)

    assert [face.box for face in found] == [face.box for face in case.analyser.find(case.picture)]
    assert case.analyser.describe(turned, found[0]).shape == (case.analyser.dimension,)


def test_faces_at_the_edge_can_be_described(case: Case) -> None:
    face = case.analyser.find(case.picture)[0]
    rows = max(1, round(face.box.top * case.picture.shape[0]))
    moved = np.roll(case.picture, -rows, axis=0)

    for found in case.analyser.find(moved):
        assert float(np.linalg.norm(case.analyser.describe(moved, found))) == pytest.approx(1, abs=1e-5)
