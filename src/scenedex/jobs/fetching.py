"""Statements that replace those of Procrastinate: fetching the next job, finishing a job, and retrying it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, LiteralString

from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from procrastinate.manager import JobManager

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from procrastinate.connector import BaseConnector
    from procrastinate.jobs import Status

    from scenedex.jobs.kinds import JobKind

# The database function holds the rules of turns. Procrastinate's own statement knows priorities only.
# A job whose fetching is lost when the database crashes is fetched again, so the commit need not wait for the disk.
_NEXT: Final[LiteralString] = """
    SELECT found.*
    FROM set_config('synchronous_commit', 'off', true),
         next_job(%(kind)s, %(worker_id)s, %(max_of_workspace)s) AS found
"""
_FINISH: Final[LiteralString] = """
    SELECT procrastinate_finish_job_v1(id, %(status)s, %(delete_job)s)
    FROM procrastinate_jobs
    WHERE id = %(job_id)s AND status = 'doing' AND worker_id IS NOT DISTINCT FROM %(worker_id)s
    FOR UPDATE
"""
_RETRY: Final[LiteralString] = """
    SELECT procrastinate_retry_job_v2(
        id, now() + %(delay)s * interval '1 second', %(new_priority)s, %(new_queue_name)s, %(new_lock)s
    )
    FROM procrastinate_jobs
    WHERE id = %(job_id)s AND status = 'doing' AND worker_id IS NOT DISTINCT FROM %(worker_id)s
    FOR UPDATE
"""
# Together with the timeouts of connections, longer than a worker lives without a heartbeat.
_SECONDS_BETWEEN_TRIES: Final = (0.5, 2.0)


class FairJobManager(JobManager):
    """Access of Procrastinate to its tables, with the turns of workspaces.

    The result of a job is written only by the worker that holds the job, or for it by the process that takes the job
    over. A worker that has lost its job writes nothing. A write is repeated if the database is away, since a job must
    not stay with a live worker that has ended it.

    Attributes:
        is_open: returns whether jobs of a kind may be fetched now.
    """

    def __init__(self, connector: BaseConnector, max_of_workspace: Mapping[JobKind, int]) -> None:
        super().__init__(connector)
        self._max_of_workspace = {kind.value: limit for kind, limit in max_of_workspace.items()}
        self.is_open: Callable[[str], bool] = lambda _kind: True

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        """Fetch and lock the next job of the queues, or return `None`."""
        for kind in filter(self.is_open, queues or ()):
            row = await self.connector.execute_query_one_async(
                query=_NEXT, kind=kind, worker_id=worker_id, max_of_workspace=self._max_of_workspace.get(kind, 0)
            )
            if row["id"] is not None:
                return Job.from_row(row)
        return None

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:  # noqa: FBT001  # Procrastinate's
        """End a job, unless another worker holds it."""
        await self._write(_FINISH, job, status=status.value, delete_job=delete_job)

    async def retry_job(
        self,
        job: Job,
        retry_at: datetime | None = None,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        """Put a job back into the queue, unless another worker holds it. The delay runs by the database's clock."""
        delay = 0.0 if retry_at is None else max(0.0, (retry_at - datetime.now(UTC)).total_seconds())
        await self._write(_RETRY, job, delay=delay, new_priority=priority, new_queue_name=queue, new_lock=lock)

    async def _write(self, statement: LiteralString, job: Job, **arguments: object) -> None:
        for seconds in _SECONDS_BETWEEN_TRIES:
            try:
                await self._write_once(statement, job, arguments)
            except ConnectorException:
                await asyncio.sleep(seconds)
            else:
                return
        await self._write_once(statement, job, arguments)

    async def _write_once(self, statement: LiteralString, job: Job, arguments: Mapping[str, object]) -> None:
        # A write that was done although its answer was lost is not done twice: the job is no longer this worker's.
        await self.connector.execute_query_all_async(
            query=statement, job_id=job.id, worker_id=job.worker_id, **arguments
        )
