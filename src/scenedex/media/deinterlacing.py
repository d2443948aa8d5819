"""Pictures of interlaced frames without combs.

A frame of two fields shows two moments. Where they differ, the rows of the second field are replaced by the mean of
their neighbours, which belong to the first. What stands still keeps all its rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np

from scenedex.media.plane_copies import plane_rows, with_planes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av import VideoFrame
    from numpy.typing import NDArray

# Grey levels by which a row differs from both neighbours, both up or both down, where it belongs to another moment.
_MIN_COMB: Final = 8
# Pixels beside a comb that are replaced as well.
_SPREAD: Final = 4
# Of the pixels in the rows of one field of progressive pictures at most 1.6 % look combed, in text that moves. Of
# interlaced ones in which something moves, 4 to 10 % do.
_MIN_COMBED_SHARE: Final = 0.025
# What moves is combed over several rows, and strokes of small text are not: so many pixels are, one above the other.
_MIN_TALL_SHARE: Final = 0.003
# Combs are looked for in the first rows of each band.
_BAND: Final = 32
_ROWS_OF_BAND: Final = 11
_COLUMNS_APART: Final = 2
_MIN_HEIGHT: Final = 64
_ROWS_AT_ONCE: Final = 64
_EDGE: Final = 2
_BYTE_BITS: Final = 8


def has_combs(frame: VideoFrame) -> bool:
    """Return whether so much of a picture is combed that it must be of two moments, whatever its flags say."""
    rows = plane_rows(frame)
    if rows is None or frame.height < _MIN_HEIGHT:
        return False
    luma, depth = rows[0]
    bands = frame.height // _BAND
    sparse = luma[: bands * _BAND].reshape(bands, _BAND, -1)[:, :_ROWS_OF_BAND, : frame.width : _COLUMNS_APART]
    part = sparse.astype(np.int16 if depth == _BYTE_BITS else np.int32)
    before, above, own, below, after = (part[:, start : start + 6 : 2] for start in (1, 2, 3, 4, 5))
    is_comb = _combs(own, (above, below), (before, after), _MIN_COMB << (depth - _BYTE_BITS))
    return float(is_comb.mean()) > _MIN_COMBED_SHARE and float(is_comb.all(axis=1).mean()) > _MIN_TALL_SHARE


def without_combs(frame: VideoFrame) -> VideoFrame:
    """Return the picture of an interlaced frame without combs, or the frame itself if it has none."""
    rows = plane_rows(frame)
    if rows is None:
        return frame
    components = [component.plane for component in frame.format.components]
    # Behind the pixels of a row is memory that nobody has written.
    widths = [plane.width * max(1, components.count(number)) for number, plane in enumerate(frame.planes)]
    planes = [_deinterlaced(plane, depth, width) for (plane, depth), width in zip(rows, widths, strict=True)]
    if all(plane is None for plane in planes):
        return frame
    return with_planes(
        frame, [old if plane is None else plane for plane, (old, _depth) in zip(planes, rows, strict=True)]
    )


def _deinterlaced(plane: NDArray[Any], depth: int, width: int) -> NDArray[Any] | None:
    """Return a plane without combs in the first samples of its rows, or `None` if it has none."""
    out: NDArray[Any] | None = None
    for first, is_comb, mean in _second_field(plane[:, :width], depth):
        if is_comb.any():
            out = plane.copy() if out is None else out
            rows = out[first : first + 2 * len(mean) : 2, :width]
            np.copyto(rows, mean.astype(plane.dtype), where=_spread(is_comb))
    return out


def _second_field(
    plane: NDArray[Any], depth: int
) -> Iterator[tuple[int, NDArray[np.bool_], NDArray[np.int16 | np.int32]]]:
    """Yield strips of the rows of the second field that have neighbours of their own field.

    Yields:
        The first row, where the rows are combed, and the mean of the rows above and below each.
    """
    height = plane.shape[0]
    threshold = _MIN_COMB << (depth - _BYTE_BITS)
    for first in range(_EDGE + 1, height - _EDGE, 2 * _ROWS_AT_ONCE):
        last = min(first + 2 * _ROWS_AT_ONCE, height - _EDGE)
        # Sums of 8 bits fit into 16.
        part = plane[first - _EDGE : last + _EDGE].astype(np.int16 if depth == _BYTE_BITS else np.int32)
        own = part[_EDGE:-_EDGE:2]
        before, above, below, after = (part[start::2][: len(own)] for start in (0, 1, 3, 4))
        yield first, _combs(own, (above, below), (before, after), threshold), (above + below + 1) >> 1


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
