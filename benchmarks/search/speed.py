"""Speed of searches: from the request to the hits, against their statements alone. Also the recall of vectors.

Takes a data folder that ``benchmarks.search.filling`` has filled. Prints Markdown tables for the README. Run from the
root of the repository: ``python -m benchmarks.search.speed --data-dir FOLDER``.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, LiteralString, TypeVar

import numpy as np
import psycopg
from benchmarks.api.running import create_key, memory_mib, parent, processor_seconds, serving
from benchmarks.search.clients import POLL_OF_MANY_S, Searcher, concurrent_times
from benchmarks.search.filled import PICTURE_ENGINE, TEXT_ENGINE, USER, WORKSPACE, Filled

from scenedex.db.database import Transaction
from scenedex.engines.registry import EngineRegistry
from scenedex.index.confidence import ConfidenceLevel
from scenedex.search import likeness_queries
from scenedex.search.conditions import conditions_of
from scenedex.search.likeness import SimilarityLimits
from scenedex.search.likeness_queries import Likeness
from scenedex.search.records import (
    DialogueConditions,
    PersonConditions,
    Scope,
    SearchClaim,
    SearchNumber,
    SearchRequest,
)
from scenedex.search.scene_search import find_hits
from scenedex.search.warming import warm_up
from scenedex.settings import Settings
from scenedex.wiring import open_platform
from scenedex.worker import scene_search_options

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from scenedex.search.scene_search import SceneSearchOptions
    from scenedex.wiring import Platform

    Statement = tuple[str, Sequence[object] | Mapping[str, object]]

Row = TypeVar("Row")

CLIENTS = 8
PARTS = ("times", "clients", "recall")
FIRST = 10
RATE = "SCENEDEX_RATES_SEARCH_PER_MINUTE"
# Parts of the statements that find candidates.
CANDIDATES = ("ts_rank(", "ORDER BY similarity DESC", "ORDER BY shown.score")


class Recording(Transaction):
    """A transaction that records the statements that find candidates."""

    def __init__(self, connection: psycopg.AsyncConnection[object], statements: list[Statement]) -> None:
        super().__init__(connection, None)
        self._statements = statements

    async def all(self, make: Callable[..., Row], sql: LiteralString, /, *params: object, **named: object) -> list[Row]:
        """Return all rows, and record the statement if it finds candidates."""
        if any(part in sql for part in CANDIDATES):
            self._statements.append((sql, named or params))
        return await super().all(make, sql, *params, **named)


def body_of(request: SearchRequest) -> dict[str, object]:
    """Return the body of a request."""
    query: dict[str, object] = {"textQuery": request.text, "imageQuery": request.picture_key}
    if request.persons.must:
        query["personQuery"] = {"must": request.persons.must}
    if request.dialogues.must:
        query["dialogQuery"] = {"must": request.dialogues.must}
    scope = {"projectIds": request.scope.project_ids, "assetIds": request.scope.asset_ids}
    return {
        "query": {name: value for name, value in query.items() if value is not None},
        "filter": {name: value for name, value in scope.items() if value is not None},
        "queryOption": {"confidenceLevel": request.level.value},
    }


def requests_of(filled: Filled, kind: str, scope: Scope) -> list[SearchRequest]:
    """Return searches of a kind."""
    level = ConfidenceLevel.MEDIUM
    pictures = [SearchRequest(scope, level, picture_key=one.query) for one in filled.pictures]
    texts = [SearchRequest(scope, level, one.query) for one in filled.texts[::2]]
    conditions = (
        (PersonConditions(must=filled.person_ids[:1]), DialogueConditions()),
        (PersonConditions(), DialogueConditions(must=(filled.said,))),
    )
    match kind:
        case "picture":
            return pictures
        case "combined":
            return [
                SearchRequest(scope, level, one.text, None, *conditions[place % 2]) for place, one in enumerate(texts)
            ]
        case "frequent words":
            return [SearchRequest(scope, level, text) for text in FREQUENT]
        case _:
            return texts


FREQUENT = ("sentence for people", "water and land", "mountain river council", "children of the village")


def scopes_of(filled: Filled) -> Mapping[str, Scope]:
    """Return scopes by the share of scenes that they leave."""
    half, fiftieth, _ = filled.project_ids
    return {
        "all": Scope(project_ids=filled.project_ids),
        "50 %": Scope(project_ids=(half,)),
        "2 %": Scope(project_ids=(fiftieth,)),
        "0.01 %": Scope(asset_ids=filled.few_asset_ids),
    }


@dataclass(frozen=True, slots=True)
class Bench:
    """Subject of the measurements.

    Attributes:
        platform: an open database.
        options: options of a worker.
        filled: content of the database.
        searcher: a client of the server.
        bare: connection for the statements alone.
        processes: the server and the database, whose processor time counts.
    """

    platform: Platform
    options: SceneSearchOptions
    filled: Filled
    searcher: Searcher
    bare: psycopg.Connection[tuple[object, ...]]
    processes: tuple[int, int]

    async def statements(self, request: SearchRequest) -> list[Statement]:
        """Return the statements that find the candidates of a search."""
        found: list[Statement] = []
        claim = SearchClaim(SearchNumber(1), self.filled.workspace_id, USER, request, 1, 1)
        async with self.platform.database.snapshot() as tx:
            await tx.run("SET LOCAL plan_cache_mode TO force_custom_plan")
            await find_hits(Recording(tx.connection, found), claim, self.options)
        return found

    def processor_seconds(self) -> NDArray[np.float64]:
        """Return the processor time of the server and of the database so far."""
        return np.array([processor_seconds(process) for process in self.processes])

    def seconds(self, statements: Sequence[Statement]) -> float:
        """Return the duration of the statements alone."""
        started = time.perf_counter()
        with self.bare.transaction(), self.bare.cursor(binary=True) as cursor:
            for statement, params in statements:
                cursor.execute(statement.encode(), params, prepare=False)
                cursor.fetchall()
        return time.perf_counter() - started


def percentile(values: Sequence[float], percent: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


async def times(bench: Bench, repeats: int) -> None:
    print(
        "| search | scenes | p50, ms | p99, ms | bare statements, p50, ms | service : bare, median"
        " | processor, ms: server | database |",
        flush=True,
    )
    print("|---|---|---|---|---|---|---|---|")
    for kind in ("text", "frequent words", "picture", "combined"):
        for name, scope in scopes_of(bench.filled).items():
            requests = requests_of(bench.filled, kind, scope)
            ours: list[float] = []
            bare: list[float] = []
            used = np.zeros(len(bench.processes))
            for number in range(-3, repeats):
                request = requests[number % len(requests)]
                statements = await bench.statements(request)
                bare.append(bench.seconds(statements))
                before = bench.processor_seconds()
                ours.append(await asyncio.to_thread(bench.searcher.seconds, body_of(request)))
                used += 0 if number < 0 else bench.processor_seconds() - before
            ours, bare = ours[3:], bare[3:]
            ratio = statistics.median(a / max(b, 1e-4) for a, b in zip(ours, bare, strict=True))
            server, database = 1000 * used / repeats
            print(
                f"| {kind} | {name} | {1000 * statistics.median(ours):.1f} | {1000 * percentile(ours, 99):.1f}"
                f" | {1000 * statistics.median(bare):.1f} | {ratio:.2f} | {server:.0f} | {database:.0f} |",
                flush=True,
            )


async def concurrent(bench: Bench, port: int, key: object, seconds: float) -> None:
    print(
        f"\n| search, {CLIENTS} clients | searches/s | p50, ms | p99, ms | processor, ms: server | database |\n"
        "|---|---|---|---|---|---|"
    )
    searchers = [Searcher.connected(port, key, WORKSPACE, POLL_OF_MANY_S) for _ in range(CLIENTS)]  # type: ignore[arg-type]  # a Key
    scopes = scopes_of(bench.filled)
    for kind, name in (("text", "all"), ("text", "2 %"), ("picture", "all"), ("combined", "all")):
        bodies = [body_of(one) for one in requests_of(bench.filled, kind, scopes[name])]
        before = bench.processor_seconds()
        took, elapsed = await asyncio.to_thread(concurrent_times, searchers, bodies, seconds)
        server, database = 1000 * (bench.processor_seconds() - before) / len(took)
        row = f"{len(took) / elapsed:.1f} | {1000 * percentile(took, 50):.1f} | {1000 * percentile(took, 99):.1f}"
        print(f"| {kind}, {name} | {row} | {server:.0f} | {database:.0f} |", flush=True)


async def recall(bench: Bench, queries: int) -> None:
    """Compare the most similar scenes with those of an exact scan."""
    limits = SimilarityLimits(-1, bench.options.max_hits)
    print(f"\n| vectors | scenes | recall@{FIRST}, mean | min | ms | exact scan, ms |\n|---|---|---|---|---|---|")
    for kind, space, engine, vectors in (
        ("texts in other words", "TEXT", TEXT_ENGINE, await _of_texts(bench, queries)),
        ("near words of scenes", "TEXT", TEXT_ENGINE, await _near_scenes(bench, queries)),
        ("pictures", "PICTURE", PICTURE_ENGINE, await _of_pictures(bench, queries)),
    ):
        for name, scope in scopes_of(bench.filled).items():
            conditions = conditions_of(bench.filled.workspace_id, SearchRequest(scope))
            shares: list[float] = []
            took: list[tuple[float, float]] = []
            for vector in vectors:
                like = Likeness(bench.filled.workspace_id, space, engine, vector)
                async with bench.platform.database.snapshot() as tx:
                    await tx.run("SET LOCAL plan_cache_mode TO force_custom_plan")
                    started = time.perf_counter()
                    found = await bench.options.nearest.find(tx, like, conditions, limits)
                    between = time.perf_counter()
                    best = await likeness_queries.exactly_nearest(
                        tx, like, conditions, min_similarity=-1, max_scenes=FIRST
                    )
                    took.append((between - started, time.perf_counter() - between))
                worst = best[-1].value - 1e-6
                shares.append(sum(one.value >= worst for one in found[:FIRST]) / len(best))
            ours, bare = (1000 * statistics.median(column) for column in zip(*took, strict=True))
            row = f"{statistics.mean(shares):.3f} | {min(shares):.1f} | {ours:.1f} | {bare:.1f}"
            print(f"| {kind} | {name} | {row} |", flush=True)


async def _of_pictures(bench: Bench, count: int) -> list[str]:
    keys = [one.query for one in bench.filled.pictures[:count]]
    async with bench.platform.database.transaction() as tx:
        return await tx.all(str, "SELECT embedding::text FROM vectors_of_pictures WHERE picture_key = ANY(%s)", keys)


async def _of_texts(bench: Bench, count: int) -> list[str]:
    texts = [one.query for one in bench.filled.texts if one.kind == "other words"][:count]
    made = [await bench.options.embedder.embed(TEXT_ENGINE, text) for text in texts]
    return [one for one in made if one is not None]


async def _near_scenes(bench: Bench, count: int) -> list[str]:
    """Return vectors at a cosine of about 0.86 from those of some scenes."""
    chance = np.random.default_rng(9)
    async with bench.platform.database.transaction() as tx:
        known = await tx.all(
            str,
            "SELECT embedding::text FROM scene_vectors WHERE workspace_id = %s AND space = 'TEXT'"
            " ORDER BY sample_key LIMIT %s",
            bench.filled.workspace_id,
            count,
        )
    rows = np.array([[float(number) for number in one[1:-1].split(",")] for one in known])
    rows += chance.normal(size=rows.shape) * 0.6 / rows.shape[1] ** 0.5
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return [f"[{','.join(f'{value:.5g}' for value in row)}]" for row in rows]


async def measure(folder: Path, parts: Sequence[str], repeats: int, queries: int, seconds: float) -> None:
    os.environ[RATE] = "1000000"
    settings = Settings(data_dir=folder)
    filled = Filled.read(folder)
    print(f"{filled.scenes} scenes\n")
    async with open_platform(settings) as platform:
        key = await asyncio.to_thread(create_key, folder)
        options = scene_search_options(settings, EngineRegistry())
        # The first request of a connection must not wait for the codes of this process.
        await warm_up(platform.database, options)
        with serving(folder, workers=1) as server, psycopg.connect(platform.database.conninfo, autocommit=True) as bare:
            bare.execute("SET plan_cache_mode = force_custom_plan")
            searcher = Searcher.connected(server.port, key, WORKSPACE)
            processes = server.pid, parent(bare.info.backend_pid)
            bench = Bench(platform, options, filled, searcher, bare, processes)
            if "times" in parts:
                await times(bench, repeats)
            if "clients" in parts:
                await concurrent(bench, server.port, key, seconds)
            if "recall" in parts:
                await recall(bench, queries)
            print(f"\nMemory of the API process at its highest: {memory_mib(server.pid, peak=True):.0f} MiB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--parts", nargs="+", default=PARTS, choices=PARTS)
    parser.add_argument("--repeats", type=int, default=60)
    parser.add_argument("--queries", type=int, default=25)
    parser.add_argument("--seconds", type=float, default=10, help="duration of the searches of several clients")
    options = parser.parse_args()
    asyncio.run(measure(options.data_dir, options.parts, options.repeats, options.queries, options.seconds))


if __name__ == "__main__":
    main()
