"""How the scenes are asked for the parts of a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.index.tokens import PhraseTerm
from scenedex.search.query import Known, Unit, Weighed, essential, read_query, weigh
from scenedex.search.word_conditions import unit_conditions, wanted_words

TEXTS = st.text(max_size=60)
SHIP = Unit((PhraseTerm("ship", 0),), is_dense=False)


def weighed(known: Known, weight: float = 1.0) -> Weighed:
    return Weighed(known, weight)


def test_a_word_is_asked_for_itself_then_for_words_that_begin_with_it() -> None:
    asked = unit_conditions(7, weighed(Known(SHIP, 3), 0.25))

    assert asked.weight == 0.25
    assert asked.ladder == (
        "('7:ship') | (('7:ship':*))",
        "'7:ship':AB",
        "('7:ship') | (('7:ship':*AB))",
    )


def test_a_short_word_begins_no_others() -> None:
    asked = unit_conditions(7, weighed(Known(Unit((PhraseTerm("tv", 0),), is_dense=False), 3)))

    assert asked.ladder == ("('7:tv')", "'7:tv':AB", "('7:tv')")


@pytest.mark.parametrize("is_misspelt", [True, False])
def test_words_that_are_spelt_nearly_alike_count_more_where_no_scene_has_the_word(*, is_misspelt: bool) -> None:
    asked = unit_conditions(7, weighed(Known(SHIP, 3, misspelt=("shop", "chip"), is_misspelt=is_misspelt)))

    alike = "('7:ship':*AB)" + " | ('7:shop':AB) | ('7:chip':AB)" * is_misspelt
    assert asked.likely == f"('7:ship') | ({alike})"
    assert asked.any == "('7:ship') | (('7:ship':*) | ('7:shop') | ('7:chip'))"
    assert asked.sure == "'7:ship':AB"


def test_a_run_of_dense_characters_is_asked_for_as_a_whole() -> None:
    [unit] = read_query("이순신").units
    asked = unit_conditions(7, weighed(Known(unit, 1)))

    assert asked.ladder == (
        "('7:이순' <1> '7:순신')",
        "'7:이순':AB <1> '7:순신':AB",
        "('7:이순' <1> '7:순신')",
    )


def test_a_dense_character_is_asked_for_as_the_beginning_of_pairs() -> None:
    [unit] = read_query("港").units

    assert unit_conditions(7, weighed(Known(unit, 1))).sure == "'7:港':*AB"


def test_whose_names_have_a_word_is_passed_on() -> None:
    assert unit_conditions(7, weighed(Known(SHIP, 0, persons=(4, 5)))).persons == (4, 5)


@pytest.mark.parametrize(("least", "written"), [(0.2, ["ship", "harbour"]), (0.5, ["ship"]), (1.0, ["ship"])])
def test_a_scene_needs_some_of_the_heaviest_words(least: float, written: list[str]) -> None:
    harbour = Unit((PhraseTerm("harbour", 0),), is_dense=False)
    units = [weighed(Known(SHIP, 1), 0.6), weighed(Known(harbour, 1), 0.4)]

    wanted = wanted_words(7, units, least)

    assert wanted == " | ".join(f"(('7:{word}') | (('7:{word}':*)))" for word in written)


def test_without_words_nothing_is_wanted() -> None:
    assert wanted_words(7, [], 0.5) == ""


@given(TEXTS, st.floats(0, 1))
def test_what_is_wanted_is_made_of_what_each_essential_word_may_be(text: str, least: float) -> None:
    units = weigh([Known(unit, 1) for unit in read_query(text).units], 10)

    wanted = wanted_words(7, units, least)

    assert wanted == " | ".join(f"({unit_conditions(7, one).any})" for one in essential(units, least))
    assert wanted.count("'") % 2 == 0
