"""Conditions on words, made of the parts of a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.index.tokens import PhraseTerm
from scenedex.search.query import KnownUnit, Unit, WeightedUnit, parse_query, required_units, weigh
from scenedex.search.word_conditions import required_words, unit_conditions

TEXTS = st.text(max_size=60)
SHIP = Unit((PhraseTerm("ship", 0),), is_dense=False)


def weighed(known: KnownUnit, weight: float = 1.0) -> WeightedUnit:
    return WeightedUnit(known, weight)


def test_a_word_matches_itself_then_words_with_this_prefix() -> None:
    conditions = unit_conditions(7, weighed(KnownUnit(SHIP, 3), 0.25))

    assert conditions.weight == 0.25
    assert (conditions.any, conditions.sure, conditions.likely) == (
        "('7:ship') | (('7:ship':*))",
        "'7:ship':AB",
        "('7:ship') | (('7:ship':*AB))",
    )


def test_a_short_word_is_no_prefix() -> None:
    conditions = unit_conditions(7, weighed(KnownUnit(Unit((PhraseTerm("tv", 0),), is_dense=False), 3)))

    assert (conditions.any, conditions.sure, conditions.likely) == ("('7:tv')", "'7:tv':AB", "('7:tv')")


@pytest.mark.parametrize("is_misspelt", [True, False])
def test_similar_spellings_count_more_if_no_scene_contains_the_word(*, is_misspelt: bool) -> None:
    conditions = unit_conditions(7, weighed(KnownUnit(SHIP, 3, misspelt=("shop", "chip"), is_misspelt=is_misspelt)))

    alike = "('7:ship':*AB)" + " | ('7:shop':AB) | ('7:chip':AB)" * is_misspelt
    assert conditions.likely == f"('7:ship') | ({alike})"
    assert conditions.any == "('7:ship') | (('7:ship':*) | ('7:shop') | ('7:chip'))"
    assert conditions.sure == "'7:ship':AB"


def test_a_run_of_dense_characters_matches_as_a_whole() -> None:
    [unit] = parse_query("이순신").units
    conditions = unit_conditions(7, weighed(KnownUnit(unit, 1)))

    assert (conditions.any, conditions.sure, conditions.likely) == (
        "('7:이순' <1> '7:순신')",
        "'7:이순':AB <1> '7:순신':AB",
        "('7:이순' <1> '7:순신')",
    )


def test_a_dense_character_is_a_prefix_of_pairs() -> None:
    [unit] = parse_query("港").units

    assert unit_conditions(7, weighed(KnownUnit(unit, 1))).sure == "'7:港':*AB"


def test_persons_whose_names_contain_a_word_are_kept() -> None:
    assert unit_conditions(7, weighed(KnownUnit(SHIP, 0, persons=(4, 5)))).persons == (4, 5)


@pytest.mark.parametrize(("min_share", "required"), [(0.2, ["ship", "harbour"]), (0.5, ["ship"]), (1.0, ["ship"])])
def test_a_scene_needs_one_of_the_heaviest_words(min_share: float, required: list[str]) -> None:
    harbour = Unit((PhraseTerm("harbour", 0),), is_dense=False)
    units = [weighed(KnownUnit(SHIP, 1), 0.6), weighed(KnownUnit(harbour, 1), 0.4)]

    words = required_words(7, units, min_share)

    assert words == " | ".join(f"(('7:{word}') | (('7:{word}':*)))" for word in required)


def test_a_query_without_words_requires_none() -> None:
    assert required_words(7, [], 0.5) == ""


@given(TEXTS, st.floats(0, 1))
def test_the_required_words_are_all_forms_of_each_required_unit(text: str, min_share: float) -> None:
    units = weigh([KnownUnit(unit, 1) for unit in parse_query(text).units], 10)

    words = required_words(7, units, min_share)

    assert words == " | ".join(f"({unit_conditions(7, one).any})" for one in required_units(units, min_share))
    assert words.count("'") % 2 == 0
