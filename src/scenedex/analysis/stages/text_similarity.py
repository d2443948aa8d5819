"""Comparison of readings of a line, and merging of two views of a long line."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Final

_MIN_OVERLAP: Final = 4
_MIN_SHARED: Final = 0.35
_MIN_ADDED: Final = 2
_MIN_ALIKE: Final = 0.85
_MAX_CUT_OFF: Final = 2
"""Maximum number of characters at the edge of a view that may be cut off and misread."""


def similarity(one: str, other: str) -> float:
    """Return 1 minus the edit distance over the longer length.

    Case and spaces do not count, nor do marks beside letters.
    """
    a, b = _normalise(one), _normalise(other)
    if any(map(str.isalnum, a)) and any(map(str.isalnum, b)):
        a, b = ("".join(filter(str.isalnum, text)) for text in (a, b))
    longest = max(len(a), len(b))
    return 1.0 - _edits(a, b) / longest if longest else 1.0


def is_renumbered(one: str, other: str) -> bool:
    """Return whether two texts are the same words with other numbers, like chapters, scores and clocks."""
    words = ["".join(character for character in _normalise(text) if not character.isdigit()) for text in (one, other)]
    return words[0] == words[1] and _normalise(one) != _normalise(other)


def extends(longer: str, shorter: str) -> bool:
    """Return whether a text is another one with at least two more characters before or after it."""
    part, whole = _normalise(shorter), _normalise(longer)
    added = len(whole) - len(part)
    if not part or added < _MIN_ADDED:
        return False
    return max(similarity(part, whole[: len(part)]), similarity(part, whole[added:])) >= _MIN_ALIKE


def share_found(part: str, whole: str) -> float:
    """Return the share of the letters and digits of a text that another has in a row, 0 to 1. Case does not count."""
    a, b = ("".join(filter(str.isalnum, _normalise(text))) for text in (part, whole))
    if not a:
        return 0.0
    return 1.0 - min(_last_row(a, b, [0] * (len(b) + 1))) / len(a)


def breaks_word(part: str, whole: str) -> bool:
    """Return whether a text is not some of the words of another, because it begins or ends within a word."""
    words = whole.casefold().split()
    return not all(word in words for word in part.casefold().split())


def merge(one: str, other: str) -> str | None:
    """Return the text of which both are parts, or `None`. One contains the other or continues at its end."""
    match = SequenceMatcher(None, one, other, autojunk=False).find_longest_match()
    if match.size < max(_MIN_OVERLAP, _MIN_SHARED * min(len(one), len(other))):
        return None
    before = one[: match.a], other[: match.b]
    after = one[match.a + match.size :], other[match.b + match.size :]
    # Beyond the longest match, both may differ in what the edge of the picture cuts, and in misread characters.
    lead, tail = min(map(len, before)), min(map(len, after))
    if (lead > _MAX_CUT_OFF and not _is_alike(before[0][-lead:], before[1][-lead:])) or (
        tail > _MAX_CUT_OFF and not _is_alike(after[0][:tail], after[1][:tail])
    ):
        return None
    return max(before, key=len) + one[match.a : match.a + match.size] + max(after, key=len)


def _is_alike(one: str, other: str) -> bool:
    """Return whether two texts of one length are the same, apart from what is misread."""
    return _edits(one, other) <= _MAX_CUT_OFF + (1 - _MIN_ALIKE) * len(one)


def _normalise(text: str) -> str:
    return "".join(text.casefold().split())


def _edits(a: str, b: str) -> int:
    """Return the number of insertions, deletions and replacements from one text to the other."""
    return _last_row(a, b, list(range(len(b) + 1)))[-1]


def _last_row(a: str, b: str, row: list[int]) -> list[int]:
    """Return the edits from a text to each beginning of another. ``row`` has those from no text."""
    for position, left in enumerate(a, 1):
        diagonal, row[0] = row[0], position
        for column, right in enumerate(b, 1):
            diagonal, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, diagonal + (left != right))
    return row
