"""Sampling of stills at regular times for the stages that read pictures."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scenedex.media.stills import PackedStill, StillPackWriter
    from scenedex.timeline import Frame, Timecode

MAX_LEVEL_CHANGE: Final = 16
"""Maximum change of a sampled pixel, in grey levels, in a picture that counts as unchanged. Encoders add such noise."""


class StillSampler:
    """Frame subscriber that adds stills to a pack at regular times.

    It takes the first frame at or after each multiple of the interval. If no sampled pixel changed by more than
    `MAX_LEVEL_CHANGE`, the pack repeats the last still. Because small text may change between sampled pixels, a new
    picture is written at least every `REFRESH` seconds.

    Args:
        pack: destination of the stills.
        max_height: maximum height of a still, in pixels.
        per_second: stills per second.
    """

    REFRESH: Final = Fraction(4)

    def __init__(self, pack: StillPackWriter, *, max_height: int, per_second: int) -> None:
        self._pack = pack
        self._max_height = max_height
        self._per_second = per_second
        self._next = 0.0
        self._last_planes: Sequence[NDArray[np.uint8]] = ()
        self._last_still: PackedStill | None = None
        self._keyframe_times: set[Timecode] = set()

    def feed(self, frame: Frame) -> None:
        """Sample the next frame. See `FrameSubscriber`."""
        # Exact arithmetic for every frame is slow, and rounding is precise enough here.
        seconds = float(frame.time.seconds)
        if seconds < self._next:
            return
        self._next = (int(seconds * self._per_second) + 1) / self._per_second
        if self._last_still is not None and self._is_unchanged(self._last_still, frame):
            self._pack.repeat(self._last_still, frame.time)
        else:
            self._last_planes = frame.sampled_planes()
            self._last_still = self._pack.add(frame.time, frame.rgb(self._max_height))

    def add_keyframe(self, frame: Frame) -> None:
        """Add the keyframe of a shot, which may be earlier than the last frame."""
        if frame.time not in self._keyframe_times:
            self._keyframe_times.add(frame.time)
            self._pack.add(frame.time, frame.rgb(self._max_height), is_keyframe=True)

    def finish(self, end: Timecode) -> None:
        """Do nothing. See `FrameSubscriber`."""

    def _is_unchanged(self, still: PackedStill, frame: Frame) -> bool:
        if frame.time - still.time >= self.REFRESH:
            return False
        return all(
            before.shape == after.shape and np.abs(before.astype(np.int16) - after).max(initial=0) <= MAX_LEVEL_CHANGE
            for before, after in zip(self._last_planes, frame.sampled_planes(), strict=True)
        )
