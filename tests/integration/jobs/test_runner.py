"""Jobs in a real queue, run by real workers in this process, with trivial handlers."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import psycopg
import pytest
from structlog.testing import capture_logs

from scenedex.db.database import Database, DatabaseUnavailable
from scenedex.jobs import JobKind
from scenedex.jobs.errors import GivenUp, NotReady
from scenedex.jobs.queue import JobQueue, Work
from scenedex.jobs.readiness import AlwaysReady
from scenedex.jobs.runner import JobRunner
from scenedex.metrics import Metrics

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from tests.conftest import Cluster

    from scenedex.jobs.queue import JobId
    from scenedex.jobs.readiness import Readiness
    from scenedex.jobs.runner import JobHandler

pytestmark = pytest.mark.anyio


@dataclass
class Recorder:
    """Handler that records its jobs, and fails or waits on request."""

    failures: int = 0
    holds: bool = False
    begun: list[int] = field(default_factory=list[int])
    stopped: list[int] = field(default_factory=list[int])
    release: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, subject: int) -> None:
        self.begun.append(subject)
        if self.failures:
            self.failures -= 1
            raise ConnectionError
        if self.holds:
            try:
                await self.release.wait()
            except asyncio.CancelledError:
                self.stopped.append(subject)
                raise


@pytest.fixture
def conninfo(cluster: Cluster) -> str:
    return cluster.create_database()


@asynccontextmanager
async def opened(conninfo: str) -> AsyncGenerator[tuple[Database, JobQueue]]:
    database, queue = Database(conninfo), JobQueue()
    await database.open()
    await queue.open(database)
    try:
        yield database, queue
    finally:
        await queue.close()
        await database.close()


@asynccontextmanager
async def working(
    conninfo: str,
    handler: JobHandler,
    *,
    readiness: Readiness | None = None,
    metrics: Metrics | None = None,
    stalled_after_seconds: float = 15,
) -> AsyncGenerator[asyncio.Task[None]]:
    """A worker on the queue, until the end of the block."""
    async with opened(conninfo) as (database, queue):
        runner = JobRunner(
            queue,
            database,
            {JobKind.IMPORT: handler},
            readiness=readiness or AlwaysReady(),
            metrics=metrics or Metrics("worker"),
            concurrency={JobKind.IMPORT: 2},
            stalled_after_seconds=stalled_after_seconds,
            shutdown_grace_seconds=0.1,
        )
        running = asyncio.create_task(runner.run())
        try:
            yield running
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running


async def defer(database: Database, queue: JobQueue, subject: int) -> JobId:
    async with database.transaction() as tx:
        return await queue.defer(tx, JobKind.IMPORT, Work(subject))


def pair(status: str, attempts: int) -> tuple[str, int]:
    return status, attempts


async def jobs(database: Database) -> list[tuple[str, int]]:
    async with database.transaction() as tx:
        return await tx.all(pair, "SELECT status::text, attempts FROM procrastinate_jobs ORDER BY id")


async def forget_workers(database: Database) -> int:
    """Declare all workers dead and return their number."""
    async with database.transaction() as tx:
        return await tx.run("DELETE FROM procrastinate_workers")


async def eventually(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not is_so():  # noqa: ASYNC110  # what is waited for happens in a library
            await asyncio.sleep(0.01)


async def test_runs_a_job_and_forgets_it(conninfo: str) -> None:
    handler = Recorder()
    async with opened(conninfo) as (database, queue), working(conninfo, handler):
        await defer(database, queue, 7)
        await eventually(lambda: handler.begun == [7])
        while await jobs(database):  # noqa: ASYNC110  # what is waited for happens in a library
            await asyncio.sleep(0.01)


async def test_runs_as_many_at_a_time_as_it_is_told(conninfo: str) -> None:
    handler = Recorder(holds=True)
    async with opened(conninfo) as (database, queue), working(conninfo, handler):
        for subject in range(4):
            await defer(database, queue, subject)
        await eventually(lambda: len(handler.begun) == 2)
        await asyncio.sleep(0.1)
        assert handler.begun == [0, 1]
        handler.release.set()
        await eventually(lambda: len(handler.begun) == 4)


@dataclass
class Closing(AlwaysReady):
    """Machine that is not ready after its first job until `is_open` is set again."""

    begun: list[int] = field(default_factory=list[int])
    is_open: bool = True

    async def run(self, subject: int) -> None:
        self.begun.append(subject)
        if len(self.begun) == 1:
            self.is_open = False
            raise NotReady("the disk is full")

    @property
    def is_ready(self) -> bool:
        return self.is_open


async def test_a_machine_that_is_not_ready_takes_no_jobs(conninfo: str) -> None:
    machine = Closing()
    async with opened(conninfo) as (database, queue), working(conninfo, machine, readiness=machine):
        await defer(database, queue, 7)
        await eventually(lambda: machine.begun == [7])
        await defer(database, queue, 8)
        while [status for status, _ in await jobs(database)] != ["todo"] * 2:  # noqa: ASYNC110  # as above
            await asyncio.sleep(0.01)
        # Another machine does both at once, the one that was given back as well.
        other = Recorder()
        async with working(conninfo, other):
            await eventually(lambda: sorted(other.begun) == [7, 8])
        assert machine.begun == [7]
        machine.is_open = True
        await defer(database, queue, 9)
        await eventually(lambda: machine.begun == [7, 9])


async def test_a_job_that_is_given_up_is_over(conninfo: str) -> None:
    @dataclass
    class Hopeless(Recorder):
        async def run(self, subject: int) -> None:
            await super().run(subject)
            raise GivenUp

    handler, metrics = Hopeless(), Metrics("worker")
    async with opened(conninfo) as (database, queue), working(conninfo, handler, metrics=metrics):
        await defer(database, queue, 7)
        await eventually(lambda: handler.begun == [7])
        while await jobs(database):  # noqa: ASYNC110  # what is waited for happens in a library
            await asyncio.sleep(0.01)

    assert metrics.registry.get_sample_value("scenedex_jobs_given_up_total", {"kind": "import"}) == 1
    failed = {"kind": "import", "outcome": "failed"}
    assert metrics.registry.get_sample_value("scenedex_job_seconds_count", failed) == 1


async def test_a_job_that_fails_is_tried_again(conninfo: str) -> None:
    handler = Recorder(failures=1)
    async with opened(conninfo) as (database, queue), working(conninfo, handler):
        await defer(database, queue, 7)
        await eventually(lambda: handler.begun == [7, 7])


async def test_a_cancelled_job_that_waits_is_never_run(conninfo: str) -> None:
    handler = Recorder()
    async with opened(conninfo) as (database, queue):
        job = await defer(database, queue, 7)
        async with database.transaction() as tx:
            await queue.cancel(tx, job)
        async with working(conninfo, handler):
            await defer(database, queue, 8)
            await eventually(lambda: handler.begun == [8])


async def test_a_cancelled_job_that_runs_is_stopped_and_not_run_again(conninfo: str) -> None:
    handler = Recorder(holds=True)
    async with opened(conninfo) as (database, queue), working(conninfo, handler):
        job = await defer(database, queue, 7)
        await eventually(lambda: handler.begun == [7])
        async with database.transaction() as tx:
            await queue.cancel(tx, job)
        await eventually(lambda: handler.stopped == [7])
        await asyncio.sleep(0.3)
        assert handler.begun == [7]


async def test_a_cancel_that_is_rolled_back_stops_nothing(conninfo: str) -> None:
    handler = Recorder()
    async with opened(conninfo) as (database, queue):
        job = await defer(database, queue, 7)
        with suppress(LookupError):
            async with database.transaction() as tx:
                await queue.cancel(tx, job)
                raise LookupError
        async with working(conninfo, handler):
            await eventually(lambda: handler.begun == [7])


async def test_a_connection_that_breaks_while_a_job_is_asked_for_says_so(conninfo: str) -> None:
    async with opened(conninfo) as (database, queue):

        async def ask() -> None:
            async with database.transaction() as tx:
                mine = await tx.value("SELECT pg_backend_pid()")
                with psycopg.connect(conninfo, autocommit=True) as other:
                    other.execute("SELECT pg_terminate_backend(%s, 5000)", [mine])
                await queue.defer(tx, JobKind.IMPORT, Work(7))

        with pytest.raises(DatabaseUnavailable):
            await ask()
        assert await jobs(database) == []


async def test_a_stop_puts_a_running_job_back_for_another_worker(conninfo: str) -> None:
    first, second = Recorder(holds=True), Recorder()
    async with opened(conninfo) as (database, queue):
        async with working(conninfo, first):
            await defer(database, queue, 7)
            await eventually(lambda: first.begun == [7])
        assert first.stopped == [7]
        assert [status for status, _ in await jobs(database)] == ["todo"]
        async with working(conninfo, second):
            await eventually(lambda: second.begun == [7])


async def test_the_job_of_a_worker_without_a_heartbeat_is_taken_over(conninfo: str) -> None:
    handler = Recorder()
    async with opened(conninfo) as (database, queue):
        await defer(database, queue, 7)
        async with database.transaction() as tx:
            worker = await tx.value(
                "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
            )
            await tx.run("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", worker)
        async with working(conninfo, handler, stalled_after_seconds=1.5):
            await eventually(lambda: handler.begun == [7])


async def test_a_worker_that_was_taken_for_dead_goes_on_as_another(conninfo: str) -> None:
    handler = Recorder()
    async with opened(conninfo) as (database, queue):
        with capture_logs() as logs:
            async with working(conninfo, handler):
                async with asyncio.timeout(60):
                    while not await forget_workers(database):  # noqa: ASYNC110  # as above
                        await asyncio.sleep(0.01)
                await defer(database, queue, 7)
                await eventually(lambda: handler.begun == [7])
    [entry] = [entry for entry in logs if entry["event"] == "worker.interrupted"]
    assert entry["reason"].startswith("The worker sent no heartbeat for so long")
    assert not entry["exc_info"]


async def test_a_worker_that_has_lost_its_job_says_nothing_of_it(conninfo: str) -> None:
    handler = Recorder(holds=True)
    async with opened(conninfo) as (database, queue), working(conninfo, handler) as running:
        await defer(database, queue, 7)
        await eventually(lambda: handler.begun == [7])
        async with database.transaction() as tx:
            successor = await tx.value("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
            await tx.run("UPDATE procrastinate_jobs SET worker_id = %s", successor)
        handler.release.set()
        # A stop waits until the worker has written the results of its jobs.
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        assert await jobs(database) == [("doing", 0)]


@pytest.mark.parametrize("failures", [0, 1])
async def test_what_became_of_a_job_is_written_again_where_it_could_not_be(conninfo: str, failures: int) -> None:
    handler = Recorder(failures=failures, holds=True)
    handler.release.set()
    ends = ("procrastinate_finish_job_v1", "procrastinate_retry_job_v2")
    async with opened(conninfo) as (database, queue), working(conninfo, handler):
        async with database.transaction() as tx:
            for end in ends:
                await tx.run(f"ALTER FUNCTION {end} RENAME TO {end}_away")
        await defer(database, queue, 7)
        await eventually(lambda: bool(handler.begun))
        await asyncio.sleep(0.2)
        async with database.transaction() as tx:
            for end in ends:
                await tx.run(f"ALTER FUNCTION {end}_away RENAME TO {end}")
        async with asyncio.timeout(60):
            while await jobs(database):  # noqa: ASYNC110  # what is waited for happens in a library
                await asyncio.sleep(0.01)
        assert len(handler.begun) == 1 + failures
