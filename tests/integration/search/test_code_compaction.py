"""Compaction of packs of sign codes, while searches run and after a kill."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import psycopg
import pytest

from haystack import SCENES_OF_ASSET, Haystack, haystack_in, keys
from scenedex.search import code_sets
from scenedex.search.code_cache import CodeCache
from scenedex.search.likeness import NearestScenes
from scenedex.search.records import Scope, SearchRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.conftest import Site

MAINTENANCE = """
import asyncio
import sys

from scenedex.db.database import Database
from scenedex.search import code_sets


async def maintain() -> None:
    database = Database(sys.argv[1])
    await database.open()
    await code_sets.maintain(database, min_vectors=1000, batch=10)


asyncio.run(maintain())
"""


@pytest.fixture
def haystack(site: Site) -> Haystack:
    made = haystack_in(site, (site.base.project_id, 0), 8)
    made.publish(made.projects[0], 4_000)
    made.build()
    return made


def replace_vectors(haystack: Haystack, index_ids: Sequence[int]) -> None:
    """Write the vectors of some indexes again, as corrections of their lines do."""
    haystack.service.rows(
        "WITH gone AS (DELETE FROM scene_vectors WHERE index_id = ANY(%s) RETURNING *)"
        " INSERT INTO scene_vectors (index_id, scene_id, workspace_id, space, engine, place, embedding)"
        " SELECT index_id, scene_id, workspace_id, space, engine, place + 1, embedding FROM gone RETURNING 1",
        list(index_ids),
    )


def indexes_of(haystack: Haystack) -> list[int]:
    found = haystack.service.rows(
        "SELECT DISTINCT index_id FROM scene_vectors WHERE workspace_id = %s ORDER BY 1", haystack.workspace_id
    )
    return [index_id for (index_id,) in found]


def surplus(haystack: Haystack) -> int:
    """Return the number of codes without a vector of theirs, by the number in the packs of each index."""
    [(codes,)] = haystack.service.rows(
        "SELECT coalesce(sum(vectors - (SELECT count(*) FROM scene_vectors v WHERE v.index_id = packed.index_id)), 0)"
        " FROM (SELECT index_id, sum(vectors) AS vectors FROM code_packs JOIN code_sets USING (set_id)"
        " WHERE workspace_id = %s GROUP BY 1) AS packed",
        haystack.workspace_id,
    )
    return int(codes)


def test_packs_with_codes_of_replaced_vectors_are_compacted_while_searches_run(haystack: Haystack) -> None:
    index_ids = indexes_of(haystack)
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
    index_ids = indexes_of(haystack)
    replace_vectors(haystack, index_ids)
    left = SCENES_OF_ASSET * (len(index_ids) - 10)
    conninfo = haystack.service.platform.database.conninfo
    with psycopg.connect(conninfo) as holding:
        # The second batch waits for this row.
        holding.execute("SELECT FROM code_packs WHERE index_id = %s FOR UPDATE", (index_ids[10],))
        with subprocess.Popen([sys.executable, "-c", MAINTENANCE, conninfo]) as process:
            while surplus(haystack) > left:
                assert process.poll() is None
                time.sleep(0.01)
            process.kill()
    assert surplus(haystack) == left

    haystack.build()

    assert surplus(haystack) == 0
    [latest] = haystack.sets()
    assert (latest.set_id, latest.vectors) == (former.set_id, former.vectors)
