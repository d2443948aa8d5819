"""Cost of the queue: fetching a job from a long or an empty queue, adding one and ending one, by connections.

Prints a Markdown table for the README. Run from the root of the repository: ``python -m benchmarks.scale.queue``.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from scenedex.db.database import Database
from scenedex.db.embedded import open_embedded
from scenedex.db.schema import upgrade_schema
from scenedex.jobs import JobKind
from scenedex.jobs.queue import JobQueue, Work

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

WORKSPACES = 100
_FILL = """
INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args)
SELECT 'analysis', 'analysis', -n, jsonb_build_object('subject', n, 'workspace', 1 + n %% %s, 'media_seconds', 60)
FROM generate_series(1, %s) AS n
"""


async def measured(times: int, at_once: int, do: Callable[[], Awaitable[object]]) -> tuple[float, float]:
    """Median of one in milliseconds, and how many a second, with so many at once."""
    each: list[float] = []

    async def go_on() -> None:
        for _ in range(times // at_once):
            begun = time.perf_counter()
            await do()
            each.append(1000 * (time.perf_counter() - begun))

    begun = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(go_on())
    return statistics.median(each), len(each) / (time.perf_counter() - begun)


async def measure(conninfo: str, waiting: int, times: int) -> None:
    """Print the table."""
    database, queue = Database(conninfo, pool_size=16), JobQueue()
    await database.open()
    await queue.open(database)
    manager = queue.engine.job_manager
    worker = await manager.register_worker()

    async def take() -> None:
        await manager.fetch_job([JobKind.ANALYSIS.value], worker)

    async def select() -> None:
        async with database.transaction() as tx:
            await tx.value("SELECT 1")

    async def add() -> None:
        async with database.transaction() as tx:
            await queue.defer(tx, JobKind.IMPORT, Work(1, 1))

    async def take_and_end() -> None:
        job = await manager.fetch_job([JobKind.IMPORT.value], worker)
        if job is not None and job.id is not None:
            await queue.engine.connector.execute_query_async(
                "SELECT procrastinate_finish_job_v1(%(id)s, 'succeeded', true)", id=job.id
            )

    try:
        print("| | at once | median, ms | per second |\n|---|---|---|---|")

        async def row(name: str, do: Callable[[], Awaitable[object]], at_once: int) -> None:
            median, rate = await measured(times, at_once, do)
            print(f"| {name} | {at_once} | {median:.2f} | {rate:.0f} |", flush=True)

        for at_once in (1, 8):
            await row("`SELECT 1` in a transaction", select, at_once)
            await row("poll an empty queue", take, at_once)
        for at_once in (1, 8):
            await row("add a job", add, at_once)
            await row("fetch a job and finish it", take_and_end, at_once)
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute(_FILL, (WORKSPACES, waiting))
            connection.execute("VACUUM (ANALYZE) procrastinate_jobs")
        for at_once in (1, 8):
            await row(f"fetch one of {waiting} jobs of {WORKSPACES} workspaces", take, at_once)
    finally:
        await queue.close()
        await database.close()


def main() -> None:
    """Measure on a database that is removed afterwards."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--waiting", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=2000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, contextlib.closing(open_embedded(Path(folder) / "data")) as postgres:
        upgrade_schema(postgres.conninfo)
        asyncio.run(measure(postgres.conninfo, options.waiting, options.times))


if __name__ == "__main__":
    main()
