"""Choice between the results of the bundled recogniser and of a Korean reader for the same line."""

from __future__ import annotations

from typing import Final

from scenedex.engines.text.port import LineReading

_HANGUL: Final = (("\u1100", "\u11ff"), ("\u3130", "\u318f"), ("\uac00", "\ud7a3"))
_MIN_SHARE: Final = 0.2
"""Minimum share of Hangul among the letters of a Korean reading, because Korean readers invent some syllables."""


def has_hangul(text: str) -> bool:
    """Return whether a text has a Hangul character."""
    return any(first <= character <= last for character in text for first, last in _HANGUL)


def better_of(bundled: LineReading, korean: LineReading) -> LineReading:
    """Return the Korean reading with the Latin words of the other if it is Korean and surer, else the bundled one."""
    letters = [character for character in korean.text if character.isalpha()]
    hangul = sum(has_hangul(letter) for letter in letters)
    if not hangul or hangul < _MIN_SHARE * len(letters) or korean.confidence <= _trust(bundled):
        return bundled
    return LineReading(_with_foreign_words(korean.text, bundled.text), korean.certainty, korean.coverage)


def _trust(bundled: LineReading) -> float:
    """Return the confidence, reduced for omitted parts, because the bundled reader omits Korean."""
    return bundled.confidence * bundled.coverage


def _with_foreign_words(korean: str, bundled: str) -> str:
    """Return the Korean text with words in Latin letters and digits from the other reader."""
    words = korean.split()
    places = [place for place, word in enumerate(words) if not has_hangul(word)]
    foreign = [word for word in bundled.split() if word.isascii()]
    if len(places) != len(foreign):
        return korean
    for place, word in zip(places, foreign, strict=True):
        words[place] = word
    return " ".join(words)
