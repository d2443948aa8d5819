"""Words and the voices in which they are heard."""

from __future__ import annotations

import pytest

from scenedex.engines.speech.coverage import in_order, is_spoken, missed_parts
from scenedex.engines.speech.port import RecognisedWord
from scenedex.engines.voice import RATE


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
