"""Phrases of a line whose text runs through its place, each with the time in which it is shown. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from scenedex.timeline import Timecode, TimeRange

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    View = tuple[Timecode, str]

_SEPARATOR: Final = re.compile(r"\s*[•·●■◆★►▶|¦]+\s*|\s+[*+/\-\u2013\u2014~]+\s+|\s{2,}")
_MIN_PHRASE: Final = 4
_MAX_PHRASE: Final = 1.2
"""Maximum length of a phrase, as a multiple of what is visible at a time. A longer one is cut."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Part of a scrolling text, and the time from its first to its last character in the picture."""

    text: str
    span: TimeRange


def phrases(text: str, views: Sequence[View], shown: TimeRange) -> Sequence[Phrase]:
    """Cut a scrolling text into phrases.

    A text is cut at its separators and wide gaps. If it has none, it is cut into overlapping parts as long as what is
    visible at a time.

    Args:
        text: the whole text.
        views: times and texts of the readings, each a part of the whole.
        shown: time in which the line is shown.
    """
    windows = list(_windows(text, views))
    if not windows:
        return [Phrase(" ".join(text.split()), shown)]
    visible = max(_MIN_PHRASE, *(window.end - window.begin for window in windows))
    found: list[Phrase] = []
    for begin, end in _parts(text, visible):
        start, stop = _entry(windows, begin, shown), _exit(windows, end, shown)
        found.append(Phrase(" ".join(text[begin:end].split()), TimeRange(start, max(start, stop))))
    return found


@dataclass(frozen=True, slots=True)
class _Window:
    """Range of characters that a reading shows."""

    time: Timecode
    begin: int
    end: int


def _windows(text: str, views: Sequence[View]) -> Iterator[_Window]:
    begin = end = 0
    for time, view in views:
        match = SequenceMatcher(None, text, view, autojunk=False).find_longest_match()
        if match.size < min(_MIN_PHRASE, len(view)):
            continue
        left = max(0, match.a - match.b)
        right = min(len(text), left + len(view))
        # Text that repeats may be found too early or too late.
        if left >= begin and right >= end:
            begin, end = left, right
            yield _Window(time, begin, end)


def _parts(text: str, visible: int) -> Iterator[tuple[int, int]]:
    """Yield begins and ends of phrases."""
    begin = 0
    for separator in [*_SEPARATOR.finditer(text), None]:
        end = len(text) if separator is None else separator.start()
        if any(map(str.isalnum, text[begin:end])):
            yield from _cut(text, begin, end, visible)
        begin = end if separator is None else separator.end()


def _cut(text: str, begin: int, end: int, visible: int) -> Iterator[tuple[int, int]]:
    """Yield overlapping parts of whole words, if a phrase is much longer than what is visible."""
    if end - begin <= _MAX_PHRASE * visible:
        yield begin, end
        return
    words = [found.start() + begin for found in re.finditer(r"\S+", text[begin:end])]
    while end - begin > visible:
        last = max((word for word in words if begin < word <= begin + visible), default=begin + visible)
        yield begin, last
        begin = max((word for word in words if begin < word <= begin + visible // 2), default=begin + visible // 2)
    yield begin, end


def _entry(windows: Sequence[_Window], place: int, shown: TimeRange) -> Timecode:
    """Return the time from which a character is visible."""
    if windows[0].end > place:
        return shown.start
    for before, after in pairwise(windows):
        if before.end <= place < after.end:
            return _between(before.time, after.time, (place + 1 - before.end) / (after.end - before.end))
    return windows[-1].time


def _exit(windows: Sequence[_Window], place: int, shown: TimeRange) -> Timecode:
    """Return the time until which the character before a place is visible."""
    for before, after in pairwise(windows):
        if before.begin < place <= after.begin:
            return _between(before.time, after.time, (place - before.begin) / (after.begin - before.begin))
    return shown.end


def _between(one: Timecode, other: Timecode, share: float) -> Timecode:
    return Timecode(one.seconds + (other.seconds - one.seconds) * Fraction(share).limit_denominator(100))
