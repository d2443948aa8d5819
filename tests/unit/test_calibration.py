"""Scores of similarities: monotone, invertible, and 80 at the engine's threshold."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine_choices import choice_of
from networks_faces import write_face_networks
from scenedex.calibration import DEFAULT_FACES, MAX_SCORE, MIN_SCORE, IdentityBounds
from scenedex.engines.faces import DLIB, FACES, YUNET_SFACE
from scenedex.engines.faces.scripted import ScriptedFaceAnalyser
from scenedex.engines.loader import open_engine
from scenedex.engines.registry import EngineRegistry

if TYPE_CHECKING:
    from collections.abc import Callable

    from scenedex.calibration import Curve
    from scenedex.engines.faces import FaceAnalyser

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "person-scores.md"
REGISTRY = EngineRegistry()
DECLARED = [spec.engine for spec in REGISTRY.specs(FACES)]
ALL = {engine.name: REGISTRY.face_calibration(str(engine)).curve for engine in DECLARED} | {
    "any other": DEFAULT_FACES.curve
}
CURVE = st.sampled_from(list(ALL.values()))
SIMILARITY = st.floats(-1.001, 1.001)
SCORE = st.integers(MIN_SCORE, MAX_SCORE)


@given(curve=CURVE, one=SIMILARITY, other=SIMILARITY)
def test_the_more_alike_the_higher_the_score(curve: Curve, one: float, other: float) -> None:
    assert (curve.score(one) <= curve.score(other)) or one > other


@given(curve=CURVE, similarity=SIMILARITY)
def test_a_score_lies_between_0_and_100_and_has_two_decimals(curve: Curve, similarity: float) -> None:
    score = curve.score(similarity)

    assert 0 <= score <= 100
    assert score == round(score, 2)


@given(curve=CURVE, score=SCORE)
def test_the_least_similarity_of_a_score_has_that_score(curve: Curve, score: int) -> None:
    assert curve.score(curve.similarity(score)) == score


@given(curve=CURVE, score=SCORE, similarity=SIMILARITY)
def test_whoever_passes_by_similarity_passes_by_the_score_shown(curve: Curve, score: int, similarity: float) -> None:
    if similarity >= curve.similarity(score):
        assert curve.score(similarity) >= score


@given(curve=CURVE, score=SCORE, less=st.floats(1e-6, 2))
def test_whoever_does_not_is_shown_below_it(curve: Curve, score: int, less: float) -> None:
    assert curve.score(curve.similarity(score) - less) < score


@pytest.mark.parametrize("curve", ALL.values(), ids=ALL.keys())
def test_a_curve_rises_from_0_to_100(curve: Curve) -> None:
    assert all(low < high and start < end for (start, low), (end, high) in pairwise(curve.knots))
    assert (curve.knots[0][1], curve.knots[-1][1]) == (0, 100)


@pytest.mark.parametrize("curve", ALL.values(), ids=ALL.keys())
def test_a_picture_beside_itself_scores_100_although_its_vector_is_stored_with_few_digits(curve: Curve) -> None:
    assert curve.score(0.9992) == 100


def bundled(folder: Path) -> FaceAnalyser:
    del folder
    return open_engine(FACES, choice_of(DLIB), threads=1)


def downloaded(folder: Path) -> FaceAnalyser:
    write_face_networks(folder)
    return open_engine(FACES, choice_of(YUNET_SFACE, folder), threads=1)


def scripted(folder: Path) -> FaceAnalyser:
    del folder
    return ScriptedFaceAnalyser({})


@pytest.mark.parametrize("opened", [bundled, downloaded, scripted])
def test_80_is_where_an_engine_takes_two_faces_for_one_persons(
    opened: Callable[[Path], FaceAnalyser], tmp_path: Path
) -> None:
    analyser = opened(tmp_path / "faces")

    curve = REGISTRY.face_calibration(str(analyser.engine)).curve

    assert curve.similarity(MIN_SCORE) == analyser.same_person


def test_an_engine_is_calibrated_in_whatever_version_and_others_share_a_calibration() -> None:
    assert REGISTRY.face_calibration("unknown 3 weights") is REGISTRY.face_calibration("") is DEFAULT_FACES
    assert REGISTRY.face_calibration("dlib-resnet 0 other") is REGISTRY.face_calibration(str(DLIB)) is not DEFAULT_FACES


BOUNDS = IdentityBounds(certain=0.7, likely=0.5, lead=0.05, long_lead=0.2, crowd=0.4, possible=0.3)


@pytest.mark.parametrize(
    ("first", "second", "is_given"),
    [
        (0.7, 0.64, True),
        (0.7, 0.66, False),
        (0.9, 0.84, True),
        (0.6, 0.47, True),
        (0.6, 0.48, False),
        (0.5, 0.29, True),
        (0.5, 0.31, False),
        (0.49, 0.1, False),
        (0.57, None, True),
        (0.55, None, False),
    ],
)
def test_a_face_is_given_to_a_person_if_the_next_one_is_clearly_less_similar(
    first: float, second: float | None, *, is_given: bool
) -> None:
    assert BOUNDS.are_met(first, second) is is_given


def test_the_documentation_shows_the_curves() -> None:
    rows = re.findall(r"^\| \**(\d+)\** \|[^|]*\|(.*)\|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    shown = [(float(score), [float(cell.strip(" *")) for cell in cells.split("|")]) for score, cells in rows]

    for column, curve in enumerate((ALL["dlib-resnet"], ALL["yunet-sface"], ALL["any other"])):
        assert curve.knots == tuple((similarities[column], score) for score, similarities in shown)
