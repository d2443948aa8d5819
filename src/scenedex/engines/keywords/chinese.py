"""Nouns of Chinese texts, by a dictionary with the kinds of words."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, Protocol

import rjieba
from opencc import OpenCC

from scenedex.engines.keywords.stopwords import CHINESE

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMES: Final = ("nr", "ns", "nt", "nz")
_NOUNS: Final = ("n", "j", "vn")
_LONGEST: Final = 8


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


def chinese_nouns(text: str) -> Iterator[tuple[int, str, bool]]:
    """Yield the nouns of a text in order: position, noun, and whether it is a name."""
    # The dictionary knows few words in traditional characters. Each has one simplified character.
    simplified = _simplifier().simplified(text)
    place = 0
    for found, kind in rjieba.tag(simplified if len(simplified) == len(text) else text):
        start, place = place, place + len(found)
        word = text[start:place]
        is_name = kind.startswith(_NAMES)
        if (is_name or kind.startswith(_NOUNS)) and len(word) <= _LONGEST and word not in CHINESE:
            yield start, word, is_name and len(word) > 1


class _Simplifier:
    def __init__(self) -> None:
        self._converter: Final[_Converter] = OpenCC("t2s")

    def simplified(self, text: str) -> str:
        return self._converter.convert(text)


@lru_cache(maxsize=1)
def _simplifier() -> _Simplifier:
    return _Simplifier()
