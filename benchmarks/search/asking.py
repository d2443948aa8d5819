"""Searches through the product's own code, with kinds of evidence left out, and what is right among their hits."""

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
"""Hits that are judged."""

WITHOUT_WORDS = """
CREATE SCHEMA IF NOT EXISTS wordless;
CREATE OR REPLACE VIEW wordless.scenes AS
    SELECT index_id, scene_id, start_ms, end_ms, keyframe_key, ''::tsvector AS words FROM public.scenes;
"""
"""Scenes as they are where nothing is known of their words."""


class Evidence(StrEnum):
    """What a search goes by."""

    WORDS = "lexical"
    MEANING = "semantic"
    BOTH = "fused"


class _Remembering:
    """An engine that embeds each query once."""

    def __init__(self, embedder: TextEmbedder) -> None:
        self._embedder = embedder
        self.engine = embedder.engine
        self.dimension = embedder.dimension
        self._known: dict[str, NDArray[np.float32]] = {}

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As the engine does."""
        return self._embedder.embed(texts)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """As the engine did the first time."""
        if text not in self._known:
            self._known[text] = self._embedder.embed_query(text)
        return self._known[text]

    def knows(self, text: str) -> bool:
        """As the engine does."""
        return self._embedder.knows(text)


def _left_out(engine: str) -> TextEmbedder:
    raise EngineUnavailable(f"{engine} is left out")


@dataclass(frozen=True, slots=True)
class Asking:
    """Searches of a database.

    Attributes:
        database: where the scenes are.
        looking: as a worker looks.
        absent: the same without meaning.
    """

    database: Database
    looking: SceneSearchOptions
    absent: SceneSearchOptions

    @classmethod
    def of(cls, database: Database, settings: Settings) -> Asking:
        """As a worker with these settings looks."""
        registry = EngineRegistry()
        looking = scene_search_options(settings, registry)
        load = engine_opener(registry, settings.weights_folder, threads=settings.engines.threads)
        remembering = QueryEmbedder(lambda engine: _Remembering(load(engine)))
        return cls(
            database, replace(looking, embedder=remembering), replace(looking, embedder=QueryEmbedder(_left_out))
        )

    async def text(self, site: Site, text: str, evidence: Evidence, level: str = "LOW") -> Sequence[Hit]:
        """The hits of a text."""
        return await self._hits(site, SearchRequest(_scope(site), ConfidenceLevel(level), text), evidence)

    async def picture(self, site: Site, key: str, level: str) -> Sequence[Hit]:
        """The hits of a picture."""
        request = SearchRequest(_scope(site), ConfidenceLevel(level), picture_key=key)
        return await self._hits(site, request, Evidence.MEANING)

    async def _hits(self, site: Site, request: SearchRequest, evidence: Evidence) -> Sequence[Hit]:
        claim = SearchClaim(SearchNumber(1), site.workspace_id, USER, request, 1, 1)
        async with self.database.snapshot() as tx:
            if evidence is Evidence.MEANING:
                await tx.run("SET LOCAL search_path TO wordless, public")
            await tx.run("SET LOCAL plan_cache_mode TO force_custom_plan")
            looking = self.absent if evidence is Evidence.WORDS else self.looking
            return (await find_hits(tx, claim, looking)).hits


def _scope(site: Site) -> Scope:
    return Scope(project_ids=site.project_ids)


@dataclass(frozen=True, slots=True)
class Judged:
    """How good the first hits of some queries are, in means."""

    ndcg: float
    recall: float

    @classmethod
    def of(cls, found: Sequence[Sequence[Hit]], right: Sequence[set[Key]]) -> Judged:
        """What the first hits of each query are worth by the scenes that are right."""
        gains = [_judge(hits, wanted) for hits, wanted in zip(found, right, strict=True)]
        ndcg, recall = (sum(values) / len(gains) for values in zip(*gains, strict=True))
        return cls(ndcg, recall)


def _judge(hits: Sequence[Hit], right: set[Key]) -> tuple[float, float]:
    places = [place for place, hit in enumerate(hits[:FIRST]) if (hit.index_id, hit.scene_id) in right]
    best = sum(1 / math.log2(place + 2) for place in range(min(FIRST, len(right))))
    return sum(1 / math.log2(place + 2) for place in places) / best, len(places) / min(FIRST, len(right))
