"""Selection of the tracked lines that are text, and of those in a script that the reader does not know."""

from __future__ import annotations

import unicodedata
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING, Final

from scenedex.analysis.stages.text_geometry import is_cut_off, share_inside
from scenedex.analysis.stages.text_similarity import merge
from scenedex.engines.text import UNKNOWN, has_hangul, in_reading_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.analysis.stages.text_lines import ShownLine
    from scenedex.timeline import Timecode

_MIN_CONFIDENCE, _MIN_CONFIDENCE_EAST_ASIAN, _MIN_CONFIDENCE_KOREAN = 0.85, 0.8, 0.7
_MIN_CONFIDENCE_SHORT: Final = 0.85
_MIN_CONFIDENCE_SINGLE: Final = 0.95
_MAX_SHORT_LETTERS: Final = 3
_MAX_BARS: Final = 2
"""Number of different letters in what is read from a fence, such as "i i i n"."""

_SURE, _SURE_SHORT = 0.9, 0.98
_MIN_SECONDS: Final = Fraction(3, 4)

_MIN_SCORE, _MIN_SCORE_SHORT = 0.65, 0.75
_MIN_ASPECT, _LONG = 1.3, 3.5
"""Width over height, in pixels, of the shortest line that is counted as unread, and from which it is long."""

_MIN_SIGHTINGS_UNREAD: Final = 3

_MIN_SHARE_INSIDE: Final = 0.6


def is_text(line: ShownLine) -> bool:
    """Return whether a line has text, with enough confidence and for long enough.

    Readers that know more characters are less confident, also of what they read rightly.
    """
    letters = [character for character in line.text if character.isalnum()]
    match len(letters):
        case 0:
            return False
        case 1:
            minimum = _MIN_CONFIDENCE_SINGLE if _is_east_asian(letters[0]) else 2.0
        case count if count <= _MAX_SHORT_LETTERS:
            minimum = _MIN_CONFIDENCE_SHORT
        case _ if len(set(letters)) <= _MAX_BARS:
            minimum = _MIN_CONFIDENCE_SINGLE
        case _ if has_hangul(line.text):
            minimum = _MIN_CONFIDENCE_KOREAN
        case _ if any(map(_is_east_asian, letters)):
            minimum = _MIN_CONFIDENCE_EAST_ASIAN
        case _:
            minimum = _MIN_CONFIDENCE
    if _is_fleeting(line):
        minimum = max(minimum, _SURE if len(letters) > _MAX_SHORT_LETTERS else _SURE_SHORT)
        # A line that is never seen whole is a piece of something that moves.
        return line.confidence >= minimum and not is_cut_off(line.place)
    return line.confidence >= minimum


def is_unread(line: ShownLine) -> bool:
    """Return whether a line is text in a script that the reader does not know."""
    is_long = line.aspect >= _LONG
    # Something else is often read with some confidence out of a word of two syllables.
    known = UNKNOWN if is_long else _MIN_CONFIDENCE_SHORT
    return (
        line.confidence < known
        and not is_text(line)
        and line.score >= (_MIN_SCORE if is_long else _MIN_SCORE_SHORT)
        and line.aspect >= _MIN_ASPECT
        and (line.sightings >= _MIN_SIGHTINGS_UNREAD or not line.span.duration)
    )


def drop_fragments(shown: Sequence[ShownLine]) -> Sequence[ShownLine]:
    """Return the lines by start and reading order, without fragments of another line at the same time."""
    by_start = groupby(sorted(shown, key=_start), key=_start)
    ordered = [line for _, group in by_start for line in in_reading_order(list(group), lambda line: line.place)]
    fragments: set[int] = set()
    present: list[int] = []
    for number, line in enumerate(ordered):
        start = line.span.start
        present = [other for other in present if ordered[other].span.end > start or ordered[other].span.start == start]
        if any(_is_fragment(line, ordered[other]) for other in present):
            fragments.add(number)
            continue
        fragments.update(other for other in present if _is_fragment(ordered[other], line))
        present = [*(other for other in present if other not in fragments), number]
    return [line for number, line in enumerate(ordered) if number not in fragments]


def _start(line: ShownLine) -> Timecode:
    return line.span.start


def _is_fleeting(line: ShownLine) -> bool:
    """Return whether a line was seen once, for a moment. In a picture, which has no time, no line is fleeting."""
    return line.sightings < 2 and 0 < line.span.duration < _MIN_SECONDS  # noqa: PLR2004  # two sightings confirm each other


def _is_fragment(fragment: ShownLine, whole: ShownLine) -> bool:
    shared = min(fragment.span.end, whole.span.end) - max(fragment.span.start, whole.span.start)
    return (
        shared >= _MIN_SHARE_INSIDE * float(fragment.span.duration)
        and share_inside(fragment.place, whole.place) >= _MIN_SHARE_INSIDE
        and merge(fragment.text, whole.text) == whole.text
    )


def _is_east_asian(character: str) -> bool:
    return unicodedata.east_asian_width(character) == "W"
