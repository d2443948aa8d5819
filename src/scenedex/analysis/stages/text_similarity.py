"""Comparison of readings of a line, and merging of two views of a long line."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Final

_MIN_OVERLAP: Final = 4
_MIN_SHARED: Final = 0.35
_MIN_WORD: Final = 3
_MAX_CUT_OFF: Final = 2
"""Maximum number of characters at the edge of a view that may be cut off and misread."""


def similarity(one: str, other: str) -> float:
    """Return 1 minus the edit distance over the longer length. Case and spaces do not count."""
    a, b = _normalise(one), _normalise(other)
    longest = max(len(a), len(b))
    return 1.0 - _edits(a, b) / longest if longest else 1.0


def is_renumbered(one: str, other: str) -> bool:
    """Return whether two texts are the same words with other numbers, like chapters.

    Clocks and scores have no words.
    """
    words = ["".join(character for character in text if not character.isdigit()) for text in (one, other)]
    return (
        similarity(*words) == 1
        and sum(map(str.isalpha, words[0])) >= _MIN_WORD
        and _normalise(one) != _normalise(other)
    )


def merge(one: str, other: str) -> str | None:
    """Return the text of which both are parts, or `None`. One contains the other or continues at its end."""
    match = SequenceMatcher(None, one, other, autojunk=False).find_longest_match()
    if match.size < max(_MIN_OVERLAP, _MIN_SHARED * min(len(one), len(other))):
        return None
    before = one[: match.a], other[: match.b]
    after = one[match.a + match.size :], other[match.b + match.size :]
    # Beyond the overlap, both may differ only in characters that the edge of the picture cuts.
    if min(map(len, before)) > _MAX_CUT_OFF or min(map(len, after)) > _MAX_CUT_OFF:
        return None
    return max(before, key=len) + one[match.a : match.a + match.size] + max(after, key=len)


def _normalise(text: str) -> str:
    return "".join(text.casefold().split())


def _edits(a: str, b: str) -> int:
    """Return the number of insertions, deletions and replacements from one text to the other."""
    row = list(range(len(b) + 1))
    for position, left in enumerate(a, 1):
        diagonal, row[0] = row[0], position
        for column, right in enumerate(b, 1):
            diagonal, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, diagonal + (left != right))
    return row[-1]
