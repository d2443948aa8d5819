"""Pieces of lines: readings of a line that moves or is revealed, which are joined with the reading of the whole."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from scenedex.analysis.stages.text_geometry import is_cut_off, is_in_column, is_in_row, share_inside
from scenedex.analysis.stages.text_similarity import breaks_word, share_found
from scenedex.timeline import Timecode, TimeRange

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.analysis.stages.text_lines import ShownLine

_NEAR: Final = Fraction(1)
"""Maximum seconds between a piece and the whole."""

_BRIEF, _BRIEF_IF_WHOLE = Fraction(5, 4), Fraction(2)
"""Maximum seconds for which a piece is shown that is not at the place of the whole. More if it has the whole text."""

_MIN_INSIDE: Final = 0.6
_MIN_HEIGHT: Final = 0.5
"""Minimum height of a piece inside a whole, as a share of the height of the whole."""

_MIN_FOUND: Final = 0.75
"""Minimum share of the letters of a piece that the whole has in a row. All of them, if there are digits."""

_SHORT: Final = 3
"""Number of letters up to which a piece inside a whole may be a misreading of its strokes."""


def join_pieces(shown: Sequence[ShownLine]) -> list[ShownLine]:
    """Return the lines without pieces. A line is shown as long as its pieces are.

    A piece is what was read of a line that moves into or out of the picture or is revealed by a wipe: some of its
    letters, or all of them at another place for a moment.
    """
    lines = sorted(shown, key=lambda line: line.span.start)
    spans = [line.span for line in lines]
    pieces: set[int] = set()
    near: list[int] = []
    for number, line in enumerate(lines):
        near = [other for other in near if lines[other].span.end.seconds + _NEAR >= line.span.start.seconds]
        for other in near:
            for piece, whole in ((number, other), (other, number)):
                if not pieces & {piece, whole} and _is_piece(lines[piece], lines[whole]):
                    pieces.add(piece)
                    spans[whole] = _union(spans[whole], spans[piece])
        near.append(number)
    return [
        replace(line, span=span)
        for number, (line, span) in enumerate(zip(lines, spans, strict=True))
        if number not in pieces
    ]


def _is_piece(piece: ShownLine, whole: ShownLine) -> bool:
    return _rank(whole) > _rank(piece) and (_is_inside(piece, whole) or _is_passing(piece, whole))


def _rank(line: ShownLine) -> tuple[int, Fraction, Fraction]:
    return len(line.text), line.span.duration, -line.span.start.seconds


def _is_found(piece: str, whole: str) -> bool:
    return share_found(piece, whole) >= (1 if any(map(str.isdigit, piece)) else _MIN_FOUND)


def _is_inside(piece: ShownLine, whole: ShownLine) -> bool:
    """Return whether a line is a part of another at its place and in its time."""
    shared = min(piece.span.end, whole.span.end) - max(piece.span.start, whole.span.start)
    if shared <= 0 or shared < _MIN_INSIDE * float(piece.span.duration):
        return False
    is_found = _is_found(piece.text, whole.text)
    if is_found and len(piece.text) == len(whole.text):
        return piece.place.overlap(whole.place) > 0
    return (
        share_inside(piece.place, whole.place) >= _MIN_INSIDE
        and piece.place.height >= _MIN_HEIGHT * whole.place.height
        and (is_found or sum(map(str.isalnum, piece.text)) <= _SHORT)
    )


def _is_passing(piece: ShownLine, whole: ShownLine) -> bool:
    """Return whether a line is another on its way into or out of the picture."""
    apart = max(piece.span.start, whole.span.start) - min(piece.span.end, whole.span.end)
    return (
        apart <= _NEAR
        and piece.span.duration <= (_BRIEF_IF_WHOLE if len(piece.text) == len(whole.text) else _BRIEF)
        and (is_in_row(piece.place, whole.place) or is_in_column(piece.place, whole.place))
        and _is_found(piece.text, whole.text)
        and (
            piece.sightings == 1
            or is_cut_off(piece.place)
            or len(piece.text) == len(whole.text)
            or breaks_word(piece.text, whole.text)
        )
    )


def _union(one: TimeRange, other: TimeRange) -> TimeRange:
    return TimeRange(Timecode(min(one.start, other.start).seconds), Timecode(max(one.end, other.end).seconds))
