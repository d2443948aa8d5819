"""Search for scenes: collects candidates by words, likeness and persons, and scores them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import msgspec
import structlog

from scenedex.engines.embeddings import MEANING, PICTURE_TEXTS, PICTURES
from scenedex.engines.engine import EngineUnavailable
from scenedex.persons.matching import persons_like
from scenedex.pictures.service import query_picture
from scenedex.search import calibration, candidate_queries, likeness_queries
from scenedex.search.conditions import conditions_of
from scenedex.search.copies import ranks_of_copies
from scenedex.search.lexicon import known_units, persons_named_by
from scenedex.search.likeness import SimilarityLimits
from scenedex.search.likeness_queries import Likeness
from scenedex.search.query import forms_of, parse_query, weigh
from scenedex.search.ranking import best_of, ranked
from scenedex.search.records import EvidenceKind, FoundBy, Hit, QueryPhrase, SearchOutcome
from scenedex.search.word_conditions import sequence_conditions, unit_conditions
from scenedex.search.word_search import WordQuery, scenes_by_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from scenedex.db.database import Transaction
    from scenedex.engines.port import Port
    from scenedex.engines.registry import EngineRegistry
    from scenedex.search.candidate_queries import SceneCandidate
    from scenedex.search.conditions import Conditions
    from scenedex.search.embedding import QueryEmbedder
    from scenedex.search.likeness import NearestScenes
    from scenedex.search.query import TextQuery, WeightedUnit
    from scenedex.search.records import SearchClaim

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.searches")

PICTURE: Final = "PICTURE"
TEXT: Final = "TEXT"

# Two kinds of evidence may suffice together if each reaches half of the minimum score.
_SHARE_OF_EVIDENCE = 0.5


@dataclass(frozen=True, slots=True)
class SceneSearchOptions:
    """Engines and limits of searches for scenes.

    Attributes:
        registry: engines of this installation.
        compares_meaning: whether texts are compared by their meaning.
        selected_engines: returns the identity of the selected engine of each space of vectors. A space that no engine
            serves is missing.
        understands_text: returns whether an engine of pictures, by its identity, also embeds texts.
        nearest: finds the scenes that are most similar to a query.
        max_hits: maximum number of hits of a search.
        min_scores: minimum score, 0 to 100, of each level of confidence.
    """

    embedder: QueryEmbedder
    registry: EngineRegistry
    compares_meaning: bool
    selected_engines: Callable[[], Mapping[str, str]]
    understands_text: Callable[[str], bool]
    nearest: NearestScenes
    max_hits: int
    min_scores: Mapping[str, float]


async def find_hits(tx: Transaction, claim: SearchClaim, options: SceneSearchOptions) -> SearchOutcome:
    """Return the hits of a search, all read in one transaction."""
    outcome = await _found(tx, claim, options)
    return replace(outcome, ranks=await ranks_of_copies(tx, outcome, claim.request.text))


async def _found(tx: Transaction, claim: SearchClaim, options: SceneSearchOptions) -> SearchOutcome:
    request = claim.request
    if request.text is not None:
        query = parse_query(request.text)
        named = await persons_named_by(tx, claim.workspace_id, query.phrases)
        conditions = conditions_of(claim.workspace_id, request, query.phrases, named)
        return await _Search(tx, claim, options, conditions).by_text(request.text, query)
    conditions = conditions_of(claim.workspace_id, request)
    if request.picture_key is not None:
        return await _Search(tx, claim, options, conditions).by_picture(request.picture_key)
    found = await candidate_queries.by_conditions(tx, conditions, options.max_hits)
    return SearchOutcome([Hit(one.index_id, one.scene_id, None) for one in found], _found_by(claim))


@dataclass(frozen=True, slots=True)
class _Search:
    """One search with scores."""

    tx: Transaction
    claim: SearchClaim
    options: SceneSearchOptions
    conditions: Conditions
    notes: dict[str, None] = field(default_factory=dict[str, None])
    """Explanations for people, each once."""

    @property
    def min_score(self) -> float:
        """Minimum score of a hit, 0 to 100."""
        return self.options.min_scores[self.claim.request.level]

    @property
    def min_evidence(self) -> float:
        """Minimum score of a candidate, 0 to 1.

        All levels of confidence share it, so that the score of a hit does not depend on the level.
        """
        return min(self.options.min_scores.values()) / 100 * _SHARE_OF_EVIDENCE

    async def by_text(self, text: str, query: TextQuery) -> SearchOutcome:
        """Return scenes that contain the words of a text or are similar in meaning."""
        workspace_id = self.claim.workspace_id
        scenes, known = await known_units(self.tx, workspace_id, query.units)
        units = weigh(known, scenes)
        kinds = {
            EvidenceKind.WORDS: await self._by_words(query, units, scenes),
            EvidenceKind.MEANING: await self._by_likeness(TEXT, await self._text_vectors(text, TEXT)),
            EvidenceKind.PICTURE: await self._by_likeness(PICTURE, await self._text_vectors(text, PICTURE)),
        }
        return self._outcome(kinds, _found_by(self.claim, query, units))

    async def by_picture(self, key: str) -> SearchOutcome:
        """Return scenes that look like a picture or show a person of it."""
        picture = await query_picture(self.tx, self.claim.user_name, None, key, "query.imageQuery")
        embeddings = {one.engine: one.embedding for one in picture.vectors}
        vectors: dict[str, str] = {}
        for engine in await self._vector_engines(PICTURE):
            if engine in embeddings:
                vectors[engine] = embeddings[engine]
            else:
                self.notes[f"Not compared by {engine}, which has not seen the picture: upload it again."] = None
        similar = await self._by_likeness(PICTURE, vectors)
        persons = await persons_like(self.tx, self.claim.workspace_id, picture.faces, self.options.registry.face_curve)
        shown: list[SceneCandidate] = []
        if persons:
            shown = await candidate_queries.by_persons(self.tx, persons, self.conditions, self.options.max_hits)
        found_by = _found_by(self.claim)
        all_persons = tuple({*found_by.persons, *persons})
        kinds = {EvidenceKind.PICTURE: similar, EvidenceKind.FACE: shown}
        return self._outcome(kinds, msgspec.structs.replace(found_by, persons=all_persons))

    def _outcome(self, kinds: Mapping[EvidenceKind, Sequence[SceneCandidate]], found_by: FoundBy) -> SearchOutcome:
        hits = ranked(kinds, min_score=self.min_score, max_hits=self.options.max_hits)
        return SearchOutcome(hits, found_by, " ".join(self.notes) or None)

    async def _by_words(self, query: TextQuery, units: Sequence[WeightedUnit], scenes: int) -> list[SceneCandidate]:
        workspace_id = self.claim.workspace_id
        words = WordQuery(
            [unit_conditions(workspace_id, one) for one in units],
            sequence_conditions(workspace_id, query.terms),
            scenes,
            self.min_evidence,
            min(self.options.min_scores.values()) / 100,
            self.options.max_hits,
        )
        return await scenes_by_words(self.tx, words, self.conditions)

    async def _text_vectors(self, text: str, space: str) -> dict[str, str]:
        """Return the vector of a text by each engine that it can be compared by."""
        vectors: dict[str, str] = {}
        if space == TEXT and not self.options.compares_meaning:
            return vectors
        for engine in await self._vector_engines(space):
            if space == PICTURE and not self.options.understands_text(engine):
                continue
            try:
                vector = await self.options.embedder.embed(engine, text)
            except EngineUnavailable as error:
                self.notes[f"Meaning was not compared by {engine}: {error}"] = None
                _log.warning("search.engine_unavailable", engine=engine, reason=str(error))
                continue
            if vector is not None:
                vectors[engine] = vector
        return vectors

    async def _vector_engines(self, space: str) -> list[str]:
        """Return the engines that made vectors of the workspace.

        The selected engine comes last, since the vectors of those that it replaces are complete.
        """
        engines = await likeness_queries.engines_of(self.tx, self.claim.workspace_id, space)
        if len(engines) < 2:  # noqa: PLR2004  # the selection looks for weights and packages, which takes a while
            return engines
        selected = self.options.selected_engines().get(space)
        return sorted(engines, key=lambda engine: engine == selected)

    async def _by_likeness(self, space: str, vectors: Mapping[str, str]) -> list[SceneCandidate]:
        """Return scenes by their similarity to vectors of several engines. Each scene is compared by one engine."""
        found: list[SceneCandidate] = []
        compared: list[str] = []
        for engine, vector in vectors.items():
            like = Likeness(self.claim.workspace_id, space, engine, vector, [*compared])
            compared.append(engine)
            sample = await likeness_queries.similarity_sample(self.tx, like)
            if sample is None:
                continue
            scale = calibration.scale_of(sample, self.options.registry.baseline(engine, *self._compared_ports(space)))
            limits = SimilarityLimits(scale.similarity(self.min_evidence), self.options.max_hits)
            similar = await self.options.nearest.find(self.tx, like, self.conditions, limits)
            found += [one._replace(value=scale.score(one.value), engine=engine) for one in similar]
        return best_of(found)

    def _compared_ports(self, space: str) -> tuple[Port[Any], ...]:
        """Return the ports whose engines make the vectors of a query in this space."""
        if space == TEXT:
            return (MEANING,)
        return (PICTURES,) if self.claim.request.text is None else (PICTURE_TEXTS,)


def _found_by(claim: SearchClaim, query: TextQuery | None = None, units: Sequence[WeightedUnit] = ()) -> FoundBy:
    """Return the parts of scenes that match a request."""
    request = claim.request
    terms: dict[str, None] = {}
    prefixes: dict[str, None] = {}
    phrases = [QueryPhrase.of(text, is_said=True) for text in (*request.dialogues.must, *request.dialogues.any)]
    persons: dict[int, None] = dict.fromkeys((*request.persons.must, *request.persons.any))
    for one in units:
        unit = one.known.unit
        persons |= dict.fromkeys(one.known.persons)
        forms = (unit.phrase, *one.known.equal, *one.known.similar)
        phrases += [QueryPhrase(form) for form in forms if unit.is_dense or len(form) > 1]
        if not unit.is_word:
            continue
        terms |= dict.fromkeys(form[0].term for form in forms if len(form) == 1)
        terms |= dict.fromkeys(one.known.misspelt)
        if unit.can_be_prefix or unit.phrase[0].is_prefix:
            prefixes[unit.word] = None
    forms_of_units = tuple(forms_of(one.known) for one in units)
    if query is not None:
        phrases += [QueryPhrase(phrase) for phrase in query.phrases]
    return FoundBy(tuple(terms), tuple(prefixes), tuple(persons), tuple(phrases), forms_of_units)
