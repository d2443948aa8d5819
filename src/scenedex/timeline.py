"""Time and place inside one asset: exact, frozen, free of I/O.

All code that analyses pictures or sound uses these types. Times are rational numbers of seconds since players start:
the start of the first stream. Whole milliseconds exist only on the wire.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

_ROUNDING: Final = 1e-6


@dataclass(frozen=True, slots=True, order=True)
class Timecode:
    """A time in exact seconds since the start of the asset."""

    seconds: Fraction

    @classmethod
    def from_ms(cls, milliseconds: int) -> Self:
        """Return the time of a whole number of milliseconds."""
        return cls(Fraction(milliseconds, 1000))

    @property
    def ms(self) -> int:
        """Nearest whole millisecond, halves upwards."""
        return (self.seconds * 2000 + 1).__floor__() // 2

    def __add__(self, seconds: Fraction) -> Timecode:
        return Timecode(self.seconds + seconds)

    def __sub__(self, other: Timecode) -> Fraction:
        return self.seconds - other.seconds


@dataclass(frozen=True, slots=True, order=True)
class TimeRange:
    """The half-open range ``[start, end)``, empty only if ``start == end``.

    Raises:
        ValueError: the end is before the start.
    """

    start: Timecode
    end: Timecode

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a range cannot end ({self.end.seconds}) before it starts ({self.start.seconds})")

    @property
    def duration(self) -> Fraction:
        """Length in seconds."""
        return self.end - self.start

    def contains(self, time: Timecode) -> bool:
        """Return whether the time is in ``[start, end)``."""
        return self.start <= time < self.end

    def overlaps(self, other: TimeRange) -> bool:
        """Return whether the two ranges share more than an end point."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Shot:
    """An uncut run of frames and the time of its representative still."""

    range: TimeRange
    keyframe: Timecode


@dataclass(frozen=True, slots=True)
class Scene:
    """Consecutive shots of one place and time, with the keyframe of one of them."""

    shots: tuple[Shot, ...]
    keyframe: Timecode

    @property
    def range(self) -> TimeRange:
        """Range from the start of the first shot to the end of the last."""
        return TimeRange(self.shots[0].range.start, self.shots[-1].range.end)


class Frame(Protocol):
    """One presented picture of a decode pass.

    Subscribers may keep a frame for as long as they need its pixels. Each kept frame holds a buffer of the decoder (3
    MB for 1080p), so keep few.
    """

    @property
    def index(self) -> int:
        """Index of the frame in presentation order, from 0."""
        ...

    @property
    def time(self) -> Timecode:
        """Presentation time from the start of the asset. The first frame may be later than 0."""
        ...

    def sampled_planes(self) -> Sequence[NDArray[np.uint8]]:
        """Return Y, U and V at about 72, 36 and 36 rows (fewer for chroma of small pictures), 8 bits, full range.

        Sampled by stride from the decoder's planes, without colour conversion, in coded orientation. Cached, so several
        subscribers share one sampling. Grey pictures have flat chroma of 128. The arrays are read-only.
        """
        ...

    def luma_lines(self) -> NDArray[np.uint8]:
        """Return pairs of adjacent rows of luma at about 12 heights, full resolution, ``(pairs, 2, width)``, 8 bits."""
        ...

    def rgb(self, max_height: int) -> NDArray[np.uint8]:
        """Return the upright picture as ``(height, width, 3)``, scaled down to at most ``max_height``."""
        ...


@dataclass(frozen=True, slots=True)
class BoundingBox:
    """A rectangle in an upright picture, in fractions of its width and height.

    Raises:
        ValueError: a side is negative, or the rectangle extends beyond the picture.
    """

    left: float
    top: float
    width: float
    height: float

    def __post_init__(self) -> None:
        if min(self.left, self.top, self.width, self.height) < 0:
            raise ValueError("no side of a box may be negative")
        if self.left + self.width > 1 + _ROUNDING or self.top + self.height > 1 + _ROUNDING:
            raise ValueError("a box cannot leave its picture")

    @classmethod
    def within(cls, left: float, top: float, right: float, bottom: float) -> Self:
        """Return the part of a rectangle that is inside the picture."""
        x, y = min(max(left, 0.0), 1.0), min(max(top, 0.0), 1.0)
        return cls(x, y, max(min(right, 1.0) - x, 0.0), max(min(bottom, 1.0) - y, 0.0))

    @property
    def area(self) -> float:
        """Share of the picture that it covers."""
        return self.width * self.height

    def overlap(self, other: BoundingBox) -> float:
        """Return intersection over union, 0 to 1."""
        width = min(self.left + self.width, other.left + other.width) - max(self.left, other.left)
        height = min(self.top + self.height, other.top + other.height) - max(self.top, other.top)
        if width <= 0 or height <= 0:
            return 0.0
        shared = width * height
        return shared / (self.area + other.area - shared)
