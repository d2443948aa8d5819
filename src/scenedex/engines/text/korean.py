"""Choosing between what the bundled recogniser and a reader of Korean made of the same line."""

from __future__ import annotations

from typing import Final

from scenedex.engines.text.port import LineReading

_HANGUL: Final = (("\u1100", "\u11ff"), ("\u3130", "\u318f"), ("\uac00", "\ud7a3"))
_LEAST_SHARE: Final = 0.2
"""Of its letters that are Hangul, for a reading to be Korean: a reader of Korean invents a syllable here and there."""


def has_hangul(text: str) -> bool:
    """Whether a character of the Korean script is in it."""
    return any(first <= character <= last for character in text for first, last in _HANGUL)


def better_of(bundled: LineReading, korean: LineReading) -> LineReading:
    """The Korean reading, with the foreign words of the other, where it is Korean and surer; else the bundled one."""
    letters = [character for character in korean.text if character.isalpha()]
    hangul = sum(has_hangul(letter) for letter in letters)
    if not hangul or hangul < _LEAST_SHARE * len(letters) or korean.confidence <= _trust(bundled):
        return bundled
    return LineReading(_with_foreign_words(korean.text, bundled.text), korean.certainty, korean.coverage)


def _trust(bundled: LineReading) -> float:
    """Less than its confidence where it left out something: that is what it does with Korean."""
    return bundled.confidence * bundled.coverage


def _with_foreign_words(korean: str, bundled: str) -> str:
    """The Korean text, its words in Latin letters and digits taken from a reader that knows them better."""
    words = korean.split()
    places = [place for place, word in enumerate(words) if not has_hangul(word)]
    foreign = [word for word in bundled.split() if word.isascii()]
    if len(places) != len(foreign):
        return korean
    for place, word in zip(places, foreign, strict=True):
        words[place] = word
    return " ".join(words)
