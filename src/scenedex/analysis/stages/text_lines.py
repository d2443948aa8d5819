"""Line of text over time: its best reading, its times, and the matching of further readings."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from scenedex.analysis.stages.text_geometry import is_jitter, is_one_row, is_plausible_move, moved_by, share_inside
from scenedex.analysis.stages.text_similarity import is_renumbered, merge, similarity
from scenedex.analysis.stages.text_strokes import Sketch, Strokes
from scenedex.engines.text import UNKNOWN
from scenedex.timeline import BoundingBox, Timecode, TimeRange

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.engines.text import TextLine

MAX_TIME_ERROR: Final = Fraction(1, 4)
"""Maximum error of the times at which a line appears and disappears, in seconds: half the usual interval of stills."""

MIN_COVERAGE: Final = 0.6
"""Minimum overlap of boxes with the same line or with one that replaced it."""

_SURE: Final = 0.9
_MAX_READINGS: Final = 3
_MAX_TEXT: Final = 600

_MIN_SIMILARITY, _MIN_SIMILARITY_IF_SURE, _MIN_SIMILARITY_IF_MOVED = 0.6, 0.85, 0.8
_MIN_MOVED_LENGTH: Final = 4
_MIN_PLACE_OVERLAP: Final = 0.4
_MAX_SPEED: Final = 0.4
"""Maximum movement of a line per second, as a share of the picture's side."""


@dataclass(slots=True, eq=False)
class TrackedLine:
    """Line of text over time.

    Attributes:
        text: best reading. Merged from several if the line was never visible as a whole.
        confidence: confidence of that reading, 0 to 1.
        score: highest score of the detector that there is text.
        place: place of that reading.
        last_place: last place of the line.
        strokes: strokes at the last reading.
        before: last still without the line before it appeared, if there is one.
        first: first still with the line.
        last: last still with the line.
        after: first still without the line while it is out of sight.
        sightings: number of stills that show it.
        readings: number of readings.
        drift: movement to the right and down per second, in shares of the picture's sides.
        is_scrolling: whether its text runs through its place.
        shift: movement of its strokes since the last reading, in points.
        is_visible: whether its strokes are in the current still.
    """

    text: str
    confidence: float
    score: float
    place: BoundingBox
    last_place: BoundingBox
    strokes: Strokes
    before: Timecode | None
    first: Timecode
    last: Timecode
    after: Timecode | None = None
    sightings: int = 1
    readings: int = 1
    drift: tuple[float, float] = (0.0, 0.0)
    is_scrolling: bool = False
    shift: tuple[int, int] = (0, 0)
    is_visible: bool = True

    @property
    def is_sure(self) -> bool:
        """True if further readings are not worth their time."""
        return self.confidence >= _SURE or self.readings >= _MAX_READINGS

    def span(self, duration: Timecode, cuts: Sequence[Timecode]) -> TimeRange:
        """Return the span in which the line is shown.

        It begins and ends between a still that shows it and one that does not, at a cut if there is one in between.
        """
        start = Timecode(Fraction(0)) if self.before is None else _edge(self.before, self.first, cuts[::-1])
        end = duration if self.after is None else _edge(self.last, self.after, cuts)
        return TimeRange(start, max(start, end))

    def mark_seen(self, time: Timecode) -> None:
        """Record that a still shows the line."""
        if self.last < time:
            self.last = time
            self.sightings += 1
        self.after = None

    def add_reading(self, line: TextLine, time: Timecode, sketch: Sketch) -> None:
        """Add a reading in the current still."""
        seconds = float(time - self.last)
        if not self.is_visible and seconds > 0:
            across, down = line.box.left - self.last_place.left, line.box.top - self.last_place.top
            self.drift = (0.0, 0.0) if is_jitter(across, down) else (across / seconds, down / seconds)
        merged = merge(self.text, line.text) if min(self.confidence, line.confidence) >= UNKNOWN else None
        if merged is not None and len(merged) > max(len(self.text), len(line.text)):
            # Each reading has text that the other lacks, so the line is longer than its place.
            self.is_scrolling = True
            self.text, self.confidence = merged, min(self.confidence, line.confidence)
        elif self._is_better(line, merged):
            self.text, self.confidence, self.place = line.text, line.confidence, line.box
        self.score = max(self.score, line.found.score)
        self.last_place = line.box
        self.strokes, self.shift, self.is_visible = Strokes(sketch, line.box), (0, 0), True
        self.readings += 1
        self.mark_seen(time)

    def covers(self, box: BoundingBox) -> bool:
        """Return whether a box is at the place of the line, or a part of it if the line was read well."""
        if self.last_place.overlap(box) >= MIN_COVERAGE:
            return True
        return (
            self.confidence >= _SURE
            and box.height <= self.last_place.height
            and share_inside(box, self.last_place) >= MIN_COVERAGE
        )

    def _is_better(self, line: TextLine, merged: str | None) -> bool:
        if merged is not None and len(line.text) != len(self.text):
            return merged == line.text
        return not self.is_scrolling and line.confidence > self.confidence


def match_score(known: TrackedLine, line: TextLine, time: Timecode) -> float:
    """Return how well a reading matches a known line. 0: no match."""
    expected = moved_by(known.last_place, known.drift, float(time - known.last))
    overlap = expected.overlap(line.box)
    lower, higher = sorted((known.confidence, line.confidence))
    if lower >= _SURE and is_renumbered(known.text, line.text):
        return 0.0
    text_score = similarity(known.text, line.text)
    is_similar = (
        text_score >= _MIN_SIMILARITY_IF_SURE if lower >= _SURE else text_score >= _MIN_SIMILARITY or known.is_visible
    )
    if overlap >= _MIN_PLACE_OVERLAP and is_similar:
        return 1 + overlap + text_score
    if lower < UNKNOWN:
        return overlap if overlap >= _MIN_PLACE_OVERLAP and higher < UNKNOWN else 0.0
    if is_one_row(known.last_place, line.box) and len(known.text) < _MAX_TEXT and merge(known.text, line.text):
        return 1 + text_score
    max_distance = _MAX_SPEED * float(time - known.last)
    has_moved = len(line.text) >= _MIN_MOVED_LENGTH and is_plausible_move(expected, line.box, max_distance)
    return text_score if has_moved and text_score >= _MIN_SIMILARITY_IF_MOVED else 0.0


def _edge(earlier: Timecode, later: Timecode, cuts: Sequence[Timecode]) -> Timecode:
    """Return the time between two stills at which a line appeared or disappeared.

    It is the first cut between them, or else about the middle. It is at most `MAX_TIME_ERROR` before the later still,
    because stills are made when the picture changes.
    """
    for cut in cuts:
        if earlier < cut <= later:
            return cut
    middle = Timecode((earlier.seconds + later.seconds) / 2)
    return max(middle, Timecode(later.seconds - MAX_TIME_ERROR))
