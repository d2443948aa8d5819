"""A chooser that takes what comes first: the fake of the port."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.engines.engine import Engine
from scenedex.engines.keyframes.port import NoFrameToChoose, Still

if TYPE_CHECKING:
    from scenedex.timeline import Frame, Timecode


class FirstFrame:
    """Chooses the first frame of each stretch. It holds every frame of the open stretch: for short assets only."""

    def __init__(self) -> None:
        self.engine: Final = Engine("first-frame", "1")
        self._held: list[Frame] = []

    def feed(self, frame: Frame) -> None:
        """Takes the next frame; see `KeyframeChooser`."""
        self._held.append(frame)

    def choose(self, until: Timecode | None) -> Still:
        """Ends a stretch; see `KeyframeChooser`."""
        if not self._held:
            raise NoFrameToChoose
        chosen = self._held[0]
        self._held = [] if until is None else [frame for frame in self._held if frame.time >= until]
        means = [float(plane.mean()) for plane in chosen.sampled_planes()]
        return Still(chosen, 1.0, np.array([means], np.float32))
