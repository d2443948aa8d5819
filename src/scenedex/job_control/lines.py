"""Jobs of the queue and failed ones, as lines for operators and callers."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from scenedex.job_control import queries
from scenedex.job_control.estimates import seconds_left_of_running, seconds_left_of_waiting
from scenedex.job_control.records import JobLine, JobName, JobState
from scenedex.jobs.state import kind_speeds, queued_jobs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scenedex.db.database import Transaction
    from scenedex.job_control.queries import JobDetails
    from scenedex.jobs import JobKind
    from scenedex.jobs.queue import JobId
    from scenedex.jobs.state import KindSpeed, QueuedJob


async def queued(tx: Transaction, kind: JobKind | None, workspace: int | None, limit: int) -> list[JobLine]:
    """Return running jobs, then waiting ones, of a kind and a workspace if they are given."""
    jobs = await queued_jobs(tx, kind, workspace, limit)
    details = await queries.details(tx, jobs)
    speeds = await kind_speeds(tx)
    found = list(zip(jobs, details, strict=True))
    seconds_left = _seconds_left(found, speeds)
    return [_line(job, facts, seconds_left.get(job.id)) for job, facts in found]


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
