"""The verbs of steering."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from uuid import uuid4

import msgspec
import structlog

from scenedex.analysis import queries as analysis_queries
from scenedex.analysis.records import AnalysisStatus
from scenedex.analysis.service import begin, stop
from scenedex.assets.imports import cancel_import, retry_import
from scenedex.assets.records import AssetId
from scenedex.audit.events import JOB_CANCELLED, JOB_RETRIED, JOBS_PAUSED, JOBS_RESUMED
from scenedex.audit.records import AuditEntry
from scenedex.audit.service import record
from scenedex.index.records import AnalysisSetting
from scenedex.jobs import JobId, JobKind
from scenedex.search import queries as search_queries
from scenedex.search import reindexing_queries
from scenedex.search.reindex_requests import request_reindexing
from scenedex.steering import queries
from scenedex.steering.estimates import left_of_running, left_of_waiting
from scenedex.steering.records import CannotSteer, JobLine, JobName, JobState, NoSuchJob
from scenedex.workspaces.service import require_workspace

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence

    from scenedex.db.database import Database, Transaction
    from scenedex.jobs import JobQueue
    from scenedex.steering.estimates import Pace
    from scenedex.steering.queries import QueuedJob
    from scenedex.steering.records import Pause


class Steering:
    """The jobs of all workspaces.

    Args:
        database: where they are.
        queue: where they wait.
        user_name: who steers, as it appears in answers.
    """

    def __init__(self, database: Database, queue: JobQueue, *, user_name: str) -> None:
        self._database = database
        self._queue = queue
        self._user_name = user_name

    async def queued(self, kind: JobKind | None, workspace_name: str | None, most: int) -> list[JobLine]:
        """Jobs that run, then those that wait.

        Raises:
            WorkspaceNotFound: there is no such workspace.
        """
        async with self._database.snapshot() as tx:
            workspace = await _workspace(tx, workspace_name)
            found = await queries.queued(tx, kind, workspace, most)
            paces = await queries.paces(tx)
        left = _left(found, paces)
        return [_line(job, left.get(job.name)) for job in found]

    async def failed(self, kind: JobKind | None, workspace_name: str | None, most: int) -> list[JobLine]:
        """Imports and analyses that failed, the latest first.

        Raises:
            WorkspaceNotFound: there is no such workspace.
        """
        async with self._database.transaction() as tx:
            return await queries.failed(tx, kind, await _workspace(tx, workspace_name), most)

    async def cancel(self, name: JobName) -> None:
        """End a job that waits or runs; what it served says so.

        Raises:
            NoSuchJob: none of that name waits or runs.
            CannotSteer: jobs of this kind end by themselves.
        """
        because = f"Canceled by {self._user_name}."
        workspace = await self._workspace_of(name)
        async with self._event(JOB_CANCELLED, f"jobs/{name}", workspace) as (tx, entry):
            match name.kind:
                case JobKind.ANALYSIS:
                    analysis = await analysis_queries.lock_index(tx, name.subject)
                    if analysis is None or not AnalysisStatus(analysis.status).is_running:
                        raise _missing(name)
                    await stop(tx, self._queue, analysis, self._user_name)
                    await record(tx, entry)
                    return
                case JobKind.IMPORT:
                    job = await cancel_import(tx, name.subject, because)
                case JobKind.SEARCH:
                    job = await search_queries.cancel(tx, name.subject, because)
                case JobKind.REINDEXING:
                    job = await reindexing_queries.cancel(tx, name.subject, because)
                case JobKind.ERASURE | JobKind.PICTURE:
                    raise CannotSteer(f"{name}: a job of this kind takes a moment and cannot be cancelled")
            if job is None:
                raise _missing(name)
            if job:
                await self._queue.cancel(tx, JobId(job))
            await record(tx, entry)

    async def retry(self, name: JobName) -> JobName:
        """Begin anew what failed; the name of the job that does it.

        Raises:
            NoSuchJob: nothing of that name failed.
            CannotSteer: it cannot be begun anew.
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
                        raise NoSuchJob(f"{name}: no import of that id failed, or its upload is gone: upload it again")
                case JobKind.REINDEXING:
                    if not await request_reindexing(tx, self._queue, name.subject):
                        raise NoSuchJob(f"{name}: there is no such workspace, or it is being reindexed")
                case JobKind.ERASURE | JobKind.PICTURE | JobKind.SEARCH:
                    raise CannotSteer(f"{name}: only imports, analyses and reindexings are tried again; ask anew")
            await record(tx, entry)
        return name

    async def pause(self, kind: JobKind | None, workspace_name: str | None) -> None:
        """Begin no more jobs of a kind, of a workspace, or both; those that run go on.

        Raises:
            WorkspaceNotFound: there is no such workspace.
        """
        async with self._event(JOBS_PAUSED, _which(kind), workspace_name) as (tx, entry):
            if await queries.pause(tx, kind, await _workspace(tx, workspace_name)):
                await record(tx, entry)

    async def resume(self, kind: JobKind | None, workspace_name: str | None) -> int:
        """Take pauses back that are for this kind and this workspace, or all; how many there were.

        Raises:
            WorkspaceNotFound: there is no such workspace.
        """
        async with self._event(JOBS_RESUMED, _which(kind), workspace_name) as (tx, entry):
            resumed = await queries.resume(tx, kind, await _workspace(tx, workspace_name))
            if resumed:
                await record(tx, entry)
            return resumed

    async def pauses(self) -> list[Pause]:
        """What is paused."""
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
        failed = await analysis_queries.lock_index(tx, name.subject)
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


def _left(jobs: Sequence[QueuedJob], paces: Mapping[JobKind, Pace]) -> dict[JobName, float | None]:
    """Seconds until each job will be done."""
    left: dict[JobName, float | None] = {}
    at_work: dict[JobKind, list[float]] = {kind: [] for kind in JobKind}
    for job in jobs:
        if job.is_running and job.waits_for is None:
            found = left_of_running(paces[job.kind], job.units, job.worked_seconds, job.percent)
            left[job.name] = found
            if found is not None:
                at_work[job.kind].append(found)
    for job in jobs:
        if not job.is_running and not job.is_paused:
            pace, known = paces[job.kind], at_work[job.kind]
            in_all = sum(known) if len(known) == pace.at_work else None
            left[job.name] = left_of_waiting(pace, job.units, job.units_ahead, in_all)
    return left


def _line(job: QueuedJob, left: float | None) -> JobLine:
    state = JobState.PAUSED if job.is_paused else JobState.WAITING
    if job.is_running:
        state = JobState.RUNNING
    return JobLine(
        job.name,
        state,
        job.workspace_name,
        job.project_id,
        job.asset_id,
        job.about,
        job.percent,
        job.stage,
        job.since,
        job.tries,
        left,
        _why_it_waits(job),
        job.trace_id,
    )


def _why_it_waits(job: QueuedJob) -> str | None:
    if job.waits_for is not None:
        return f"its stage {job.waits_for} waits for memory of the machine, or for its turn"
    return None if job.later is None else f"tried again at {job.later:%H:%M:%S}"
