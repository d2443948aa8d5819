"""Built-in keywords of texts: nouns, names and short phrases of speech and of text on screen. Pure.

The confidence of a term treats its features as independent evidence: it is a noun, it is a name, it recurs, it is a
phrase, it is a title. The result is multiplied by the root of the mean confidence of the texts, because even a rough
transcript shows the subject. A word that may be a noun stays below 0.35 if it occurs once, a noun reaches 0.56, a title
0.65, a name 0.67, a name that recurs 0.7 and more.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from scenedex.engines.keywords.candidates import Candidate, candidates_of, recurring_phrases
from scenedex.engines.keywords.words import is_japanese, korean_stems, runs_of_words, title_of
from scenedex.timeline import TimeRange

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scenedex.engines.keywords.words import Word
    from scenedex.timeline import Timecode

MIN_CONFIDENCE: Final = 0.2
"""Confidence below which a term is not reported."""

MAX_TERMS: Final = 200
"""Maximum number of terms of one origin."""

_DOUBT: Final = 0.66
_DOUBT_OF_NOUN: Final = 0.44
_DOUBT_OF_NAME: Final = 0.75
_DOUBT_OF_PHRASE: Final = 0.9
_DOUBT_OF_TITLE: Final = 0.8
_DOUBT_OF_RECURRENCE: Final = 0.82
_COUNTED_RECURRENCES: Final = 8


class TextOrigin(Enum):
    """TextOrigin of a text."""

    SHOWN = "shown"
    SAID = "said"


@dataclass(frozen=True, slots=True)
class TimedWord:
    """Word of an utterance with its time."""

    text: str
    range: TimeRange


@dataclass(frozen=True, slots=True)
class RecognisedText:
    """Text that was read from pictures or recognised in speech.

    Attributes:
        text: its words.
        confidence: confidence of the text, 0-1.
        range: time at which it is shown or said.
        origin: its origin.
        words: times of the words of an utterance, in order, empty if they are unknown.
    """

    text: str
    confidence: float
    range: TimeRange
    origin: TextOrigin
    words: Sequence[TimedWord] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """Keyword of texts.

    Attributes:
        text: its most frequent spelling.
        origin: its origin.
        confidence: its confidence, 0-1.
        appearances: its times in order, without overlaps, at least one.
    """

    text: str
    origin: TextOrigin
    confidence: float
    appearances: tuple[TimeRange, ...]


@dataclass(slots=True)
class _Sighting:
    candidate: Candidate
    passage: int
    confidence: float
    range: TimeRange


def find_terms(passages: Sequence[RecognisedText]) -> list[Term]:
    """Return the terms of all passages, separately for each origin, most certain first."""
    stems = korean_stems(passage.text for passage in passages)
    in_japan = is_japanese(passage.text for passage in passages)
    terms: list[Term] = []
    for origin in TextOrigin:
        own = [passage for passage in passages if passage.origin is origin]
        terms += _terms(own, origin, [runs_of_words(passage.text, stems, in_japan=in_japan) for passage in own])
    return sorted(terms, key=lambda term: (-term.confidence, term.appearances[0], term.text))


def _terms(passages: Sequence[RecognisedText], origin: TextOrigin, runs: Sequence[list[list[Word]]]) -> list[Term]:
    recurring = recurring_phrases(run for of_passage in runs for run in of_passage)
    sightings: dict[str, list[_Sighting]] = defaultdict(list)
    for number, (passage, own_runs) in enumerate(zip(passages, runs, strict=True)):
        times = _WordTimes(passage)
        for candidate in candidates_of(
            own_runs, recurring, title=title_of(passage.text) if origin is TextOrigin.SHOWN else None
        ):
            sightings[candidate.key].append(
                _Sighting(candidate, number, passage.confidence, times.range_of(candidate.start, candidate.end))
            )
    scored = sorted(
        ((_confidence(seen), key) for key, seen in sightings.items()),
        key=lambda entry: (-entry[0], -len(entry[1]), entry[1]),
    )
    kept: list[Term] = []
    covered: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for confidence, key in scored:
        if confidence < MIN_CONFIDENCE or len(kept) == MAX_TERMS:
            break
        seen = sightings[key]
        if all(_is_covered(sighting, covered[sighting.passage]) for sighting in seen):
            continue
        for sighting in seen:
            covered[sighting.passage].append((sighting.candidate.start, sighting.candidate.end))
        kept.append(Term(_spelling(seen), origin, confidence, _merged(sighting.range for sighting in seen)))
    return kept


def _confidence(seen: Sequence[_Sighting]) -> float:
    candidates = [sighting.candidate for sighting in seen]
    doubt = _DOUBT_OF_NOUN if any(candidate.is_noun for candidate in candidates) else _DOUBT
    doubt *= _DOUBT_OF_RECURRENCE ** min(len(seen) - 1, _COUNTED_RECURRENCES)
    if any(candidate.is_name for candidate in candidates):
        doubt *= _DOUBT_OF_NAME
    if candidates[0].word_count > 1:
        doubt *= _DOUBT_OF_PHRASE
    if any(candidate.is_title for candidate in candidates):
        doubt *= _DOUBT_OF_TITLE
    certainty = sum(min(max(sighting.confidence, 0.0), 1.0) for sighting in seen) / len(seen)
    return (1 - doubt) * math.sqrt(certainty)


def _is_covered(sighting: _Sighting, covered: Sequence[tuple[int, int]]) -> bool:
    """Return whether a more certain term contains this one at the same place."""
    return any(start <= sighting.candidate.start and sighting.candidate.end <= end for start, end in covered)


def _spelling(seen: Sequence[_Sighting]) -> str:
    """Return the most frequent spelling, among equals the first one that is not in capitals."""
    counts = Counter(sighting.candidate.text for sighting in seen)
    return max(counts, key=lambda text: (counts[text], not text.isupper()))


def _merged(ranges: Iterable[TimeRange]) -> tuple[TimeRange, ...]:
    merged: list[TimeRange] = []
    for range_ in sorted(ranges):
        if merged and range_.start <= merged[-1].end:
            merged[-1] = TimeRange(merged[-1].start, max(merged[-1].end, range_.end))
        else:
            merged.append(range_)
    return tuple(merged)


class _WordTimes:
    """Return the times of parts of a passage: those of its words if they match, else those of the passage."""

    def __init__(self, passage: RecognisedText) -> None:
        self._whole = passage.range
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._ranges: list[TimeRange] = []
        place = 0
        for word in passage.words:
            text = word.text.strip()
            start = passage.text.find(text, place) if text else -1
            if start >= 0:
                place = start + len(text)
                self._starts.append(start)
                self._ends.append(place)
                self._ranges.append(word.range)

    def range_of(self, start: int, end: int) -> TimeRange:
        """Return the time from the first to the last word that overlaps the characters from ``start`` to ``end``."""
        inside = self._ranges[bisect_right(self._ends, start) : bisect_left(self._starts, end)]
        if not inside:
            return self._whole
        first: Timecode = min(range_.start for range_ in inside)
        return TimeRange(first, max(range_.end for range_ in inside))
