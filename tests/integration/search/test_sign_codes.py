"""Sign codes: nearly the same scenes as an exact scan, under every filter, while scenes come and go."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from scenedex.engines.engine import EngineUnavailable
from scenedex.engines.registry import EngineRegistry
from scenedex.index.search_terms import lexeme
from scenedex.search import code_queries, code_sets, likeness_queries
from scenedex.search.code_cache import CodeCache
from scenedex.search.code_list import CodeList
from scenedex.search.code_queries import VectorKind
from scenedex.search.conditions import conditions_of
from scenedex.search.embedding import QueryEmbedder
from scenedex.search.likeness import NearestScenes, SimilarityLimits
from scenedex.search.likeness_queries import Likeness
from scenedex.search.records import DialogueConditions, PersonConditions, Scope, SearchRequest
from scenedex.search.warming import warm_up
from scenedex.worker import scene_search_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from tests.conftest import Service, Site

    from scenedex.db.database import Transaction
    from scenedex.engines.embeddings import TextEmbedder
    from scenedex.search.candidate_queries import SceneCandidate

ENGINE, SIZE, SCENES_OF_ASSET, TOPICS = "toy 1", 384, 100, 60
MAINTENANCE = """
import asyncio
import sys

from scenedex.db.database import Database
from scenedex.search import code_sets


async def maintain() -> None:
    database = Database(sys.argv[1])
    await database.open()
    await code_sets.maintain(database, min_vectors=1000, batch=1)


asyncio.run(maintain())
"""
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
            SELECT asset_id, asset_id, 'VIDEO', '{"analysisPersonCount": 0}', '[]', 1000, 'alice', 'alice' FROM made
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
            return sets

        return self.service.transact(keep)

    def sets(self) -> Sequence[code_queries.BuiltSet]:
        kind = VectorKind(self.workspace_id, "TEXT", ENGINE)
        return self.service.transact(lambda tx: code_queries.sets_of(tx, kind))


def text_of(vector: NDArray[np.float32]) -> str:
    return str(vector.tolist())


def keys(found: Sequence[SceneCandidate]) -> set[tuple[int, int]]:
    return {(one.index_id, one.scene_id) for one in found}


@pytest.fixture(scope="module")
def haystack(module_site: Site) -> Haystack:
    service = module_site.service
    [(workspace_id,)] = service.rows("SELECT workspace_id FROM workspaces WHERE workspace_name = %s", module_site.name)
    random = np.random.default_rng(2)
    topics = random.normal(size=(TOPICS, SIZE))
    projects = module_site.base.project_id, module_site.project("tenth").project_id
    made = Haystack(module_site, workspace_id, projects, topics, random)
    made.publish(projects[0], 12_000)
    made.publish(projects[1], 2_000)
    made.build()
    # These codes are added by the database as the vectors are written.
    made.publish(projects[0], 1_000)
    return made


@pytest.mark.parametrize("cache_bytes", [0, 10**8], ids=["read from the database", "cached"])
@pytest.mark.parametrize("project", [None, 0, 1], ids=["all scenes", "most scenes", "a tenth"])
def test_codes_find_nearly_all_of_the_most_alike(haystack: Haystack, project: int | None, cache_bytes: int) -> None:
    request = SearchRequest(Scope() if project is None else Scope((haystack.projects[project],)))
    nearest = NearestScenes(CodeCache(cache_bytes), max_exact=0)
    far = haystack.random.normal(size=(8, SIZE))
    queries = [*haystack.vectors(8), *(far / np.linalg.norm(far, axis=1, keepdims=True)).astype(np.float32)]
    hits = 0
    for query in queries:
        found = haystack.service.run(lambda query=query: haystack.near(nearest, query, request))
        assert [one.value for one in found] == sorted((one.value for one in found), reverse=True)
        hits += len(keys(found) & keys(haystack.exact(query, request)))

    assert hits / (10 * len(queries)) >= 0.95


@pytest.mark.parametrize("cache_bytes", [0, 10**8], ids=["read from the database", "cached"])
@pytest.mark.parametrize("project", [None, 1], ids=["all scenes", "a tenth"])
@pytest.mark.parametrize("condition", ["person", "said", "both"])
def test_scenes_that_meet_a_condition_are_found_among_their_codes(
    haystack: Haystack, condition: str, project: int | None, cache_bytes: int
) -> None:
    person = haystack.person()
    persons = PersonConditions() if condition == "said" else PersonConditions(must=(person,))
    dialogues = DialogueConditions() if condition == "person" else DialogueConditions(must=("harbour",))
    scope = Scope() if project is None else Scope((haystack.projects[project],))
    request = SearchRequest(scope, persons=persons, dialogues=dialogues)
    nearest = NearestScenes(CodeCache(cache_bytes), max_exact=0)

    hits = 0
    for query in haystack.vectors(4):
        found = haystack.service.run(lambda query=query: haystack.near(nearest, query, request))
        assert len(found) == 10
        hits += len(keys(found) & keys(haystack.exact(query, request)))

    assert hits / 40 >= 0.95


def test_few_scenes_are_compared_exactly(haystack: Haystack) -> None:
    cache = CodeCache(10**8)
    nearest = NearestScenes(cache, max_exact=5_000)
    request = SearchRequest(Scope((haystack.projects[1],)))
    query = haystack.vectors(1)[0]

    found = haystack.service.run(lambda: haystack.near(nearest, query, request))

    assert keys(found) == keys(haystack.exact(query, request))
    assert cache.size_bytes == 0


def test_what_is_published_is_found_and_what_is_deleted_is_not(haystack: Haystack) -> None:
    nearest = NearestScenes(CodeCache(10**8), max_exact=0)
    database = haystack.service.platform.database
    request = SearchRequest(Scope())

    async def publish_and_delete() -> None:
        for _ in range(4):
            async with database.transaction() as tx:
                indexes = await haystack.add(tx, haystack.projects[0], SCENES_OF_ASSET)
            async with database.transaction() as tx:
                literal = await tx.value(
                    "SELECT embedding::text FROM scene_vectors WHERE index_id = %s AND scene_id = 1", indexes[0]
                )
            vector = np.array(literal[1:-1].split(","), np.float32)
            found = await haystack.near(nearest, vector, request)
            assert (found[0].index_id, found[0].scene_id) == (indexes[0], 1)
            async with database.transaction() as tx:
                await tx.run("DELETE FROM indexes WHERE index_id = ANY(%s)", indexes)
            assert indexes[0] not in {one.index_id for one in await haystack.near(nearest, vector, request)}

    async def search() -> None:
        for query in haystack.vectors(6):
            assert len(await haystack.near(nearest, query, request)) == 10

    async def all_at_once() -> None:
        await asyncio.gather(publish_and_delete(), search(), search())

    haystack.service.run(all_at_once)


def test_codes_are_kept_up_to_date_before_a_search(haystack: Haystack) -> None:
    cache = CodeCache(10**8)
    [codes] = haystack.keep(cache)
    full = cache.size_bytes
    haystack.publish(haystack.projects[0], SCENES_OF_ASSET)

    [more] = haystack.keep(cache)

    assert full >= CodeList.estimate_bytes(codes.format, 1) / 1.25 * codes.vectors
    assert more.vectors == codes.vectors + SCENES_OF_ASSET
    assert cache.size_bytes > full


def test_a_worker_prepares_for_searches_of_large_archives(haystack: Haystack) -> None:
    platform = haystack.service.platform
    opened: list[str] = []

    def open_engine(engine: str) -> TextEmbedder:
        opened.append(engine)
        raise EngineUnavailable(f"{engine} is not installed")

    options = replace(scene_search_options(platform.settings, EngineRegistry()), embedder=QueryEmbedder(open_engine))

    haystack.service.run(lambda: warm_up(platform.database, options))

    assert opened == [ENGINE]
    assert options.nearest.codes.size_bytes > 0


def test_codes_that_do_not_fit_are_not_kept(haystack: Haystack) -> None:
    cache = CodeCache(1000)

    haystack.keep(cache)

    assert cache.size_bytes == 0


def test_an_interrupted_build_continues(haystack: Haystack) -> None:
    [whole] = haystack.sets()
    service = haystack.service
    service.rows("UPDATE code_sets SET is_complete = false, packed_index_id = packed_index_id / 2 RETURNING 1")

    haystack.build()

    [again] = haystack.sets()
    assert again.is_complete
    assert again.set_id == whole.set_id
    assert again.vectors == whole.vectors


def test_a_set_without_scales_is_used_until_one_with_scales_replaces_it(haystack: Haystack) -> None:
    service = haystack.service
    [former] = haystack.sets()
    # As a release without scales wrote it.
    service.rows("UPDATE code_sets SET has_scales = false RETURNING 1")
    service.rows(
        "UPDATE code_packs SET entries = made.entries FROM ("
        " SELECT index_id, string_agg(int4send(scene_id) || int2send(place) || sign_code(embedding, centre), ''"
        " ORDER BY scene_id, place) AS entries FROM scene_vectors JOIN code_sets USING (workspace_id, space, engine)"
        " GROUP BY 1) AS made WHERE code_packs.index_id = made.index_id RETURNING 1"
    )
    haystack.publish(haystack.projects[0], SCENES_OF_ASSET)
    request = SearchRequest(Scope())
    queries = haystack.vectors(4)

    def share_found() -> float:
        nearest = NearestScenes(CodeCache(10**8), max_exact=0)
        found = [haystack.service.run(lambda query=query: haystack.near(nearest, query, request)) for query in queries]
        return sum(
            len(keys(one) & keys(haystack.exact(query, request))) for one, query in zip(found, queries, strict=True)
        ) / (10 * len(queries))

    assert share_found() >= 0.9
    haystack.build()

    [latest] = haystack.sets()
    assert latest.set_id > former.set_id
    assert latest.has_scales
    assert latest.vectors == former.vectors + SCENES_OF_ASSET
    assert share_found() >= 0.95


def test_a_set_of_fewer_vectors_is_replaced(haystack: Haystack) -> None:
    [former] = haystack.sets()
    haystack.service.rows("UPDATE code_sets SET vectors_at_start = 1000 RETURNING 1")

    haystack.build()

    [latest] = haystack.sets()
    assert latest.set_id > former.set_id
    assert latest.vectors == former.vectors
    assert latest.is_complete


def test_a_list_with_many_deleted_codes_is_read_again(haystack: Haystack) -> None:
    cache = CodeCache(10**8)
    nearest = NearestScenes(cache, max_exact=0)
    query = haystack.vectors(1)[0]
    haystack.service.run(lambda: haystack.near(nearest, query, SearchRequest(Scope())))
    full = cache.size_bytes
    gone = haystack.publish(haystack.projects[1], 10_000)
    haystack.service.run(lambda: haystack.near(nearest, query, SearchRequest(Scope())))
    assert cache.size_bytes > full
    haystack.service.rows("DELETE FROM indexes WHERE index_id = ANY(%s) RETURNING 1", gone)

    haystack.service.run(lambda: haystack.near(nearest, query, SearchRequest(Scope())))

    assert cache.size_bytes <= full


def replace_vectors(haystack: Haystack, index_ids: Sequence[int]) -> None:
    """Write the vectors of some indexes again, as corrections of their lines do."""
    haystack.service.rows(
        "WITH gone AS (DELETE FROM scene_vectors WHERE index_id = ANY(%s) RETURNING *)"
        " INSERT INTO scene_vectors (index_id, scene_id, workspace_id, space, engine, place, embedding)"
        " SELECT index_id, scene_id, workspace_id, space, engine, place + 1, embedding FROM gone RETURNING 1",
        list(index_ids),
    )


def surplus(haystack: Haystack) -> int:
    """Return the number of codes without a vector of theirs, by the number in the packs of each index."""
    [(codes,)] = haystack.service.rows(
        "SELECT coalesce(sum(vectors - (SELECT count(*) FROM scene_vectors v WHERE v.index_id = packed.index_id)), 0)"
        " FROM (SELECT index_id, sum(vectors) AS vectors FROM code_packs GROUP BY 1) AS packed"
    )
    return int(codes)


def test_packs_with_codes_of_replaced_vectors_are_compacted_while_searches_run(haystack: Haystack) -> None:
    index_ids = [one for (one,) in haystack.service.rows("SELECT DISTINCT index_id FROM scene_vectors ORDER BY 1")]
    replace_vectors(haystack, index_ids[::2])
    [former] = haystack.sets()
    assert surplus(haystack) > 0.25 * former.vectors_at_start
    cached = NearestScenes(CodeCache(10**8), max_exact=0)
    uncached = NearestScenes(CodeCache(0), max_exact=0)
    request = SearchRequest(Scope())
    queries = haystack.vectors(8)
    compacted = asyncio.Event()

    async def search(nearest: NearestScenes) -> list[set[tuple[int, int]]]:
        found: list[set[tuple[int, int]]] = []
        while len(found) < len(queries) or not compacted.is_set():
            found.append(keys(await haystack.near(nearest, queries[len(found) % len(queries)], request)))
        return found

    async def compact() -> None:
        await code_sets.maintain(haystack.service.platform.database, min_vectors=1000)
        compacted.set()

    async def all_at_once() -> list[list[set[tuple[int, int]]]]:
        *found, _ = await asyncio.gather(search(cached), search(uncached), compact())
        return found

    results = haystack.service.run(all_at_once)

    assert surplus(haystack) == 0
    [latest] = haystack.sets()
    assert (latest.set_id, latest.vectors) == (former.set_id, former.vectors - SCENES_OF_ASSET * len(index_ids[::2]))
    exact = [keys(haystack.exact(query, request)) for query in queries]
    for found in results:
        shares = [len(one & exact[place % len(exact)]) / 10 for place, one in enumerate(found)]
        assert sum(shares) / len(shares) >= 0.95


def test_a_compaction_that_is_killed_continues(haystack: Haystack) -> None:
    [former] = haystack.sets()
    index_ids = [one for (one,) in haystack.service.rows("SELECT DISTINCT index_id FROM scene_vectors ORDER BY 1")]
    replace_vectors(haystack, index_ids)
    whole = surplus(haystack)
    program = [sys.executable, "-c", MAINTENANCE, haystack.service.platform.database.conninfo]
    with subprocess.Popen(program) as process:
        while surplus(haystack) == whole:
            assert process.poll() is None
            time.sleep(0.005)
        process.kill()
    assert 0 < surplus(haystack) < whole

    haystack.build()

    assert surplus(haystack) == 0
    [latest] = haystack.sets()
    assert (latest.set_id, latest.vectors) == (former.set_id, former.vectors)


def test_sets_of_few_vectors_and_former_indexes_are_deleted(haystack: Haystack) -> None:
    service = haystack.service
    service.rows(
        "CREATE INDEX vectors_near_x ON scene_vectors USING hnsw ((embedding::halfvec(384)) halfvec_ip_ops)"
        " WHERE engine = 'nobody 1'"
    )

    service.run(lambda: code_sets.maintain(service.platform.database))

    assert service.rows("SELECT 1 FROM pg_class WHERE relname = 'vectors_near_x'") == []
    haystack.service.run(lambda: code_sets.maintain(service.platform.database, min_vectors=100_000))
    assert haystack.sets() == []


def test_sets_go_with_their_workspace(site: Site) -> None:
    service = site.service
    [(workspace_id,)] = service.rows("SELECT workspace_id FROM workspaces WHERE workspace_name = %s", site.name)
    random = np.random.default_rng(4)
    own = Haystack(site, workspace_id, (site.base.project_id, 0), random.normal(size=(TOPICS, SIZE)), random)
    own.publish(own.projects[0], 1_200)
    own.build()
    assert len(own.sets()) == 1

    service.rows("DELETE FROM workspaces WHERE workspace_id = %s RETURNING 1", workspace_id)

    assert own.sets() == []
