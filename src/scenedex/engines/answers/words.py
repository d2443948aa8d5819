"""Words of questions and passages, compared in their forms. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from scenedex.engines.summaries.vision.languages import simplified

if TYPE_CHECKING:
    from collections.abc import Mapping

_WORD: Final = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_LATIN: Final = re.compile(r"[a-z0-9\u00c0-\u024f]")
_DENSE: Final = re.compile("[\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]")
_JAMO: Final = re.compile("[\u1100-\u11ff]")
_ENDINGS: Final = (
    "ations",
    "ation",
    "ities",
    "tions",
    "tion",
    "ings",
    "ing",
    "ment",
    "ity",
    "ies",
    "ers",
    "er",
    "ed",
    "es",
    "ly",
    "e",
    "s",
    "y",
)
_MIN_STEM: Final = 3
_MIN_SHARED: Final = 4
_SHARED: Final = 0.75
_MIN_PAIRS: Final = 0.5
_OF_PAIRS: Final = 0.8

NUMBER_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "two": "2",
        "three": "3",
        "four": "4",
        "five": "5",
        "six": "6",
        "seven": "7",
        "eight": "8",
        "nine": "9",
        "ten": "10",
        "eleven": "11",
        "twelve": "12",
        "thirteen": "13",
        "fourteen": "14",
        "sixteen": "16",
        "seventeen": "17",
        "eighteen": "18",
        "nineteen": "19",
        "twenty": "20",
        "thirty": "30",
        "forty": "40",
        "fifty": "50",
        "sixty": "60",
        "seventy": "70",
        "eighty": "80",
        "ninety": "90",
        "hundred": "100",
        "thousand": "1000",
        "million": "1000000",
        "billion": "1000000000",
    }
)
"""Numbers in words, except "one", which is mostly none."""


def folded(text: str) -> str:
    """Return a text without case and width, in simplified Chinese characters."""
    return simplified(unicodedata.normalize("NFKC", text)).casefold().replace("\u2019", "'")


@lru_cache(maxsize=4096)
def english_words(text: str) -> tuple[str, ...]:
    """Return the words of a text in Latin letters and digits, without possessive."""
    return tuple(
        NUMBER_WORDS.get(word, word)
        for match in _WORD.finditer(folded(text))
        if _LATIN.match(word := re.sub("'s?$", "", match.group()))
    )


def open_syllables(word: str) -> str:
    """Return a Korean word without the last consonant of its last syllable."""
    letters = unicodedata.normalize("NFD", word)
    return letters[:-1] if letters and "\u11a8" <= letters[-1] <= "\u11c2" else letters


@dataclass(frozen=True, slots=True)
class PassageWords:
    """Words of a passage.

    Attributes:
        dense: its characters, folded, without spaces.
        latin: its words in Latin letters and its numbers.
    """

    dense: str
    latin: tuple[str, ...]

    @classmethod
    def of(cls, *texts: str) -> PassageWords:
        """Return the words of some texts together."""
        plain = " ".join(texts)
        # The space keeps words of two texts apart.
        return cls(" ".join("".join(folded(text).split()) for text in texts), english_words(plain))

    def share_of(self, word: str) -> float:
        """Return the share of a folded word that the passage contains, 0 or at least a half."""
        if _JAMO.search(word):
            return float(word in unicodedata.normalize("NFD", self.dense))
        if not _DENSE.search(word):
            return float(any(same(word, other) for other in self.latin))
        if word in self.dense:
            return 1.0
        pairs = [word[at : at + 2] for at in range(len(word) - 1)]
        if len(pairs) < 2:  # noqa: PLR2004  # a word of two characters is one pair
            return 0.0
        share = sum(pair in self.dense for pair in pairs) / len(pairs)
        return share * _OF_PAIRS if share >= _MIN_PAIRS else 0.0


@lru_cache(maxsize=16_384)
def same(one: str, other: str) -> bool:
    """Return whether two English words are probably forms of one: they share most of their letters, from the first."""
    if one == other:
        return True
    if one[:_MIN_STEM] != other[:_MIN_STEM] or one.isdigit() or other.isdigit():
        return False
    one, other = _stem(one), _stem(other)
    if one == other:
        return True
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    return shared >= max(_MIN_SHARED, _SHARED * max(len(one), len(other)))


def _stem(word: str) -> str:
    ending = next((one for one in _ENDINGS if word.endswith(one) and len(word) >= len(one) + _MIN_STEM), "")
    return word.removesuffix(ending)
