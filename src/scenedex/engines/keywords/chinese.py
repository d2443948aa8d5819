"""Nouns of Chinese texts, by a dictionary with the kinds of words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import rjieba

from scenedex.engines.keywords.stopwords import CHINESE

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMES: Final = ("nr", "ns", "nt", "nz")
_NOUNS: Final = ("n", "j", "vn")
_LONGEST: Final = 8


def chinese_nouns(text: str) -> Iterator[tuple[int, str, bool]]:
    """Yield the nouns of a text in order: position, noun, and whether it is a name."""
    place = 0
    for word, kind in rjieba.tag(text):
        start, place = place, place + len(word)
        is_name = kind.startswith(_NAMES)
        if (is_name or kind.startswith(_NOUNS)) and len(word) <= _LONGEST and word not in CHINESE:
            yield start, word, is_name and len(word) > 1
