"""Areas of a picture that decide on a cut: the picture without its bars, an inset, or a subject before a plain wall."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scenedex.engines.shots.features import BAR_LUMA, CELLS, COLUMNS, ROWS

if TYPE_CHECKING:
    from numpy.typing import NDArray

BAR_SHARE = 0.85  # a bar may show a logo or a clock
MIN_PICTURE = 0.15  # a smaller remainder is a spotlight in the dark, not a picture between bars

MIN_LINES = 2

UNCHANGED = 2.0
UNCHANGED_SHARE = 0.2  # the same, as a share of the mean of the changes
MIN_INSET = 0.3  # a smaller area is a caption, a graphic, or a screen in the picture
INSET_FILL = 0.75

CONTENT = 6.0  # difference from the wall that shows something
MIN_WALL = 0.45
MIN_SUBJECT = 0.04
MAX_SUBJECT_GROWTH = 4.0
SUBJECT_CHANGE = 4.0
SUBJECT_SPREAD = 0.6


def without_bars(layouts: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return the cells ``(144,)`` that no black bar covers in all of the layouts ``(n, 432)``.

    Bars begin at any side and may have different widths. All cells are returned if little would remain.
    """
    # Bars that are not plain black have a colour, which chroma would show.
    black = (layouts[:, :CELLS].max(axis=0) < BAR_LUMA).reshape(ROWS, COLUMNS)
    if not black.any():
        return np.ones(CELLS, np.bool_)
    top, bottom = _inside(*_between(black), ROWS)
    left, right = _inside(*_between(black[top:bottom].T), COLUMNS)
    kept = np.zeros((ROWS, COLUMNS), np.bool_)
    kept[top:bottom, left:right] = True
    return kept.ravel() if kept.mean() >= MIN_PICTURE else np.ones(CELLS, np.bool_)


def _between(empty: NDArray[np.bool_]) -> tuple[int, int]:
    """Return the first and last line, exclusive, between the empty ones at both ends."""
    lines = np.flatnonzero(empty.sum(axis=1) < BAR_SHARE * empty.shape[1])
    return (int(lines[0]), int(lines[-1]) + 1) if len(lines) else (0, 0)


def _inside(first: int, last: int, count: int) -> tuple[int, int]:
    """Return the lines without those that a bar may cover in part."""
    inner = (first + (first > 0), last - (last < count))
    return inner if inner[1] - inner[0] >= MIN_LINES else (first, last)


def inset(steps: NDArray[np.float32]) -> NDArray[np.bool_] | None:
    """Return the rectangle of cells ``(144,)`` outside of which nothing changed, if it is large and changed throughout.

    Args:
        steps: ``(144,)`` largest change of any plane of each cell.
    """
    changed = steps > UNCHANGED
    if not changed.any():
        return None
    changed = (steps > max(UNCHANGED, UNCHANGED_SHARE * float(steps[changed].mean()))).reshape(ROWS, COLUMNS)
    top, bottom = _between(~changed)
    left, right = _between(~changed[top:bottom].T)
    area = np.zeros((ROWS, COLUMNS), np.bool_)
    area[top:bottom, left:right] = True
    outside = int(changed.sum()) - int(changed[area].sum())
    if area.mean() < MIN_INSET or changed[area].mean() < INSET_FILL or outside > (1 - BAR_SHARE) * CELLS / 2:
        return None
    return area.ravel()


def subject(before: NDArray[np.float32], after: NDArray[np.float32]) -> NDArray[np.bool_] | None:
    """Return the cells ``(144,)`` that show something before the same plain wall in both layouts, or `None`."""
    first, second = before.reshape(3, CELLS), after.reshape(3, CELLS)
    wall, other = np.median(first, axis=1), np.median(second, axis=1)
    if np.abs(wall - other).max() > UNCHANGED:
        return None
    shown = [np.abs(one - wall[:, None]).max(axis=0) > CONTENT for one in (first, second)]
    smaller, larger = sorted((shown[0].mean(), shown[1].mean()))
    either = shown[0] | shown[1]
    if either.mean() > 1 - MIN_WALL or smaller < MIN_SUBJECT or larger > MAX_SUBJECT_GROWTH * smaller:
        return None
    changed = np.abs(first - second).max(axis=0) > SUBJECT_CHANGE
    return either if changed[either].mean() >= SUBJECT_SPREAD else None
