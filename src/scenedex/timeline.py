"""Time and place inside one asset: exact, frozen, free of I/O.

Everything that looks at pictures or sound speaks in these types. Times are rational numbers of seconds
counted from where players begin: the start of the stream that starts first; whole milliseconds exist only on the wire.
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
    """A moment, in exact seconds since the start of the asset."""

    seconds: Fraction

    @classmethod
    def from_ms(cls, milliseconds: int) -> Self:
        """The moment a whole number of milliseconds after the start."""
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
    """The half-open range ``[start, end)``; empty only where ``start == end``.

    Raises:
        ValueError: the end lies before the start.
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

    def contains(self, moment: Timecode) -> bool:
        """Whether the moment lies in ``[start, end)``."""
        return self.start <= moment < self.end

    def overlaps(self, other: TimeRange) -> bool:
        """Whether the two ranges share more than an end point."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Shot:
    """An uncut run of frames and the moment of the still that stands for it."""

    range: TimeRange
    keyframe: Timecode


@dataclass(frozen=True, slots=True)
class Scene:
    """Consecutive shots of one place and time; its keyframe is the keyframe of one of them."""

    shots: tuple[Shot, ...]
    keyframe: Timecode

    @property
    def range(self) -> TimeRange:
        """From the start of the first shot to the end of the last."""
        return TimeRange(self.shots[0].range.start, self.shots[-1].range.end)


class Frame(Protocol):
    """One presented picture of a decode pass.

    Subscribers may keep a frame for as long as they need its pixels; each kept frame holds the decoder's
    buffer (a 1080p frame: 3 MB), so keep few.
    """

    @property
    def index(self) -> int:
        """Ordinal of the frame in presentation order, from 0."""
        ...

    @property
    def time(self) -> Timecode:
        """Presentation time, from the start of the asset; the first frame may come later than 0."""
        ...

    def sampled_planes(self) -> Sequence[NDArray[np.uint8]]:
        """Y, U and V at about 72, 36 and 36 rows (fewer for chroma of small pictures), 8 bits, full range of the file.

        Taken by stride from the decoder's planes without colour conversion, in coded orientation; cached, so
        several subscribers share one sampling. Grey pictures yield flat chroma of 128. The arrays are read-only.
        """
        ...

    def rgb(self, max_height: int) -> NDArray[np.uint8]:
        """The upright picture as ``(height, width, 3)``, scaled down so that its height is at most ``max_height``."""
        ...


@dataclass(frozen=True, slots=True)
class BoundingBox:
    """A rectangle in an upright picture, in fractions of its width and height: ``left`` and ``top`` from 0 to 1.

    Raises:
        ValueError: a side is negative, or the rectangle leaves the picture.
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
        """The part of a rectangle that lies in the picture."""
        x, y = min(max(left, 0.0), 1.0), min(max(top, 0.0), 1.0)
        return cls(x, y, max(min(right, 1.0) - x, 0.0), max(min(bottom, 1.0) - y, 0.0))

    @property
    def area(self) -> float:
        """The share of the picture that it covers."""
        return self.width * self.height

    def overlap(self, other: BoundingBox) -> float:
        """Intersection over union, 0 to 1."""
        width = min(self.left + self.width, other.left + other.width) - max(self.left, other.left)
        height = min(self.top + self.height, other.top + other.height) - max(self.top, other.top)
        if width <= 0 or height <= 0:
            return 0.0
        shared = width * height
        return shared / (self.area + other.area - shared)
