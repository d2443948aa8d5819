"""Frame rates of films and edits, and the timecodes that count their frames."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

FrameRateName = Literal[
    "23.976", "24", "25", "29.97", "29.97ndf", "30", "48", "50", "59.94", "59.94ndf", "60", "100", "119.88", "120"
]
"""A frame rate by its name. 29.97 and 59.94 drop timecodes unless the name says ``ndf`` or the film does not."""

_TIMECODE: Final = re.compile(r"(\d{2}):([0-5]\d):([0-5]\d)([:;.,])(\d{2,3})")
_MAX_LABELLED: Final = 60
_DROP_SECONDS: Final = 15
# Half the distance between 30 and 29.97, so that a rounded average has the rate that it was rounded from.
_TOLERANCE: Final = Fraction(1, 2000)
_MAX_MULTIPLE: Final = 12


@dataclass(frozen=True, slots=True)
class SourceTimecode:
    """Timecode of the first frame of a film, as its file has it.

    Attributes:
        hours: hours of the day.
        minutes: minutes of the hour.
        seconds: seconds of the minute.
        frames: frames of the second.
        is_drop: whether timecodes are dropped to stay in step with the clock.
    """

    hours: int
    minutes: int
    seconds: int
    frames: int
    is_drop: bool

    @classmethod
    def parse(cls, text: str) -> SourceTimecode | None:
        """Read ``HH:MM:SS:FF``, with ``;`` before the frames of drop-frame timecode. Return `None` for other text."""
        found = _TIMECODE.fullmatch(text.strip())
        if found is None:
            return None
        hours, minutes, seconds, separator, frames = found.groups()
        return cls(int(hours), int(minutes), int(seconds), int(frames), separator in ";,")


@dataclass(frozen=True, slots=True)
class FrameRate:
    """Frames per second.

    Attributes:
        exact: the rate.
        is_drop: whether timecodes skip numbers to stay in step with the clock, which only 29.97 and 59.94 do.
    """

    exact: Fraction
    is_drop: bool = False

    @classmethod
    def named(cls, name: FrameRateName) -> FrameRate:
        """Return the rate of a name."""
        digits = name.removesuffix("ndf")
        exact = _exact(digits)
        return cls(exact, is_drop=digits == name and _can_drop(exact))

    @classmethod
    def of_film(cls, average: Fraction | None, timecode: SourceTimecode | None = None) -> FrameRate:
        """Return the rate in which editors count the frames of a film.

        That is the standard rate next to the average one. The frames of slower films are frames of the smallest
        standard multiple, so that every cut has a frame.

        Args:
            average: average frames per second, `None` if it is not known, which counts as 25.
            timecode: timecode of its first frame, which says whether numbers are dropped.
        """
        exact = _standard(Fraction(25) if average is None or average <= 0 else average)
        is_drop = _can_drop(exact) and (timecode is None or timecode.is_drop)
        return cls(exact, is_drop)

    @property
    def nominal(self) -> int:
        """The whole number of frames that timecodes count in a second."""
        return round(self.exact)

    @property
    def labelled(self) -> FrameRate:
        """The rate that timecodes can count: that of every second frame of a film with more than 60 a second."""
        exact = self.exact
        while exact > _MAX_LABELLED:
            exact /= 2
        return FrameRate(exact, self.is_drop or (exact != self.exact and _can_drop(exact)))

    @property
    def frames_of_day(self) -> int:
        """Number of timecodes of a day."""
        return 24 * 3600 * self.nominal - self._dropped * (24 * 60 - 24 * 6)

    def frame_at(self, milliseconds: int) -> int:
        """Return the frame boundary nearest to a time, rounding halves up."""
        return self.nearest(Fraction(milliseconds, 1000))

    def nearest(self, seconds: Fraction) -> int:
        """Return the frame boundary nearest to a time, rounding halves up."""
        frames, unit = (self.exact * seconds).as_integer_ratio()
        return (2 * frames + unit) // (2 * unit)

    def seconds_of(self, frame: int) -> Fraction:
        """Return the time of a frame boundary."""
        return frame / self.exact

    def timecode(self, frame: int) -> str:
        """Return the timecode of a frame of the day, with ``;`` before its frames if numbers are dropped."""
        number = frame % self.frames_of_day
        if self.is_drop:
            tens, rest = divmod(number, 600 * self.nominal - 9 * self._dropped)
            number += 9 * self._dropped * tens
            if rest >= self._dropped:
                number += self._dropped * ((rest - self._dropped) // (60 * self.nominal - self._dropped))
        seconds, frames = divmod(number, self.nominal)
        minutes, second = divmod(seconds, 60)
        hour, minute = divmod(minutes, 60)
        return f"{hour:02}:{minute:02}:{second:02}{';' if self.is_drop else ':'}{frames:02}"

    def frame_of(self, timecode: SourceTimecode, counted_in: FrameRate | None = None) -> int:
        """Return the frame of the day that has a timecode.

        ``counted_in`` is the rate of the timecode if it is another one. The timecode of the same second is taken then.
        """
        minutes = 60 * timecode.hours + timecode.minutes
        frames = timecode.frames
        if counted_in is not None:
            frames = frames * self.nominal // counted_in.nominal
        frames = min(frames, self.nominal - 1)
        number = (60 * minutes + timecode.seconds) * self.nominal + frames
        return number - self._dropped * (minutes - minutes // 10)

    @property
    def _dropped(self) -> int:
        """Numbers that each minute drops but every tenth."""
        return self.nominal // _DROP_SECONDS if self.is_drop else 0


def parse_rate(text: str | None) -> Fraction | None:
    """Read a rate as ``30000/1001``. Return `None` for other text."""
    try:
        return None if text is None else Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None


def _exact(digits: str) -> Fraction:
    """Return a rate by its digits. Rates with a decimal point are 1000/1001 of a whole number."""
    whole = round(float(digits))
    return Fraction(whole * 1000, 1001) if "." in digits else Fraction(whole)


_STANDARD: Final[Mapping[str, Fraction]] = {
    name: _exact(name)
    for name in ("23.976", "24", "25", "29.97", "30", "48", "50", "59.94", "60", "100", "119.88", "120")
}


def _can_drop(exact: Fraction) -> bool:
    return exact in {_STANDARD["29.97"], _STANDARD["59.94"]}


def _standard(average: Fraction) -> Fraction:
    """Return the standard rate of a film, or a whole multiple of its rate, or else the nearest standard rate."""
    for multiple in range(1, _MAX_MULTIPLE + 1):
        nearest = min(_STANDARD.values(), key=lambda rate: abs(rate - multiple * average))
        if abs(nearest - multiple * average) <= _TOLERANCE * nearest:
            return nearest
    return min(_STANDARD.values(), key=lambda rate: abs(rate - average))
