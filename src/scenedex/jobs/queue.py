"""Deferring and cancelling jobs, inside the caller's transaction."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NewType

from procrastinate import App, PsycopgConnector

if TYPE_CHECKING:
    from scenedex.db.database import Database, Transaction

JobId = NewType("JobId", int)


class JobKind(StrEnum):
    """What a job does; each kind has the queue of its own name."""

    IMPORT = "import"
    ANALYSIS = "analysis"
    ERASURE = "erasure"
    PICTURE = "picture"
    SEARCH = "search"
    REINDEXING = "reindexing"


class JobQueue:
    """The queue in PostgreSQL that all processes share."""

    def __init__(self) -> None:
        self.engine = App(connector=PsycopgConnector())

    async def open(self, database: Database) -> None:
        """Use the connections of this database."""
        await self.engine.open_async(database.pool)

    async def close(self) -> None:
        """Let go of the database; its pool stays open."""
        await self.engine.close_async()

    async def defer(self, tx: Transaction, kind: JobKind, subject: int) -> JobId:
        """Put a job into the queue; it exists if and only if the transaction commits.

        Args:
            tx: the transaction that writes the row the job serves.
            kind: what is to be done.
            subject: id of the row it is done to.
        """
        deferrer = self.engine.configure_task(
            kind.value, queue=kind.value, allow_unknown=True, connection=tx.connection
        )
        return JobId(await deferrer.defer_async(subject=subject))

    async def cancel(self, tx: Transaction, job: JobId) -> None:
        """Take a waiting job out of the queue, or ask the worker that runs it to stop; done with the commit."""
        await self.engine.job_manager.cancel_job_by_id_async(job, abort=True, connection=tx.connection)
