"""Stills for the stages that look at pictures: a few each second, and fewer files where the picture stands still."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scenedex.media.stills import PackedStill, StillPackWriter
    from scenedex.timeline import Frame, Timecode

SAME_LEVELS: Final = 16
"""Grey levels by which each of the sampled pixels may differ in pictures that are taken for one: what encoders add."""


class StillSampler:
    """Subscribes to a decode pass and adds a frame to the pack at regular times.

    The first frame at or after each multiple of the interval is taken. While no sampled pixel changes by more than
    `SAME_LEVELS`, the pack is only told that the picture is still there. Small text may change in between sampled
    pixels, so at least one file is written every `REFRESH` seconds.

    Args:
        pack: where stills go.
        max_height: rows of a still at most.
        per_second: stills per second.
    """

    REFRESH: Final = Fraction(4)

    def __init__(self, pack: StillPackWriter, *, max_height: int, per_second: int) -> None:
        self._pack = pack
        self._max_height = max_height
        self._per_second = per_second
        self._next = 0.0
        self._last: Sequence[NDArray[np.uint8]] = ()
        self._last_still: PackedStill | None = None
        self._taken: set[Timecode] = set()

    def feed(self, frame: Frame) -> None:
        """Takes the next frame; see `FrameSubscriber`."""
        # Rounded, since exact arithmetic with every frame would cost more than is won.
        seconds = float(frame.time.seconds)
        if seconds < self._next:
            return
        self._next = (int(seconds * self._per_second) + 1) / self._per_second
        if self._last_still is not None and self._is_like(self._last_still, frame):
            self._pack.repeat(self._last_still, frame.time)
        else:
            self._last = frame.sampled_planes()
            self._last_still = self._pack.add(frame.time, frame.rgb(self._max_height))

    def add_keyframe(self, frame: Frame) -> None:
        """Adds a still that stands for a shot, which may have gone by some time ago."""
        if frame.time not in self._taken:
            self._taken.add(frame.time)
            self._pack.add(frame.time, frame.rgb(self._max_height), is_keyframe=True)

    def finish(self, end: Timecode) -> None:
        """Nothing is left to do at the end; see `FrameSubscriber`."""

    def _is_like(self, still: PackedStill, frame: Frame) -> bool:
        if frame.time - still.time >= self.REFRESH:
            return False
        return all(
            before.shape == after.shape and np.abs(before.astype(np.int16) - after).max(initial=0) <= SAME_LEVELS
            for before, after in zip(self._last, frame.sampled_planes(), strict=True)
        )
