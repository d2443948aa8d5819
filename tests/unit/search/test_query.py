"""Parsing of text queries, and the weights of their units."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.index.tokens import PhraseTerm, phrase_of
from scenedex.search.query import MAX_UNITS, KnownUnit, parse_query, weigh
from scenedex.search.units import Unit

TEXTS = st.text(max_size=60)


def spaced(word: str) -> Unit:
    return Unit((PhraseTerm(word, 0),), is_dense=False)


def words(text: str) -> list[str]:
    """Return the terms of each unit, joined."""
    return ["+".join(part.term for part in unit.phrase) for unit in parse_query(text).units]


UNITS = st.sampled_from([spaced("ship"), Unit((PhraseTerm("東京", 0),), is_dense=True, factor=0.5)])
KNOWN = st.builds(
    KnownUnit, UNITS, st.integers(0, 10_000), persons=st.lists(st.integers(1, 100), max_size=3).map(tuple)
)
LISTS = st.lists(KNOWN, min_size=1, max_size=60)
SCENES = st.integers(0, 10_000_000)


class TestParsing:
    @pytest.mark.parametrize(
        ("text", "units"),
        [
            pytest.param("Grey SHIP", ["grey", "ship"], id="words"),
            pytest.param("the ship in the harbour", ["ship", "harbour"], id="function words"),
            pytest.param("don't they've I'm isn't ship", ["ship"], id="short forms of function words"),
            pytest.param("what is it", ["what", "is", "it"], id="only function words"),
            pytest.param("who's it", ["who", "it"], id="only function words, one with an apostrophe"),
            pytest.param("ship Ship SHIP", ["ship"], id="one word several times"),
            pytest.param("the 港", ["港"], id="one dense character"),
            pytest.param("夜景", ["夜景"], id="two dense characters"),
            pytest.param("이순신", ["이순+순신"], id="three dense characters"),
            pytest.param("東京タワー", ["东京", "京タ", "タワ", "ワー"], id="a long run of dense characters"),
            pytest.param("한국 방송", ["한국", "방송"], id="two short runs"),
            pytest.param("4K映像", ["4k", "映像"], id="both kinds"),
            pytest.param("of 夜景", ["夜景"], id="function words beside a run"),
            pytest.param('"ship" ahoy', ["ship", "ahoy"], id="words in quotes"),
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
    def test_text_in_double_quotes_is_a_phrase(self, text: str, phrases: list[str]) -> None:
        assert parse_query(text).phrases == tuple(map(phrase_of, phrases))

    @pytest.mark.parametrize(
        ("text", "prefixes"),
        [
            ("ship", (False, True)),
            ("cat", (False, True)),
            ("tv", (False, False)),
            ("港", (True, False)),
            ("夜景", (False, False)),
        ],
    )
    def test_a_word_of_three_letters_or_one_dense_character_is_a_prefix(
        self, text: str, prefixes: tuple[bool, bool]
    ) -> None:
        [unit] = parse_query(text).units

        assert (unit.phrase[0].is_prefix, unit.can_be_prefix) == prefixes

    def test_the_pairs_of_a_long_run_count_half(self) -> None:
        assert [unit.factor for unit in parse_query("harbour 夜景 東京タワー").units] == [1, 1, 0.5, 0.5, 0.5, 0.5]

    @given(TEXTS)
    def test_a_text_has_units_if_it_has_words(self, text: str) -> None:
        query = parse_query(text)

        assert bool(query.units) is bool(phrase_of(text))
        assert len({unit.phrase for unit in query.units}) == len(query.units)
        assert all(unit.phrase and unit.phrase[0].place == 0 for unit in query.units)

    @given(TEXTS)
    def test_case_does_not_matter(self, text: str) -> None:
        # Some letters, such as dotless i, have another capital.
        if text.upper().casefold() == text.casefold():
            assert parse_query(text.upper()) == parse_query(text)


class TestWeights:
    @given(LISTS, SCENES)
    def test_weights_add_up_to_one(self, known: list[KnownUnit], scenes: int) -> None:
        weighed = weigh(known, scenes)

        assert math.isclose(sum(one.weight for one in weighed), 1)
        assert all(one.weight > 0 for one in weighed)

    @given(LISTS, SCENES)
    def test_the_heaviest_come_first_and_are_at_most_the_maximum(self, known: list[KnownUnit], scenes: int) -> None:
        weights = [one.weight for one in weigh(known, scenes)]

        assert weights == sorted(weights, reverse=True)
        assert len(weights) == min(len(known), MAX_UNITS)

    @given(st.integers(1, 10_000), st.integers(1, 10_000), SCENES)
    def test_a_rarer_word_is_heavier(self, one: int, other: int, scenes: int) -> None:
        first, second = weigh([KnownUnit(spaced("ship"), one), KnownUnit(spaced("harbour"), other)], scenes)

        assert (first.known.scenes <= second.known.scenes) is (first.weight >= second.weight)

    def test_a_word_that_no_scene_contains_counts_like_one_of_medium_frequency(self) -> None:
        weighed = weigh(
            [KnownUnit(spaced(word), scenes) for word, scenes in (("rare", 1), ("none", 0), ("often", 900))], 1000
        )

        assert [one.known.unit.word for one in weighed] == ["rare", "none", "often"]

    def test_a_name_counts_like_a_word_in_as_many_scenes_as_there_are_persons(self) -> None:
        named, said = KnownUnit(spaced("obama"), 0, persons=(4, 5, 6)), KnownUnit(spaced("speech"), 3)

        assert [one.weight for one in weigh([named, said], 1000)] == [0.5, 0.5]

    def test_a_workspace_without_scenes_and_a_query_without_words_are_weighed(self) -> None:
        assert weigh([], 100) == []
        assert [one.weight for one in weigh([KnownUnit(spaced("ship"), 0)], 0)] == [1]
