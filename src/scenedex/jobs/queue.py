"""Deferring and cancelling jobs in the caller's transaction."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NewType

import msgspec
import psycopg
import structlog
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ConnectorException

from scenedex.db.database import DatabaseUnavailable
from scenedex.jobs import queries
from scenedex.jobs.fetching import FairJobManager
from scenedex.jobs.kinds import JobKind

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Iterable, Mapping, Sequence

    from scenedex.db.database import Database, Transaction

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.jobs")
JobId = NewType("JobId", int)
# Priorities are numbers of 32 bits: seconds since 2026 last until 2094.
_EPOCH: Final = 1_767_225_600


@dataclass(frozen=True, slots=True)
class Work:
    """Arguments of a job.

    Attributes:
        subject: id of the row that the job serves.
        workspace: workspace whose turn the job takes, 0 for none.
        media_seconds: length of the media if the job takes as long as that, else 0.
        deference_seconds: time within which jobs that are requested later overtake this one.
    """

    subject: int
    workspace: int = 0
    media_seconds: float = 0
    deference_seconds: float = 0


class JobQueue:
    """Queue in PostgreSQL that all processes share.

    ``max_of_workspace`` limits the running jobs of one workspace, by kind. A missing kind has no limit.
    """

    def __init__(
        self, max_of_workspace: Mapping[JobKind, int] | None = None, *, clock: Callable[[], float] = time.time
    ) -> None:
        self.engine = App(connector=PsycopgConnector())
        self.manager = FairJobManager(self.engine.connector, max_of_workspace or {})
        self.engine.job_manager = self.manager
        self._clock = clock

    async def open(self, database: Database) -> None:
        """Use the connections of this database."""
        await self.engine.open_async(database.pool)

    async def close(self) -> None:
        """Release the connections. The pool stays open."""
        await self.engine.close_async()

    async def defer(self, tx: Transaction, kind: JobKind, work: Work) -> JobId:
        """Put a job into the queue when the transaction commits.

        The priority is the time of the request plus the length of the media: shorter jobs of a workspace overtake
        longer ones, but no job waits for jobs that were requested later than its own length after it. The job carries
        the trace id of the request.
        """
        deferrer = self.engine.configure_task(
            kind.value, queue=kind.value, priority=self._priority(work), allow_unknown=True, connection=tx.connection
        )
        with _database_errors():
            return JobId(
                await deferrer.defer_async(
                    subject=work.subject,
                    workspace=work.workspace,
                    media_seconds=work.media_seconds,
                    trace_id=_trace_id(),
                )
            )

    async def defer_many(self, tx: Transaction, kind: JobKind, works: Sequence[Work]) -> dict[int, JobId]:
        """Put jobs of different subjects into the queue with one statement, as `defer` does. Return them by subject."""
        trace_id = _trace_id()
        arguments = [
            msgspec.json.encode(
                {
                    "subject": work.subject,
                    "workspace": work.workspace,
                    "media_seconds": work.media_seconds,
                    "trace_id": trace_id,
                }
            ).decode()
            for work in works
        ]
        inserted = await queries.insert_jobs(tx, kind, arguments, [self._priority(work) for work in works])
        return {subject: JobId(job) for subject, job in inserted}

    def _priority(self, work: Work) -> int:
        return -int(self._clock() - _EPOCH + work.media_seconds + work.deference_seconds)

    async def requeue(
        self,
        tx: Transaction,
        kind: JobKind,
        lost: Iterable[Work],
        set_job: Callable[[Transaction, int, JobId], Awaitable[None]],
    ) -> None:
        """Give another job to locked rows that have lost theirs. ``set_job`` writes its id into the row of an id."""
        for work in lost:
            _log.warning("job.lost", kind=kind.value, subject=work.subject)
            await set_job(tx, work.subject, await self.defer(tx, kind, work))

    async def cancel(self, tx: Transaction, job: JobId) -> None:
        """Remove a waiting job, or ask the worker of a running one to stop, when the transaction commits."""
        with _database_errors():
            await self.manager.cancel_job_by_id_async(job, abort=True, connection=tx.connection)

    async def wake_workers(self, tx: Transaction) -> None:
        """Have all workers look for jobs at once, when the transaction commits."""
        for kind in JobKind:
            await queries.notify_workers(tx, kind)

    async def retry_stalled_jobs(self, stalled_after_seconds: float) -> None:
        """Put the jobs of workers without a heartbeat back into the queue."""
        for job in await self.manager.get_stalled_jobs(seconds_since_heartbeat=stalled_after_seconds):
            _log.warning("job.taken_over", job=job.id, kind=job.task_name)
            await self.manager.retry_job(job)


def _trace_id() -> str | None:
    return structlog.contextvars.get_contextvars().get("trace_id")


@contextmanager
def _database_errors() -> Generator[None]:
    """Replace Procrastinate's error for whatever the database reports."""
    try:
        yield
    except ConnectorException as error:
        if isinstance(error.__cause__, psycopg.OperationalError):
            raise DatabaseUnavailable from error.__cause__
        raise
