"""Listing, cancelling, retrying and pausing jobs."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from uuid import uuid4

import structlog

from scenedex.audit.events import JOB_CANCELLED, JOB_RETRIED, JOBS_PAUSED, JOBS_RESUMED
from scenedex.audit.records import AuditEntry
from scenedex.audit.service import record
from scenedex.job_control import queries
from scenedex.job_control.commands import cancel_job, retry_job
from scenedex.job_control.lines import queued
from scenedex.workspaces.service import require_workspace

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from scenedex.db.database import Database, Transaction
    from scenedex.job_control.records import JobLine, JobName, Pause
    from scenedex.jobs import JobKind
    from scenedex.jobs.queue import JobQueue


class JobControl:
    """Jobs of all workspaces. Rows and events have the name of the operator.

    A method that gets the name of a missing workspace raises `WorkspaceNotFound`.
    """

    def __init__(self, database: Database, queue: JobQueue, *, user_name: str) -> None:
        self._database = database
        self._queue = queue
        self._user_name = user_name

    async def queued(self, kind: JobKind | None, workspace_name: str | None, limit: int) -> list[JobLine]:
        """Return running jobs, then waiting ones."""
        async with self._database.snapshot() as tx:
            return await queued(tx, kind, await _workspace(tx, workspace_name), limit)

    async def failed(self, kind: JobKind | None, workspace_name: str | None, limit: int) -> list[JobLine]:
        """Return failed imports, analyses, proxies and summaries, the latest first."""
        async with self._database.transaction() as tx:
            return await queries.failed(tx, kind, await _workspace(tx, workspace_name), limit)

    async def cancel(self, name: JobName) -> None:
        """End a waiting or running job. The row that it serves says so.

        Raises:
            NoSuchJob: no job of that name waits or runs.
            JobControlRefused: jobs of this kind cannot be cancelled.
        """
        async with self._event(JOB_CANCELLED, f"jobs/{name}", await self._workspace_of(name)) as (tx, entry):
            notice = await cancel_job(tx, self._queue, name, self._user_name)
            await record(tx, entry, notice=notice)

    async def retry(self, name: JobName) -> JobName:
        """Start a failed job again. Return the name of the job that does it.

        Raises:
            NoSuchJob: no job of that name failed.
            JobControlRefused: jobs of this kind cannot be retried.
        """
        async with self._event(JOB_RETRIED, f"jobs/{name}", await self._workspace_of(name)) as (tx, entry):
            again = await retry_job(tx, self._queue, name, self._user_name)
            await record(tx, entry, created=None if again == name else again.subject)
            return again

    async def pause(self, kind: JobKind | None, workspace_name: str | None) -> None:
        """Start no more jobs of a kind, of a workspace, or both. Running jobs go on."""
        async with self._event(JOBS_PAUSED, _which(kind), workspace_name) as (tx, entry):
            if await queries.pause(tx, kind, await _workspace(tx, workspace_name)):
                await record(tx, entry)

    async def resume(self, kind: JobKind | None, workspace_name: str | None) -> int:
        """Remove the pauses of this kind and workspace, or all. Return their number."""
        async with self._event(JOBS_RESUMED, _which(kind), workspace_name) as (tx, entry):
            removed = await queries.resume(tx, kind, await _workspace(tx, workspace_name))
            await self._queue.wake_workers(tx)
            if removed:
                await record(tx, entry)
            return removed

    async def pauses(self) -> list[Pause]:
        """Return all pauses."""
        async with self._database.transaction() as tx:
            return await queries.pauses(tx)

    @asynccontextmanager
    async def _event(
        self, event: str, resource: str, workspace_name: str | None
    ) -> AsyncGenerator[tuple[Transaction, AuditEntry]]:
        """Open a transaction with a trace of its own, and yield it with the entry that records the change."""
        trace_id = uuid4().hex
        entry = AuditEntry(event, self._user_name, workspace_name=workspace_name, resource=resource, trace_id=trace_id)
        with structlog.contextvars.bound_contextvars(trace_id=trace_id):
            async with self._database.transaction() as tx:
                yield tx, entry

    async def _workspace_of(self, name: JobName) -> str | None:
        async with self._database.transaction() as tx:
            return await queries.workspace_of(tx, name)


def _which(kind: JobKind | None) -> str:
    return f"jobs/{'all' if kind is None else kind.value}"


async def _workspace(tx: Transaction, name: str | None) -> int | None:
    return None if name is None else await require_workspace(tx, name)
