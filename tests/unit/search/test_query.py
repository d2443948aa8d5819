"""What a text asks for, what each part of it weighs, and which parts a scene cannot do without."""

from __future__ import annotations

import functools
import math
import operator
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.index.tokens import PhraseTerm, phrase_of
from scenedex.search.query import MOST_UNITS, Known, Unit, Weighed, essential, read_query, weigh

if TYPE_CHECKING:
    from collections.abc import Sequence

TEXTS = st.text(max_size=60)


def spaced(word: str) -> Unit:
    return Unit((PhraseTerm(word, 0),), is_dense=False)


def words(text: str) -> list[str]:
    """The terms of each unit, side by side."""
    return ["+".join(part.term for part in unit.phrase) for unit in read_query(text).units]


def together(units: Sequence[Weighed]) -> float:
    """The weights of units, the lightest first, so that as little as possible is lost."""
    return functools.reduce(operator.add, (one.weight for one in reversed(units)), 0.0)


UNITS = st.sampled_from([spaced("ship"), Unit((PhraseTerm("東京", 0),), is_dense=True, share=0.5)])
KNOWN = st.builds(
    Known,
    UNITS,
    st.integers(0, 10_000),
    persons=st.lists(st.integers(1, 100), max_size=3).map(tuple),
)
LISTS = st.lists(KNOWN, min_size=1, max_size=60)
SCENES = st.integers(0, 10_000_000)
SHARES = st.floats(0, 1)


class TestReading:
    @pytest.mark.parametrize(
        ("text", "units"),
        [
            pytest.param("Grey SHIP", ["grey", "ship"], id="words"),
            pytest.param("the ship in the harbour", ["ship", "harbour"], id="words that say nothing"),
            pytest.param("don't they've I'm isn't ship", ["ship"], id="short forms that say nothing"),
            pytest.param("what is it", ["what", "is", "it"], id="nothing but such words"),
            pytest.param("who's it", ["who", "it"], id="nothing but such words, one with an apostrophe"),
            pytest.param("ship Ship SHIP", ["ship"], id="one word several times"),
            pytest.param("the 港", ["港"], id="one dense character"),
            pytest.param("夜景", ["夜景"], id="two dense characters"),
            pytest.param("이순신", ["이순+순신"], id="three dense characters"),
            pytest.param("東京タワー", ["東京", "京タ", "タワ", "ワー"], id="a long run of dense characters"),
            pytest.param("한국 방송", ["한국", "방송"], id="two short runs"),
            pytest.param("4K映像", ["4k", "映像"], id="both kinds"),
            pytest.param("of 夜景", ["夜景"], id="words that say nothing beside a run"),
            pytest.param('"ship" ahoy', ["ship", "ahoy"], id="what stands in quotes"),
            pytest.param("!? \U0001f600", [], id="no words"),
        ],
    )
    def test_words_and_runs_are_units(self, text: str, units: list[str]) -> None:
        assert words(text) == units

    @pytest.mark.parametrize(
        ("text", "phrases"),
        [
            pytest.param('say "Good  morning!" now', ["good morning"], id="straight quotes"),
            pytest.param(
                "\u201cgood morning\u201d and \u201cnight\u201d", ["good morning", "night"], id="English quotes"
            ),
            pytest.param("\u201egute Nacht\u201c", ["gute Nacht"], id="German quotes"),
            pytest.param('"한국 방송"', ["한국 방송"], id="Korean"),
            pytest.param('"to be" or "not', ["to be"], id="a quote that does not end"),
            pytest.param('"" "!?"', [], id="nothing in quotes"),
            pytest.param("don't 'good morning'", [], id="single quotes"),
            pytest.param("good morning", [], id="no quotes"),
        ],
    )
    def test_what_stands_in_double_quotes_is_a_phrase(self, text: str, phrases: list[str]) -> None:
        assert read_query(text).phrases == tuple(map(phrase_of, phrases))

    @pytest.mark.parametrize(
        ("text", "begins"),
        [
            ("ship", (False, True)),
            ("cat", (False, True)),
            ("tv", (False, False)),
            ("港", (True, False)),
            ("夜景", (False, False)),
        ],
    )
    def test_a_word_of_some_letters_or_one_dense_character_is_a_beginning(
        self, text: str, begins: tuple[bool, bool]
    ) -> None:
        [unit] = read_query(text).units

        assert (unit.phrase[0].is_prefix, unit.may_begin_words) == begins

    def test_the_pairs_of_a_long_run_count_for_half(self) -> None:
        assert [unit.share for unit in read_query("harbour 夜景 東京タワー").units] == [1, 1, 0.5, 0.5, 0.5, 0.5]

    @given(TEXTS)
    def test_a_text_has_units_if_it_has_words(self, text: str) -> None:
        query = read_query(text)

        assert bool(query.units) is bool(phrase_of(text))
        assert len({unit.phrase for unit in query.units}) == len(query.units)
        assert all(unit.phrase and unit.phrase[0].place == 0 for unit in query.units)

    @given(TEXTS)
    def test_case_does_not_matter(self, text: str) -> None:
        # Some letters, such as dotless i, have another capital.
        if text.upper().casefold() == text.casefold():
            assert read_query(text.upper()) == read_query(text)


class TestWeight:
    @given(LISTS, SCENES)
    def test_weights_add_up_to_one(self, known: list[Known], scenes: int) -> None:
        weighed = weigh(known, scenes)

        assert math.isclose(sum(one.weight for one in weighed), 1)
        assert all(one.weight > 0 for one in weighed)

    @given(LISTS, SCENES)
    def test_the_heaviest_come_first_and_no_more_than_some(self, known: list[Known], scenes: int) -> None:
        weights = [one.weight for one in weigh(known, scenes)]

        assert weights == sorted(weights, reverse=True)
        assert len(weights) == min(len(known), MOST_UNITS)

    @given(st.integers(1, 10_000), st.integers(1, 10_000), SCENES)
    def test_the_rarer_a_word_the_more_it_says(self, one: int, other: int, scenes: int) -> None:
        first, second = weigh([Known(spaced("ship"), one), Known(spaced("harbour"), other)], scenes)

        assert (first.known.scenes <= second.known.scenes) is (first.weight >= second.weight)

    def test_what_no_scene_has_counts_like_a_word_of_middling_frequency(self) -> None:
        weighed = weigh(
            [Known(spaced(word), scenes) for word, scenes in (("rare", 1), ("none", 0), ("often", 900))], 1000
        )

        assert [one.known.unit.word for one in weighed] == ["rare", "none", "often"]

    def test_a_name_counts_like_a_word_of_as_many_scenes_as_there_are_persons(self) -> None:
        named, said = Known(spaced("obama"), 0, persons=(4, 5, 6)), Known(spaced("speech"), 3)

        assert [one.weight for one in weigh([named, said], 1000)] == [0.5, 0.5]

    def test_a_workspace_without_scenes_and_a_query_without_words_are_no_problem(self) -> None:
        assert weigh([], 100) == []
        assert [one.weight for one in weigh([Known(spaced("ship"), 0)], 0)] == [1]


class TestEssentialUnits:
    @given(LISTS, SCENES, SHARES)
    def test_a_scene_with_none_of_them_cannot_reach_the_share(
        self, known: list[Known], scenes: int, least: float
    ) -> None:
        units = weigh(known, scenes)
        needed = essential(units, least)

        assert units[: len(needed)] == needed
        assert needed == units or together(units[len(needed) :]) < least

    @given(LISTS, SCENES, SHARES)
    def test_none_of_them_could_be_left_out(self, known: list[Known], scenes: int, least: float) -> None:
        units = weigh(known, scenes)
        needed = essential(units, least)

        assert together(units[len(needed) - 1 :]) >= least or together(units) < least

    @pytest.mark.parametrize(("least", "needed"), [(0, 3), (0.1, 3), (0.2, 3), (0.25, 2), (0.5, 2), (0.51, 1), (1, 1)])
    def test_the_lightest_are_left_out_first(self, least: float, needed: int) -> None:
        units = [Weighed(Known(spaced(word), 1), weight) for word, weight in (("a", 0.5), ("b", 0.3), ("c", 0.2))]

        assert essential(units, least) == units[:needed]

    def test_of_nothing_nothing_is_needed(self) -> None:
        assert essential([], 0.5) == []
