"""Evidence for a question: the passages of scenes that may answer it, of various assets, bounded in number. Pure.

Passages are lines, texts on screen, names and things that are seen, and the names of files. Those that match the search
come first. Their neighbours come with them, since an answer often follows the line with the words of the question.
"""

from __future__ import annotations

import re
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

    from scenedex.index.records import IndexedScene
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
_MAX_PAUSE_MS: Final = 2000  # between lines of a sentence
_MAX_UTTERANCE: Final = 240  # characters
_END: Final = re.compile("[.!?\u2026\u3002\uff01\uff1f][\"'\u201d\u2019\u300d\u300f)\u300b]*\\s*$")
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


@dataclass(frozen=True, slots=True)
class _Utterance:
    """Consecutive lines of one speaker that are one sentence."""

    lines: tuple[IndexedScript, ...]

    @property
    def text(self) -> str:
        """The words of all lines."""
        return " ".join(line.text for line in self.lines)

    @property
    def start_ms(self) -> int:
        """Start of the first line."""
        return self.lines[0].start_ms

    @property
    def end_ms(self) -> int:
        """End of the last line."""
        return self.lines[-1].end_ms


_Finding = _Utterance | IndexedText | IndexedPerson | IndexedKeyword


@dataclass(frozen=True, slots=True)
class _Weighted:
    """A finding of a scene with its weight, the similarity of its meaning, and the words beside it."""

    hit: HitScene
    finding: _Finding
    weight: float
    similarity: float
    before: str = ""
    after: str = ""


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


def _weighted(hit: HitScene) -> list[_Weighted]:
    """Return the findings of a scene that match the search, those beside them, and some others, the heaviest first."""
    weights, similar = _weights_of_findings(hit)
    scene = hit.scene.scene
    said = _utterances(scene.scripts)
    spoken = [
        _Weighted(
            hit,
            one,
            max(weights.get(id(line), 0) for line in one.lines),
            max(similar.get(id(line), 0) for line in one.lines),
            said[place - 1].text if place else "",
            said[place + 1].text if place + 1 < len(said) else "",
        )
        for place, one in enumerate(said)
    ]
    written = [
        _Weighted(hit, one, weights.get(id(one), 0), similar.get(id(one), 0), *_beside(scene.texts, place))
        for place, one in enumerate(scene.texts)
    ]
    others = [_Weighted(hit, one, weights.get(id(one), 0), 0) for one in (*_seen_things(scene), *scene.persons)]
    found = [*_with_neighbours(spoken), *_with_neighbours(written), *others]
    found = [replace(one, weight=hit.score * (one.weight or _PRESENT)) for one in found if _text_of(one.finding)]
    return sorted(found, key=lambda one: -one.weight)[:_MAX_OF_SCENE]


def _seen_things(scene: IndexedScene) -> list[IndexedKeyword]:
    # The other keywords are words of lines and texts, which are passages themselves.
    return [one for one in scene.keywords if one.category in {"OBJECT", "LABEL"}]


def _weights_of_findings(hit: HitScene) -> tuple[dict[int, float], dict[int, float]]:
    """Return the weight of each finding that matches the search, and its similarity, by the identity of the object."""
    scene = hit.scene.scene
    weights: dict[int, float] = {}
    similar: dict[int, float] = {}
    for answer in weighted_matches(scene, hit.question, hit.evidence):
        match = answer.match
        if match.finding is not None:
            weights[id(match.finding)] = max(weights.get(id(match.finding), 0), answer.weight)
        elif match.kind is MatchKind.MEANING and answer.is_exact:
            for one in (*scene.scripts, *scene.texts):
                if one.start_ms < max(match.end_ms, match.start_ms + 1) and match.start_ms <= one.end_ms:
                    similar[id(one)] = max(similar.get(id(one), 0), match.confidence)
                    weights[id(one)] = max(weights.get(id(one), 0), answer.weight)
    return weights, similar


def _with_neighbours(found: Sequence[_Weighted]) -> Iterator[_Weighted]:
    """Yield findings in order. One beside another that matches has a part of its weight."""
    for place, one in enumerate(found):
        beside = [found[at].weight for at in (place - 1, place + 1) if 0 <= at < len(found)]
        yield replace(one, weight=max([one.weight, *(_NEIGHBOUR * weight for weight in beside)]))


def _utterances(lines: Sequence[IndexedScript]) -> list[_Utterance]:
    """Join lines of one speaker up to the end of their sentence."""
    found: list[list[IndexedScript]] = []
    for line in lines:
        run = found[-1] if found else []
        if (
            run
            and run[-1].speaker == line.speaker
            and not _END.search(run[-1].text)
            and line.start_ms - run[-1].end_ms <= _MAX_PAUSE_MS
            and sum(len(one.text) for one in (*run, line)) <= _MAX_UTTERANCE
        ):
            run.append(line)
        else:
            found.append([line])
    return [_Utterance(tuple(run)) for run in found]


def _beside(texts: Sequence[IndexedText], place: int) -> tuple[str, str]:
    """Return the texts before and after a text that are on screen at the same time."""
    one = texts[place]

    def shown(others: Iterable[IndexedText]) -> str:
        together = (
            other.text
            for other in others
            if other.start_ms < max(one.end_ms, one.start_ms + 1) and one.start_ms <= other.end_ms
        )
        return " ".join(together)

    return shown(texts[:place]), shown(texts[place + 1 :])


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
        case _Utterance(lines=lines):
            passage = replace(
                passage,
                kind="heard",
                speaker=lines[0].speaker,
                language=lines[0].language,
                before=one.before[-_LONGEST:],
                after=one.after[:_LONGEST],
                is_rough=any(line.is_rough for line in lines),
            )
            engine = engine_of(engines, MatchKind.DIALOGUE, lines[0])
            confidence = min(line.confidence for line in lines)
        case IndexedText():
            passage = replace(passage, kind="read", before=one.before[-_LONGEST:], after=one.after[:_LONGEST])
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
        case _Utterance() | IndexedText():
            return finding.text[:_LONGEST]


def _times(one: _Weighted) -> tuple[int, int]:
    scene = one.hit.scene.scene
    match one.finding:
        case _Utterance() | IndexedText() as finding:
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
