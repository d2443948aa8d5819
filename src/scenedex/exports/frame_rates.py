"""Frame rates of edits."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction


class FrameRate(StrEnum):
    """Frames per second. Rates with a decimal point are the NTSC rates, two of which drop timecodes."""

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
        """The rate as a fraction. NTSC rates are 1000/1001 of a whole number."""
        whole = round(float(self.value))
        return Fraction(whole * 1000, 1001) if "." in self.value else Fraction(whole)

    @property
    def drops_timecodes(self) -> bool:
        """True if timecodes skip numbers to stay in step with the clock."""
        return self in {FrameRate.FPS_29_97, FrameRate.FPS_59_94}

    def frame_at(self, milliseconds: int) -> int:
        """Return the frame boundary nearest to a time, rounding halves up."""
        frames, seconds = self.exact.as_integer_ratio()
        return (2 * frames * milliseconds + 1000 * seconds) // (2000 * seconds)
