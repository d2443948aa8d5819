"""Positions of boxes relative to one another, and their movement."""

from __future__ import annotations

from typing import Final

from scenedex.timeline import BoundingBox

_EDGE_MARGIN: Final = 0.01
_MIN_ROW_OVERLAP: Final = 0.6
_MAX_SIZE_CHANGE: Final = 0.25
_MAX_SIDEWAYS: Final = 0.03


def share_inside(part: BoundingBox, whole: BoundingBox) -> float:
    """Return the share of a box that is inside another, 0 to 1."""
    width, height = _shared(part, whole)
    return max(0.0, width) * max(0.0, height) / part.area if part.area else 0.0


def is_one_row(one: BoundingBox, other: BoundingBox) -> bool:
    """Return whether two boxes overlap horizontally, and vertically for the most part."""
    width, height = _shared(one, other)
    return width > 0 and height >= _MIN_ROW_OVERLAP * max(one.height, other.height)


def is_in_row(one: BoundingBox, other: BoundingBox) -> bool:
    """Return whether a box is in the row of another, at any distance."""
    return _shared(one, other)[1] >= _MIN_ROW_OVERLAP * min(one.height, other.height)


def is_in_column(one: BoundingBox, other: BoundingBox) -> bool:
    """Return whether a box is above or below another, at any distance."""
    return _shared(one, other)[0] >= _MIN_ROW_OVERLAP * min(one.width, other.width)


def moved_by(box: BoundingBox, drift: tuple[float, float], seconds: float) -> BoundingBox:
    """Return a box moved right and down and clipped to the picture.

    ``drift`` is in shares of the width and height of the picture per second.
    """
    left, top = box.left + drift[0] * seconds, box.top + drift[1] * seconds
    return BoundingBox.within(_clamp(left), _clamp(top), left + box.width, top + box.height)


def is_plausible_move(before: BoundingBox, here: BoundingBox, max_distance: float) -> bool:
    """Return whether a box may have moved horizontally or vertically by at most ``max_distance``.

    The distance is a share of the picture's side. The box keeps its size, apart from parts that the edge of the picture
    cuts off.
    """
    across, down = abs(here.left - before.left), abs(here.top - before.top)
    has_size = (
        abs(here.height - before.height) <= _MAX_SIZE_CHANGE * before.height
        and abs(here.width - before.width) <= _MAX_SIZE_CHANGE * before.width
    )
    return (
        (has_size or is_cut_off(here) or is_cut_off(before))
        and min(across, down) <= _MAX_SIDEWAYS
        and max(across, down) <= max_distance
    )


def is_jitter(across: float, down: float) -> bool:
    """Return whether a movement is no more than the jitter of boxes."""
    return abs(across) < _MAX_SIDEWAYS / 2 and abs(down) < _MAX_SIDEWAYS / 2


def _shared(one: BoundingBox, other: BoundingBox) -> tuple[float, float]:
    """Return the horizontal and vertical overlap of two boxes. Negative if they are apart."""
    return (
        min(one.left + one.width, other.left + other.width) - max(one.left, other.left),
        min(one.top + one.height, other.top + other.height) - max(one.top, other.top),
    )


def is_cut_off(box: BoundingBox) -> bool:
    """Return whether a box touches the edge of the picture."""
    return min(box.left, box.top, 1 - box.left - box.width, 1 - box.top - box.height) < _EDGE_MARGIN


def _clamp(share: float) -> float:
    return min(max(share, 0.0), 1.0)
