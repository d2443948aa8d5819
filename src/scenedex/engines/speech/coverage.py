"""Comparison of recognised words with the voices in which they must be. Pure."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from scenedex.engines.voice.port import RATE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.engines.speech.port import RecognisedWord

NEAR_VOICE: Final = 0.3
"""Distance from a voice, in seconds, within which a word is taken for spoken."""

MIN_CONFIDENCE_ALONE: Final = 0.8
"""Minimum mean confidence of words without a voice. Voices of a narrow band are sometimes not detected."""

WORD_MARGIN: Final = 0.5
"""Seconds before and after a word in which no other word is expected."""

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


def in_order(words: Sequence[RecognisedWord]) -> list[RecognisedWord]:
    """Sort words by time and shorten those that begin before the end of the one before."""
    ordered: list[RecognisedWord] = []
    last = 0.0
    for word in sorted(words, key=lambda word: word.start):
        start = max(word.start, last)
        last = max(word.end, start)
        ordered.append(replace(word, start=start, end=last))
    return ordered
