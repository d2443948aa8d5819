"""A chooser that takes what comes first: the fake of the port."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.engines.engine import Engine
from scenedex.engines.keyframes.port import NoFrameToChoose, Still

if TYPE_CHECKING:
    from scenedex.timeline import Frame, Timecode


class FirstFrame:
    """Chooses the first frame of each stretch. It holds that of the open stretch and the last ``delay`` whole."""

    def __init__(self, *, delay: int = 512) -> None:
        self.engine: Final = Engine("first-frame", "1")
        self._held: list[Frame] = []
        self._most_held = delay + 3

    def feed(self, frame: Frame) -> None:
        """Takes the next frame; see `KeyframeChooser`."""
        self._held.append(frame)
        if len(self._held) > self._most_held:
            del self._held[1]

    def choose(self, until: Timecode | None) -> Still:
        """Ends a stretch; see `KeyframeChooser`."""
        if not self._held or (until is not None and until <= self._held[0].time):
            raise NoFrameToChoose
        chosen = self._held[0]
        self._held = [] if until is None else [frame for frame in self._held if frame.time >= until]
        means = [float(plane.mean()) for plane in chosen.sampled_planes()]
        return Still(chosen, 1.0, np.array([means], np.float32))
