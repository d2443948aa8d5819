"""Cues of subtitles: spoken lines in rows that can be read in the time for which they are shown.

The limits are those that broadcasters publish: two rows of 42 Latin, 16 Korean or Chinese, or 13 Japanese characters,
1 to 7 seconds, and 20 characters a second.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from scenedex.exports.phrases import SubtitleWord, columns_of, tokens_of
from scenedex.exports.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scenedex.exports.content import SceneFinding

ROW_COLUMNS: Final = 42
MIN_CUE_MS: Final = 1000
MAX_CUE_MS: Final = 7000
CHARACTERS_PER_SECOND: Final = 20

_GAP_MS: Final = 80  # two frames between cues, so that a change is seen
_MAX_LEAD_MS: Final = 500
_MAX_JOINED_PAUSE_MS: Final = 1000
_MAX_PAUSE_MS: Final = 1500  # within a cue
_COST_OF_CUE: Final = 3.0
_COST_OF_SHORT_CUE: Final = 6.0
_COST_OF_UNEQUAL_ROWS: Final = 4.0
_COST_OF_LONG_FIRST_ROW: Final = 0.5
_IMPOSSIBLE: Final = float("inf")


@dataclass(frozen=True, slots=True)
class Cue:
    """One or two rows of a speaker and the time for which they are shown, at least a millisecond."""

    start_ms: int
    end_ms: int
    speaker: str
    rows: tuple[str, ...]
    is_rough: bool

    @property
    def characters(self) -> int:
        """Number of characters, with a space between rows."""
        return sum(map(len, self.rows)) + len(self.rows) - 1


@dataclass(frozen=True, slots=True)
class _Line:
    """A line or a part of it, in words that rows may begin with. A mark takes ``indent`` columns of its first row."""

    tokens: tuple[SubtitleWord, ...]
    speaker: str
    is_rough: bool
    indent: int

    @property
    def start_ms(self) -> int:
        return self.tokens[0].start_ms

    @property
    def end_ms(self) -> int:
        return max(self.tokens[-1].end_ms, self.start_ms + 1)


def cues_of(lines: Iterable[SceneFinding], end_ms: int, *, rough_mark: str = "") -> list[Cue]:
    """Return the cues of spoken lines, in order of time.

    A line is divided at the ends of sentences and phrases, and short ones of a speaker are joined. A cue is shown for
    longer than it is said if there is a pause around it. Where people speak faster without one, no word is left out.

    Args:
        lines: findings of the kind ``script``.
        end_ms: end of the media file, after which no cue is shown.
        rough_mark: text before the first row of rough lines, for which there is room then.
    """
    parts: list[_Line] = []
    for line in sorted(lines, key=lambda it: it.start_ms):
        mark = rough_mark if line.is_rough else ""
        tokens = tokens_of(line)
        if tokens:
            whole = _Line(tokens, one_line(line.speaker), line.is_rough, len(mark))
            parts += [replace(whole, tokens=part) for part in _divided(tokens, len(mark))]
    return _shown([_cue(part, rough_mark) for part in _joined(parts)], end_ms)


def _cue(part: _Line, rough_mark: str) -> Cue:
    first, *others = _Layout(part.tokens, part.indent).rows()
    mark = rough_mark if part.is_rough else ""
    return Cue(part.start_ms, part.end_ms, part.speaker, (mark + first, *others), part.is_rough)


def _divided(tokens: tuple[SubtitleWord, ...], indent: int) -> list[tuple[SubtitleWord, ...]]:
    """Divide a line into parts that fit a cue, at the least cost."""
    layout = _Layout(tokens, indent)
    costs = [0.0] + [_IMPOSSIBLE] * len(tokens)
    origins = [0] * (len(tokens) + 1)
    for end in range(1, len(tokens) + 1):
        for start in range(end - 1, -1, -1):
            if end - start > 1 and not layout.is_cue(start, end):
                break
            cost = costs[start] + _cost(tokens[start:end], is_last=end == len(tokens))
            if cost < costs[end]:
                costs[end], origins[end] = cost, start
    parts: list[tuple[SubtitleWord, ...]] = []
    end = len(tokens)
    while end:
        parts.append(tokens[origins[end] : end])
        end = origins[end]
    return parts[::-1]


def _cost(part: Sequence[SubtitleWord], *, is_last: bool) -> float:
    length = part[-1].end_ms - part[0].start_ms
    too_short = max(0.0, 1 - length / MIN_CUE_MS)
    return _COST_OF_CUE + too_short * _COST_OF_SHORT_CUE + (0 if is_last else part[-1].break_cost)


class _Layout:
    """Widths of the words of a line, whose first row begins after an indent."""

    def __init__(self, tokens: tuple[SubtitleWord, ...], indent: int) -> None:
        self._tokens = tokens
        self._indent = indent
        widths = (token.columns + columns_of(token.separator) for token in tokens)
        self._ends = list(accumulate(widths, initial=0.0))

    def is_cue(self, start: int, end: int) -> bool:
        """Return whether words fit two rows and are said in time. Parts grow by a word at their start."""
        first, last = self._tokens[start], self._tokens[end - 1]
        if last.end_ms - first.start_ms > MAX_CUE_MS or self._tokens[start + 1].start_ms - first.end_ms > _MAX_PAUSE_MS:
            return False
        room = ROW_COLUMNS - (0 if start else self._indent)
        if self._width(start, end) <= room:
            return True
        # As many words as the first row holds.
        place = bisect_right(self._ends, self._ends[start] + columns_of(first.separator) + room, start, end + 1) - 1
        return start < place and self._width(place, end) <= ROW_COLUMNS

    def rows(self) -> tuple[str, ...]:
        """Return all words in one or two rows. Words that fit no row are one."""
        count = len(self._tokens)
        best, found = _IMPOSSIBLE, count
        for place in range(1, count) if self._width(0, count) + self._indent > ROW_COLUMNS else ():
            first, second = self._width(0, place) + self._indent, self._width(place, count)
            if max(first, second) > ROW_COLUMNS:
                continue
            cost = self._tokens[place - 1].break_cost + _COST_OF_UNEQUAL_ROWS * abs(first - second) / ROW_COLUMNS
            cost += _COST_OF_LONG_FIRST_ROW if first > second else 0
            if cost < best:
                best, found = cost, place
        return tuple(_text(row) for row in (self._tokens[:found], self._tokens[found:]) if row)

    def fits(self) -> bool:
        """Return whether all words fit two rows."""
        whole = len(self._tokens)
        room = ROW_COLUMNS - self._indent
        place = max(bisect_right(self._ends, room + columns_of(self._tokens[0].separator)) - 1, 0)
        return self._width(0, whole) <= room or (place > 0 and self._width(place, whole) <= ROW_COLUMNS)

    def _width(self, start: int, end: int) -> float:
        return self._ends[end] - self._ends[start] - columns_of(self._tokens[start].separator)


def _text(tokens: Sequence[SubtitleWord]) -> str:
    return tokens[0].text + "".join(f"{token.separator}{token.text}" for token in tokens[1:])


def _joined(parts: Sequence[_Line]) -> list[_Line]:
    """Join parts of a speaker that are too short or too fast alone, as far as they fit a cue."""
    joined: list[_Line] = []
    for part in parts:
        last = joined[-1] if joined else None
        if last is not None and (_is_hasty(last) or _is_hasty(part)) and _can_join(last, part):
            first, *others = part.tokens
            joined[-1] = replace(last, tokens=(*last.tokens, replace(first, separator=first.separator or " "), *others))
        else:
            joined.append(part)
    return joined


def _is_hasty(part: _Line) -> bool:
    return part.end_ms - part.start_ms < _reading_ms(len(_text(part.tokens)))


def _can_join(last: _Line, part: _Line) -> bool:
    return (
        (last.speaker, last.is_rough) == (part.speaker, part.is_rough)
        and 0 <= part.start_ms - last.end_ms <= _MAX_JOINED_PAUSE_MS
        and part.end_ms - last.start_ms <= MAX_CUE_MS
        and _Layout((*last.tokens, replace(part.tokens[0], separator=" "), *part.tokens[1:]), last.indent).fits()
    )


def _shown(cues: Sequence[Cue], end_ms: int) -> list[Cue]:
    """Lengthen cues into the pauses around them until they can be read."""
    shown: list[Cue] = []
    for number, cue in enumerate(cues):
        need = _reading_ms(cue.characters)
        end = min(cue.end_ms, cue.start_ms + MAX_CUE_MS)
        following = cues[number + 1].start_ms - _GAP_MS if number + 1 < len(cues) else max(end_ms, end)
        end = max(end, min(cue.start_ms + need, following, max(end_ms, end)))
        earliest = shown[-1].end_ms + _GAP_MS if shown else 0
        start = min(cue.start_ms, max(end - need, earliest, cue.start_ms - _MAX_LEAD_MS))
        shown.append(replace(cue, start_ms=start, end_ms=end))
    return shown


def _reading_ms(characters: int) -> int:
    return min(max(MIN_CUE_MS, -(-characters * 1000 // CHARACTERS_PER_SECOND)), MAX_CUE_MS)
