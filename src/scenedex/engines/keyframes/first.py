"""Fake of the port: a chooser of first frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.engines.engine import Engine
from scenedex.engines.keyframes.port import NoFrameToChoose, Still

if TYPE_CHECKING:
    from scenedex.timeline import Frame, Timecode, TimeRange


class FirstFrame:
    """Chooses the first frame of each stretch. Holds the first frame of the open one and the last `delay` frames."""

    def __init__(self, *, delay: int = 512) -> None:
        self.engine: Final = Engine("first-frame", "1")
        self._held: list[Frame] = []
        self._max_held = delay + 3

    def feed(self, frame: Frame) -> None:
        """Add the next frame."""
        self._held.append(frame)
        if len(self._held) > self._max_held:
            del self._held[1]

    def choose(self, until: Timecode | None, transition: TimeRange | None = None) -> Still:  # noqa: ARG002 - see the port
        """End a stretch and return its still."""
        if not self._held or (until is not None and until <= self._held[0].time):
            raise NoFrameToChoose
        chosen = self._held[0]
        self._held = [] if until is None else [frame for frame in self._held if frame.time >= until]
        means = [float(plane.mean()) for plane in chosen.sampled_planes()]
        return Still(chosen, 1.0, np.array([means], np.float32))
