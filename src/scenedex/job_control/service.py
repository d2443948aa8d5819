"""Listing, cancelling, retrying and pausing jobs."""

from __future__ import annotations

from collections import defaultdict
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from uuid import uuid4

import msgspec
import structlog

from scenedex.analysis.records import AnalysisStatus
from scenedex.analysis.service import begin, lock_analysis, stop
from scenedex.assets.import_control import cancel_import, retry_import
from scenedex.assets.records import AssetId
from scenedex.audit.events import JOB_CANCELLED, JOB_RETRIED, JOBS_PAUSED, JOBS_RESUMED
from scenedex.audit.records import AuditEntry
from scenedex.audit.service import record
from scenedex.index.records import AnalysisSetting
from scenedex.job_control import queries
from scenedex.job_control.estimates import seconds_left_of_running, seconds_left_of_waiting
from scenedex.job_control.records import JobControlRefused, JobLine, JobName, JobState, NoSuchJob
from scenedex.jobs import JobKind
from scenedex.jobs.queue import JobId
from scenedex.jobs.state import kind_speeds, queued_jobs
from scenedex.search.reindex_requests import cancel_reindexing, request_reindexing
from scenedex.search.service import cancel_search
from scenedex.workspaces.service import require_workspace

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence

    from scenedex.db.database import Database, Transaction
    from scenedex.job_control.queries import JobDetails
    from scenedex.job_control.records import Pause
    from scenedex.jobs.queue import JobQueue
    from scenedex.jobs.state import KindSpeed, QueuedJob


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
            jobs = await queued_jobs(tx, kind, await _workspace(tx, workspace_name), limit)
            details = await queries.details(tx, jobs)
            speeds = await kind_speeds(tx)
        found = list(zip(jobs, details, strict=True))
        seconds_left = _seconds_left(found, speeds)
        return [_line(job, facts, seconds_left.get(job.id)) for job, facts in found]

    async def failed(self, kind: JobKind | None, workspace_name: str | None, limit: int) -> list[JobLine]:
        """Return failed imports and analyses, the latest first."""
        async with self._database.transaction() as tx:
            return await queries.failed(tx, kind, await _workspace(tx, workspace_name), limit)

    async def cancel(self, name: JobName) -> None:
        """End a waiting or running job. The row that it serves says so.

        Raises:
            NoSuchJob: no job of that name waits or runs.
            JobControlRefused: jobs of this kind cannot be cancelled.
        """
        because = f"Canceled by {self._user_name}."
        workspace = await self._workspace_of(name)
        async with self._event(JOB_CANCELLED, f"jobs/{name}", workspace) as (tx, entry):
            match name.kind:
                case JobKind.ANALYSIS:
                    analysis = await lock_analysis(tx, name.subject)
                    if analysis is None or not AnalysisStatus(analysis.status).is_running:
                        raise _missing(name)
                    await stop(tx, self._queue, analysis, self._user_name)
                    await record(tx, entry)
                    return
                case JobKind.IMPORT:
                    job = await cancel_import(tx, name.subject, because)
                case JobKind.SEARCH:
                    job = await cancel_search(tx, name.subject, because)
                case JobKind.REINDEXING:
                    job = await cancel_reindexing(tx, name.subject, because)
                case _:
                    raise JobControlRefused(f"{name}: a job of this kind takes a moment and cannot be cancelled")
            if job is None:
                raise _missing(name)
            if job:
                await self._queue.cancel(tx, JobId(job))
            await record(tx, entry)

    async def retry(self, name: JobName) -> JobName:
        """Start a failed job again. Return the name of the job that does it.

        Raises:
            NoSuchJob: no job of that name failed.
            JobControlRefused: jobs of this kind cannot be retried.
        """
        workspace = await self._workspace_of(name)
        async with self._event(JOB_RETRIED, f"jobs/{name}", workspace) as (tx, entry):
            match name.kind:
                case JobKind.ANALYSIS:
                    again = await self._analyse_again(tx, name)
                    await record(tx, entry, created=again.subject)
                    return again
                case JobKind.IMPORT:
                    if not await retry_import(tx, self._queue, name.subject):
                        raise NoSuchJob(
                            f"{name}: no import of that id failed, or its upload was removed. Upload the file again"
                        )
                case JobKind.REINDEXING:
                    if not await request_reindexing(tx, self._queue, name.subject):
                        raise NoSuchJob(f"{name}: there is no such workspace, or it is being reindexed")
                case _:
                    raise JobControlRefused(f"{name}: only imports, analyses and reindexings can be retried")
            await record(tx, entry)
        return name

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

    async def _analyse_again(self, tx: Transaction, name: JobName) -> JobName:
        failed = await lock_analysis(tx, name.subject)
        if failed is None or AnalysisStatus(failed.status) not in (
            AnalysisStatus.ANALYZE_FAIL,
            AnalysisStatus.ANALYZE_CANCEL,
        ):
            raise NoSuchJob(f"{name}: no analysis of that id failed")
        setting = msgspec.convert(failed.options, AnalysisSetting)
        again = await begin(tx, self._queue, AssetId(failed.asset_id), setting, self._user_name)
        return JobName(JobKind.ANALYSIS, again.index_id)


def _which(kind: JobKind | None) -> str:
    return f"jobs/{'all' if kind is None else kind.value}"


def _missing(name: JobName) -> NoSuchJob:
    return NoSuchJob(f"{name}: no such job waits or runs")


async def _workspace(tx: Transaction, name: str | None) -> int | None:
    return None if name is None else await require_workspace(tx, name)


def _seconds_left(
    jobs: Sequence[tuple[QueuedJob, JobDetails]], speeds: Mapping[JobKind, KindSpeed]
) -> dict[JobId, float | None]:
    """Return the seconds until each job is done, as far as they can be estimated."""
    left: dict[JobId, float | None] = {}
    running: defaultdict[JobKind, list[float]] = defaultdict(list)
    for job, facts in jobs:
        if job.is_running and facts.waits_for is None:
            worked = max(0.0, job.running_seconds - facts.waited_seconds)
            seconds = seconds_left_of_running(speeds[job.kind], job.units, worked, facts.percent)
            left[job.id] = seconds
            if seconds is not None:
                running[job.kind].append(seconds)
    for job, _ in jobs:
        if not job.is_running and not job.is_paused:
            speed, known = speeds[job.kind], running[job.kind]
            running_seconds_left = sum(known) if len(known) == speed.running else None
            left[job.id] = seconds_left_of_waiting(speed, job.units, job.units_ahead, running_seconds_left)
    return left


def _line(job: QueuedJob, facts: JobDetails, seconds_left: float | None) -> JobLine:
    state = JobState.PAUSED if job.is_paused else JobState.WAITING
    return JobLine(
        name=JobName(job.kind, job.subject),
        state=JobState.RUNNING if job.is_running else state,
        workspace_name=facts.workspace_name,
        project_id=facts.project_id,
        asset_id=facts.asset_id,
        file_name=facts.file_name,
        percent=facts.percent,
        stage=facts.stage,
        since=job.since,
        tries=job.attempts if facts.tries is None else facts.tries,
        seconds_left=seconds_left,
        reason=_reason(job, facts),
        trace_id=job.trace_id,
    )


def _reason(job: QueuedJob, facts: JobDetails) -> str | None:
    if job.is_running and facts.waits_for is not None:
        return f"its stage {facts.waits_for} waits for memory of the machine, or for its turn"
    return None if job.delayed_until is None else f"tried again at {job.delayed_until:%H:%M:%S}"
