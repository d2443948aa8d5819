"""Deferring and cancelling jobs, inside the caller's transaction."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NewType

import psycopg
import structlog
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ConnectorException

from scenedex.db.database import DatabaseUnavailable
from scenedex.jobs.fetching import FairJobManager

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from scenedex.db.database import Database, Transaction
    from scenedex.jobs.kinds import JobKind

JobId = NewType("JobId", int)
# Priorities are numbers of 32 bits: seconds since 2026 last until 2094.
_EPOCH: Final = 1_767_225_600


@dataclass(frozen=True, slots=True)
class Work:
    """What a job is to be done to.

    Attributes:
        subject: id of the row.
        workspace: whose turn it takes; 0 where no workspace asked for it.
        media_seconds: length of the media, where that decides how long it takes.
    """

    subject: int
    workspace: int = 0
    media_seconds: float = 0


class JobQueue:
    """The queue in PostgreSQL that all processes share.

    Args:
        most_of_workspace: jobs of one workspace at work at a time, by kind; no limit where a kind is missing.
        clock: seconds since the epoch.
    """

    def __init__(
        self, most_of_workspace: Mapping[JobKind, int] | None = None, *, clock: Callable[[], float] = time.time
    ) -> None:
        self.engine = App(connector=PsycopgConnector())
        self.manager = FairJobManager(self.engine.connector, most_of_workspace or {})
        self.engine.job_manager = self.manager
        self._clock = clock

    async def open(self, database: Database) -> None:
        """Use the connections of this database."""
        await self.engine.open_async(database.pool)

    async def close(self) -> None:
        """Let go of the database; its pool stays open."""
        await self.engine.close_async()

    async def defer(self, tx: Transaction, kind: JobKind, work: Work) -> JobId:
        """Put a job into the queue; it exists if and only if the transaction commits.

        Of one workspace's jobs the shorter ones go first, yet none waits for shorter ones that were asked for later
        than its own length after it. The request that asks for it is known by its trace id.

        Args:
            tx: the transaction that writes the row the job serves.
            kind: what is to be done.
            work: to what.

        Raises:
            DatabaseUnavailable: the connection broke.
        """
        deferrer = self.engine.configure_task(
            kind.value,
            queue=kind.value,
            priority=-int(self._clock() - _EPOCH + work.media_seconds),
            allow_unknown=True,
            connection=tx.connection,
        )
        with _database_errors():
            return JobId(
                await deferrer.defer_async(
                    subject=work.subject,
                    workspace=work.workspace,
                    media_seconds=work.media_seconds,
                    trace_id=structlog.contextvars.get_contextvars().get("trace_id"),
                )
            )

    async def cancel(self, tx: Transaction, job: JobId) -> None:
        """Take a waiting job out of the queue, or ask the worker that runs it to stop; done with the commit.

        Raises:
            DatabaseUnavailable: the connection broke.
        """
        with _database_errors():
            await self.engine.job_manager.cancel_job_by_id_async(job, abort=True, connection=tx.connection)


@contextmanager
def _database_errors() -> Generator[None]:
    """The engine has an error of its own for whatever the database says."""
    try:
        yield
    except ConnectorException as error:
        if isinstance(error.__cause__, psycopg.OperationalError):
            raise DatabaseUnavailable from error.__cause__
        raise
