"""Selection of the stills that are searched for text, and how closely."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scenedex.analysis.stages.text_strokes import Sketch
    from scenedex.timeline import Timecode

READ_INTERVAL: Final = Fraction(1)
"""Seconds between two searched stills. Text shown for so long is found."""

_UNSTEADY_INTERVAL: Final = Fraction(2)
"""Seconds between two searched stills of a moving picture without steady writing."""

_ROUNDING: Final = Fraction(1, 20)
_NEAR: Final = Fraction(3, 4)
"""Maximum distance of two stills that may show that writing is steady, in seconds."""

_FEW: Final = 0.04
"""Share of a picture whose change is searched at once, steady or not."""


@dataclass(frozen=True, slots=True)
class Search:
    """Manner of a search. See `scenedex.engines.text.TextReader.find`."""

    longest_side: int
    first_side: int | None


USUAL: Final = Search(800, 480)
KEYFRAME: Final = Search(960, 640)
PICTURE: Final = Search(960, None)


class StillSelector:
    """Selects the stills to search: those with other writing than the last one, at most one per second.

    In a moving picture, everything that has edges looks like other writing. There, a still is searched when the writing
    is steady, in this still as in the one before, and otherwise every two seconds.
    """

    def __init__(self, *, is_picture: bool) -> None:
        self._is_picture = is_picture
        self._last_read: Timecode | None = None
        self._last_sketch: Sketch | None = None
        self._last_close_sketch: Sketch | None = None
        self._before: tuple[Timecode, Sketch] | None = None

    def select(
        self,
        time: Timecode,
        sketch: Sketch,
        following: Timecode | None,
        *,
        is_keyframe: bool,
        is_following: bool,
        has_doubtful: bool,
    ) -> Search | None:
        """Return how to search a still, or `None` to skip it.

        Args:
            time: its time.
            sketch: its sketch.
            following: time of the next still.
            is_keyframe: whether it represents a shot.
            is_following: whether text moves, so that the still must not be skipped for being unsteady.
            has_doubtful: whether a line was read that may be read better in another picture.
        """
        before, self._before = self._before, (time, sketch)
        if self._is_picture:
            return PICTURE if sketch.writing().any() else None
        if is_keyframe and sketch.writing(not_in=self._last_close_sketch).any():
            self._last_read, self._last_sketch, self._last_close_sketch = time, sketch, sketch
            return KEYFRAME
        fresh = sketch.writing(not_in=self._last_sketch)
        if not fresh.any() and not (has_doubtful and sketch is not self._last_sketch):
            return None
        # A still may be skipped only if the next one comes in time.
        since = None if self._last_read is None or following is None else following - self._last_read
        if since is not None and since <= READ_INTERVAL + _ROUNDING:
            return None
        if not (
            since is None
            or is_following
            or float(np.mean(fresh)) <= _FEW
            or since > _UNSTEADY_INTERVAL + _ROUNDING
            or before is None
            or time - before[0] > _NEAR
            or _has_line(sketch.writing(not_in=self._last_sketch, also_in=before[1]))
        ):
            return None
        self._last_read, self._last_sketch = time, sketch
        return USUAL


def _has_line(windows: NDArray[np.bool_]) -> bool:
    """Return whether three windows in a row are set. Single ones are by chance."""
    return bool((windows[:, :-2] & windows[:, 1:-1] & windows[:, 2:]).any())
