"""Conditions on words, made of the parts of a text."""

from __future__ import annotations

import pytest

from scenedex.index.tokens import PhraseTerm
from scenedex.search.query import KnownUnit, WeightedUnit, parse_query
from scenedex.search.units import Unit
from scenedex.search.word_conditions import MAX_SEQUENCE, sequence_conditions, unit_conditions

SHIP = Unit((PhraseTerm("ship", 0),), is_dense=False)


def weighed(known: KnownUnit, weight: float = 1.0) -> WeightedUnit:
    return WeightedUnit(known, weight)


def test_a_word_matches_itself_then_words_with_this_prefix() -> None:
    conditions = unit_conditions(7, weighed(KnownUnit(SHIP, 3), 0.25))

    assert conditions.weight == 0.25
    assert (conditions.any, conditions.sure, conditions.likely) == (
        "('7:ship') | ('7:ship':*)",
        "'7:ship':AB",
        "('7:ship') | ('7:ship':*AB)",
    )


def test_a_short_word_is_no_prefix() -> None:
    conditions = unit_conditions(7, weighed(KnownUnit(Unit((PhraseTerm("tv", 0),), is_dense=False), 3)))

    assert (conditions.any, conditions.sure, conditions.likely) == ("('7:tv')", "'7:tv':AB", "('7:tv')")


@pytest.mark.parametrize("is_misspelt", [True, False])
def test_similar_spellings_count_more_if_no_scene_contains_the_word(*, is_misspelt: bool) -> None:
    conditions = unit_conditions(7, weighed(KnownUnit(SHIP, 3, misspelt=("shop", "chip"), is_misspelt=is_misspelt)))

    alike = "('7:ship':*AB)" + " | ('7:shop':AB) | ('7:chip':AB)" * is_misspelt
    assert conditions.likely == f"('7:ship') | {alike}"
    assert conditions.any == "('7:ship') | ('7:ship':*) | ('7:shop') | ('7:chip')"
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


def test_equal_forms_count_nearly_as_much_as_the_word_and_similar_ones_less() -> None:
    [unit] = parse_query("ship").units
    plural, apart = (PhraseTerm("ships", 0),), (PhraseTerm("sh", 0), PhraseTerm("ip", 1))

    conditions = unit_conditions(7, weighed(KnownUnit(unit, 3, equal=(plural,), similar=(apart,))))

    assert conditions.sure == "'7:ship':AB"
    assert conditions.equal == "('7:ships':AB)"
    assert conditions.whole == "('7:ship') | ('7:ships')"
    assert conditions.likely == "('7:ship') | ('7:ships') | ('7:sh':AB <1> '7:ip':AB) | ('7:ship':*AB)"
    assert conditions.any == "('7:ship') | ('7:ships') | ('7:sh' <1> '7:ip') | ('7:ship':*)"


def test_the_order_of_words_has_conditions_on_all_of_them_and_on_neighbours() -> None:
    conditions = sequence_conditions(7, parse_query("ship of fools").terms)

    assert conditions is not None
    assert conditions.whole == "'7:ship' <1> '7:of' <1> '7:fools'"
    assert conditions.pairs == ("'7:ship' <1> '7:of'", "'7:of' <1> '7:fools'")


def test_one_word_has_no_order() -> None:
    assert sequence_conditions(7, parse_query("ship").terms) is None


def test_the_order_of_a_long_query_counts_at_its_start() -> None:
    conditions = sequence_conditions(7, parse_query("ship " * 100).terms)

    assert conditions is not None
    assert len(conditions.pairs) == MAX_SEQUENCE - 1
