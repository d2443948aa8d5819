"""Collection of shots and their stills during the decode pass."""

from __future__ import annotations

from collections import deque
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol

from scenedex.engines.scenes.looks import SeenShot, ShotStill
from scenedex.engines.shots import Transition
from scenedex.timeline import Timecode, TimeRange

if TYPE_CHECKING:
    from scenedex.engines.keyframes import KeyframeChooser
    from scenedex.engines.shots import Boundary, ShotDetector
    from scenedex.timeline import Frame

STILL_INTERVAL = Fraction(8)
"""Seconds between the stills of a long shot. If scenes divide it, each has a still."""


class StillStore(Protocol):
    """Storage of stills during the pass."""

    def save(self, frame: Frame) -> None:
        """Store the picture of a frame under its time. Storing it again changes nothing."""
        ...


class ShotCollector:
    """Frame subscriber that finds shots and stores their stills. After the pass, ``shots`` tile the asset."""

    def __init__(self, detector: ShotDetector, chooser: KeyframeChooser, stills: StillStore) -> None:
        self._detector = detector
        self._chooser = chooser
        self._store = stills
        self._shot_start = Timecode(Fraction(0))
        self._section_start = self._shot_start
        self._begins_gradually = False
        self._shot_stills: list[ShotStill] = []
        self._marks: deque[tuple[int, Timecode]] = deque()
        self._next_mark = float(STILL_INTERVAL)
        self.shots: list[SeenShot] = []

    def feed(self, frame: Frame) -> None:
        """Process the next frame. See `FrameSubscriber`."""
        self._chooser.feed(frame)
        # Exact arithmetic for every frame is slow, and rounding keeps the order of times.
        if float(frame.time.seconds) >= self._next_mark:
            self._next_mark = float(frame.time.seconds + STILL_INTERVAL)
            self._marks.append((frame.index, frame.time))
        for boundary in self._detector.feed(frame):
            self._end_shot(boundary)
        while self._marks and frame.index - self._marks[0][0] > self._detector.delay:
            self._end_section(self._marks.popleft()[1])

    def finish(self, end: Timecode) -> None:
        """End the last shot. See `FrameSubscriber`."""
        for boundary in self._detector.finish():
            self._end_shot(boundary)
        for _, mark in self._marks:
            self._end_section(mark)
        self._marks.clear()
        self._take_still(None)
        self._add_shot(end)

    def _end_shot(self, boundary: Boundary) -> None:
        at = boundary.time
        while self._marks and self._marks[0][1] < at:
            mark = self._marks.popleft()[1]
            if at - mark >= STILL_INTERVAL / 2:
                self._end_section(mark)
        self._take_still(at, boundary.extent)
        self._add_shot(at)
        self._begins_gradually = boundary.transition is not Transition.CUT

    def _end_section(self, at: Timecode) -> None:
        if at - self._section_start >= STILL_INTERVAL / 2:
            self._take_still(at)
            self._section_start = at

    def _take_still(self, until: Timecode | None, transition: TimeRange | None = None) -> None:
        still = self._chooser.choose(until, transition)
        self._store.save(still.frame)
        self._shot_stills.append(ShotStill(still.frame.time, still.quality, still.looks))

    def _add_shot(self, at: Timecode) -> None:
        range_ = TimeRange(self._shot_start, at)
        self.shots.append(SeenShot(range_, tuple(self._shot_stills), self._begins_gradually))
        self._shot_stills = []
        self._shot_start = self._section_start = at
