"""Selection of the stills of long and moving shots that are worth a vector beside those of the keyframes."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from scenedex.engines.embeddings import LAYOUT_SPEC, PICTURES
from scenedex.engines.loader import open_engine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from scenedex.media.stills import PackedStill
    from scenedex.timeline import Timecode

MAX_SIMILARITY: Final = 0.95
"""Similarity by the engine `LAYOUT` of a still to a selected one of its shot, from which it is left out.

A frame that is nearer to its still than that is found by it, also if it is cropped. See `benchmarks/search`.
"""

WINDOW_SECONDS: Final = 16
"""Maximum time between stills that are compared. A view that returns later gets a still of its own."""

_LONGEST_SIDE: Final = 256


class StillSource(Protocol):
    """Stills with their pictures."""

    @property
    def stills(self) -> Sequence[PackedStill]:
        """Stills in order of time."""
        ...

    def rgb(self, still: PackedStill, *, longest_side: int | None = None) -> NDArray[np.uint8]:
        """Return the upright picture as ``(height, width, 3)``."""
        ...


def select_stills(
    pictures: StillSource, shot_starts: Sequence[Timecode], *, report: Callable[[float, int], None]
) -> list[PackedStill]:
    """Return the keyframes, and the stills of each shot that look different from its selected ones, in order of time.

    Args:
        pictures: stills.
        shot_starts: start of each shot, in order. Without any, only keyframes are returned.
        report: called after each still with the share and the number done.
    """
    selected = [still for still in pictures.stills if still.is_keyframe]
    if shot_starts:
        selection = _Selection(pictures, shot_starts)
        for keyframe in selected:
            selection.add(keyframe)
        for done, still in enumerate(pictures.stills, 1):
            if not still.is_keyframe and selection.offer(still):
                selected.append(still)
            report(done / len(pictures.stills), done)
    return sorted(selected, key=lambda still: still.time)


class _Selection:
    """Selected stills of each shot: their times in seconds and their looks."""

    def __init__(self, pictures: StillSource, shot_starts: Sequence[Timecode]) -> None:
        self._pictures = pictures
        self._starts = shot_starts
        self._layout = open_engine(PICTURES, LAYOUT_SPEC.choice(), threads=1)
        self._seen: dict[int, list[tuple[float, NDArray[np.float32]]]] = {}
        self._last: tuple[int, NDArray[np.float32]] = -1, np.zeros(0, np.float32)

    def add(self, still: PackedStill) -> None:
        """Select a still."""
        self._of_shot(still).append((float(still.time.seconds), self._look(still)))

    def offer(self, still: PackedStill) -> bool:
        """Select a still if it looks different from the selected ones of its shot. Return whether it does."""
        seconds, look = float(still.time.seconds), self._look(still)
        near = [other for time, other in self._of_shot(still) if abs(seconds - time) <= WINDOW_SECONDS]
        if near and float((np.stack(near) @ look).max()) >= MAX_SIMILARITY:
            return False
        self._of_shot(still).append((seconds, look))
        return True

    def _of_shot(self, still: PackedStill) -> list[tuple[float, NDArray[np.float32]]]:
        return self._seen.setdefault(bisect_right(self._starts, still.time), [])

    def _look(self, still: PackedStill) -> NDArray[np.float32]:
        # Stills of a motionless picture share one file.
        if self._last[0] != still.offset:
            rgb = self._pictures.rgb(still, longest_side=_LONGEST_SIDE)
            self._last = still.offset, self._layout.embed(rgb)
        return self._last[1]
