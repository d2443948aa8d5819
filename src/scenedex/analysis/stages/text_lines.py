"""One line of text over time: its best reading, its times, and whether a reading is of it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from scenedex.analysis.stages.text_likeness import is_renumbered, joined, likeness
from scenedex.analysis.stages.text_places import inside, is_one_row, is_still, may_have_moved, moved_by
from scenedex.analysis.stages.text_strokes import Sketch, Strokes
from scenedex.engines.text import UNKNOWN
from scenedex.timeline import BoundingBox, Timecode, TimeRange

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.engines.text import TextLine

SHARPNESS: Final = Fraction(1, 4)
"""Seconds by which a line that appears or goes can be off: half the usual time between stills."""

COVERED: Final = 0.6
"""Overlap of boxes that hold the same line or one that took its place."""

_SURE: Final = 0.9
_MOST_READINGS: Final = 3
_LONGEST_TEXT: Final = 600

_ALIKE, _ALIKE_IF_SURE, _ALIKE_IF_MOVED = 0.6, 0.85, 0.8
_SHORTEST_MOVED: Final = 4
_SAME_PLACE: Final = 0.4
_FASTEST: Final = 0.4
"""Shares of the picture's side that a line moves in a second."""


@dataclass(slots=True, eq=False)
class FollowedLine:
    """One line over time.

    Attributes:
        text: the best reading, put together where the line was never in view as a whole.
        confidence: of that reading, 0 to 1.
        score: the detector's greatest certainty that there is text.
        place: where that reading was.
        at: where the line was last.
        strokes: how it looked at its last reading.
        before: the last still without it, if there is one; ``first``: the first still with it.
        last: the last still with it; ``after``: the first still without it, while it is out of sight.
        sightings: stills in which it was seen.
        readings: how often it was read.
        drift: shares of the picture's sides that it moves to the right and down in a second, where it moves.
        is_passing: whether its text runs through its place.
        shift: points by which its strokes have moved since its last reading.
        is_held: whether its strokes are seen in the present still.
    """

    text: str
    confidence: float
    score: float
    place: BoundingBox
    at: BoundingBox
    strokes: Strokes
    before: Timecode | None
    first: Timecode
    last: Timecode
    after: Timecode | None = None
    sightings: int = 1
    readings: int = 1
    drift: tuple[float, float] = (0.0, 0.0)
    is_passing: bool = False
    shift: tuple[int, int] = (0, 0)
    is_held: bool = True

    @property
    def is_sure(self) -> bool:
        """Whether a further reading is not worth its time."""
        return self.confidence >= _SURE or self.readings >= _MOST_READINGS

    def span(self, duration: Timecode, cuts: Sequence[Timecode]) -> TimeRange:
        """When it is shown, between the stills that show it and those that do not; at a cut where one lies between."""
        start = Timecode(Fraction(0)) if self.before is None else _edge(self.before, self.first, cuts[::-1])
        end = duration if self.after is None else _edge(self.last, self.after, cuts)
        return TimeRange(start, max(start, end))

    def see(self, time: Timecode) -> None:
        """Takes notice that it is there in a still."""
        if self.last < time:
            self.last = time
            self.sightings += 1
        self.after = None

    def read_again(self, line: TextLine, time: Timecode, sketch: Sketch) -> None:
        """Takes a further reading of it, in the still that was last held."""
        seconds = float(time - self.last)
        if not self.is_held and seconds > 0:
            across, down = line.box.left - self.at.left, line.box.top - self.at.top
            self.drift = (0.0, 0.0) if is_still(across, down) else (across / seconds, down / seconds)
        whole = joined(self.text, line.text) if min(self.confidence, line.confidence) >= UNKNOWN else None
        if whole is not None and len(whole) > max(len(self.text), len(line.text)):
            # Each of the two shows what the other does not: the line is longer than its place.
            self.is_passing = True
            self.text, self.confidence = whole, min(self.confidence, line.confidence)
        elif self._is_bettered_by(line, whole):
            self.text, self.confidence, self.place = line.text, line.confidence, line.box
        self.score = max(self.score, line.found.score)
        self.at = line.box
        self.strokes, self.shift, self.is_held = Strokes(sketch, line.box), (0, 0), True
        self.readings += 1
        self.see(time)

    def explains(self, box: BoundingBox) -> bool:
        """Whether a box is where the line is, or a part of it once it was read well."""
        if self.at.overlap(box) >= COVERED:
            return True
        return self.confidence >= _SURE and box.height <= self.at.height and inside(box, self.at) >= COVERED

    def _is_bettered_by(self, line: TextLine, whole: str | None) -> bool:
        if whole is not None and len(line.text) != len(self.text):
            return whole == line.text
        return not self.is_passing and line.confidence > self.confidence


def kinship(known: FollowedLine, line: TextLine, time: Timecode) -> float:
    """How surely a reading is of a known line; 0 where it is not."""
    expected = moved_by(known.at, known.drift, float(time - known.last))
    overlap = expected.overlap(line.box)
    least, most = sorted((known.confidence, line.confidence))
    if least >= _SURE and is_renumbered(known.text, line.text):
        return 0.0
    alike = likeness(known.text, line.text)
    is_alike = alike >= _ALIKE_IF_SURE if least >= _SURE else alike >= _ALIKE or known.is_held
    if overlap >= _SAME_PLACE and is_alike:
        return 1 + overlap + alike
    if least < UNKNOWN:
        return overlap if overlap >= _SAME_PLACE and most < UNKNOWN else 0.0
    if is_one_row(known.at, line.box) and len(known.text) < _LONGEST_TEXT and joined(known.text, line.text):
        return 1 + alike
    farthest = _FASTEST * float(time - known.last)
    has_moved = len(line.text) >= _SHORTEST_MOVED and may_have_moved(expected, line.box, farthest)
    return alike if has_moved and alike >= _ALIKE_IF_MOVED else 0.0


def _edge(earlier: Timecode, later: Timecode, cuts: Sequence[Timecode]) -> Timecode:
    """The moment between two stills at which a line came or went: the first of the cuts there, else about the middle.

    Stills are made where the picture changes, so it is never long before the later one.
    """
    for cut in cuts:
        if earlier < cut <= later:
            return cut
    middle = Timecode((earlier.seconds + later.seconds) / 2)
    return max(middle, Timecode(later.seconds - SHARPNESS))
