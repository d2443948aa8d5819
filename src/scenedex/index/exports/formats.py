"""The formats that an index is exported in, and the frame rates of those that count in frames."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from typing import Final


class ExportFormat(StrEnum):
    """A format; the value is its name in requests and the suffix of its files."""

    JSON = "json"
    SRT = "srt"
    VTT = "vtt"
    CSV = "csv"
    EDL = "edl"
    OTIO = "otio"

    @property
    def media_type(self) -> str:
        """What ``Content-Type`` says of such a file."""
        match self:
            case ExportFormat.JSON:
                return "application/json"
            case ExportFormat.SRT:
                return "application/x-subrip"
            case ExportFormat.VTT:
                return "text/vtt"
            case ExportFormat.CSV:
                return "text/csv"
            case ExportFormat.EDL:
                return "text/plain"
            case ExportFormat.OTIO:
                return "application/x-otio+json"


class FrameRate(StrEnum):
    """Frames a second of an edit; those with a fraction are the NTSC rates, of which two drop timecodes."""

    FPS_23_976 = "23.976"
    FPS_24 = "24"
    FPS_25 = "25"
    FPS_29_97 = "29.97"
    FPS_30 = "30"
    FPS_50 = "50"
    FPS_59_94 = "59.94"
    FPS_60 = "60"

    @property
    def exact(self) -> Fraction:
        """The rate as a fraction."""
        return _EXACT[self]

    @property
    def drops_timecodes(self) -> bool:
        """Whether its timecodes leave numbers out, to stay with the clock."""
        return self in {FrameRate.FPS_29_97, FrameRate.FPS_59_94}

    def frame_at(self, milliseconds: int) -> int:
        """The frame boundary nearest to a time, halves upwards."""
        frames, seconds = _EXACT[self].as_integer_ratio()
        return (2 * frames * milliseconds + 1000 * seconds) // (2000 * seconds)


_EXACT: Final = {
    FrameRate.FPS_23_976: Fraction(24000, 1001),
    FrameRate.FPS_24: Fraction(24),
    FrameRate.FPS_25: Fraction(25),
    FrameRate.FPS_29_97: Fraction(30000, 1001),
    FrameRate.FPS_30: Fraction(30),
    FrameRate.FPS_50: Fraction(50),
    FrameRate.FPS_59_94: Fraction(60000, 1001),
    FrameRate.FPS_60: Fraction(60),
}
