"""Evidence for a question: the passages of scenes that may answer it, of various assets, bounded in number. Pure.

Passages are lines, texts on screen, names and things that are seen, and the names of files. Those that match the search
come first. Their neighbours come with them, since an answer often follows the line with the words of the question.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from scenedex.engines.answers import EvidencePassage
from scenedex.index.records import IndexedKeyword, IndexedPerson, IndexedScript, IndexedText
from scenedex.questions.records import Citation
from scenedex.search.moments import engine_of
from scenedex.search.records import MatchKind
from scenedex.search.weighted_matches import weighted_matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from scenedex.questions.records import CandidateScene
    from scenedex.search.records import Evidence
    from scenedex.search.weighted_matches import Question

MAX_PASSAGES: Final = 60
"""Maximum number of passages."""

MAX_LETTERS: Final = 12_000
"""Maximum number of characters of all passages together."""

_LONGEST: Final = 600
_NEIGHBOUR: Final = 0.5  # weight of a line beside one that matches
_PRESENT: Final = 0.05  # weight of a finding of a matching scene that does not match itself
_MAX_PRESENT: Final = 4
_MAX_OF_SCENE: Final = 16


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage for an engine, with the scene and the persons in it, and what a citation of it says."""

    passage: EvidencePassage
    scene: CandidateScene
    citation: Citation

    @property
    def person_ids(self) -> tuple[int, ...]:
        """Persons who are seen or heard in the scene."""
        seen = {one.person_id for one in self.scene.scene.persons}
        heard = {one.speaker_person_id for one in self.scene.scene.scripts if one.speaker_person_id is not None}
        return tuple(sorted(seen | heard))


@dataclass(frozen=True, slots=True)
class HitScene:
    """A hit of the search with its scene.

    Attributes:
        scene: the scene with its findings.
        score: score of the hit, 0 to 1.
        evidence: evidence that it is one.
        question: the search that found it.
    """

    scene: CandidateScene
    score: float
    evidence: tuple[Evidence, ...]
    question: Question


_Finding = IndexedScript | IndexedText | IndexedPerson | IndexedKeyword


@dataclass(frozen=True, slots=True)
class _Weighted:
    """A finding of a scene with its weight and the similarity of its meaning."""

    hit: HitScene
    finding: _Finding
    weight: float
    similarity: float


def passages_of(hits: Sequence[HitScene]) -> list[FoundPassage]:
    """Return the passages of hits, those of one asset together in order of time, numbered from 1."""
    chosen = _chosen(one for hit in hits for one in _weighted(hit))
    by_asset: dict[int, list[_Weighted]] = {}
    for one in chosen:
        by_asset.setdefault(one.hit.scene.asset_id, []).append(one)
    found: list[FoundPassage] = []
    for group in by_asset.values():
        found.append(_of_file(group[0].hit.scene))
        found += [_found(one) for one in sorted(group, key=lambda one: _times(one)[0])]
    return [replace(one, passage=replace(one.passage, number=number)) for number, one in enumerate(found, 1)]


def _weighted(hit: HitScene) -> Iterator[_Weighted]:
    """Yield the findings of a scene that match the search, those beside them, and some others, the heaviest first."""
    scene = hit.scene.scene
    weights: dict[int, float] = {}
    similar: dict[int, float] = {}
    findings: dict[int, _Finding] = {
        id(one): one for one in (*scene.scripts, *scene.texts, *scene.keywords, *scene.persons)
    }
    for answer in weighted_matches(scene, hit.question, hit.evidence):
        match = answer.match
        if match.finding is not None and id(match.finding) in findings:
            weights[id(match.finding)] = max(weights.get(id(match.finding), 0), answer.weight)
        elif match.kind is MatchKind.MEANING and answer.is_exact:
            for one in (*scene.scripts, *scene.texts):
                if one.start_ms < max(match.end_ms, match.start_ms + 1) and match.start_ms <= one.end_ms:
                    similar[id(one)] = max(similar.get(id(one), 0), match.confidence)
                    weights[id(one)] = max(weights.get(id(one), 0), answer.weight)
    lines = scene.scripts
    for place, line in enumerate(lines):
        beside = max(
            (weights.get(id(lines[at]), 0) for at in (place - 1, place + 1) if 0 <= at < len(lines)), default=0
        )
        if _NEIGHBOUR * beside > weights.get(id(line), 0) and id(line) not in similar:
            similar.setdefault(id(line), 0)
            weights[id(line)] = _NEIGHBOUR * beside
    for group in (scene.persons, lines, scene.texts):
        for one in group[:_MAX_PRESENT]:
            weights.setdefault(id(one), _PRESENT)
    found = [
        _Weighted(hit, findings[key], hit.score * weight, similar.get(key, 0.0)) for key, weight in weights.items()
    ]
    found.sort(key=lambda one: -one.weight)
    yield from [one for one in found if _text_of(one.finding)][:_MAX_OF_SCENE]


def _chosen(found: Iterable[_Weighted]) -> list[_Weighted]:
    """Return the heaviest findings. No asset has more than half of them if there are several."""
    ordered = sorted(found, key=lambda one: -one.weight)
    is_diverse = len({one.hit.scene.asset_id for one in ordered}) > 1
    counts: dict[int, int] = {}
    words: dict[tuple[int, str], None] = {}
    chosen: list[_Weighted] = []
    letters = 0
    for one in ordered:
        asset_id, text = one.hit.scene.asset_id, _text_of(one.finding)
        is_full = is_diverse and counts.get(asset_id, 0) >= MAX_PASSAGES // 2
        if is_full or (asset_id, text) in words:
            continue
        letters += len(text)
        if len(chosen) >= MAX_PASSAGES or letters > MAX_LETTERS:
            break
        words[asset_id, text] = None
        counts[asset_id] = counts.get(asset_id, 0) + 1
        chosen.append(one)
    return chosen


def _found(one: _Weighted) -> FoundPassage:
    scene, finding = one.hit.scene, one.finding
    engines = scene.engines
    start_ms, end_ms = _times(one)
    passage = EvidencePassage(
        number=0,
        kind="seen",
        text=_text_of(finding),
        asset_id=scene.asset_id,
        file_name=scene.file_name,
        is_still=scene.type == "IMAGE",
        start_ms=start_ms,
        end_ms=end_ms,
        relevance=one.weight,
        similarity=one.similarity,
        names=_names_at(scene, start_ms, end_ms),
    )
    match finding:
        case IndexedScript():
            lines = scene.scene.scripts
            place = next(at for at, line in enumerate(lines) if line is finding)
            passage = replace(
                passage,
                kind="heard",
                speaker=finding.speaker,
                language=finding.language,
                before=lines[place - 1].text[:_LONGEST] if place else "",
                after=lines[place + 1].text[:_LONGEST] if place + 1 < len(lines) else "",
                is_rough=finding.is_rough,
            )
            engine, confidence = engine_of(engines, MatchKind.DIALOGUE, finding), finding.confidence
        case IndexedText():
            passage = replace(passage, kind="read")
            engine, confidence = engine_of(engines, MatchKind.TEXT, finding), finding.confidence
        case IndexedKeyword():
            engine, confidence = engine_of(engines, MatchKind.KEYWORD, finding), finding.confidence
        case IndexedPerson():
            engine = engine_of(engines, MatchKind.PERSON, finding)
            confidence = max((seen.confidence for seen in finding.appearances), default=0.0)
    citation = Citation(
        passage.kind,
        passage.text,
        start_ms,
        end_ms,
        confidence,
        engine,
        passage.speaker or None,
        passage.language or None,
    )
    return FoundPassage(passage, scene, citation)


def _of_file(scene: CandidateScene) -> FoundPassage:
    """Return the passage of the name of a file, which is about its whole scene."""
    start_ms, end_ms = scene.scene.start_ms, scene.scene.end_ms
    passage = EvidencePassage(
        number=0,
        kind="known",
        text=scene.file_name,
        asset_id=scene.asset_id,
        file_name=scene.file_name,
        is_still=scene.type == "IMAGE",
        start_ms=start_ms,
        end_ms=end_ms,
    )
    return FoundPassage(passage, scene, Citation("known", scene.file_name, start_ms, end_ms, 1.0))


def _text_of(finding: _Finding) -> str:
    match finding:
        case IndexedKeyword():
            return finding.keyword
        case IndexedPerson():
            return finding.name or ""
        case IndexedScript() | IndexedText():
            return finding.text[:_LONGEST]


def _times(one: _Weighted) -> tuple[int, int]:
    scene = one.hit.scene.scene
    match one.finding:
        case IndexedScript() | IndexedText() as finding:
            return finding.start_ms, finding.end_ms
        case IndexedKeyword(appearances=appearances):
            return next(iter(appearances), (scene.start_ms, scene.end_ms))
        case IndexedPerson(appearances=appearances):
            return next(((seen.start_ms, seen.end_ms) for seen in appearances), (scene.start_ms, scene.end_ms))


def _names_at(scene: CandidateScene, start_ms: int, end_ms: int) -> tuple[str, ...]:
    return tuple(
        person.name
        for person in scene.scene.persons
        if person.name
        and any(
            seen.start_ms <= end_ms and start_ms < max(seen.end_ms, seen.start_ms + 1) for seen in person.appearances
        )
    )
