"""Options of exported edits."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_MAX_SECONDS: Final = 60
_MAX_FRAMES: Final = 3600


class FrameRate(StrEnum):
    """Frames per second of the timecodes of an edit. Those with ``NDF`` drop no numbers."""

    FPS_23_976 = "23.976"
    FPS_24 = "24"
    FPS_25 = "25"
    FPS_29_97 = "29.97"
    FPS_29_97_NDF = "29.97ndf"
    FPS_30 = "30"
    FPS_48 = "48"
    FPS_50 = "50"
    FPS_59_94 = "59.94"
    FPS_59_94_NDF = "59.94ndf"
    FPS_60 = "60"
    FPS_100 = "100"
    FPS_119_88 = "119.88"
    FPS_120 = "120"


@dataclass(frozen=True, slots=True)
class Handles:
    """Time before and after each clip of an edit, in seconds (0-60) or in frames (0-3600)."""

    seconds: float | None = None
    frames: int | None = None

    @classmethod
    def parse(cls, text: str) -> Handles:
        """Read frames as ``12f``, or seconds as ``1.5`` or ``1.5s``.

        Raises:
            ValueError: the text is neither, or is out of range.
        """
        number = text.strip().lower()
        in_frames = number.endswith("f")
        found = cls(frames=int(number[:-1])) if in_frames else cls(seconds=float(number.removesuffix("s")))
        if not (0 <= (found.seconds or 0) <= _MAX_SECONDS and 0 <= (found.frames or 0) <= _MAX_FRAMES):
            raise ValueError(text)
        return found


def query_of_handles(handles: Handles | None) -> dict[str, str | None]:
    """Return the parameters of a call that exports an edit."""
    if handles is None:
        return {}
    if handles.frames is not None:
        return {"handleFrames": str(handles.frames)}
    return {"handleSeconds": None if handles.seconds is None else str(handles.seconds)}
