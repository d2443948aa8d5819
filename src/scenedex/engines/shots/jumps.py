"""Jump cuts: the same people in the same place, and a change of one frame that no movement explains."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from scenedex.engines.shots.features import COLUMNS, ROWS, SKETCH_COLUMNS, SKETCH_ROWS

if TYPE_CHECKING:
    from numpy.typing import NDArray

REACH = 6
"""Number of frames on either side that show the usual movement."""

MIN_SIDE = 4
NEAREST = 3
STILL = 0.1  # usual change of a picture that is held, as in animation or after lost frames

BLOCK_ROWS, BLOCK_COLUMNS = 6, 8
FARTHEST = 4  # movement from frame to frame that is looked for, in points of a sketch
NOISE = 0.3

MIN_CHANGE_RATIO = 2.5
MIN_REST_RATIO = 1.5
BLOCK_RATIO = 1.5
BLOCK_REST = 3.0
MIN_BLOCKS = 0.28

ONE_SIGN = 0.75  # |mean change| / mean |change|, above which the light changed: a figure hides as much as it shows

COARSE = 2
FARTHEST_CAMERA = 5  # in points of a coarse picture
ZOOMS = tuple(1.07**step for step in range(-6, 7))
MIN_OVERLAP = 0.5
EDITED_ZOOM = (1.03, 1.17)  # an editor hides a jump cut by so much. A camera that changes its lens zooms by more
EXPLAINED = 0.55  # share of the change that a camera leaves at most, if it was the camera


def is_jump(sketches: NDArray[np.uint8], row: int, cells: NDArray[np.bool_]) -> bool:
    """Return whether a picture jumps, although it remains similar.

    Blocks of the picture are looked for nearby in the previous one. Within a movement they are found about as well in
    each frame. At a jump cut, most blocks of what moves are found much worse than in all of the frames around it.

    Args:
        sketches: ``(n, 36, 64)`` consecutive small pictures.
        row: the picture that is compared with the previous one, and both with the `REACH` ones on either side.
        cells: ``(144,)`` cells of the layout that no bar covers.
    """
    first, end = max(0, row - 1 - REACH), min(len(sketches), row + REACH + 1)
    here = row - 1 - first
    if here < MIN_SIDE or end - row - 1 < MIN_SIDE:
        return False
    points = _points(cells)
    shown = _blocks(points.astype(np.float32)) >= 1 / 2
    smooth = _smooth(sketches[first:end].astype(np.float32))
    before, after = _relit(smooth[:-1], smooth[1:], points), smooth[1:]
    change = _blocks(np.abs(after - before))[:, shown].mean(axis=1)
    others = np.delete(change, here)
    if change[here] < MIN_CHANGE_RATIO * max(float(others.max()), NOISE):
        return False
    if min(np.median(others[here - NEAREST : here]), np.median(others[here : here + NEAREST])) < STILL:
        return False
    rests = _rests(before, after)[:, shown]
    rest, around = rests[here], np.delete(rests, here, axis=0)
    if rest.mean() < MIN_REST_RATIO * max(float(around.mean(axis=1).max()), NOISE):
        return False
    is_worse = rest > np.maximum(BLOCK_RATIO * around.max(axis=0), BLOCK_REST)
    if is_worse.mean() < MIN_BLOCKS or _is_light((smooth[here + 1] - smooth[here])[points]):
        return False
    rows, columns = (slice(int(places.min()), int(places.max()) + 1) for places in points.nonzero())
    return not _is_camera(before[here, rows, columns], after[here, rows, columns])


def _points(cells: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the points ``(36, 64)`` of a sketch within some cells ``(144,)`` of a layout."""
    grid = cells.reshape(ROWS, COLUMNS)
    return grid.repeat(SKETCH_ROWS // ROWS, axis=0).repeat(SKETCH_COLUMNS // COLUMNS, axis=1)


def _smooth(sketches: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return means of 3 x 3 points, which hide that sketches are sampled coarsely."""
    padded = np.pad(sketches, ((0, 0), (1, 1), (1, 1)), mode="edge")
    rows = padded[:, :-2] + padded[:, 1:-1] + padded[:, 2:]
    return ((rows[:, :, :-2] + rows[:, :, 1:-1] + rows[:, :, 2:]) / 9).astype(np.float32)


def _blocks(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return means ``(..., 6, 8)`` of the blocks of pictures ``(..., 36, 64)``."""
    shape = (SKETCH_ROWS // BLOCK_ROWS, BLOCK_ROWS, SKETCH_COLUMNS // BLOCK_COLUMNS, BLOCK_COLUMNS)
    return points.reshape(*points.shape[:-2], *shape).mean(axis=(-3, -1), dtype=np.float32)


def _relit(before: NDArray[np.float32], after: NDArray[np.float32], points: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return pictures ``(n, 36, 64)`` in the exposure of the following ones."""
    (mean, spread), (other_mean, other_spread) = (
        (one[:, points].mean(axis=1)[:, None, None], one[:, points].std(axis=1)[:, None, None] + 1)
        for one in (before, after)
    )
    return (before - mean) * (other_spread / spread) + other_mean


def _rests(before: NDArray[np.float32], after: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the difference ``(n, 6, 8)`` of each block of a picture to the best place nearby in the previous one."""
    width = 2 * FARTHEST + 1
    padded = np.pad(before, ((0, 0), (FARTHEST, FARTHEST), (FARTHEST, FARTHEST)), mode="edge")
    best = np.full((len(after), SKETCH_ROWS // BLOCK_ROWS, SKETCH_COLUMNS // BLOCK_COLUMNS), np.inf, np.float32)
    for place in range(width * width):
        down, right = divmod(place, width)
        moved = padded[:, down : down + SKETCH_ROWS, right : right + SKETCH_COLUMNS]
        np.minimum(best, _blocks(np.abs(moved - after)), out=best)
    return best


def _is_light(change: NDArray[np.float32]) -> bool:
    """Return whether nearly all of the picture becomes brighter, or darker, at once."""
    return bool(abs(change.mean()) > ONE_SIGN * np.abs(change).mean())


def _is_camera(before: NDArray[np.float32], after: NDArray[np.float32]) -> bool:
    """Return whether a moved camera or another lens explains the change of the whole picture between bars."""
    old, new = (_coarse(picture) for picture in (before, after))
    everywhere = np.ones((1, *old.shape), np.bool_)
    same = float(_correlations(old[None], new, everywhere)[0])
    best, zoom = max((_best_shift(*_zoomed(old, zoom), new), zoom) for zoom in ZOOMS)
    is_edit = EDITED_ZOOM[0] < max(zoom, 1 / zoom) < EDITED_ZOOM[1]
    return not is_edit and 1 - best < EXPLAINED * (1 - same)


def _coarse(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    height, width = picture.shape
    shape = (height // COARSE, COARSE, width // COARSE, COARSE)
    return picture.reshape(shape).mean(axis=(1, 3), dtype=np.float32)


def _zoomed(picture: NDArray[np.float32], zoom: float) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return a picture enlarged around its middle, and where it shows something."""
    (rows, show_rows), (columns, show_columns) = (_stretched(length, zoom) for length in picture.shape)
    return (rows @ picture @ columns.T).astype(np.float32), show_rows[:, None] & show_columns


def _stretched(length: int, zoom: float) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return the matrix ``(length, length)`` that enlarges a line around its middle, and the points with a source."""
    middle = (length - 1) / 2
    sources = (np.arange(length) - middle) / zoom + middle
    within = sources.clip(0, length - 1)
    shares = (1 - np.abs(within[:, None] - np.arange(length))).clip(0)
    return shares.astype(np.float32), np.abs(sources - within) <= 1 / 2


def _best_shift(picture: NDArray[np.float32], shown: NDArray[np.bool_], other: NDArray[np.float32]) -> float:
    """Return the largest correlation of a shifted picture with another one, where they overlap."""
    pictures = sliding_window_view(np.pad(picture, FARTHEST_CAMERA), other.shape).reshape(-1, *other.shape)
    masks = sliding_window_view(np.pad(shown, FARTHEST_CAMERA), other.shape).reshape(-1, *other.shape)
    enough = masks.mean(axis=(1, 2)) >= MIN_OVERLAP
    return float(_correlations(pictures[enough], other, masks[enough]).max(initial=-1))


def _correlations(
    pictures: NDArray[np.float32], other: NDArray[np.float32], masks: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """Return the correlation ``(n,)`` of each picture ``(n, height, width)`` with another one within its mask."""
    count = masks.sum(axis=(1, 2))[:, None, None]
    first, second = (
        (one - (one * masks).sum(axis=(1, 2), keepdims=True) / count) * masks for one in (pictures, other[None])
    )
    energy = (first**2).sum(axis=(1, 2)) * (second**2).sum(axis=(1, 2))
    return (first * second).sum(axis=(1, 2)) / np.sqrt(energy + 1)
