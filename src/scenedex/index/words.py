"""Text as the words that scenes are found by: whole words of spaced scripts, pairs of characters of dense ones. Pure.

Case, accents, points of vowels, the width of characters and signs that nobody sees do not matter. Korean, Japanese and
Chinese are written with few spaces or none; of a run of their characters every two that stand side by side are a term,
so that a word of two characters is found wherever it stands. Places are counted so that terms stand side by side
exactly where the text does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from unicodedata import normalize

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_TERM: Final = 64
"""Characters of a term that count; what follows is cut off."""

_DENSE = (
    "\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3"  # Hangul
    "\u3005-\u3007\u3041-\u3096\u309d\u309e\u30a1-\u30fa\u30fc-\u30fe\u31f0-\u31ff"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"  # ideographs
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u1780-\u17d3\u1000-\u1049\u104c-\u109d"  # Thai, Lao, Khmer, Burmese
)
# Signs that are part of a word although they are no letters: vowels of Indic scripts.
_SIGNS = "\u0900-\u0963\u0966-\u096f\u0971-\u0df3"
# Accents; points that Hebrew and Arabic are mostly written without, hamzas, and the stroke that stretches a word.
_ACCENTS = (
    "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc"
)
_UNSEEN = (
    "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"  # hyphens at ends of lines, joiners, directions
    "\ufe00-\ufe0f\U000e0100-\U000e01ef"  # what chooses among forms of a character
    "\x00\ud800-\udfff"  # what the database has no place for
)
_LETTER = rf"(?![{_DENSE}])(?:[^\W_]|[{_SIGNS}])"
_WORD = re.compile(rf"(?P<dense>[{_DENSE}]+)|(?P<spaced>(?:{_LETTER})+(?:['\u2019](?:{_LETTER})+)*)")
# Letters that Unicode takes for other ones and typists do without.
_PLAIN = str.maketrans(
    {
        "\u00e6": "ae",
        "\u0153": "oe",
        "\u00f8": "o",
        "\u0142": "l",
        "\u0111": "d",
        "\u0127": "h",
        "\u0167": "t",
        "\u0131": "i",
    }
)
_LEFT_OUT = re.compile(f"[{_ACCENTS}{_UNSEEN}]")
_APOSTROPHE = re.compile("['\u2019]")
_POSSESSIVE = re.compile("['\u2019]s$")
_LONGEST_ELISION = 2


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a spaced script, or a run of characters of a dense one.

    Attributes:
        terms: what it is found by; of a run, each pair of neighbours, or the only character.
        is_dense: whether it is such a run.
        places: how many places it takes; its terms have the first ones, one each.
    """

    terms: tuple[str, ...]
    is_dense: bool
    places: int

    @property
    def last(self) -> str:
        """The last character of a run of several: a term of its own, behind the pairs."""
        return self.terms[-1][-1] if self.is_dense and self.places > 1 else ""


def fold(text: str) -> str:
    """Text without what does not matter: case, accents, points, the width of characters and signs that nobody sees."""
    plain = normalize("NFD", normalize("NFKC", text).casefold())
    return normalize("NFC", _LEFT_OUT.sub("", plain).translate(_PLAIN))


def bare(text: str) -> str:
    """Text in which each of its terms stands as it is, whatever else there is."""
    return _APOSTROPHE.sub("", fold(text))


def words_of(text: str) -> Iterator[Word]:
    """The words of a text, in order."""
    for match in _WORD.finditer(fold(text)):
        found = match.group()
        if match.lastgroup == "dense":
            pairs = tuple(found[place : place + 2] for place in range(len(found) - 1))
            yield Word(pairs or (found,), is_dense=True, places=len(found))
        else:
            yield from (Word((part[:LONGEST_TERM],), is_dense=False, places=1) for part in _parts(found))


@dataclass(frozen=True, slots=True)
class PhraseTerm:
    """A term of a phrase: so many places behind the first one, whole or as the beginning of a term."""

    term: str
    place: int
    is_prefix: bool = False


def phrase_of(text: str) -> tuple[PhraseTerm, ...]:
    """The terms that stand one after another where a text is said or written; none where it has no words."""
    phrase: list[PhraseTerm] = []
    at = 0
    for word in words_of(text):
        is_prefix = word.is_dense and word.places == 1
        phrase += [PhraseTerm(term, at + number, is_prefix) for number, term in enumerate(word.terms)]
        at += word.places
    return tuple(phrase)


def terms_of(text: str) -> Iterator[str]:
    """Every term that a text is found by."""
    for word in words_of(text):
        yield from word.terms
        if word.last:
            yield word.last


def _parts(word: str) -> list[str]:
    """A word without its possessive; what is elided before another word is a word: ``l'ecole``, ``o'brien``."""
    head, *rest = _APOSTROPHE.split(_POSSESSIVE.sub("", word))
    if not rest:
        return [head]
    return [head, "".join(rest)] if len(head) <= _LONGEST_ELISION else ["".join((head, *rest))]
