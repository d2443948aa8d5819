"""Jobs of one workspace, for its callers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.audit.service import record
from scenedex.job_control import queries
from scenedex.job_control.commands import cancel_job, retry_job
from scenedex.job_control.errors import JobKindRefused, JobNotFound
from scenedex.job_control.lines import queued
from scenedex.job_control.records import JobControlRefused, NoSuchJob
from scenedex.workspaces.service import visible_workspace

if TYPE_CHECKING:
    from scenedex.audit.actor import Actor
    from scenedex.auth.caller import Caller
    from scenedex.db.database import Database, Transaction
    from scenedex.job_control.records import JobLine, JobName
    from scenedex.jobs.queue import JobQueue


class WorkspaceJobs:
    """Jobs in the database. `WorkspaceNotFound` is raised if the workspace is not visible to the caller."""

    def __init__(self, database: Database, queue: JobQueue) -> None:
        self._database = database
        self._queue = queue

    async def live(self, caller: Caller, workspace_name: str, limit: int) -> list[JobLine]:
        """Return running jobs, then waiting ones."""
        async with self._database.snapshot() as tx:
            return await queued(tx, None, await visible_workspace(tx, caller, workspace_name), limit)

    async def failed(self, caller: Caller, workspace_name: str, limit: int) -> list[JobLine]:
        """Return failed imports, analyses, proxies and summaries, the latest first."""
        async with self._database.reading() as tx:
            return await queries.failed(tx, None, await visible_workspace(tx, caller, workspace_name), limit)

    async def cancel(self, actor: Actor, workspace_name: str, name: JobName) -> None:
        """End a waiting or running job.

        Raises:
            JobNotFound: no such job of the workspace waits or runs.
            JobKindRefused: jobs of this kind cannot be cancelled.
        """
        async with self._database.transaction() as tx:
            await _require_job(tx, actor, workspace_name, name)
            try:
                notice = await cancel_job(tx, self._queue, name, actor.user_name)
            except NoSuchJob as error:
                raise JobNotFound from error
            except JobControlRefused as error:
                raise JobKindRefused from error
            await record(tx, actor.entry, notice=notice)

    async def retry(self, actor: Actor, workspace_name: str, name: JobName) -> JobName:
        """Start a failed job again. Return the name of the job that does it.

        Raises:
            JobNotFound: no such job of the workspace failed.
            JobKindRefused: jobs of this kind cannot be retried.
        """
        async with self._database.transaction() as tx:
            await _require_job(tx, actor, workspace_name, name)
            try:
                again = await retry_job(tx, self._queue, name, actor.user_name)
            except NoSuchJob as error:
                raise JobNotFound from error
            except JobControlRefused as error:
                raise JobKindRefused from error
            await record(tx, actor.entry, created=None if again == name else again.subject)
            return again


async def _require_job(tx: Transaction, caller: Caller, workspace_name: str, name: JobName) -> None:
    await visible_workspace(tx, caller, workspace_name)
    if await queries.workspace_of(tx, name) != workspace_name:
        raise JobNotFound
