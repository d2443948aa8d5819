"""Grouping of words into utterances."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenedex.engines.speech.port import RecognisedWord
from scenedex.engines.speech.utterances import LONGEST_UTTERANCE, PAUSE, is_whole, utterances, without_loops


def said(text: str, *, pace: float = 0.3, start: float = 0.0) -> list[RecognisedWord]:
    """Return words of equal length without pauses, each with the space before it."""
    words = text.split(" ")
    return [
        RecognisedWord(f" {word}", start + number * pace, start + (number + 1) * pace, 0.5)
        for number, word in enumerate(words)
    ]


def test_a_pause_ends_an_utterance() -> None:
    lines = utterances([*said("and so"), *said("my fellow", start=0.6 + PAUSE)], "en")

    assert [line.text for line in lines] == ["and so", "my fellow"]
    assert [(line.start, line.end) for line in lines] == [(0.0, 0.6), (0.6 + PAUSE, pytest.approx(1.2 + PAUSE))]


def test_a_pause_that_the_times_of_words_do_not_show_ends_an_utterance() -> None:
    lines = utterances(said("it is like ladies and gentlemen", pace=0.25), "en", pauses=[0.75])

    assert [line.text for line in lines] == ["it is like", "ladies and gentlemen"]


def test_a_title_ends_no_utterance() -> None:
    assert [line.text for line in utterances(said("so Mr. Quilter came."), "en")] == ["so Mr. Quilter came."]


@pytest.mark.parametrize("mark", [".", "?", "!", '."', "…"])
def test_a_sentence_mark_ends_an_utterance(mark: str) -> None:
    assert [line.text for line in utterances(said(f"ask not{mark} Ask"), "en")] == [f"ask not{mark}", "Ask"]


def test_a_mark_inside_a_number_ends_nothing() -> None:
    words = [RecognisedWord(" 3.", 0, 0.2, 0.5), RecognisedWord("5", 0.2, 0.4, 0.5)]

    assert [line.text for line in utterances(words, "en")] == ["3.5"]


def test_languages_without_spaces_are_written_without_spaces() -> None:
    words = [RecognisedWord(text, n / 4, (n + 1) / 4, 0.5) for n, text in enumerate(["今日", "は。", "雨", "です。"])]

    assert [line.text for line in utterances(words, "ja")] == ["今日は。", "雨です。"]


def test_words_carry_no_spaces_and_an_utterance_is_as_sure_as_its_words_on_average() -> None:
    words = [RecognisedWord(" a", 0, 1, 0.2), RecognisedWord(" b", 1, 2, 0.6)]

    (line,) = utterances(words, "en")

    assert [word.text for word in line.words] == ["a", "b"]
    assert line.confidence == pytest.approx(0.4)


def test_nothing_said_is_no_utterance() -> None:
    assert utterances([], "en") == []
    assert without_loops([]) == []


def test_an_endless_sentence_is_cut_at_its_longest_pause() -> None:
    words = [*said("w " * 29 + "w"), *said("v " * 29 + "v", start=9.4)]

    lines = utterances(words, "en")

    assert [line.text[0] for line in lines] == ["w", "v"]


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0.01, 2), st.sampled_from([" a", " b.", "字", "。"])), max_size=80)
)
def test_utterances_hold_all_words_in_order_and_are_short(parts: list[tuple[float, float, str]]) -> None:
    words: list[RecognisedWord] = []
    at = 0.0
    for gap, length, text in parts:
        start = at + gap
        at = start + length
        words.append(RecognisedWord(text, start, at, 0.5))

    lines = utterances(words, "en")

    assert [word.text for line in lines for word in line.words] == [word.text.strip() for word in words]
    assert all(line.end - line.start <= LONGEST_UTTERANCE or len(line.words) == 1 for line in lines)
    assert all(former.end <= latter.start for former, latter in pairwise(lines))
    assert all((line.start, line.end) == (line.words[0].start, line.words[-1].end) for line in lines)


@pytest.mark.parametrize("times", [5, 6, 40])
@pytest.mark.parametrize("phrase", ["thank", "thank you", "we will see you in the next video"])
def test_a_phrase_that_repeats_without_end_is_said_once(phrase: str, times: int) -> None:
    words = without_loops(said(" ".join(["so", *[phrase] * times, "bye"])))

    assert "".join(word.text for word in words).strip() == f"so {phrase} bye"


def test_a_phrase_may_be_repeated_for_emphasis() -> None:
    words = said("no no no never never and that is that is it")

    assert without_loops(words) == words


@pytest.mark.parametrize(("text", "whole"), [("私は", True), ("私は\N{REPLACEMENT CHARACTER}", False)])
def test_a_part_of_a_character_is_no_text(text: str, *, whole: bool) -> None:
    (line,) = utterances([RecognisedWord(text, 0, 1, 0.9)], "ja")

    assert is_whole(line) is whole
