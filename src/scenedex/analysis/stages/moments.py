"""Times and places as results of stages carry them, exact when written down and read again."""

from __future__ import annotations

from fractions import Fraction

import msgspec

from scenedex.timeline import BoundingBox, Timecode, TimeRange


class Moment(msgspec.Struct, frozen=True, array_like=True):
    """An exact number of seconds as a fraction."""

    numerator: int
    denominator: int

    @classmethod
    def of(cls, time: Timecode) -> Moment:
        """The moment of a timecode."""
        return cls(time.seconds.numerator, time.seconds.denominator)

    def timecode(self) -> Timecode:
        """The timecode of a moment."""
        return Timecode(Fraction(self.numerator, self.denominator))


class Span(msgspec.Struct, frozen=True, array_like=True):
    """A half-open range of time."""

    start: Moment
    end: Moment

    @classmethod
    def of(cls, range_: TimeRange) -> Span:
        """The span of a range."""
        return cls(Moment.of(range_.start), Moment.of(range_.end))

    def range(self) -> TimeRange:
        """The range of a span."""
        return TimeRange(self.start.timecode(), self.end.timecode())


class Place(msgspec.Struct, frozen=True, array_like=True):
    """A rectangle in an upright picture, in fractions of its width and height."""

    left: float
    top: float
    width: float
    height: float

    @classmethod
    def of(cls, box: BoundingBox) -> Place:
        """The place of a box."""
        return cls(box.left, box.top, box.width, box.height)

    def box(self) -> BoundingBox:
        """The box of a place."""
        return BoundingBox(self.left, self.top, self.width, self.height)
