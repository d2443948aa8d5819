"""Shots and their stills, gathered while the frames go by."""

from __future__ import annotations

from collections import deque
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol

from scenedex.engines.scenes import Glimpse, SeenShot
from scenedex.engines.shots import Transition
from scenedex.timeline import Timecode, TimeRange

if TYPE_CHECKING:
    from scenedex.engines.keyframes import KeyframeChooser
    from scenedex.engines.shots import ShotDetector
    from scenedex.timeline import Frame

STRETCH = Fraction(8)
"""Seconds after which a long shot gets a further still, so that scenes that divide it each have their own."""


class StillStore(Protocol):
    """Where stills go while the pass runs."""

    def keep(self, frame: Frame) -> None:
        """Stores the picture of a frame under its time; storing it again changes nothing."""
        ...


class ShotGatherer:
    """Subscribes to a decode pass; afterwards `shots` tile the asset, each with its stills in the store."""

    def __init__(self, detector: ShotDetector, chooser: KeyframeChooser, stills: StillStore) -> None:
        self._detector = detector
        self._chooser = chooser
        self._stills = stills
        self._shot_begin = Timecode(Fraction(0))
        self._stretch_begin = self._shot_begin
        self._begins_gradually = False
        self._glimpses: list[Glimpse] = []
        self._marks: deque[tuple[int, Timecode]] = deque()
        self._next_mark = float(STRETCH)
        self.shots: list[SeenShot] = []

    def feed(self, frame: Frame) -> None:
        """Takes the next frame; see `FrameSubscriber`."""
        self._chooser.feed(frame)
        # Rounding keeps the order of times, and exact sums for every frame would cost more than their comparison.
        if float(frame.time.seconds) >= self._next_mark:
            self._next_mark = float(frame.time.seconds + STRETCH)
            self._marks.append((frame.index, frame.time))
        for boundary in self._detector.feed(frame):
            self._end_shot(boundary.time, boundary.transition)
        while self._marks and frame.index - self._marks[0][0] > self._detector.delay:
            self._end_stretch(self._marks.popleft()[1])

    def finish(self, end: Timecode) -> None:
        """Ends the last shot; see `FrameSubscriber`."""
        for boundary in self._detector.finish():
            self._end_shot(boundary.time, boundary.transition)
        for _, mark in self._marks:
            self._end_stretch(mark)
        self._marks.clear()
        self._take_still(None)
        self._close(end)

    def _end_shot(self, at: Timecode, transition: Transition) -> None:
        while self._marks and self._marks[0][1] < at:
            mark = self._marks.popleft()[1]
            if at - mark >= STRETCH / 2:
                self._end_stretch(mark)
        self._take_still(at)
        self._close(at)
        self._begins_gradually = transition is not Transition.CUT

    def _end_stretch(self, at: Timecode) -> None:
        if at - self._stretch_begin >= STRETCH / 2:
            self._take_still(at)
            self._stretch_begin = at

    def _take_still(self, until: Timecode | None) -> None:
        still = self._chooser.choose(until)
        self._stills.keep(still.frame)
        self._glimpses.append(Glimpse(still.frame.time, still.quality, still.looks))

    def _close(self, at: Timecode) -> None:
        whole = TimeRange(self._shot_begin, at)
        self.shots.append(SeenShot(whole, tuple(self._glimpses), self._begins_gradually))
        self._glimpses = []
        self._shot_begin = self._stretch_begin = at
