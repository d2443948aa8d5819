"""Matches of a hit's scene, each with the parts of the query that it answers. Pure.

Parts are words, phrases, persons, the meaning and the picture. Each has a weight.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from scenedex.index.tokens import tokens_of
from scenedex.search.matches import TextMatcher, said_lines
from scenedex.search.records import EvidenceKind, Match, MatchKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scenedex.index.records import IndexedScene, IndexedScript, IndexedText
    from scenedex.search.records import Evidence, FoundBy

_MAX_PASSAGE_LENGTH: Final = 300
_LASTING: Final = (MatchKind.KEYWORD, MatchKind.SUMMARY)
"""Kinds of words that do not say when in a scene."""

_SUMMARY_CONFIDENCE: Final = 0.5
"""Certainty of the words of a summary, which repeat findings. The findings themselves are the better answer."""


class Question:
    """A search, as its hits are compared with it: the parts of scenes that match, and the text of the query."""

    def __init__(self, found_by: FoundBy, text: str | None = None) -> None:
        self.found_by = found_by
        self.matcher = TextMatcher(found_by)
        self._text = text

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """All terms of the text in sequence, also those that searches ignore."""
        return _terms(self._text or "")


class MatchSource(NamedTuple):
    """Finding or similarity that matches come from. The matches of one are alternatives."""

    kind: MatchKind
    number: int = 0


@dataclass(frozen=True, slots=True)
class WeightedMatch:
    """A match with the weights of the parts of the query that it answers.

    Attributes:
        start_ms: start of the moment if the match is the best one. It is the first of the lines of a phrase.
        end_ms: end of that moment.
        is_exact: whether its time says when. Persons, keywords, summaries and similarities of whole scenes last.
    """

    match: Match
    source: MatchSource
    parts: Mapping[object, float]
    start_ms: int
    end_ms: int
    is_exact: bool = True

    @property
    def weight(self) -> float:
        """Weight of all parts."""
        return sum(self.parts.values())

    @property
    def end(self) -> int:
        """End of a moment that lasts a millisecond at least."""
        return max(self.end_ms, self.start_ms + 1)


def weighted_matches(scene: IndexedScene, question: Question, evidence: Sequence[Evidence]) -> list[WeightedMatch]:
    """Return all matches of a scene. A search without scores has no evidence, and each match counts fully."""
    scores = {one.kind: one.score for one in evidence}
    words = scores.get(EvidenceKind.WORDS, 1.0)
    return [
        *_of_words(scene, question, words),
        *_of_persons(scene, question.found_by, scores.get(EvidenceKind.FACE, words)),
        *(answer for one in evidence for answer in _of_likeness(scene, one)),
    ]


def _of_words(scene: IndexedScene, question: Question, score: float) -> list[WeightedMatch]:
    """Return the lines, texts on screen, keywords and summary with words of the query."""
    found = [
        (source, match, parts, phrases)
        for source, match, phrases in _words(scene, question)
        if (parts := question.matcher.parts_in(match.text or "")) or phrases
    ]
    every = {part for _, _, parts, _ in found for part in parts}
    answers: list[WeightedMatch] = []
    for source, match, parts, phrases in found:
        certain = _certainty(match.confidence)
        weights: dict[object, float] = {part: score * certain * share / len(every) for part, share in parts.items()}
        run = _longest_run(question.terms, _terms(match.text or ""))
        if run > 1:
            weights[_longest_run] = score * certain * run / len(question.terms)
        weights |= dict.fromkeys(phrases, certain)
        span = next(iter(phrases.values()), (match.start_ms, match.end_ms))
        answers.append(WeightedMatch(match, source, weights, *span, match.kind not in _LASTING))
    return answers


def _words(
    scene: IndexedScene, question: Question
) -> Iterator[tuple[MatchSource, Match, Mapping[object, tuple[int, int]]]]:
    """Yield all words of a scene as matches, with the phrases that are said in a line and their times."""
    phrases: dict[int, dict[object, tuple[int, int]]] = {}
    for said in said_lines(scene.scripts, question.found_by):
        lines = scene.scripts[said.places.start : said.places.stop]
        span = min(line.start_ms for line in lines), max(line.end_ms for line in lines)
        for place in said.places:
            phrases.setdefault(place, {}).setdefault(said.phrase, span)
    for place, line in enumerate(scene.scripts):
        match = Match(MatchKind.DIALOGUE, line.start_ms, line.end_ms, line.confidence, line, line.text)
        yield MatchSource(MatchKind.DIALOGUE, place), match, phrases.get(place, {})
    for place, text in enumerate(scene.texts):
        match = Match(MatchKind.TEXT, text.start_ms, text.end_ms, text.confidence, text, text.text)
        yield MatchSource(MatchKind.TEXT, place), match, {}
    for place, keyword in enumerate(scene.keywords):
        for span in keyword.appearances or ((scene.start_ms, scene.end_ms),):
            match = Match(MatchKind.KEYWORD, *span, keyword.confidence, keyword, keyword.keyword)
            yield MatchSource(MatchKind.KEYWORD, place), match, {}
    if (summary := scene.summary) is not None:
        span, shown = (scene.start_ms, scene.end_ms), _shortened(summary.text)
        match = Match(MatchKind.SUMMARY, *span, _SUMMARY_CONFIDENCE, summary, shown, summary.engine)
        yield MatchSource(MatchKind.SUMMARY), match, {}


def _of_persons(scene: IndexedScene, found_by: FoundBy, score: float) -> Iterator[WeightedMatch]:
    """Yield the appearances of persons who match."""
    for person in scene.persons:
        if person.person_id not in found_by.persons:
            continue
        source = MatchSource(MatchKind.PERSON, person.person_id)
        parts: dict[object, float] = {source: score * _certainty(max(seen.confidence for seen in person.appearances))}
        for seen in person.appearances:
            span = seen.start_ms, seen.end_ms
            match = Match(MatchKind.PERSON, *span, seen.confidence, person, person.name)
            yield WeightedMatch(match, source, parts, *span, is_exact=False)


def _of_likeness(scene: IndexedScene, evidence: Evidence) -> Iterator[WeightedMatch]:
    """Yield the part of the scene that is similar to the query."""
    match evidence.kind:
        case EvidenceKind.MEANING:
            kind = MatchKind.MEANING
        case EvidenceKind.PICTURE:
            kind = MatchKind.PICTURE
        case EvidenceKind.WORDS | EvidenceKind.FACE:
            return
    span, text, is_exact = (scene.start_ms, scene.end_ms), None, False
    if evidence.start_ms is not None and evidence.end_ms is not None:
        span = max(evidence.start_ms, scene.start_ms), min(evidence.end_ms, scene.end_ms)
        text, is_exact = _passage(scene, *span) if kind is MatchKind.MEANING else None, True
    found = Match(kind, *span, round(evidence.score, 4), text=text, engine=evidence.engine)
    yield WeightedMatch(found, MatchSource(kind), {MatchSource(kind): evidence.score}, *span, is_exact)


def _passage(scene: IndexedScene, start_ms: int, end_ms: int) -> str | None:
    """Return the lines and texts on screen of a time range in order of time, each once.

    The range of a whole scene is that of its summary, which then comes first.
    """
    found = [one for one in (*scene.scripts, *scene.texts) if _overlaps(one, start_ms, end_ms)]
    texts = [one.text for one in sorted(found, key=lambda one: one.start_ms)]
    if scene.summary is not None and (start_ms, end_ms) == (scene.start_ms, scene.end_ms):
        texts = [scene.summary.text, *texts]
    return _shortened(" ".join(dict.fromkeys(texts))) or None


def _shortened(text: str) -> str:
    return text if len(text) <= _MAX_PASSAGE_LENGTH else f"{text[: _MAX_PASSAGE_LENGTH - 1]}…"


def _overlaps(one: IndexedScript | IndexedText, start_ms: int, end_ms: int) -> bool:
    return one.start_ms < max(end_ms, start_ms + 1) and start_ms < max(one.end_ms, one.start_ms + 1)


def _certainty(confidence: float) -> float:
    """Return the weight of a finding. One without certainty counts half."""
    return 0.5 + confidence / 2


def _terms(text: str) -> tuple[str, ...]:
    return tuple(term for token in tokens_of(text) for term in token.terms)


def _longest_run(query: Sequence[str], text: Sequence[str]) -> int:
    """Return the length of the longest sequence of terms that both contain."""
    longest = 0
    lengths = [0] * (len(query) + 1)
    for term in text:
        lengths = [0, *((lengths[place] + 1 if one == term else 0) for place, one in enumerate(query))]
        longest = max(longest, *lengths)
    return longest
