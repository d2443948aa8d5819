"""Tiers of scenes by how much of a query they can contain."""

from __future__ import annotations

from functools import cache
from itertools import pairwise, product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.search.word_conditions import LIKELY_SHARE, UnitConditions
from scenedex.search.word_tiers import tiers_of

if TYPE_CHECKING:
    from types import CodeType

MIN_SCORE = 0.15


def conditions(number: int, weight: float, scenes: int = 10, similar_scenes: int = 10) -> UnitConditions:
    return UnitConditions(
        weight, f"some{number}", f"whole{number}", f"sure{number}", "", f"likely{number}", (), scenes, similar_scenes
    )


def is_met(words: str, has: dict[str, bool]) -> bool:
    """Evaluate a condition. It is empty if it is always met."""
    return not words or bool(eval(python_of(words), has.copy()))  # noqa: S307  # made of the words of a tier


@cache
def python_of(words: str) -> CodeType:
    return compile(words.replace("&", " and ").replace("|", " or "), "tier", "eval")


WEIGHTS = st.lists(st.floats(0.05, 1), min_size=1, max_size=6).map(
    lambda weights: [one / sum(weights) for one in sorted(weights, reverse=True)]
)


@given(WEIGHTS, st.sampled_from([0.0, 0.2]))
def test_a_scene_outside_of_a_tier_has_a_score_below_its_bound(weights: list[float], given: float) -> None:
    units = [conditions(number, weight * (1 - given)) for number, weight in enumerate(weights)]
    tiers = tiers_of(units, MIN_SCORE, 1000, given=given)

    for contained in product((0.0, LIKELY_SHARE, 1.0), repeat=len(units)):
        score = given + sum(unit.weight * share for unit, share in zip(units, contained, strict=True))
        has = {f"some{number}": share > 0 for number, share in enumerate(contained)}
        has |= {f"whole{number}": share == 1 for number, share in enumerate(contained)}
        for tier in tiers:
            assert is_met(tier.words, has) or score < tier.bound + 1e-6


@given(WEIGHTS)
def test_each_tier_is_larger_than_the_one_before(weights: list[float]) -> None:
    tiers = tiers_of([conditions(number, weight) for number, weight in enumerate(weights)], MIN_SCORE, 1000)

    assert all(first.bound > second.bound and first.words != second.words for first, second in pairwise(tiers))
    assert tiers[-1].bound == MIN_SCORE


@pytest.mark.parametrize(
    ("weights", "words"),
    [([1.0], ["(whole0)", "(some0)"]), ([0.6, 0.4], ["((whole0) & ((whole1)))"]), ([0.95, 0.05], ["((whole0))"])],
)
def test_the_smallest_tier_has_nearly_all_words(weights: list[float], words: list[str]) -> None:
    tiers = tiers_of([conditions(number, weight) for number, weight in enumerate(weights)], MIN_SCORE, 1000)

    assert tiers[0].words.replace(" ", "").strip("()") == words[0].replace(" ", "").strip("()")


def test_the_number_of_scenes_is_between_that_of_independent_words_and_that_of_words_always_together() -> None:
    [tier, *_] = tiers_of([conditions(0, 0.5, scenes=100), conditions(1, 0.5, scenes=400)], MIN_SCORE, 10_000)

    assert 4 < tier.scenes < 100


def test_all_scenes_are_in_the_tier_of_a_query_that_they_contain_anyhow() -> None:
    assert [tier.words for tier in tiers_of([], MIN_SCORE, 10, given=1.0)] == [""]
