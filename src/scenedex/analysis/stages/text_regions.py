"""Following lines of text over time: readings of one line become one region with its best reading and its times."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from scenedex.analysis.stages.text_lines import COVERED, FollowedLine, kinship
from scenedex.analysis.stages.text_places import moved_by
from scenedex.analysis.stages.text_strokes import Sketch, Strokes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.engines.text import TextBox, TextLine
    from scenedex.timeline import Timecode

PATIENCE: Final = Fraction(5, 4)
"""Seconds that a line may be out of sight and still be the same line."""

_REMEMBERED: Final = 8


@dataclass(slots=True, eq=False)
class LineFollower:
    """Is shown every still of an asset in turn; `closed` takes the lines that are out of sight for good.

    For each still: `hold`; where it is read, `unexplained` and `take` as well; at the end `finish`.
    """

    closed: list[FollowedLine] = field(default_factory=list[FollowedLine])
    _open: list[FollowedLine] = field(default_factory=list[FollowedLine])
    _past: deque[tuple[Timecode, Sketch]] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    _is_past_cut_off: bool = False

    def hold(self, time: Timecode, sketch: Sketch) -> None:
        """Looks which lines are still where they were, or where their movement takes them."""
        for line in self._open:
            seconds = float(time - line.last)
            width, height = line.strokes.size
            before = line.shift
            offset = (before[0] + line.drift[0] * seconds * width, before[1] + line.drift[1] * seconds * height)
            place = line.strokes.find(sketch, offset, reach=4 if any(line.drift) else 2)
            line.is_held = place is not None
            if place is not None:
                line.at = moved_by(line.at, ((place[0] - before[0]) / width, (place[1] - before[1]) / height), 1.0)
                line.shift = place
                line.see(time)
            elif line.after is None and not (line.is_passing and sketch.is_written(line.at)):
                line.after = time
        self._close(time)

    def unexplained(self, boxes: Sequence[TextBox], sketch: Sketch) -> Sequence[TextBox]:
        """The boxes that are worth reading: no line that was read well is seen there as it was."""
        known: list[FollowedLine] = []
        for line in self._open:
            if line.is_held and line.is_sure and line.strokes.is_whole(sketch, line.shift):
                line.strokes.settle(sketch, line.shift)
                known.append(line)
        return [box for box in boxes if not any(line.explains(box.box) for line in known)]

    def take(self, time: Timecode, sketch: Sketch, lines: Sequence[TextLine]) -> None:
        """Takes what was read in the still that was last held."""
        free = list(self._open)
        for line in lines:
            match = max(free, key=lambda known: kinship(known, line, time), default=None)
            if match is not None and kinship(match, line, time) > 0:
                free.remove(match)
                match.read_again(line, time, sketch)
            else:
                begun = self._begin(line, time, sketch)
                self._displace(free, begun, time)
                self._open.append(begun)
        for known in free:
            if known.is_passing and known.after is None:
                known.after = time
        self._close(time)

    def remember(self, time: Timecode, sketch: Sketch) -> None:
        """Ends the turn of a still."""
        self._is_past_cut_off |= len(self._past) == _REMEMBERED
        self._past.append((time, sketch))

    def finish(self) -> None:
        """Closes every line."""
        self._put_away(list(self._open))

    def _begin(self, line: TextLine, time: Timecode, sketch: Sketch) -> FollowedLine:
        strokes = Strokes(sketch, line.box)
        begun = FollowedLine(
            line.text, line.confidence, line.found.score, line.box, line.box, strokes, None, first=time, last=time
        )
        for past, seen in reversed(self._past):
            if strokes.find(seen) is None:
                begun.before = past
                return begun
            begun.first = past
            begun.sightings += 1
        if self._is_past_cut_off:
            begun.before = begun.first
        return begun

    def _displace(self, free: list[FollowedLine], begun: FollowedLine, time: Timecode) -> None:
        """Ends what seems to be still there where another line has come that looks much like it."""
        for known in [known for known in free if known.is_sure and known.at.overlap(begun.at) >= COVERED]:
            free.remove(known)
            if known.after is None:
                known.last = known.after = time
                for past, seen in reversed(self._past):
                    known.last = past
                    if past <= known.first or known.strokes.is_in(seen):
                        break
                    known.after = past
                begun.before, begun.first = known.last, max(begun.first, known.after)
            self._put_away([known])

    def _close(self, time: Timecode) -> None:
        gone = [line for line in self._open if line.after is not None and time - line.after >= PATIENCE]
        self._put_away(gone)

    def _put_away(self, gone: Sequence[FollowedLine]) -> None:
        for line in gone:
            self._open.remove(line)
            line.strokes.forget()
            self.closed.append(line)
