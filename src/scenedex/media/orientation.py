"""How a coded picture is turned and mirrored to stand upright."""

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
    """One of the eight ways to lay down a picture: rows and columns swapped first, then each mirrored."""

    is_sideways: bool = False
    is_mirrored: bool = False
    is_upside_down: bool = False

    def upright(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """A view of the coded picture ``(height, width, …)`` as it is meant to be seen."""
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
    """The orientation that the frame's container asks for, to the nearest quarter turn."""
    try:
        side_data = frame.side_data
    except ValueError:
        # PyAV 18 knows not all that FFmpeg 8.1 gives beside a frame, such as EXIF, and then shows nothing of it; it
        # still tells the turn, though no longer whether the picture is mirrored.
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
