"""Line of text over time: its best reading, its times, and the matching of further readings."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from scenedex.analysis.stages.text_geometry import (
    is_cut_off,
    is_jitter,
    is_one_row,
    is_plausible_move,
    moved_by,
    share_inside,
)
from scenedex.analysis.stages.text_scroll import Phrase, phrases
from scenedex.analysis.stages.text_similarity import extends, is_renumbered, merge, similarity
from scenedex.analysis.stages.text_strokes import Sketch, Strokes
from scenedex.engines.text import UNKNOWN
from scenedex.timeline import BoundingBox, Timecode, TimeRange

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.engines.text import TextLine

MAX_TIME_ERROR: Final = Fraction(1, 4)
"""Maximum error of the times at which a line appears and disappears, in seconds: half the usual interval of stills."""

_MIN_COVERAGE: Final = 0.6
"""Minimum overlap of boxes with the same line or with one that replaced it."""

_SURE: Final = 0.9
_MAX_READINGS: Final = 3
_MAX_TEXT: Final = 600

_MIN_SIMILARITY, _MIN_SIMILARITY_IF_SURE, _MIN_SIMILARITY_IF_MOVED = 0.6, 0.85, 0.8
_MIN_SIMILARITY_IF_UNSURE: Final = 0.3
_MIN_MOVED_LENGTH: Final = 4
_MIN_PLACE_OVERLAP: Final = 0.4
_MIN_SHARE_OF_DIGIT: Final = 0.8
"""Minimum share of the strokes of each part of a line with digits that is the same, if the line is."""

_MIN_LONGER, _MIN_LONGER_AT_FIRST = 0.6, 0.3
"""Minimum growth of a line, in line heights. Less for a line that was read once, when it may have been revealed."""

_MIN_STEADY, _MIN_STEADY_TYPED = Fraction(3, 4), Fraction(3, 2)
"""Seconds for which a part of a line is shown before the next part, if it is a text of its own."""

_MIN_SPEED: Final = 0.02
"""Minimum movement to the side of a line whose phrases appear one after the other, as a share of the width a second."""

_MAX_SPEED: Final = 0.4
"""Maximum movement of a line per second, as a share of the picture's side."""


@dataclass(frozen=True, slots=True)
class ShownLine:
    """Text with its place and time.

    Attributes:
        text: its text.
        confidence: confidence in it, 0 to 1.
        score: highest score of the detector that there is text.
        place: its place, or that of the line through which it runs.
        aspect: width over height of that place in pixels.
        sightings: number of stills that show the line.
        span: time in which it is shown.
    """

    text: str
    confidence: float
    score: float
    place: BoundingBox
    aspect: float
    sightings: int
    span: TimeRange


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
        read_in: sketch of the still of that reading.
        before: last still without the line before it appeared, if there is one.
        first: first still with the line.
        last: last still with the line.
        after: first still without the line while it is out of sight.
        sightings: number of stills that show it.
        readings: number of readings.
        drift: movement to the right and down per second, in shares of the picture's sides.
        is_scrolling: whether its text runs through its place.
        has_rested: whether two stills show it at one place.
        shift: movement of its strokes since the last reading, in points.
        is_visible: whether its strokes are in the current still.
        grown: still from which on the line has its present length.
        is_typed: whether it appears letter by letter.
        views: times and texts of all readings.
    """

    text: str
    confidence: float
    score: float
    place: BoundingBox
    last_place: BoundingBox
    strokes: Strokes
    read_in: Sketch
    before: Timecode | None
    first: Timecode
    last: Timecode
    after: Timecode | None = None
    sightings: int = 1
    readings: int = 1
    drift: tuple[float, float] = (0.0, 0.0)
    is_scrolling: bool = False
    has_rested: bool = False
    shift: tuple[int, int] = (0, 0)
    is_visible: bool = True
    grown: Timecode = field(init=False)
    is_typed: bool = False
    views: list[tuple[Timecode, str]] = field(init=False)

    def __post_init__(self) -> None:
        """Begin with the first reading."""
        self.grown = self.first
        self.views = [(self.last, self.text)]

    @property
    def is_sure(self) -> bool:
        """True if further readings are not worth their time."""
        return self.confidence >= _SURE or self.readings >= _MAX_READINGS

    @property
    def is_running(self) -> bool:
        """True if its text runs to the left or right. A line that moves only to come or to go does not."""
        return self.is_scrolling or (abs(self.drift[0]) > _MIN_SPEED and not self.has_rested)

    def shown(self, duration: Timecode, cuts: Sequence[Timecode]) -> Sequence[ShownLine]:
        """Return the line with the time in which it is shown, or the phrases of a scrolling line with theirs.

        The time begins and ends between a still that shows the line and one that does not, at a cut if there is one in
        between.
        """
        start = Timecode(Fraction(0)) if self.before is None else _edge(self.before, self.first, cuts[::-1])
        end = duration if self.after is None else _edge(self.last, self.after, cuts)
        span = TimeRange(start, max(start, end))
        parts = [Phrase(" ".join(self.text.split()), span)]
        if self.is_running:
            parts = phrases(self.text, self.views, span)
        width, height = self.strokes.size
        aspect = self.place.width * width / max(1e-6, self.place.height * height)
        return [
            ShownLine(part.text, self.confidence, self.score, self.place, aspect, self.sightings, part.span)
            for part in parts
        ]

    def is_unchanged(self, sketch: Sketch) -> bool:
        """Return whether a still shows the same text, so that it need not be read again."""
        if not self.is_visible or not self.is_sure or self._was_cut_off():
            return False
        return self.strokes.is_whole(sketch, self.shift) and not self.has_other_digits(sketch)

    def is_in(self, sketch: Sketch) -> bool:
        """Return whether another still shows the same text at the place of the last reading."""
        return self.strokes.is_in(sketch) and not self.has_other_digits(sketch)

    def has_other_digits(self, sketch: Sketch) -> bool:
        """Return whether a still has other digits than the line at its place. False for a line without digits.

        Digits have many strokes in common. A 6 has all of a 5.
        """
        if self.shift != (0, 0) or not any(map(str.isdigit, self.text)):
            return False
        here = Strokes(sketch, self.last_place)
        return not (
            self.strokes.is_in(sketch, min_share=_MIN_SHARE_OF_DIGIT)
            and here.is_in(self.read_in, min_share=_MIN_SHARE_OF_DIGIT)
        )

    def _was_cut_off(self) -> bool:
        """Return whether the line was read at the edge of the picture and is beyond it no more."""
        return is_cut_off(self.place) and not is_cut_off(self.last_place)

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
        self.strokes, self.read_in = Strokes(sketch, line.box), sketch
        self.shift, self.is_visible = (0, 0), True
        self.readings += 1
        self.views.append((time, line.text))
        self.mark_seen(time)

    def grow(self, line: TextLine, first: Timecode, *, is_typed: bool) -> None:
        """Note that a still shows more of the line than before. Call it before `add_reading`."""
        self.grown, self.is_typed = first, self.is_typed or is_typed
        self.text, self.confidence, self.place = line.text, line.confidence, line.box

    def is_extended_by(self, line: TextLine) -> bool:
        """Return whether a reading has the text of this line and more, at the same place."""
        return (
            not self.is_running
            and min(self.confidence, line.confidence) >= UNKNOWN
            and extends(line.text, self.text)
            and is_one_row(self.last_place, line.box)
        )

    def is_replaced_by(self, other: TrackedLine) -> bool:
        """Return whether another line is at the place of this one."""
        here, there = self.last_place, other.last_place
        if is_renumbered(self.text, other.text):
            return max(share_inside(here, there), share_inside(there, here)) >= _MIN_COVERAGE
        return self.is_sure and here.overlap(there) >= _MIN_COVERAGE

    def is_steady_until(self, time: Timecode) -> bool:
        """Return whether the line had its present length for so long before a time that this was a text of its own."""
        return min(time, self.last) - self.grown >= (_MIN_STEADY_TYPED if self.is_typed else _MIN_STEADY)

    def added_part(self, box: BoundingBox) -> BoundingBox:
        """Return the part of a longer box beside this line, or all of it if this line has moved."""
        right, end = self.last_place.left + self.last_place.width, box.left + box.width
        if not self.is_visible:
            return box
        if end - right >= self.last_place.left - box.left:
            return BoundingBox.within(min(right, end), box.top, end, box.top + box.height)
        return BoundingBox.within(box.left, box.top, max(self.last_place.left, box.left), box.top + box.height)

    def covers(self, box: BoundingBox) -> bool:
        """Return whether a box is at the place of the line, or a part of it if the line was read well."""
        if self._is_longer(box):
            return False
        if self.last_place.overlap(box) >= _MIN_COVERAGE:
            return True
        return (
            self.confidence >= _SURE
            and box.height <= self.last_place.height
            and share_inside(box, self.last_place) >= _MIN_COVERAGE
        )

    def _is_longer(self, box: BoundingBox) -> bool:
        """Return whether a box in the row of the line is longer by more than the jitter of boxes."""
        width, height = self.strokes.size
        added = box.width - self.last_place.width
        longer = _MIN_LONGER_AT_FIRST if self.readings == 1 else _MIN_LONGER
        return is_one_row(self.last_place, box) and added * width > longer * self.last_place.height * height

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
        is_alike = higher < UNKNOWN or text_score >= _MIN_SIMILARITY_IF_UNSURE
        return overlap if overlap >= _MIN_PLACE_OVERLAP and is_alike else 0.0
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
