"""A workspace with many vectors, for tests of sign codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scenedex.index.search_terms import lexeme
from scenedex.search import code_queries, code_sets, likeness_queries
from scenedex.search.code_queries import VectorKind
from scenedex.search.conditions import conditions_of
from scenedex.search.likeness import SimilarityLimits
from scenedex.search.likeness_queries import Likeness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from tests.conftest import Service, Site

    from scenedex.db.database import Transaction
    from scenedex.search.candidate_queries import SceneCandidate
    from scenedex.search.code_cache import CodeCache
    from scenedex.search.likeness import NearestScenes
    from scenedex.search.records import SearchRequest

ENGINE, SIZE, SCENES_OF_ASSET, TOPICS = "toy 1", 384, 100, 60
LIMITS = SimilarityLimits(-1.0, 10)


@dataclass(frozen=True)
class Haystack:
    """A workspace with many vectors around some topics, which two projects share by one to nine."""

    site: Site
    workspace_id: int
    projects: tuple[int, int]
    topics: NDArray[np.float64]
    random: np.random.Generator

    @property
    def service(self) -> Service:
        return self.site.service

    def vectors(self, count: int) -> NDArray[np.float32]:
        made = self.topics[self.random.integers(TOPICS, size=count)] + 0.5 * self.random.normal(size=(count, SIZE))
        return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float16).astype(np.float32)

    def publish(self, project: int, count: int) -> list[int]:
        """Add assets with so many scenes. Return their indexes."""
        return self.service.transact(lambda tx: self.add(tx, project, count))

    async def add(self, tx: Transaction, project: int, count: int) -> list[int]:
        indexes: list[int] = await tx.all(
            int,
            """
            WITH made AS (
                INSERT INTO assets (project_id, file_name, key, import_status, create_user_name, update_user_name)
                SELECT %(project)s, 'a.mp4', 'a.mp4', 'COMPLETED', 'alice', 'alice'
                FROM generate_series(1, %(assets)s)
                RETURNING asset_id
            )
            INSERT INTO indexes (index_id, asset_id, type, options, engines, duration_ms, created_user_name,
                                 updated_user_name)
            SELECT nextval(pg_get_serial_sequence('analyses', 'index_id')), asset_id, 'VIDEO',
                   '{"analysisPersonCount": 0}', '[]', 1000, 'alice', 'alice'
            FROM made
            RETURNING index_id
            """,
            project=project,
            assets=count // SCENES_OF_ASSET,
        )
        await tx.run(
            """
            INSERT INTO scenes (index_id, scene_id, start_ms, end_ms, keyframe_key)
            SELECT index_id, scene_id, 0, 1000, 'x.jpg'
            FROM unnest(%(indexes)s::bigint[]) AS index_id, generate_series(1, %(scenes)s) AS scene_id
            """,
            indexes=indexes,
            scenes=SCENES_OF_ASSET,
        )
        rows = iter(self.vectors(count))
        statement = "COPY scene_vectors (index_id, scene_id, workspace_id, space, engine, embedding) FROM STDIN"
        async with tx.connection.cursor() as cursor, cursor.copy(statement) as copy:
            for index_id in indexes:
                for scene_id in range(1, SCENES_OF_ASSET + 1):
                    await copy.write_row((index_id, scene_id, self.workspace_id, "TEXT", ENGINE, text_of(next(rows))))
        return indexes

    def person(self) -> int:
        """Have some scenes show a person, and others say a word. Return the person."""
        [(person_id,)] = self.service.rows(
            "INSERT INTO persons (workspace_id, created_user_name, updated_user_name)"
            " VALUES (%s, 'alice', 'alice') RETURNING person_id",
            self.workspace_id,
        )
        self.service.rows(
            "INSERT INTO appearances (index_id, scene_id, person_id, start_ms, end_ms, confidence)"
            " SELECT index_id, scene_id, %s, 0, 1000, 0.9 FROM scenes JOIN indexes USING (index_id)"
            " JOIN assets USING (asset_id) WHERE project_id = ANY(%s) AND scene_id %% 7 = 0 RETURNING 1",
            person_id,
            list(self.projects),
        )
        self.service.rows(
            "UPDATE scenes SET words = %s::tsvector FROM indexes JOIN assets USING (asset_id)"
            " WHERE scenes.index_id = indexes.index_id AND project_id = ANY(%s) AND scene_id %% 3 = 0 RETURNING 1",
            f"'{lexeme(self.workspace_id, 'harbour')}':1B",
            list(self.projects),
        )
        return person_id

    def like(self, vector: NDArray[np.float32]) -> Likeness:
        return Likeness(self.workspace_id, "TEXT", ENGINE, text_of(vector))

    def exact(self, vector: NDArray[np.float32], request: SearchRequest) -> list[SceneCandidate]:
        conditions = conditions_of(self.workspace_id, request)
        return self.service.transact(
            lambda tx: likeness_queries.exactly_nearest(
                tx, self.like(vector), conditions, min_similarity=-1, max_scenes=10
            )
        )

    async def near(
        self, nearest: NearestScenes, vector: NDArray[np.float32], request: SearchRequest
    ) -> list[SceneCandidate]:
        conditions = conditions_of(self.workspace_id, request)
        async with self.service.platform.database.snapshot() as tx:
            return await nearest.find(tx, self.like(vector), conditions, LIMITS)

    def build(self) -> None:
        self.service.run(lambda: code_sets.maintain(self.service.platform.database, min_vectors=1000))

    def keep(self, cache: CodeCache) -> Sequence[code_queries.CodeSet]:
        async def keep(tx: Transaction) -> Sequence[code_queries.CodeSet]:
            sets = await code_queries.complete_sets(tx)
            await cache.keep(tx, sets)
            # Other tests of this process have sets of their own.
            own = {one.set_id for one in await code_queries.sets_of(tx, self._kind)}
            return [one for one in sets if one.set_id in own]

        return self.service.transact(keep)

    def sets(self) -> Sequence[code_queries.BuiltSet]:
        return self.service.transact(lambda tx: code_queries.sets_of(tx, self._kind))

    @property
    def _kind(self) -> VectorKind:
        return VectorKind(self.workspace_id, "TEXT", ENGINE)


def text_of(vector: NDArray[np.float32]) -> str:
    return str(vector.tolist())


def keys(found: Sequence[SceneCandidate]) -> set[tuple[int, int]]:
    return {(one.index_id, one.scene_id) for one in found}


def haystack_in(site: Site, projects: tuple[int, int], seed: int) -> Haystack:
    """Return a haystack without vectors."""
    [(workspace_id,)] = site.service.rows("SELECT workspace_id FROM workspaces WHERE workspace_name = %s", site.name)
    random = np.random.default_rng(seed)
    return Haystack(site, workspace_id, projects, random.normal(size=(TOPICS, SIZE)), random)
