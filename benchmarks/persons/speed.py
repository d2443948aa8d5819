"""Speed of comparing and listing many persons, against the bare query of pgvector.

Both sides of a ratio run in turns on the same connections. Prints Markdown tables for the README and removes its files.
Run from the root of the repository: ``python -m benchmarks.persons.speed``.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import statistics
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import psycopg
from benchmarks.api.running import temporary_folder
from benchmarks.persons.filling import ENGINE, FACES, PICTURE, WORKSPACE, People, fill

from scenedex.auth.caller import Caller, KeyAccount
from scenedex.auth.keys import Role
from scenedex.calibration import MIN_SCORE
from scenedex.engines.registry import EngineRegistry
from scenedex.persons.directory import PersonFilter
from scenedex.persons.matching import Matching, MatchLimits
from scenedex.persons.queries import most_similar
from scenedex.persons.records import IdentificationScope, PersonCandidate
from scenedex.persons.service import Persons
from scenedex.persons.thumbnails import Portraits
from scenedex.settings import Settings
from scenedex.wire.parsing import PageRequest
from scenedex.wiring import open_platform

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from scenedex.db.database import Database
    from scenedex.wiring import Platform

    Work = Callable[[], Awaitable[object]]

CALLER = Caller(KeyAccount("benchmark"), "alice", Role.MANAGER, None)
LIMITS = MatchLimits(10, 80)
WARM_UPS = 6  # after as many a prepared statement has the plan that it keeps
LIST_SIZE = 1000
SEARCH_SIZE = 50
BARE = (
    "SELECT person_id FROM person_faces WHERE workspace_id = %s AND engine = %s"
    " ORDER BY embedding <#> %s::halfvec LIMIT 10"
)
ALIKE = "SELECT count(*) FROM person_faces WHERE -(embedding <#> %s::halfvec) >= %s"


@dataclass(frozen=True, slots=True)
class Bench:
    """Subject of the measurements.

    Attributes:
        platform: an open database and storage.
        people: its persons.
        statements: executed statements. The code that counts them clears the list.
    """

    platform: Platform
    people: People
    statements: list[str]

    @property
    def database(self) -> Database:
        """The pool that both sides use."""
        return self.platform.database

    async def faces(self, person: int) -> list[str]:
        """The vectors of a person."""
        async with self.database.transaction() as tx:
            return await tx.all(str, "SELECT embedding::text FROM person_faces WHERE person_id = %s", person)

    async def bare(self, vectors: Sequence[str]) -> None:
        """One exact scan for each vector, and nothing else."""
        async with self.database.transaction() as tx:
            for vector in vectors:
                await tx.all(int, BARE, self.people.workspace_id, ENGINE, vector)


async def seconds(work: Work) -> float:
    begun = time.perf_counter()
    await work()
    return time.perf_counter() - begun


async def in_turns(works: Sequence[Work], repeats: int) -> list[list[float]]:
    """The seconds of each work, in the order of the turns."""
    turns = [[await seconds(work) for work in works] for _ in range(WARM_UPS + repeats)]
    return [list(column) for column in zip(*turns[WARM_UPS:], strict=True)]


async def comparisons(bench: Bench, repeats: int) -> None:
    chance, people = np.random.default_rng(2), bench.people
    matching = Matching(bench.database, EngineRegistry().face_curve)
    person = people.first + int(chance.integers(people.count))
    vectors = await bench.faces(person)
    embeddings = np.array([[float(number) for number in vector[1:-1].split(",")] for vector in vectors], np.float32)
    candidate = PersonCandidate(embeddings, 0.8, is_presentable=True, thumbnail=None, spans=((0, 1000),))
    scope = IdentificationScope(
        people.workspace_id, ENGINE, EngineRegistry().face_calibration(ENGINE), 10, None, people.asset_id, "alice"
    )

    async def identified(whom: PersonCandidate) -> None:
        async with bench.database.transaction() as tx:
            assert await most_similar(tx, scope, whom)

    rows: list[tuple[str, int, Work]] = [
        ("similar", FACES, lambda: matching.similar(CALLER, WORKSPACE, person, LIMITS)),
        ("recommend by thumbnail", 1, lambda: matching.recommend(CALLER, WORKSPACE, PICTURE, LIMITS)),
        ("found again by an analysis", FACES, lambda: identified(candidate)),
        ("the same, one face", 1, lambda: identified(replace(candidate, embeddings=embeddings[:1]))),
    ]
    async with bench.database.transaction() as tx:
        alike = await tx.value(ALIKE, vectors[0], scope.calibration.curve.similarity(MIN_SCORE))
    print(f"{people.count} persons, {FACES * people.count} faces; {alike} faces are like the first one of the person\n")
    print("| | vectors | bare, ms | service, ms | service : bare, quartiles and median | service : one bare query |")
    print("|---|---|---|---|---|---|")
    for name, count, work in rows:
        bare, one, ours = await in_turns(
            (lambda few=count: bench.bare(vectors[:few]), lambda: bench.bare(vectors[:1]), work), repeats
        )
        low, middle, high = quartiles([a / b for a, b in zip(ours, bare, strict=True)])
        single = statistics.median(a / b for a, b in zip(ours, one, strict=True))
        times = " | ".join(f"{1000 * statistics.median(column):.1f}" for column in (bare, ours))
        print(f"| {name} | {count} | {times} | {low:.2f} **{middle:.2f}** {high:.2f} | {single:.2f} |")


async def pages(bench: Bench, repeats: int) -> None:
    persons = Persons(bench.database, bench.platform.queue, Portraits(bench.database, bench.platform.managed))
    by_assets = PersonFilter(order="ASSET_COUNT", is_descending=True)
    by_name = PersonFilter(order="NAME")
    rows = (
        ("list", PersonFilter(), LIST_SIZE),
        ("search, most assets first", by_assets, SEARCH_SIZE),
        ("search, by name", by_name, SEARCH_SIZE),
        ("search, part of a name", replace(by_assets, name="son 99"), SEARCH_SIZE),
    )
    print("\n| | page of | statements, first and last page | first page, ms | last page, ms | last : first |")
    print("|---|---|---|---|---|---|")
    for name, wanted, size in rows:
        _, total = await persons.page(CALLER, WORKSPACE, wanted, PageRequest(1, size))
        ends = [PageRequest(number, size) for number in (1, PageRequest(1, size).pages_of(total))]
        counts: list[int] = []
        for end in ends:
            bench.statements.clear()
            await persons.page(CALLER, WORKSPACE, wanted, end)
            counts.append(len(bench.statements))
        first, last = await in_turns(
            [lambda end=end, wanted=wanted: persons.page(CALLER, WORKSPACE, wanted, end) for end in ends], repeats
        )
        times = " | ".join(f"{1000 * statistics.median(column):.1f}" for column in (first, last))
        ratio = statistics.median(a / b for a, b in zip(last, first, strict=True))
        print(f"| {name} | {size} | {counts[0]}, {counts[1]} | {times} | {ratio:.2f} |")


def quartiles(values: Sequence[float]) -> list[float]:
    return statistics.quantiles(values, n=4)


async def measure(folder: Path, persons: int, repeats: int) -> None:
    statements: list[str] = []
    async with open_platform(Settings(data_dir=folder), on_statement=statements.append) as platform:
        with contextlib.closing(psycopg.connect(platform.database.conninfo, autocommit=True)) as connection:
            people = fill(connection, persons)
        bench = Bench(platform, people, statements)
        await comparisons(bench, repeats)
        await pages(bench, repeats)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--persons", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=25)
    options = parser.parse_args()
    with temporary_folder(options.folder) as folder:
        asyncio.run(measure(folder, options.persons, options.repeats))


if __name__ == "__main__":
    main()
