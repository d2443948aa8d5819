"""What of the engine's statements is ours: which job is next, and who may say what became of one."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from procrastinate.manager import JobManager

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from procrastinate.connector import BaseConnector
    from procrastinate.jobs import Status

    from scenedex.jobs.kinds import JobKind

# The function has the rules; the statement of the engine knows only the order of priorities.
_NEXT: Final = "SELECT found.* FROM next_job(%(kind)s, %(worker_id)s, %(most)s) AS found"
_OF_WORKER: Final = (
    " FROM procrastinate_jobs WHERE id = %(job_id)s AND status = 'doing'"
    " AND worker_id IS NOT DISTINCT FROM %(worker_id)s FOR UPDATE"
)
_FINISH: Final = "SELECT procrastinate_finish_job_v1(id, %(status)s, %(delete_job)s)" + _OF_WORKER
_AGAIN: Final = (
    "SELECT procrastinate_retry_job_v2(id, now() + %(delay)s * interval '1 second',"
    " %(new_priority)s, %(new_queue_name)s, %(new_lock)s)" + _OF_WORKER
)
# Longer in all, with the time that a connection is waited for, than a worker goes without a heartbeat.
_SECONDS_BETWEEN_TRIES: Final = (0.5, 2.0)


class FairJobManager(JobManager):
    """The engine's access to its tables, with our choice of the next job.

    What became of a job is written by the worker that has it, or for that worker by who takes the job over; a worker
    that has lost it says nothing. It is written again where the database goes away meanwhile: a job must not stay
    with a worker that has ended it and lives on.

    Args:
        connector: the engine's connections.
        most_of_workspace: jobs of one workspace at work at a time, by kind; no limit where a kind is missing.

    Attributes:
        may_take: whether jobs of a kind are fetched at the moment.
    """

    def __init__(self, connector: BaseConnector, most_of_workspace: Mapping[JobKind, int]) -> None:
        super().__init__(connector)
        self._most = {kind.value: most for kind, most in most_of_workspace.items()}
        self.may_take: Callable[[str], bool] = lambda _kind: True

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        """The next job of the queues, which is the worker's from then on; None where there is none to be had."""
        for kind in filter(self.may_take, queues or ()):
            row = await self.connector.execute_query_one_async(
                query=_NEXT, kind=kind, worker_id=worker_id, most=self._most.get(kind, 0)
            )
            if row["id"] is not None:
                return Job.from_row(row)
        return None

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:  # noqa: FBT001  # the engine's
        """End a job; nothing where another worker has it."""
        await self._write(_FINISH, job, status=status.value, delete_job=delete_job)

    async def retry_job(
        self,
        job: Job,
        retry_at: datetime | None = None,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        """Put a job back into the queue, after a while by the clock of the database; nothing where another has it."""
        delay = 0.0 if retry_at is None else max(0.0, (retry_at - datetime.now(UTC)).total_seconds())
        await self._write(_AGAIN, job, delay=delay, new_priority=priority, new_queue_name=queue, new_lock=lock)

    async def _write(self, statement: str, job: Job, **arguments: object) -> None:
        for seconds in _SECONDS_BETWEEN_TRIES:
            try:
                await self._write_once(statement, job, arguments)
            except ConnectorException:
                await asyncio.sleep(seconds)
            else:
                return
        await self._write_once(statement, job, arguments)

    async def _write_once(self, statement: str, job: Job, arguments: Mapping[str, object]) -> None:
        # All of a job that was written once is found to be so: the second time no such job is the worker's.
        await self.connector.execute_query_all_async(
            query=statement,  # pyright: ignore[reportArgumentType]  # one of the literals above
            job_id=job.id,
            worker_id=job.worker_id,
            **arguments,
        )
