"""Evaluation of searches through the product's own code, with or without each kind of evidence."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from scenedex.engines.engine import EngineUnavailable
from scenedex.engines.registry import EngineRegistry
from scenedex.index.confidence import ConfidenceLevel
from scenedex.search.embedding import QueryEmbedder, engine_opener
from scenedex.search.records import Scope, SearchClaim, SearchNumber, SearchRequest
from scenedex.search.scene_search import find_hits
from scenedex.worker import scene_search_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from benchmarks.search.publishing import Site
    from numpy.typing import NDArray

    from scenedex.db.database import Database
    from scenedex.engines.embeddings import TextEmbedder
    from scenedex.search.records import Hit
    from scenedex.search.scene_search import SceneSearchOptions
    from scenedex.settings import Settings

    Key = tuple[int, int]

USER = "alice"
FIRST = 10
"""Number of hits of a query that are evaluated."""

WITHOUT_WORDS = """
CREATE SCHEMA IF NOT EXISTS wordless;
CREATE OR REPLACE VIEW wordless.scenes AS
    SELECT index_id, scene_id, start_ms, end_ms, keyframe_key, ''::tsvector AS words FROM public.scenes;
"""
"""View of the scenes without their words."""


class Evidence(StrEnum):
    """Kinds of evidence that a search uses."""

    WORDS = "lexical"
    MEANING = "semantic"
    BOTH = "fused"


class _CachingEmbedder:
    """An engine that embeds each query once."""

    def __init__(self, embedder: TextEmbedder) -> None:
        self._embedder = embedder
        self.engine = embedder.engine
        self.dimension = embedder.dimension
        self._vectors: dict[str, NDArray[np.float32]] = {}

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed texts."""
        return self._embedder.embed(texts)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Embed a query, or return its known vector."""
        if text not in self._vectors:
            self._vectors[text] = self._embedder.embed_query(text)
        return self._vectors[text]

    def knows(self, text: str) -> bool:
        """Return whether the engine knows words of a text."""
        return self._embedder.knows(text)


def _unavailable(engine: str) -> TextEmbedder:
    raise EngineUnavailable(f"{engine} is left out")


@dataclass(frozen=True, slots=True)
class Evaluator:
    """Runs searches of a database.

    Attributes:
        database: database of the scenes.
        options: options of a worker.
        options_without_meaning: the same, without an engine for texts.
    """

    database: Database
    options: SceneSearchOptions
    options_without_meaning: SceneSearchOptions

    @classmethod
    def of(cls, database: Database, settings: Settings) -> Evaluator:
        """Return an evaluator with the options of a worker with these settings."""
        registry = EngineRegistry()
        options = scene_search_options(settings, registry)
        load = engine_opener(registry, settings.weights_folder, threads=settings.engines.threads)
        caching = QueryEmbedder(lambda engine: _CachingEmbedder(load(engine)))
        return cls(database, replace(options, embedder=caching), replace(options, embedder=QueryEmbedder(_unavailable)))

    async def text(self, site: Site, text: str, evidence: Evidence, level: str = "LOW") -> Sequence[Hit]:
        """Return the hits of a text."""
        return await self._hits(site, SearchRequest(_scope(site), ConfidenceLevel(level), text), evidence)

    async def picture(self, site: Site, key: str, level: str) -> Sequence[Hit]:
        """Return the hits of a picture."""
        request = SearchRequest(_scope(site), ConfidenceLevel(level), picture_key=key)
        return await self._hits(site, request, Evidence.MEANING)

    async def _hits(self, site: Site, request: SearchRequest, evidence: Evidence) -> Sequence[Hit]:
        claim = SearchClaim(SearchNumber(1), site.workspace_id, USER, request, 1, 1)
        async with self.database.snapshot() as tx:
            if evidence is Evidence.MEANING:
                await tx.run("SET LOCAL search_path TO wordless, public")
            await tx.run("SET LOCAL plan_cache_mode TO force_custom_plan")
            options = self.options_without_meaning if evidence is Evidence.WORDS else self.options
            return (await find_hits(tx, claim, options)).hits


def _scope(site: Site) -> Scope:
    return Scope(project_ids=site.project_ids)


@dataclass(frozen=True, slots=True)
class Quality:
    """Mean quality of the first hits of several queries."""

    ndcg: float
    recall: float

    @classmethod
    def of(cls, found: Sequence[Sequence[Hit]], correct: Sequence[set[Key]]) -> Quality:
        """Return the quality of the hits, given the correct scenes of each query."""
        gains = [_quality(hits, expected) for hits, expected in zip(found, correct, strict=True)]
        ndcg, recall = (sum(values) / len(gains) for values in zip(*gains, strict=True))
        return cls(ndcg, recall)


def _quality(hits: Sequence[Hit], correct: set[Key]) -> tuple[float, float]:
    places = [place for place, hit in enumerate(hits[:FIRST]) if (hit.index_id, hit.scene_id) in correct]
    best = sum(1 / math.log2(place + 2) for place in range(min(FIRST, len(correct))))
    return sum(1 / math.log2(place + 2) for place in places) / best, len(places) / min(FIRST, len(correct))
