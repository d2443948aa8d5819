"""Selection of the tracked lines that are text, and of those in a script that the reader does not know."""

from __future__ import annotations

import unicodedata
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING, Final

from scenedex.analysis.stages.text_geometry import share_inside
from scenedex.analysis.stages.text_similarity import merge
from scenedex.engines.text import UNKNOWN, in_reading_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.analysis.stages.text_lines import TrackedLine
    from scenedex.timeline import Timecode, TimeRange

    Shown = tuple[TrackedLine, TimeRange]

_MIN_CONFIDENCE: Final = 0.7
_MIN_CONFIDENCE_SHORT: Final = 0.85
_MIN_CONFIDENCE_SINGLE: Final = 0.95
_MAX_SHORT_LETTERS: Final = 3
_SURE: Final = 0.9
_MIN_SECONDS: Final = Fraction(3, 4)

_MIN_SCORE: Final = 0.65
_MIN_ASPECT_RATIO: Final = 2.0
"""Minimum of width over height, in shares of the picture's sides, of a box that looks like a line."""

_MIN_SHARE_INSIDE: Final = 0.6


def is_text(line: TrackedLine, span: TimeRange) -> bool:
    """Return whether a line has text, with enough confidence and for long enough."""
    letters = [character for character in line.text if character.isalnum()]
    match len(letters):
        case 0:
            return False
        case 1:
            minimum = _MIN_CONFIDENCE_SINGLE if _is_east_asian(letters[0]) else 2.0
        case count:
            minimum = _MIN_CONFIDENCE_SHORT if count <= _MAX_SHORT_LETTERS else _MIN_CONFIDENCE
    return line.confidence >= minimum and (line.confidence >= _SURE or not _is_fleeting(line, span))


def is_unread(line: TrackedLine, span: TimeRange) -> bool:
    """Return whether a line is text in a script that the reader does not know."""
    return (
        line.confidence < UNKNOWN
        and line.score >= _MIN_SCORE
        and line.place.width >= _MIN_ASPECT_RATIO * line.place.height
        and not _is_fleeting(line, span)
    )


def drop_fragments(shown: Sequence[Shown]) -> Sequence[Shown]:
    """Return the lines by start and reading order, without fragments of another line at the same time."""
    by_start = groupby(sorted(shown, key=_start), key=_start)
    ordered = [one for _, group in by_start for one in in_reading_order(list(group), lambda one: one[0].place)]
    fragments: set[int] = set()
    present: list[int] = []
    for number, one in enumerate(ordered):
        start = one[1].start
        present = [other for other in present if ordered[other][1].end > start or ordered[other][1].start == start]
        if any(_is_fragment(one, ordered[other]) for other in present):
            fragments.add(number)
            continue
        fragments.update(other for other in present if _is_fragment(ordered[other], one))
        present = [*(other for other in present if other not in fragments), number]
    return [one for number, one in enumerate(ordered) if number not in fragments]


def _start(one: Shown) -> Timecode:
    return one[1].start


def _is_fleeting(line: TrackedLine, span: TimeRange) -> bool:
    """Return whether a line was seen once, for a moment. In a picture, which has no time, no line is fleeting."""
    return line.sightings < 2 and 0 < span.duration < _MIN_SECONDS  # noqa: PLR2004  # two sightings confirm each other


def _is_fragment(fragment: Shown, whole: Shown) -> bool:
    (line, span), (longer, around) = fragment, whole
    shared = min(span.end, around.end) - max(span.start, around.start)
    return (
        shared >= _MIN_SHARE_INSIDE * float(span.duration)
        and share_inside(line.place, longer.place) >= _MIN_SHARE_INSIDE
        and merge(line.text, longer.text) == longer.text
    )


def _is_east_asian(character: str) -> bool:
    return unicodedata.east_asian_width(character) == "W"
