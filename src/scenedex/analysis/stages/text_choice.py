"""What of the followed lines is text, what is text in a script that nobody here reads, and what is neither."""

from __future__ import annotations

import unicodedata
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING, Final

from scenedex.analysis.stages.text_likeness import joined
from scenedex.analysis.stages.text_places import inside
from scenedex.engines.text import UNKNOWN, in_reading_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.analysis.stages.text_lines import FollowedLine
    from scenedex.timeline import Timecode, TimeRange

    Shown = tuple[FollowedLine, TimeRange]

_LEAST: Final = 0.7
_LEAST_OF_SHORT: Final = 0.85
_LEAST_OF_SINGLE: Final = 0.95
_SHORT: Final = 3
_SURE: Final = 0.9
_FLEETING: Final = Fraction(3, 4)

_LIKELY_TEXT: Final = 0.65
_LONG: Final = 2.0
"""Width over height, in shares of the picture's sides, of a box that looks like a line."""

_INSIDE: Final = 0.6


def is_text(line: FollowedLine, span: TimeRange) -> bool:
    """Whether a line says something, surely enough and for long enough."""
    letters = [character for character in line.text if character.isalnum()]
    match len(letters):
        case 0:
            return False
        case 1:
            least = _LEAST_OF_SINGLE if _is_east_asian(letters[0]) else 2.0
        case count:
            least = _LEAST_OF_SHORT if count <= _SHORT else _LEAST
    return line.confidence >= least and (line.confidence >= _SURE or not _is_fleeting(line, span))


def is_passed_over(line: FollowedLine, span: TimeRange) -> bool:
    """Whether a line surely is text, but not in a script that the reader knows."""
    return (
        line.confidence < UNKNOWN
        and line.score >= _LIKELY_TEXT
        and line.place.width >= _LONG * line.place.height
        and not _is_fleeting(line, span)
    )


def without_parts(shown: Sequence[Shown]) -> Sequence[Shown]:
    """The lines by start and reading order, without those that are but a part of another one at the same time."""
    by_start = groupby(sorted(shown, key=_start), key=_start)
    ordered = [one for _, group in by_start for one in in_reading_order(list(group), lambda one: one[0].place)]
    parts: set[int] = set()
    present: list[int] = []
    for number, one in enumerate(ordered):
        start = one[1].start
        present = [other for other in present if ordered[other][1].end > start or ordered[other][1].start == start]
        if any(_is_part(one, ordered[other]) for other in present):
            parts.add(number)
            continue
        parts.update(other for other in present if _is_part(ordered[other], one))
        present = [*(other for other in present if other not in parts), number]
    return [one for number, one in enumerate(ordered) if number not in parts]


def _start(one: Shown) -> Timecode:
    return one[1].start


def _is_fleeting(line: FollowedLine, span: TimeRange) -> bool:
    """Whether it was seen but once, for a moment; what is in a picture, without time, is not."""
    return line.sightings < 2 and 0 < span.duration < _FLEETING  # noqa: PLR2004  # two sightings confirm each other


def _is_part(part: Shown, whole: Shown) -> bool:
    (line, span), (longer, around) = part, whole
    shared = min(span.end, around.end) - max(span.start, around.start)
    return (
        shared >= _INSIDE * float(span.duration)
        and inside(line.place, longer.place) >= _INSIDE
        and joined(line.text, longer.text) == longer.text
    )


def _is_east_asian(character: str) -> bool:
    return unicodedata.east_asian_width(character) == "W"
