"""Running jobs in a worker process, and taking over those of dead workers."""

from __future__ import annotations

import asyncio
import contextlib
import time
from functools import partial
from typing import TYPE_CHECKING, Protocol

import structlog
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.job_context import AbortReason
from psycopg.errors import ForeignKeyViolation

from scenedex.db.database import DatabaseUnavailable
from scenedex.jobs import queries
from scenedex.jobs.errors import GivenUp, NotReady
from scenedex.jobs.kinds import JobKind
from scenedex.metrics import timing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from procrastinate.jobs import Job

    from scenedex.db.database import Database
    from scenedex.jobs.queue import JobQueue
    from scenedex.jobs.readiness import Readiness
    from scenedex.metrics import Metrics

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.jobs")


class JobHandler(Protocol):
    """Work of one kind of job.

    A handler ends the row that the job serves itself, in success and in failure. It may run again after any
    interruption, even while an earlier run still believes to be alive, so it fences its writes. `Attempts` does so.
    """

    async def run(self, subject: int) -> None:
        """Do the job.

        Raises:
            GivenUp: the job has ended without success.
            NotReady: the job goes back into the queue at once.
            Exception: the job goes back into the queue with a growing delay.
        """
        ...


class _RetryForever(BaseRetryStrategy):
    """Puts an interrupted job back. The handler's own count of tries ends a job that never succeeds."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        if isinstance(exception, (asyncio.CancelledError, NotReady)):
            return RetryDecision(retry_in={"seconds": 0})
        return RetryDecision(retry_in={"seconds": min(60, 2**job.attempts)})


class JobRunner:
    """Runs the jobs of one worker process.

    Args:
        queue: an open queue.
        handlers: handler of each kind that this worker runs.
        concurrency: maximum number of running jobs, by kind.
        stalled_after_seconds: age of a heartbeat at which a worker counts as dead.
        shutdown_grace_seconds: time that running jobs get to finish at a stop.
    """

    def __init__(
        self,
        queue: JobQueue,
        database: Database,
        handlers: Mapping[JobKind, JobHandler],
        *,
        readiness: Readiness,
        metrics: Metrics,
        concurrency: Mapping[JobKind, int],
        stalled_after_seconds: float,
        shutdown_grace_seconds: float,
    ) -> None:
        self._queue = queue
        self._database = database
        self._metrics = metrics
        self._concurrency = concurrency
        self._kinds = tuple(handlers)
        self._stalled_after = stalled_after_seconds
        self._grace = shutdown_grace_seconds
        queue.manager.is_open = lambda kind: readiness.is_ready or not JobKind(kind).needs_storage
        for kind, handler in handlers.items():
            task = self._task(kind, handler)
            queue.engine.task(name=kind.value, queue=kind.value, retry=_RetryForever(), pass_context=True)(task)

    async def run(self) -> None:
        """Run jobs until cancelled. Wait for a database that is away."""
        async with asyncio.TaskGroup() as group:
            for kind in self._kinds:
                group.create_task(self._run_kind(kind), name=f"worker {kind}")
            group.create_task(self._recover(), name="recovery")

    async def _run_kind(self, kind: JobKind) -> None:
        while True:
            try:
                await self._queue.engine.run_worker_async(
                    queues=[kind.value],
                    name=kind.value,
                    concurrency=self._concurrency[kind],
                    install_signal_handlers=False,
                    fetch_job_polling_interval=2.0,
                    abort_job_polling_interval=1.0,
                    shutdown_graceful_timeout=self._grace,
                    update_heartbeat_interval=self._stalled_after / 4,
                    stalled_worker_timeout=self._stalled_after,
                    delete_jobs="successful",
                )
            except Exception as error:  # noqa: BLE001  # a worker outlives every error, and logs it
                reason = _reason(error)
                _log.warning("worker.interrupted", kind=kind.value, reason=reason, exc_info=reason is None)
                await asyncio.sleep(1)

    async def _recover(self) -> None:
        """Take over the jobs of dead workers from time to time."""
        while True:
            try:
                await self._queue.retry_stalled_jobs(self._stalled_after)
                await self._queue.manager.prune_stalled_workers(self._stalled_after)
            except Exception as error:  # noqa: BLE001  # as above
                reason = _reason(error)
                _log.warning("recovery.interrupted", reason=reason, exc_info=reason is None)
            await asyncio.sleep(self._stalled_after / 3)

    def _task(self, kind: JobKind, handler: JobHandler):  # noqa: ANN202  # a coroutine function, as Procrastinate wants it
        async def run(context: JobContext, subject: int, **arguments: object) -> None:
            with structlog.contextvars.bound_contextvars(
                trace_id=arguments.get("trace_id"), job=context.job.id, kind=kind.value, subject=subject
            ):
                started = time.monotonic()
                try:
                    with timing(partial(self._metrics.note_job, kind.value)):
                        await handler.run(subject)
                except asyncio.CancelledError:
                    # A user's cancel has already ended the row. Only a stop of this worker wants another run.
                    if context.abort_reason() is not AbortReason.USER_REQUEST:
                        raise
                except GivenUp:
                    self._metrics.note_given_up(kind.value)
                except NotReady:
                    _log.info("job.given_back")
                    raise
                except Exception as error:
                    _log.warning("job.broken_off", reason=f"{type(error).__name__}: {error}", exc_info=not str(error))
                    raise
                else:
                    await self._add_speed(kind, time.monotonic() - started, arguments.get("media_seconds"))

        return run

    async def _add_speed(self, kind: JobKind, seconds: float, media_seconds: object) -> None:
        if not kind.is_estimated:
            return
        units = max(1.0, media_seconds) if isinstance(media_seconds, (int, float)) else 1.0
        with contextlib.suppress(DatabaseUnavailable):
            async with self._database.transaction() as tx:
                await queries.add_speed(tx, kind, seconds, units)


def _reason(error: Exception) -> str | None:
    """Return what the database reported, in one line, or `None` for other errors."""
    if not isinstance(error, ConnectorException):
        return None
    if isinstance(error.__cause__, ForeignKeyViolation):
        return "The worker sent no heartbeat for so long that it was considered dead. It continues under a new id."
    return next(iter(str(error.__cause__ or error).splitlines()), type(error.__cause__).__name__)
