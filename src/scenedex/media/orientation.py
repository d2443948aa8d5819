"""Rotation and mirroring of coded pictures."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from av import VideoFrame
    from numpy.typing import NDArray

_MATRIX = struct.Struct("=9i")


@dataclass(frozen=True, slots=True)
class Orientation:
    """One of the eight orientations of a picture: rows and columns are swapped first, then each is mirrored."""

    is_sideways: bool = False
    is_mirrored: bool = False
    is_upside_down: bool = False

    def upright(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return an upright view of the coded picture ``(height, width, …)``."""
        if self.is_sideways:
            picture = picture.swapaxes(0, 1)
        return picture[:: -1 if self.is_upside_down else 1, :: -1 if self.is_mirrored else 1]


# By quarter turns, counter-clockwise.
_TURNS = (
    Orientation(),
    Orientation(is_sideways=True, is_upside_down=True),
    Orientation(is_mirrored=True, is_upside_down=True),
    Orientation(is_sideways=True, is_mirrored=True),
)


def orientation_of(frame: VideoFrame) -> Orientation:
    """Return the orientation in the frame's container, to the nearest quarter turn."""
    try:
        side_data = frame.side_data
    except ValueError:
        # PyAV 18 fails on side data of FFmpeg 8.1 that it does not know, such as EXIF. The rotation is still
        # available, but not whether the picture is mirrored.
        return _TURNS[round(frame.rotation / 90) % 4]
    if "DISPLAYMATRIX" not in side_data:
        return Orientation()
    raw = bytes(side_data["DISPLAYMATRIX"])
    if len(raw) < _MATRIX.size:
        return Orientation()
    # A point (x, y) is shown at (x a + y c, x b + y d).
    a, b, _u, c, d, _v, _x, _y, _w = _MATRIX.unpack_from(raw)
    if abs(b) + abs(c) > abs(a) + abs(d):
        return Orientation(is_sideways=True, is_mirrored=c < 0, is_upside_down=b < 0)
    return Orientation(is_mirrored=a < 0, is_upside_down=d < 0)
