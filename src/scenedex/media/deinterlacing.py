"""Pictures of interlaced frames without combs.

A frame of two fields shows two moments. Where they differ, the rows of the second field are replaced by the mean of
their neighbours, which belong to the first. What stands still keeps all its rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np

from scenedex.media.plane_copies import plane_rows, with_planes

if TYPE_CHECKING:
    from av import VideoFrame
    from numpy.typing import NDArray

# Grey levels by which a row differs from both neighbours, both up or both down, where it belongs to another moment.
_MIN_COMB: Final = 8
# Pixels beside a comb that are replaced as well.
_SPREAD: Final = 4
_ROWS_AT_ONCE: Final = 64
_EDGE: Final = 2


def without_combs(frame: VideoFrame) -> VideoFrame:
    """Return the picture of an interlaced frame without combs, or the frame itself if it has none."""
    rows = plane_rows(frame)
    if rows is None:
        return frame
    planes = [_deinterlaced(plane, depth) for plane, depth in rows]
    if all(plane is None for plane in planes):
        return frame
    return with_planes(
        frame, [old if plane is None else plane for plane, (old, _depth) in zip(planes, rows, strict=True)]
    )


def _deinterlaced(plane: NDArray[Any], depth: int) -> NDArray[Any] | None:
    """Return a plane without combs, or `None` if it has none."""
    height = plane.shape[0]
    if height <= 2 * _EDGE + 1:
        return None
    threshold = _MIN_COMB << (depth - 8)
    out: NDArray[Any] | None = None
    # Rows of the second field that have two neighbours of their own field.
    for first in range(_EDGE + 1, height - _EDGE, 2 * _ROWS_AT_ONCE):
        last = min(first + 2 * _ROWS_AT_ONCE, height - _EDGE)
        part = plane[first - _EDGE : last + _EDGE].astype(np.int32 if depth > 8 else np.int16)  # noqa: PLR2004  # sums of 8 bits fit
        own, above, below = part[2:-2:2], part[1:-3:2], part[3:-1:2]
        before, after = part[0:-4:2], part[4::2][: len(own)]
        before = before[: len(own)]
        above, below = above[: len(own)], below[: len(own)]
        is_comb = _combs(own, (above, below), (before, after), threshold)
        if not is_comb.any():
            continue
        out = plane.copy() if out is None else out
        rows = out[first : first + 2 * len(own) : 2]
        mean = ((above + below + 1) >> 1).astype(plane.dtype)
        np.copyto(rows, mean, where=_spread(is_comb))
    return out


def _combs(
    own: NDArray[Any],
    neighbours: tuple[NDArray[Any], NDArray[Any]],
    own_field: tuple[NDArray[Any], NDArray[Any]],
    threshold: int,
) -> NDArray[np.bool_]:
    """Return where a row sticks out of the field above and below, and resembles its own field.

    A thin line resembles neither, and stays.
    """
    up, down = own - neighbours[0], own - neighbours[1]
    least = np.minimum(np.abs(up), np.abs(down))
    sticks_out = ((up > 0) == (down > 0)) & (least > threshold)
    like = np.minimum(np.abs(own - own_field[0]), np.abs(own - own_field[1]))
    return cast("NDArray[np.bool_]", sticks_out & (2 * like < least))


def _spread(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    wide = mask.copy()
    for by in range(1, _SPREAD + 1):
        wide[:, by:] |= mask[:, :-by]
        wide[:, :-by] |= mask[:, by:]
    return wide
