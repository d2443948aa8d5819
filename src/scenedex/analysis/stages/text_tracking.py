"""Tracking of lines of text over time."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from scenedex.analysis.stages.text_geometry import moved_by
from scenedex.analysis.stages.text_lines import MIN_COVERAGE, TrackedLine, match_score
from scenedex.analysis.stages.text_strokes import Sketch, Strokes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.engines.text import TextBox, TextLine
    from scenedex.timeline import Timecode

MAX_ABSENCE: Final = Fraction(5, 4)
"""Seconds for which a line may be out of sight and still be the same line."""

_MAX_PAST_STILLS: Final = 8


@dataclass(slots=True, eq=False)
class LineTracker:
    """Merges readings of lines in stills into lines with times. ``closed`` has the lines that have ended.

    Call `match_strokes` and `end_still` for each still. If a still is read, call `select_unread` and `add_readings` in
    between. Call `finish` at the end.
    """

    closed: list[TrackedLine] = field(default_factory=list[TrackedLine])
    _open: list[TrackedLine] = field(default_factory=list[TrackedLine])
    _past: deque[tuple[Timecode, Sketch]] = field(default_factory=lambda: deque(maxlen=_MAX_PAST_STILLS))
    _is_past_truncated: bool = False

    def match_strokes(self, time: Timecode, sketch: Sketch) -> None:
        """Find the lines that are still at their place, or where their movement takes them."""
        for line in self._open:
            seconds = float(time - line.last)
            width, height = line.strokes.size
            before = line.shift
            offset = (before[0] + line.drift[0] * seconds * width, before[1] + line.drift[1] * seconds * height)
            place = line.strokes.find(sketch, offset, reach=4 if any(line.drift) else 2)
            line.is_visible = place is not None
            if place is not None:
                line.last_place = moved_by(
                    line.last_place, ((place[0] - before[0]) / width, (place[1] - before[1]) / height), 1.0
                )
                line.shift = place
                line.mark_seen(time)
            elif line.after is None and not (line.is_scrolling and sketch.is_written(line.last_place)):
                line.after = time
        self._close_absent(time)

    def select_unread(self, boxes: Sequence[TextBox], sketch: Sketch) -> Sequence[TextBox]:
        """Return the boxes to read: those not covered by an unchanged line with a sure reading."""
        known: list[TrackedLine] = []
        for line in self._open:
            if line.is_visible and line.is_sure and line.strokes.is_whole(sketch, line.shift):
                line.strokes.prune(sketch, line.shift)
                known.append(line)
        return [box for box in boxes if not any(line.covers(box.box) for line in known)]

    def add_readings(self, time: Timecode, sketch: Sketch, lines: Sequence[TextLine]) -> None:
        """Add the readings in the current still."""
        free = list(self._open)
        for line in lines:
            match = max(free, key=lambda known: match_score(known, line, time), default=None)
            if match is not None and match_score(match, line, time) > 0:
                free.remove(match)
                match.add_reading(line, time, sketch)
            else:
                started = self._new_line(line, time, sketch)
                self._close_replaced(free, started, time)
                self._open.append(started)
        for known in free:
            if known.is_scrolling and known.after is None:
                known.after = time
        self._close_absent(time)

    def end_still(self, time: Timecode, sketch: Sketch) -> None:
        """Keep the sketch of a still for lines that appear later."""
        self._is_past_truncated |= len(self._past) == _MAX_PAST_STILLS
        self._past.append((time, sketch))

    def finish(self) -> None:
        """Close all lines."""
        self._close(list(self._open))

    def _new_line(self, line: TextLine, time: Timecode, sketch: Sketch) -> TrackedLine:
        strokes = Strokes(sketch, line.box)
        started = TrackedLine(
            line.text, line.confidence, line.found.score, line.box, line.box, strokes, None, first=time, last=time
        )
        for past, seen in reversed(self._past):
            if strokes.find(seen) is None:
                started.before = past
                return started
            started.first = past
            started.sightings += 1
        if self._is_past_truncated:
            started.before = started.first
        return started

    def _close_replaced(self, free: list[TrackedLine], started: TrackedLine, time: Timecode) -> None:
        """Close lines that seem to be visible but were replaced by a similar one."""
        for known in [
            known for known in free if known.is_sure and known.last_place.overlap(started.last_place) >= MIN_COVERAGE
        ]:
            free.remove(known)
            if known.after is None:
                known.last = known.after = time
                for past, seen in reversed(self._past):
                    known.last = past
                    if past <= known.first or known.strokes.is_in(seen):
                        break
                    known.after = past
                started.before, started.first = known.last, max(started.first, known.after)
            self._close([known])

    def _close_absent(self, time: Timecode) -> None:
        self._close([line for line in self._open if line.after is not None and time - line.after >= MAX_ABSENCE])

    def _close(self, lines: Sequence[TrackedLine]) -> None:
        for line in lines:
            self._open.remove(line)
            line.strokes.release()
            self.closed.append(line)
