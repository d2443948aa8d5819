"""Scores of similarities: how far a scene stands out from what is usual."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scenedex.search.calibration import (
    PICTURED_WORDS,
    PICTURES,
    SAMPLE,
    UNKNOWN,
    WORDS,
    Habit,
    Usual,
    closeness,
    scale_of,
)

HABITS = {**WORDS, **PICTURES, "pictured words": PICTURED_WORDS, "unknown": UNKNOWN}
HABIT = st.sampled_from(list(HABITS.values()))
SIMILARITY = st.floats(-1.001, 1.001)
SCORE = st.floats(0.001, 0.95)
COUNT = st.integers(1, SAMPLE)


@st.composite
def usuals(draw: st.DrawFn) -> Usual:
    """What samples may be like: 16 % of the similarities lie below the lower one."""
    low, median = sorted(draw(st.tuples(st.floats(-1, 0.99), st.floats(-1, 0.99))))
    sampled = draw(COUNT)
    scenes = draw(st.integers(sampled, 10_000_000)) if sampled == SAMPLE else sampled
    return Usual(sampled, scenes, median, low)


def similarity_of(closeness: float) -> float:
    return 1 - math.exp(-closeness)


def usual(middle: float, spread: float, *, sampled: int = SAMPLE, scenes: int = SAMPLE) -> Usual:
    """A sample whose closenesses have this median and spread."""
    return Usual(sampled, scenes, similarity_of(middle), similarity_of(middle - spread))


@given(usuals(), HABIT, SIMILARITY)
def test_a_score_lies_between_0_and_1(sample: Usual, habit: Habit, similarity: float) -> None:
    assert 0 <= scale_of(sample, habit).score(similarity) <= 1


@given(usuals(), HABIT, SIMILARITY, SIMILARITY)
def test_the_more_alike_the_higher_the_score(sample: Usual, habit: Habit, one: float, other: float) -> None:
    scale = scale_of(sample, habit)

    assert scale.score(one) <= scale.score(other) or one > other


@given(usuals(), HABIT, SCORE)
def test_the_least_similarity_of_a_score_has_that_score(sample: Usual, habit: Habit, score: float) -> None:
    scale = scale_of(sample, habit)
    similarity = scale.similarity(score)

    # Nearer to 1 nothing is told apart.
    assume(similarity < 1 - 2e-4)
    assert math.isclose(scale.score(similarity), score, rel_tol=1e-6)


@given(usuals(), HABIT, SIMILARITY, SCORE)
def test_whoever_has_the_score_has_the_similarity(sample: Usual, habit: Habit, similarity: float, score: float) -> None:
    scale = scale_of(sample, habit)

    if similarity >= scale.similarity(score):
        assert scale.score(similarity) >= score - 1e-9
    else:
        assert scale.score(similarity) <= score + 1e-9


@given(usuals(), HABIT)
def test_any_scene_has_a_score_of_nothing_or_more(sample: Usual, habit: Habit) -> None:
    assert scale_of(sample, habit).similarity(0) <= -1.001


@given(usuals(), HABIT)
def test_half_a_score_is_beyond_what_is_usual_and_beyond_what_the_engine_makes_of_anything(
    sample: Usual, habit: Habit
) -> None:
    scale = scale_of(sample, habit)

    assert scale.half > habit.middle
    assert scale.score(similarity_of(scale.half)) <= 0.5 + 1e-9
    assert habit.spread / 2 <= scale.spread <= habit.spread


@given(usuals(), HABIT, st.integers(1, 10_000_000))
def test_among_more_scenes_one_has_to_stand_out_more(sample: Usual, habit: Habit, more: int) -> None:
    few, many = scale_of(sample, habit), scale_of(replace(sample, scenes=sample.scenes + more), habit)

    assert few.half <= many.half
    assert few.spread == many.spread


@given(HABIT, st.floats(0, 0.5))
def test_a_query_that_is_like_everything_is_measured_from_that(habit: Habit, more: float) -> None:
    plain = scale_of(usual(habit.middle, habit.spread), habit)
    like_everything = scale_of(usual(habit.middle + more, habit.spread), habit)

    assert like_everything.half - plain.half == pytest.approx(more * SAMPLE / (SAMPLE + 40), abs=1e-6)


@given(HABIT, st.floats(0, 0.5))
def test_a_query_that_is_like_nothing_is_measured_from_the_habit(habit: Habit, less: float) -> None:
    plain = scale_of(usual(habit.middle, habit.spread), habit)
    like_nothing = scale_of(usual(habit.middle - less, habit.spread), habit)

    assert like_nothing.half == pytest.approx(plain.half)


@given(HABIT)
def test_where_there_are_few_scenes_the_habit_stands_in(habit: Habit) -> None:
    one_scene = scale_of(Usual(1, 1, 0.99, 0.99), habit)
    many_scenes = scale_of(Usual(SAMPLE, SAMPLE, 0.99, 0.99), habit)

    assert one_scene.score(0.99) > many_scenes.score(0.99)


@pytest.mark.parametrize("habit", HABITS.values(), ids=HABITS.keys())
def test_the_only_scene_is_found_if_it_is_the_same_and_not_if_it_is_like_any_other(habit: Habit) -> None:
    found = scale_of(Usual(1, 1, 1, 1), habit)
    passed_over = scale_of(usual(habit.middle, 0, sampled=1, scenes=1), habit)

    assert found.score(1) > 0.75
    assert passed_over.score(similarity_of(habit.middle)) < 0.3


@given(st.floats(-1.001, 0.999), st.floats(1e-3, 1))
def test_closeness_rises(similarity: float, more: float) -> None:
    assert closeness(similarity + more) > closeness(similarity) or similarity + more > 1 - 1e-4


def test_closeness_is_the_same_for_all_that_is_nearly_equal() -> None:
    assert closeness(1.001) == closeness(1) == closeness(1 - 1e-4) == pytest.approx(9.21, abs=0.01)
    assert closeness(0) == 0
    assert closeness(0.5) == pytest.approx(0.69, abs=0.01)
