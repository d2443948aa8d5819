"""Tokens of text for search: whole words of spaced scripts, pairs of characters of dense scripts. Pure.

Case, accents, vowel points, the width of characters, invisible characters and the script of Chinese do not matter.
Korean, Japanese and Chinese have few spaces or none. Every two neighbours in a run of their characters are a term, so
that a word of two characters is found anywhere in it. Terms have consecutive places exactly if they are adjacent in the
text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from unicodedata import normalize

from scenedex.index.chinese import SIMPLIFIED_FORMS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_TERM_LENGTH: Final = 64
"""Characters of a term. Longer terms are cut."""

_DENSE = (
    "\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3"  # Hangul
    "\u3005-\u3007\u3041-\u3096\u309d\u309e\u30a1-\u30fa\u30fc-\u30fe\u31f0-\u31ff"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"  # ideographs
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u1780-\u17d3\u1000-\u1049\u104c-\u109d"  # Thai, Lao, Khmer, Burmese
)
# Signs that are no letters but part of a word: vowels of Indic scripts.
_SIGNS = "\u0900-\u0963\u0966-\u096f\u0971-\u0df3"
# Accents. Points that Hebrew and Arabic mostly omit, hamzas, and the stroke that stretches a word.
_ACCENTS = (
    "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc"
)
_INVISIBLE = (
    "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"  # soft hyphens, joiners, directions
    "\ufe00-\ufe0f\U000e0100-\U000e01ef"  # variation selectors
    "\x00\ud800-\udfff"  # not storable in the database
)
_LETTER = rf"(?![{_DENSE}])(?:[^\W_]|[{_SIGNS}])"
_WORD = re.compile(rf"(?P<dense>[{_DENSE}]+)|(?P<spaced>(?:{_LETTER})+(?:['\u2019](?:{_LETTER})+)*)")
# Letters that Unicode does not decompose and that people type in plain form.
_PLAIN: Final[Mapping[int, str]] = SIMPLIFIED_FORMS | str.maketrans(
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
_IGNORED = re.compile(f"[{_ACCENTS}{_INVISIBLE}]")
_APOSTROPHE = re.compile("['\u2019]")
_POSSESSIVE = re.compile("['\u2019]s$")
_MAX_ELISION_LENGTH = 2


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a spaced script, or a run of characters of a dense script.

    Attributes:
        terms: the word. Each pair of neighbours of a run, or its only character.
        is_dense: whether it is a run of a dense script.
        places: number of places that it takes. Its terms have the first of them, one each.
    """

    terms: tuple[str, ...]
    is_dense: bool
    places: int

    @property
    def last(self) -> str:
        """The last character of a run of at least two, which is a term after the pairs. Otherwise empty."""
        return self.terms[-1][-1] if self.is_dense and self.places > 1 else ""


def fold(text: str) -> str:
    """Remove case, accents, vowel points, the width of characters and invisible characters from a text.

    Chinese becomes simplified.
    """
    plain = normalize("NFD", normalize("NFKC", text).casefold())
    return normalize("NFC", _IGNORED.sub("", plain).translate(_PLAIN))


def searchable(text: str) -> str:
    """Return a folded text that contains each of its terms as a substring."""
    return _APOSTROPHE.sub("", fold(text))


def tokens_of(text: str) -> Iterator[Token]:
    """Split a text into tokens, in order."""
    for match in _WORD.finditer(fold(text)):
        found = match.group()
        if match.lastgroup == "dense":
            pairs = tuple(found[place : place + 2] for place in range(len(found) - 1))
            yield Token(pairs or (found,), is_dense=True, places=len(found))
        else:
            yield from (Token((part[:MAX_TERM_LENGTH],), is_dense=False, places=1) for part in _parts(found))


@dataclass(frozen=True, slots=True)
class PhraseTerm:
    """A term of a phrase, ``place`` places after the first term. A prefix matches the start of a term."""

    term: str
    place: int
    is_prefix: bool = False


def phrase_of(text: str) -> tuple[PhraseTerm, ...]:
    """Return the consecutive terms of a text as a phrase. It is empty if the text has no words."""
    phrase: list[PhraseTerm] = []
    at = 0
    for token in tokens_of(text):
        is_prefix = token.is_dense and token.places == 1
        phrase += [PhraseTerm(term, at + number, is_prefix) for number, term in enumerate(token.terms)]
        at += token.places
    return tuple(phrase)


def terms_of(text: str) -> Iterator[str]:
    """Yield every term of a text."""
    for token in tokens_of(text):
        yield from token.terms
        if token.last:
            yield token.last


def _parts(word: str) -> list[str]:
    """Split an elision from its word, as in ``l'ecole`` and ``o'brien``, and remove a possessive."""
    head, *rest = _APOSTROPHE.split(_POSSESSIVE.sub("", word))
    if not rest:
        return [head]
    return [head, "".join(rest)] if len(head) <= _MAX_ELISION_LENGTH else ["".join((head, *rest))]
