"""Where boxes lie to one another, and where they move."""

from __future__ import annotations

from typing import Final

from scenedex.timeline import BoundingBox

_AT_THE_EDGE: Final = 0.01
_SAME_ROW: Final = 0.6
_SAME_SIZE: Final = 0.25
_STRAIGHT: Final = 0.03


def inside(part: BoundingBox, whole: BoundingBox) -> float:
    """Share of a box that lies in another, 0 to 1."""
    width, height = _shared(part, whole)
    return max(0.0, width) * max(0.0, height) / part.area if part.area else 0.0


def is_one_row(one: BoundingBox, other: BoundingBox) -> bool:
    """Whether two boxes overlap across, and for the most part down."""
    width, height = _shared(one, other)
    return width > 0 and height >= _SAME_ROW * max(one.height, other.height)


def moved_by(box: BoundingBox, drift: tuple[float, float], seconds: float) -> BoundingBox:
    """A box that moved to the right and down by shares of the picture's sides in a second; the part in the picture."""
    left, top = box.left + drift[0] * seconds, box.top + drift[1] * seconds
    return BoundingBox.within(_within(left), _within(top), left + box.width, top + box.height)


def may_have_moved(before: BoundingBox, here: BoundingBox, farthest: float) -> bool:
    """Whether a box may have come straight, down or across, by at most a share of the picture's side.

    It keeps its size, but for what the edge of the picture cuts off.
    """
    across, down = abs(here.left - before.left), abs(here.top - before.top)
    has_size = (
        abs(here.height - before.height) <= _SAME_SIZE * before.height
        and abs(here.width - before.width) <= _SAME_SIZE * before.width
    )
    return (
        (has_size or _is_cut_off(here) or _is_cut_off(before))
        and min(across, down) <= _STRAIGHT
        and max(across, down) <= farthest
    )


def is_still(across: float, down: float) -> bool:
    """Whether a movement is no more than the trembling of boxes."""
    return abs(across) < _STRAIGHT / 2 and abs(down) < _STRAIGHT / 2


def _shared(one: BoundingBox, other: BoundingBox) -> tuple[float, float]:
    """How far two boxes overlap across and down; negative where they are apart."""
    return (
        min(one.left + one.width, other.left + other.width) - max(one.left, other.left),
        min(one.top + one.height, other.top + other.height) - max(one.top, other.top),
    )


def _is_cut_off(box: BoundingBox) -> bool:
    """Whether what it holds may go on outside the picture."""
    return min(box.left, box.top, 1 - box.left - box.width, 1 - box.top - box.height) < _AT_THE_EDGE


def _within(share: float) -> float:
    return min(max(share, 0.0), 1.0)
