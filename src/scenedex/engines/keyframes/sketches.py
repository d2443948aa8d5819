"""Frames reduced to their sampled planes: a few kilobytes each, so that every recent frame is kept."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scenedex.engines.layout import row_pairs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scenedex.timeline import Frame, Timecode

MAX_SAMPLES = 1 << 14
"""Maximum number of luma samples of a sketch. Larger planes (of very wide pictures) are thinned."""

COMPARED_HEIGHT = 36
TURNS = tuple((sideways, down, across) for sideways in (False, True) for down in (1, -1) for across in (1, -1))


@dataclass(frozen=True, slots=True, eq=False)
class SketchedFrame:
    """`Frame` whose picture is drawn from its sampled planes: coarse, but of the right moment.

    ``like`` is a whole frame of the same pass. It provides the size and the orientation of the picture.
    """

    index: int
    time: Timecode
    planes: Sequence[NDArray[np.uint8]]
    like: Frame

    def sampled_planes(self) -> Sequence[NDArray[np.uint8]]:
        """Return the planes."""
        return self.planes

    def luma_lines(self) -> NDArray[np.uint8]:
        """Return pairs of rows of the sampled luma. See `Frame`."""
        return row_pairs(self.planes[0])

    def rgb(self, max_height: int) -> NDArray[np.uint8]:
        """Return the picture in the size of that of ``like``."""
        known = self.like.rgb(COMPARED_HEIGHT).astype(np.float32)
        pattern = _colours(self.like.sampled_planes())
        turn = min(TURNS, key=lambda t: float(np.abs(_stretched(_turned(pattern, t), known.shape) - known).mean()))
        picture = _stretched(_turned(_colours(self.planes), turn), self.like.rgb(max_height).shape)
        return np.clip(picture + 0.5, 0, 255).astype(np.uint8)


class Sketches:
    """Sampled planes of the last ``limit`` frames."""

    def __init__(self, limit: int) -> None:
        self._held: deque[tuple[int, Timecode, Sequence[NDArray[np.uint8]]]] = deque(maxlen=limit)

    def add(self, index: int, time: Timecode, planes: Sequence[NDArray[np.uint8]]) -> None:
        """Add the next frame."""
        if planes[0].size > MAX_SAMPLES:
            step = -(-planes[0].size // MAX_SAMPLES)
            # Copies, because a view would hold all samples.
            planes = [plane[:, ::step].copy() for plane in planes]
        self._held.append((index, time, planes))

    def between(self, begin: Timecode, until: Timecode | None, like: Frame) -> SketchedFrame | None:
        """Return the middle one of the held frames of ``[begin, until)``, or `None`."""
        inside = [one for one in self._held if begin <= one[1] and (until is None or one[1] < until)]
        return SketchedFrame(*inside[len(inside) // 2], like) if inside else None


def _colours(planes: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
    """Convert Y, U and V to ``(height, width, 3)`` red, green and blue by the matrix of standard television."""
    shape = (*planes[0].shape, 1)
    luma, blue, red = (_stretched(plane[:, :, None].astype(np.float32), shape) for plane in planes)
    luma, blue, red = 1.164 * (luma - 16), blue - 128, red - 128
    return np.concatenate([luma + 1.596 * red, luma - 0.392 * blue - 0.813 * red, luma + 2.017 * blue], axis=2).clip(
        0, 255
    )


def _turned(picture: NDArray[np.float32], turn: tuple[bool, int, int]) -> NDArray[np.float32]:
    sideways, down, across = turn
    return (picture.swapaxes(0, 1) if sideways else picture)[::down, ::across]


def _stretched(picture: NDArray[np.float32], shape: Sequence[int]) -> NDArray[np.float32]:
    """Resize a picture to a number of rows and columns by linear interpolation."""
    for axis in (0, 1):
        size, wanted = picture.shape[axis], shape[axis]
        if size == wanted:
            continue
        places = np.clip((np.arange(wanted, dtype=np.float32) + 0.5) * (size / wanted) - 0.5, 0, size - 1)
        lower = places.astype(np.int64)
        share = (places - lower).reshape((-1, 1, 1) if axis == 0 else (1, -1, 1))
        upper = np.minimum(lower + 1, size - 1)
        picture = np.take(picture, lower, axis) * (1 - share) + np.take(picture, upper, axis) * share
    return picture
