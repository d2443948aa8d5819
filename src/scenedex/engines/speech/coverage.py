"""Comparison of recognised words with the voices in which they must be. Pure."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from scenedex.engines.speech.utterances import PAUSE
from scenedex.engines.voice.port import MARGIN, RATE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.engines.speech.port import RecognisedWord

NEAR_VOICE: Final = 0.3
"""Distance from a voice, in seconds, within which a word is taken for spoken."""

MIN_CONFIDENCE_ALONE: Final = 0.8
"""Minimum mean confidence of words without a voice. Voices of a narrow band are sometimes not detected."""

WORD_MARGIN: Final = 0.5
"""Seconds before and after a word in which no other word is expected."""

_MIN_REPEATED: Final = 8
"""Minimum number of characters of a repetition. Shorter phrases are often said twice."""

MIN_MISSED: Final = 1.0
"""Minimum length of a part of a voice without words, in seconds."""


def is_spoken(words: Sequence[RecognisedWord], voices: Sequence[tuple[int, int]]) -> bool:
    """Return whether a phrase is spoken: one of its words is near a voice, or the recogniser is certain of them.

    Voices are ranges of samples.
    """
    spans = [(start / RATE - NEAR_VOICE, end / RATE + NEAR_VOICE) for start, end in voices]
    if not words:
        return False
    if any(word.start < end and word.end > start for word in words for start, end in spans):
        return True
    return math.fsum(word.confidence for word in words) >= MIN_CONFIDENCE_ALONE * len(words)


def missed_parts(voices: Sequence[tuple[int, int]], words: Sequence[RecognisedWord]) -> list[tuple[int, int]]:
    """Return the parts of voices, as ranges of samples, that are at least `MIN_MISSED` long and have no words."""
    missed: list[tuple[int, int]] = []
    for start, end in voices:
        at = start / RATE
        for word in sorted(words, key=lambda word: word.start):
            if word.start - WORD_MARGIN > at and word.start - WORD_MARGIN < end / RATE:
                missed.append((round(at * RATE), round((word.start - WORD_MARGIN) * RATE)))
            at = max(at, word.end + WORD_MARGIN)
        missed.append((round(at * RATE), end))
    return [(start, end) for start, end in missed if end - start >= MIN_MISSED * RATE]


def pauses_between(voices: Sequence[tuple[int, int]]) -> list[float]:
    """Return the middle of each pause of at least `PAUSE` between two voices, in seconds.

    Voices are ranges of samples, each with `MARGIN` before and after what is said.
    """
    return [
        (former + latter) / 2 / RATE
        for (_, former), (latter, _) in pairwise(voices)
        if latter - former + 2 * MARGIN >= PAUSE * RATE
    ]


def within_voices(words: Sequence[RecognisedWord], voices: Sequence[tuple[int, int]]) -> list[RecognisedWord]:
    """Cut each word to the voice in which most of it is. A recogniser extends words over the pauses beside them.

    Words without a voice remain unchanged. Voices are ranges of samples.
    """
    return [_within(word, voices) for word in words]


def _within(word: RecognisedWord, voices: Sequence[tuple[int, int]]) -> RecognisedWord:
    shared = [
        (min(word.end, end / RATE) - max(word.start, start / RATE), start / RATE, end / RATE) for start, end in voices
    ]
    length, start, end = max(shared, default=(0.0, 0.0, 0.0))
    return replace(word, start=max(word.start, start), end=min(word.end, end)) if length > 0 else word


def is_repetition(again: Sequence[RecognisedWord], words: Sequence[RecognisedWord]) -> bool:
    """Return whether a part that was recognised again has the text of words before, whose times were wrong."""
    text, former = ("".join(word.text for word in given).replace(" ", "") for given in (again, words))
    return len(text) >= _MIN_REPEATED and text in former


def in_order(words: Sequence[RecognisedWord]) -> list[RecognisedWord]:
    """Sort words by time and shorten those that begin before the end of the one before."""
    ordered: list[RecognisedWord] = []
    last = 0.0
    for word in sorted(words, key=lambda word: word.start):
        start = max(word.start, last)
        last = max(word.end, start)
        ordered.append(replace(word, start=start, end=last))
    return ordered
