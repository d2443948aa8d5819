"""Division of spans of time among the scenes of an asset. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenedex.timeline import TimeRange

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.analysis.stages.scenes import GroupedScene
    from scenedex.timeline import Timecode

MIN_PART_MS = 80
"""Minimum length of a part, in milliseconds. Less is a rounding error."""


@dataclass(frozen=True, slots=True)
class Part:
    """Part of a span within one scene, in whole milliseconds. `scene` is a position from 0."""

    scene: int
    start_ms: int
    end_ms: int


class SceneTimes:
    """Time ranges of the scenes of an asset, which they tile.

    Args:
        scenes: at least one, in order.
    """

    def __init__(self, scenes: Sequence[GroupedScene]) -> None:
        self.ranges = [TimeRange(one.shots[0].shot.range.start, one.shots[-1].shot.range.end) for one in scenes]
        self._starts = [range_.start for range_ in self.ranges]

    def at(self, time: Timecode) -> int:
        """Return the position of the scene at a time. Times outside the asset belong to the first or last scene."""
        return max(0, bisect_right(self._starts, time) - 1)

    def parts(self, span: TimeRange) -> list[Part]:
        """Divide a span among the scenes that it overlaps. There is at least one part."""
        first = self.at(span.start)
        last = max(first, min(bisect_left(self._starts, span.end), len(self.ranges)) - 1)
        parts = [self._part(scene, span) for scene in range(first, last + 1)]
        return [part for part in parts if part.end_ms - part.start_ms >= MIN_PART_MS] or [
            max(parts, key=lambda part: part.end_ms - part.start_ms)
        ]

    def mostly_in(self, span: TimeRange) -> int:
        """Return the position of the scene that holds most of a span."""
        return max(self.parts(span), key=lambda part: part.end_ms - part.start_ms).scene

    def _part(self, scene: int, span: TimeRange) -> Part:
        range_ = self.ranges[scene]
        start, end = max(span.start, range_.start), min(span.end, range_.end)
        # A span may start after the end of the asset by rounding.
        start = min(start, range_.end)
        return Part(scene, start.ms, max(start, end).ms)
