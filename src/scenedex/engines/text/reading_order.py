"""Reading order of the lines of a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scenedex.timeline import BoundingBox

T = TypeVar("T")

_ROW: Final = 0.5
"""Difference of the middles of two lines in one row, as a share of their height."""


def in_reading_order(lines: Sequence[T], box_of: Callable[[T], BoundingBox]) -> Sequence[T]:
    """Order lines from top to bottom, and from left to right within a row."""
    rows: list[list[T]] = []
    for line in sorted(lines, key=lambda line: _middle(box_of(line))):
        last, box = box_of(rows[-1][-1]) if rows else None, box_of(line)
        if last is not None and _middle(box) - _middle(last) < _ROW * min(box.height, last.height):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: box_of(line).left)]


def _middle(box: BoundingBox) -> float:
    return box.top + box.height / 2
