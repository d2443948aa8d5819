"""Fake of the port: a detector with scripted results."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from scenedex.engines.engine import Engine
from scenedex.engines.shots.port import Boundary, FrameOutOfOrder, Transition

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from scenedex.timeline import Frame


class ScriptedShotDetector:
    """Reports a cut at every given frame index, ``delay`` frames later. Index 0 is no boundary."""

    def __init__(self, cuts: Collection[int], *, delay: int = 0) -> None:
        self.engine: Final = Engine("scripted", "1")
        self._cuts = frozenset(cuts) - {0}
        self._waiting: deque[Boundary] = deque()
        self._last: Frame | None = None
        self.delay: Final = delay

    def feed(self, frame: Frame) -> Sequence[Boundary]:
        """Add the next frame and return the boundaries that it settles."""
        if self._last is not None and (frame.index <= self._last.index or frame.time <= self._last.time):
            raise FrameOutOfOrder
        self._last = frame
        if frame.index in self._cuts:
            self._waiting.append(Boundary(frame.index, frame.time, Transition.CUT))
        settled: list[Boundary] = []
        while self._waiting and self._waiting[0].index <= frame.index - self.delay:
            settled.append(self._waiting.popleft())
        return settled

    def finish(self) -> Sequence[Boundary]:
        """Return the remaining boundaries."""
        settled = list(self._waiting)
        self._waiting.clear()
        return settled
