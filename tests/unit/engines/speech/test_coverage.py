"""Words and the voices in which they are heard."""

from __future__ import annotations

import pytest

from scenedex.engines.speech.coverage import (
    in_order,
    is_repetition,
    is_spoken,
    missed_parts,
    pauses_between,
    within_voices,
)
from scenedex.engines.speech.port import RecognisedWord
from scenedex.engines.voice import RATE
from scenedex.engines.voice.port import MARGIN


def word(start: float, end: float, confidence: float = 0.9) -> RecognisedWord:
    return RecognisedWord(" a", start, end, confidence)


@pytest.mark.parametrize(
    ("phrase", "spoken"),
    [
        pytest.param([word(0.2, 0.5, 0.6), word(0.6, 1, 0.7)], False, id="no voice"),
        pytest.param([word(1.2, 1.6, 0.1), word(1.9, 2.2, 0.1)], True, id="the start of a voice"),
        pytest.param([word(4.2, 4.5, 0.1)], True, id="just after a voice"),
        pytest.param([word(5, 5.4, 0.95), word(5.5, 6, 0.85)], True, id="certain words"),
        pytest.param([], False, id="nothing"),
    ],
)
def test_a_phrase_is_spoken_near_a_voice_or_if_it_is_certain(phrase: list[RecognisedWord], *, spoken: bool) -> None:
    assert is_spoken(phrase, [(2 * RATE, 4 * RATE)]) == spoken


def test_the_part_of_a_voice_without_words_is_missed() -> None:
    voices = [(0, 3 * RATE), (4 * RATE, 9 * RATE), (10 * RATE, RATE * 21 // 2)]

    missed = missed_parts(voices, [word(0.1, 2.8), word(4, 4.5), word(8.5, 9)])

    assert missed == [(5 * RATE, 8 * RATE)]


def test_all_of_a_voice_is_missed_if_no_word_is_heard() -> None:
    assert missed_parts([(RATE, 3 * RATE)], []) == [(RATE, 3 * RATE)]


def test_words_are_in_order_and_do_not_overlap() -> None:
    assert in_order([word(2, 3), word(0, 1), word(0.5, 0.8)]) == [word(0, 1), word(1, 1), word(2, 3)]


def test_a_word_that_was_extended_over_a_pause_ends_with_its_voice() -> None:
    voices = [(0, RATE), (2 * RATE, 4 * RATE)]

    assert within_voices([word(0.5, 1.9), word(1.2, 2.6)], voices) == [word(0.5, 1), word(2, 2.6)]


def test_a_word_without_a_voice_keeps_its_time() -> None:
    assert within_voices([word(5, 6)], [(0, RATE)]) == [word(5, 6)]


def test_a_pause_of_six_tenths_of_a_second_is_between_two_utterances() -> None:
    silence, shorter = round(0.6 * RATE), round(0.5 * RATE)
    first = RATE + MARGIN
    second = (first + silence - 2 * MARGIN, 3 * RATE)
    third = (second[1] + shorter - 2 * MARGIN, 5 * RATE)

    assert pauses_between([(0, first), second, third]) == [(first + second[0]) / 2 / RATE]


@pytest.mark.parametrize(
    ("again", "expected"),
    [([" all", " over", " again"], True), ([" over"], False), ([" all", " is", " different"], False)],
)
def test_a_part_that_was_recognised_before_is_a_repetition(again: list[str], *, expected: bool) -> None:
    former = [RecognisedWord(text, 0, 1, 0.9) for text in (" it", " is", " all", " over", " again.")]

    assert is_repetition([RecognisedWord(text, 2, 3, 0.9) for text in again], former) is expected
