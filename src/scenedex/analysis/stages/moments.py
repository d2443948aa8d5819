"""Times and places in stored results. Times are exact."""

from __future__ import annotations

from fractions import Fraction

import msgspec

from scenedex.timeline import BoundingBox, Timecode, TimeRange


class Moment(msgspec.Struct, frozen=True, array_like=True):
    """Number of seconds as a fraction."""

    numerator: int
    denominator: int

    @classmethod
    def of(cls, time: Timecode) -> Moment:
        """Return the moment of a timecode."""
        return cls(time.seconds.numerator, time.seconds.denominator)

    def timecode(self) -> Timecode:
        """Return the timecode of the moment."""
        return Timecode(Fraction(self.numerator, self.denominator))


class Span(msgspec.Struct, frozen=True, array_like=True):
    """Half-open range of time."""

    start: Moment
    end: Moment

    @classmethod
    def of(cls, range_: TimeRange) -> Span:
        """Return the span of a range."""
        return cls(Moment.of(range_.start), Moment.of(range_.end))

    def range(self) -> TimeRange:
        """Return the range of the span."""
        return TimeRange(self.start.timecode(), self.end.timecode())


class Place(msgspec.Struct, frozen=True, array_like=True):
    """Rectangle in an upright picture, in fractions of its width and height."""

    left: float
    top: float
    width: float
    height: float

    @classmethod
    def of(cls, box: BoundingBox) -> Place:
        """Return the place of a box."""
        return cls(box.left, box.top, box.width, box.height)

    def box(self) -> BoundingBox:
        """Return the box of the place."""
        return BoundingBox(self.left, self.top, self.width, self.height)
