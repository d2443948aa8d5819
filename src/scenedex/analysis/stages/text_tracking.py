"""Tracking of lines of text over time."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from scenedex.analysis.stages.text_geometry import moved_by
from scenedex.analysis.stages.text_lines import TrackedLine, match_score
from scenedex.analysis.stages.text_strokes import MIN_PRESENT, Sketch, Strokes
from scenedex.engines.text import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.engines.text import TextBox, TextLine
    from scenedex.timeline import Timecode

MAX_ABSENCE: Final = Fraction(5, 4)
"""Seconds for which a line may be out of sight and still be the same line."""

_MIN_REST: Final = 0.4
"""Minimum seconds between two stills that show a line at one place, if it rests there."""

_RETRY_SECONDS: Final = 2
_MAX_PAST_STILLS: Final = 8
_MIN_TYPED: Final = 0.15
"""Share of what was added to a line that the still before shows, if the line is typed."""


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

    def is_following(self, sketch: Sketch) -> bool:
        """Return whether a line moves, has new digits or has just been lost, so that this still must be searched."""
        return any(
            line.confidence >= UNKNOWN
            and (any(line.drift) or line.is_scrolling or line.after is not None or line.has_other_digits(sketch))
            for line in self._open
        )

    def has_doubtful(self, time: Timecode) -> bool:
        """Return whether another reading may improve that of a line. It is tried after two more seconds each time."""
        return any(
            line.is_visible
            and line.sightings > 1
            and not line.is_sure
            and time - line.views[-1][0] >= _RETRY_SECONDS * line.readings
            for line in self._open
        )

    def match_strokes(self, time: Timecode, sketch: Sketch) -> None:
        """Find the lines that are still at their place, or where their movement takes them."""
        for line in self._open:
            seconds = float(time - line.last)
            width, height = line.strokes.size
            before = line.shift
            offset = (before[0] + line.drift[0] * seconds * width, before[1] + line.drift[1] * seconds * height)
            place = line.strokes.find(sketch, offset, reach=4 if any(line.drift) else 2)
            if place is None and any(line.drift) and (place := line.strokes.find(sketch, before)) is not None:
                # It has come to rest.
                line.drift = (0.0, 0.0)
            line.is_visible = place is not None
            if place is not None:
                line.last_place = moved_by(
                    line.last_place, ((place[0] - before[0]) / width, (place[1] - before[1]) / height), 1.0
                )
                line.has_rested |= seconds >= _MIN_REST and place == before
                line.shift = place
                line.mark_seen(time)
            elif line.after is None and not (line.is_scrolling and sketch.is_written(line.last_place)):
                line.after = time
        self._close_absent(time)

    def select_unread(self, boxes: Sequence[TextBox], sketch: Sketch) -> Sequence[TextBox]:
        """Return the boxes to read: those not covered by an unchanged line with a sure reading."""
        known: list[TrackedLine] = []
        for line in self._open:
            if line.is_unchanged(sketch):
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
                if not (match.is_extended_by(line) and self._split(match, line, time, sketch)):
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
            line.text, line.confidence, line.found.score, line.box, line.box, strokes, sketch, None, time, time
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

    def _split(self, known: TrackedLine, line: TextLine, time: Timecode, sketch: Sketch) -> bool:
        """End a line that was read to its end before more was added to it. Return whether the longer one is another."""
        added = Strokes(sketch, known.added_part(line.box))
        before, first, is_typed = known.last, time, False
        for past, seen in reversed(self._past):
            share = added.share_in(seen)
            if share < MIN_PRESENT:
                before, is_typed = past, share > _MIN_TYPED
                break
            first = past
        if is_typed or not known.is_steady_until(first):
            if known.is_visible:
                known.grow(line, first, is_typed=is_typed)
            return False
        started = self._new_line(line, time, sketch)
        known.last, known.after = max(known.first, before), first
        started.before, started.first, started.grown = known.last, first, first
        self._close([known])
        self._open.append(started)
        return True

    def _close_replaced(self, free: list[TrackedLine], started: TrackedLine, time: Timecode) -> None:
        """Close lines that seem to be visible but were replaced by a similar one."""
        for known in [known for known in free if known.is_replaced_by(started)]:
            free.remove(known)
            if known.after is None:
                known.last = known.after = time
                for past, seen in reversed(self._past):
                    known.last = past
                    if past <= known.first or known.is_in(seen):
                        break
                    known.after = past
            if started.before is None or started.before < known.last:
                started.before, started.first = known.last, max(started.first, known.after)
            self._close([known])

    def _close_absent(self, time: Timecode) -> None:
        self._close([line for line in self._open if line.after is not None and time - line.after >= MAX_ABSENCE])

    def _close(self, lines: Sequence[TrackedLine]) -> None:
        for line in lines:
            self._open.remove(line)
            line.strokes.release()
            self.closed.append(line)
