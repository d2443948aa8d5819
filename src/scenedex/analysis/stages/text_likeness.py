"""How alike two readings of a line are, and what two views of a long line say together."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Final

_SHORTEST_JOINT: Final = 4
_LEAST_SHARED: Final = 0.35
_SHORTEST_WORD: Final = 3
_RAGGED: Final = 2
"""Characters at the edge of a view that may be cut in two and misread."""


def likeness(one: str, other: str) -> float:
    """1 minus the edits from one text to the other, over the length of the longer; case and spaces do not count."""
    a, b = _plain(one), _plain(other)
    longest = max(len(a), len(b))
    return 1.0 - _edits(a, b) / longest if longest else 1.0


def is_renumbered(one: str, other: str) -> bool:
    """Whether the texts are the same words with other numbers, as chapters are; clocks and scores have no words."""
    words = ["".join(character for character in text if not character.isdigit()) for text in (one, other)]
    return likeness(*words) == 1 and sum(map(str.isalpha, words[0])) >= _SHORTEST_WORD and _plain(one) != _plain(other)


def joined(one: str, other: str) -> str | None:
    """The text of which both are parts: one holds the other or goes on where it ends; else None."""
    match = SequenceMatcher(None, one, other, autojunk=False).find_longest_match()
    if match.size < max(_SHORTEST_JOINT, _LEAST_SHARED * min(len(one), len(other))):
        return None
    before = one[: match.a], other[: match.b]
    after = one[match.a + match.size :], other[match.b + match.size :]
    # Where both go on, they must go on alike, but for what the edge of the picture cut in two.
    if min(map(len, before)) > _RAGGED or min(map(len, after)) > _RAGGED:
        return None
    return max(before, key=len) + one[match.a : match.a + match.size] + max(after, key=len)


def _plain(text: str) -> str:
    return "".join(text.casefold().split())


def _edits(a: str, b: str) -> int:
    """Insertions, deletions and replacements from one text to the other."""
    row = list(range(len(b) + 1))
    for place, left in enumerate(a, 1):
        former, row[0] = row[0], place
        for column, right in enumerate(b, 1):
            former, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, former + (left != right))
    return row[-1]
