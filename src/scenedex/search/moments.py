"""The moment of a hit: the time at which matches together answer most of the query. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from scenedex.index.records import IndexedKeyword, IndexedText
from scenedex.search.records import HitMoment, MatchKind
from scenedex.search.weighted_matches import weighted_matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scenedex.index.records import IndexedScene, StageEngine
    from scenedex.search.records import Evidence, Match
    from scenedex.search.weighted_matches import MatchSource, Question, WeightedMatch

_STAGES: Final = {
    MatchKind.DIALOGUE: "speech",
    MatchKind.TEXT: "text",
    MatchKind.KEYWORD: "keywords",
    MatchKind.PERSON: "faces",
}
_STAGES_OF_CATEGORIES: Final = {"OBJECT": "objects", "LABEL": "labels"}
_KOREAN_STAGE: Final = "korean"
_HANGUL: Final = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
_COMPARABLE: Final = 0.75
"""Minimum share of the weight of a match that a shorter one within it has to determine the moment."""

_MAX_COMPARED: Final = 200
"""Maximum number of matches whose times are compared, those that answer most."""


def moment_of(
    scene: IndexedScene, question: Question, evidence: Sequence[Evidence], engines: Iterable[StageEngine]
) -> HitMoment:
    """Return the moment of a hit.

    Args:
        scene: the scene with all its findings.
        question: the search.
        evidence: evidence that the scene is a hit.
        engines: engines of the index.
    """
    answers = sorted(weighted_matches(scene, question, evidence), key=lambda one: -one.weight)
    if not answers:
        return HitMoment(scene.start_ms, scene.end_ms)
    answers, further = answers[:_MAX_COMPARED], answers[_MAX_COMPARED:]
    supported = sorted(zip(answers, _support(answers), strict=True), key=lambda pair: _rank(*pair))
    best = _innermost(supported)
    chosen: dict[MatchSource, WeightedMatch] = {best.source: best}
    for answer in (*(answer for answer, _ in supported), *further):
        chosen.setdefault(answer.source, answer)
    # The sort keeps the order of those that coincide with the moment, and of the others.
    matches = sorted(chosen.values(), key=lambda one: (one is not best, not _coincide(one, best)))
    known = tuple(engines)
    return HitMoment(best.start_ms, best.end_ms, tuple(_with_engine(one.match, known) for one in matches))


def _support(answers: Sequence[WeightedMatch]) -> list[float]:
    """Return for each match how much of the query all matches answer together, at the best time within it."""
    by_start = sorted(range(len(answers)), key=lambda number: answers[number].start_ms)
    support = [0.0] * len(answers)
    active: list[int] = []
    for place, number in enumerate(by_start):
        now = answers[number].start_ms
        active = [one for one in active if answers[one].end > now]
        active.append(number)
        if place + 1 < len(by_start) and answers[by_start[place + 1]].start_ms == now:
            continue
        parts: dict[object, float] = {}
        for one in active:
            for part, weight in answers[one].parts.items():
                parts[part] = max(parts.get(part, 0.0), weight)
        answered = round(sum(parts.values()), 6)
        for one in active:
            support[one] = max(support[one], answered)
    return support


def _rank(answer: WeightedMatch, support: float) -> tuple[float, ...]:
    """Return the key that sorts matches, best first. Of equal appearances of a person, the longest is the best."""
    length = 0 if answer.is_exact else answer.end_ms - answer.start_ms
    return -support, not answer.is_exact, -round(answer.weight, 6), -length, answer.start_ms


def _innermost(supported: Sequence[tuple[WeightedMatch, float]]) -> WeightedMatch:
    """Return the first of the best matches that contains no comparable one, so that its time is the most exact."""
    best = [answer for answer, support in supported if support == supported[0][1]]
    return next(one for one in best if not any(_contains(one, other) for other in best))


def _contains(one: WeightedMatch, other: WeightedMatch) -> bool:
    is_within = one.start_ms <= other.start_ms and other.end <= one.end
    is_shorter = (one.start_ms, one.end) != (other.start_ms, other.end)
    # A line with the whole query is better than one of its words that is shown meanwhile.
    is_comparable = other.weight > _COMPARABLE * one.weight
    return is_within and is_shorter and is_comparable and (other.is_exact or not one.is_exact)


def _coincide(one: WeightedMatch, other: WeightedMatch) -> bool:
    return one.start_ms < other.end and other.start_ms < one.end


def engine_of(engines: Iterable[StageEngine], kind: MatchKind, finding: object) -> str | None:
    """Return the identity of the engine that made a finding, if it is known."""
    named = {one.stage: _identity(one) for one in engines if one.name is not None}
    stage = _STAGES.get(kind)
    if isinstance(finding, IndexedKeyword):
        stage = _STAGES_OF_CATEGORIES.get(finding.category, stage)
    if isinstance(finding, IndexedText) and _KOREAN_STAGE in named and _HANGUL.search(finding.text):
        stage = _KOREAN_STAGE
    return None if stage is None else named.get(stage)


def _with_engine(match: Match, engines: Sequence[StageEngine]) -> Match:
    """Return the match of a finding with the engine that made it."""
    return replace(match, engine=engine_of(engines, match.kind, match.finding)) if match.kind in _STAGES else match


def _identity(engine: StageEngine) -> str:
    return " ".join(part for part in (engine.name, engine.version, engine.weights) if part)
