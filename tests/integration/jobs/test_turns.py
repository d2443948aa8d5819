"""Order of jobs on a real queue."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from scenedex.db.database import Database
from scenedex.jobs import JobKind
from scenedex.jobs.queue import JobQueue, Work
from scenedex.jobs.state import delete_old_jobs

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from tests.conftest import Cluster

pytestmark = pytest.mark.anyio
NOW = 1_800_000_000.0


class Line:
    """Queue whose jobs the test fetches one after the other."""

    def __init__(self, database: Database, queue: JobQueue, worker: int) -> None:
        self.database = database
        self.queue = queue
        self.worker = worker
        self.seconds = 0.0

    async def add(self, subject: int, workspace: int, *, media_seconds: float = 0) -> None:
        async with self.database.transaction() as tx:
            await self.queue.defer(tx, JobKind.ANALYSIS, Work(subject, workspace, media_seconds))

    async def next(self) -> int | None:
        """Fetch the next job, which is running from then on, and return its subject."""
        job = await self.queue.engine.job_manager.fetch_job(["analysis"], self.worker)
        if job is None:
            return None
        subject = job.task_kwargs["subject"]
        assert isinstance(subject, int)
        return subject

    async def taken(self, number: int) -> list[int | None]:
        return [await self.next() for _ in range(number)]

    async def end(self, subject: int) -> None:
        await self.run(
            "DELETE FROM procrastinate_jobs WHERE status = 'doing' AND (args ->> 'subject')::bigint = %s", subject
        )

    async def run(self, statement: str, *params: object) -> None:
        async with self.database.transaction() as tx:
            await tx.connection.execute(statement.encode(), params)


@asynccontextmanager
async def a_line(cluster: Cluster, max_of_workspace: int = 0) -> AsyncGenerator[Line]:
    database = Database(cluster.create_database())
    line: Line
    queue = JobQueue({JobKind.ANALYSIS: max_of_workspace}, clock=lambda: NOW + line.seconds)
    await database.open()
    await queue.open(database)
    line = Line(database, queue, await queue.engine.job_manager.register_worker())
    try:
        yield line
    finally:
        await queue.close()
        await database.close()


async def test_workspaces_take_turns_whoever_asked_first(cluster: Cluster) -> None:
    async with a_line(cluster) as line:
        for subject in range(1, 6):
            await line.add(subject, workspace=1)
        line.seconds = 60
        for subject in range(11, 13):
            await line.add(subject, workspace=2)
        order = [await _done(line) for _ in range(8)]
    assert order == [1, 11, 2, 12, 3, 4, 5, None]


async def test_the_workspace_with_the_fewest_jobs_at_work_is_next(cluster: Cluster) -> None:
    async with a_line(cluster) as line:
        for subject in (1, 2, 3):
            await line.add(subject, workspace=1)
        assert await line.taken(2) == [1, 2]
        await line.add(11, workspace=2)
        await line.add(12, workspace=2)
        assert await line.taken(3) == [11, 12, 3]


async def test_the_shorter_job_of_a_workspace_goes_first(cluster: Cluster) -> None:
    async with a_line(cluster) as line:
        await line.add(1, workspace=1, media_seconds=3600)
        line.seconds = 30
        await line.add(2, workspace=1, media_seconds=10)
        assert await line.taken(2) == [2, 1]


async def test_a_long_job_waits_no_longer_for_shorter_ones_than_it_is_long(cluster: Cluster) -> None:
    async with a_line(cluster) as line:
        await line.add(1, workspace=1, media_seconds=3600)
        line.seconds = 3601
        await line.add(2, workspace=1, media_seconds=10)
        assert await line.taken(2) == [1, 2]


async def test_no_workspace_has_more_at_work_than_it_may(cluster: Cluster) -> None:
    async with a_line(cluster, max_of_workspace=2) as line:
        for subject in (1, 2, 3):
            await line.add(subject, workspace=1)
        assert await line.taken(3) == [1, 2, None]
        await line.add(11, workspace=2)
        assert await line.next() == 11
        await line.end(1)
        assert await line.next() == 3


@pytest.mark.parametrize(
    ("kind", "workspace", "left"),
    [("analysis", 1, [11, None]), ("", 2, [1, None]), ("analysis", 0, [None]), ("import", 0, [1, 11])],
    ids=["a workspace", "all kinds of a workspace", "a kind", "another kind"],
)
async def test_jobs_that_are_paused_wait(cluster: Cluster, kind: str, workspace: int, left: list[int | None]) -> None:
    async with a_line(cluster) as line:
        await line.add(1, workspace=1)
        await line.add(11, workspace=2)
        await line.run("INSERT INTO job_pauses (kind, workspace_id) VALUES (%s, %s)", kind, workspace)
        assert await line.taken(len(left)) == left


async def test_a_job_that_is_to_be_tried_later_lets_others_go_first(cluster: Cluster) -> None:
    async with a_line(cluster) as line:
        await line.add(1, workspace=1)
        await line.add(2, workspace=1)
        await line.run(
            "UPDATE procrastinate_jobs SET scheduled_at = now() + interval '1 hour'"
            " WHERE (args ->> 'subject')::bigint = 1"
        )
        assert await line.taken(2) == [2, None]


async def test_jobs_that_are_over_are_forgotten_after_a_day(cluster: Cluster) -> None:
    async with a_line(cluster) as line:
        for subject in (1, 2, 3):
            await line.add(subject, workspace=1)
        await line.run(
            "UPDATE procrastinate_jobs SET status = 'cancelled' WHERE (args ->> 'subject')::bigint IN (1, 2)"
        )
        await line.run(
            "UPDATE procrastinate_events SET at = now() - interval '25 hours' WHERE job_id IN"
            " (SELECT id FROM procrastinate_jobs WHERE (args ->> 'subject')::bigint IN (1, 3))"
        )
        async with line.database.transaction() as tx:
            assert await delete_old_jobs(tx) == 1
            left = await tx.all(int, "SELECT (args ->> 'subject')::int FROM procrastinate_jobs ORDER BY 1")
    assert left == [2, 3]


async def _done(line: Line) -> int | None:
    subject = await line.next()
    if subject is not None:
        await line.end(subject)
    return subject
