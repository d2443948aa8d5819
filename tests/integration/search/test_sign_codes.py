"""Sign codes: nearly the same scenes as an exact scan, under every filter, while scenes come and go."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from haystack import ENGINE, SCENES_OF_ASSET, SIZE, Haystack, haystack_in, keys
from scenedex.engines.engine import EngineUnavailable
from scenedex.engines.registry import EngineRegistry
from scenedex.search import code_sets
from scenedex.search.code_cache import CodeCache
from scenedex.search.code_list import CodeList
from scenedex.search.embedding import QueryEmbedder
from scenedex.search.likeness import NearestScenes
from scenedex.search.records import DialogueConditions, PersonConditions, Scope, SearchRequest
from scenedex.search.warming import warm_up
from scenedex.worker import scene_search_options

if TYPE_CHECKING:
    from tests.conftest import Site

    from scenedex.engines.embeddings import TextEmbedder


@pytest.fixture(scope="module")
def haystack(module_site: Site) -> Haystack:
    projects = module_site.base.project_id, module_site.project("tenth").project_id
    made = haystack_in(module_site, projects, 2)
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
    own = haystack_in(site, (site.base.project_id, 0), 4)
    own.publish(own.projects[0], 1_200)
    own.build()
    assert len(own.sets()) == 1

    service.rows("DELETE FROM workspaces WHERE workspace_id = %s RETURNING 1", own.workspace_id)

    assert own.sets() == []
