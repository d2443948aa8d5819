"""State of the queue, for other packages: jobs in line, speeds, and jobs of dead workers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenedex.db.database import as_tuple
from scenedex.jobs.kinds import JobKind
from scenedex.jobs.queue import JobId

if TYPE_CHECKING:
    from datetime import datetime

    from scenedex.db.database import Transaction


@dataclass(frozen=True, slots=True)
class QueuedJob:
    """A job that waits or runs.

    Attributes:
        subject: id of the row that it serves.
        workspace_id: workspace that it counts for, 0 for none.
        is_paused: whether a pause holds it back while it waits.
        since: time of its start if it runs, else of its request.
        running_seconds: time since its start, 0 if it waits.
        attempts: number of its starts.
        delayed_until: time before which it is not tried again.
        units: length of its media in seconds, at least 1.
        units_ahead: units of the jobs of its kind that wait before it.
    """

    id: JobId
    kind: JobKind
    subject: int
    workspace_id: int
    is_running: bool
    is_paused: bool
    since: datetime | None
    running_seconds: float
    attempts: int
    delayed_until: datetime | None
    units: float
    units_ahead: float
    trace_id: str | None


@dataclass(frozen=True, slots=True)
class KindSpeed:
    """Speed of the jobs of one kind.

    Attributes:
        seconds_per_unit: average time of a unit of work, `None` before the first job.
        running: number of running jobs.
        running_units: units of the running jobs, including what is done of them.
    """

    seconds_per_unit: float | None
    running: int
    running_units: float


@dataclass(frozen=True, slots=True)
class JobRef:
    """A job and the row that it serves."""

    id: JobId
    kind: str
    subject: int

    def __str__(self) -> str:
        return f"{self.kind} job {self.id} of {self.subject}"


async def is_any_live(tx: Transaction, kind: JobKind) -> bool:
    """Return whether a job of this kind waits or runs."""
    return await tx.value(
        """
        SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE task_name = %(kind)s AND status IN ('todo', 'doing'))
        """,
        kind=kind.value,
    )


async def queued_jobs(tx: Transaction, kind: JobKind | None, workspace_id: int | None, limit: int) -> list[QueuedJob]:
    """Return the running jobs, then the waiting ones in the order that they would have if all workspaces were one."""

    def make(number: int, kind: str, *columns: object) -> QueuedJob:
        return QueuedJob(JobId(number), JobKind(kind), *columns)  # pyright: ignore[reportArgumentType]  # the columns are its fields

    return await tx.all(
        make,
        """
        WITH live AS (
            SELECT *, greatest(1, coalesce((args ->> 'media_seconds')::float8, 0)) AS units
            FROM procrastinate_jobs
            WHERE status IN ('todo', 'doing') AND (%(kind)s::text IS NULL OR queue_name = %(kind)s)
        ), placed AS (
            SELECT *, CASE WHEN status = 'todo' THEN sum(units) OVER line - units ELSE 0 END AS units_ahead
            FROM live
            WINDOW line AS (PARTITION BY queue_name, status ORDER BY priority DESC, id ROWS UNBOUNDED PRECEDING)
        ), shown AS (
            SELECT *, status = 'doing' AS is_running, job_workspace(args) AS workspace
            FROM placed
            WHERE %(workspace_id)s::bigint IS NULL OR job_workspace(args) = %(workspace_id)s
            ORDER BY status = 'doing' DESC, priority DESC, id
            LIMIT %(limit)s
        )
        SELECT
            j.id,
            j.queue_name,
            (j.args ->> 'subject')::bigint,
            j.workspace,
            j.is_running,
            EXISTS (SELECT FROM job_pauses WHERE kind IN ('', j.queue_name) AND workspace_id IN (0, j.workspace)),
            e.at,
            CASE WHEN j.is_running THEN coalesce(extract(epoch FROM clock_timestamp() - e.at), 0) ELSE 0 END::float8,
            j.attempts + j.is_running::int,
            CASE WHEN j.scheduled_at > now() THEN j.scheduled_at END,
            j.units,
            j.units_ahead,
            j.args ->> 'trace_id'
        FROM shown j
        LEFT JOIN LATERAL (
            SELECT CASE WHEN j.is_running THEN max(at) ELSE min(at) END AS at
            FROM procrastinate_events
            WHERE job_id = j.id
            AND type = (CASE WHEN j.is_running THEN 'started' ELSE 'deferred' END)::procrastinate_job_event_type
        ) e ON true
        ORDER BY j.is_running DESC, j.priority DESC, j.id
        """,
        kind=kind,
        workspace_id=workspace_id,
        limit=limit,
    )


async def kind_speeds(tx: Transaction) -> dict[JobKind, KindSpeed]:
    """Return the speed of each kind."""

    def make(kind: str, seconds: float | None, running: int, units: float) -> tuple[JobKind, KindSpeed]:
        return JobKind(kind), KindSpeed(seconds, running, units)

    found = await tx.all(
        make,
        """
        SELECT k.kind, s.seconds / nullif(s.units, 0), count(j.units), coalesce(sum(j.units), 0)
        FROM unnest(%(kinds)s::text[]) AS k (kind)
        LEFT JOIN job_speeds s USING (kind)
        LEFT JOIN LATERAL (
            SELECT greatest(1, coalesce((args ->> 'media_seconds')::float8, 0)) AS units
            FROM procrastinate_jobs
            WHERE queue_name = k.kind AND status = 'doing'
        ) j ON true
        GROUP BY k.kind, s.seconds, s.units
        """,
        kinds=[kind.value for kind in JobKind],
    )
    return dict(found)


async def job_counts(tx: Transaction) -> list[tuple[str, str, int]]:
    """Return kind, status and number of the jobs that wait or run."""
    return await tx.all(
        as_tuple,
        """
        SELECT task_name, status::text, count(*)
        FROM procrastinate_jobs
        WHERE status IN ('todo', 'doing')
        GROUP BY task_name, status
        """,
    )


async def longest_waits(tx: Transaction) -> dict[str, float]:
    """Return, for each kind with waiting jobs, the seconds since the oldest of them could have started."""
    rows: list[tuple[str, float | None]] = await tx.all(
        as_tuple,
        """
        SELECT kind, greatest(0, extract(epoch FROM now() - least(due, (
            SELECT min(at) FROM procrastinate_events WHERE job_id = oldest AND type = 'deferred'
        ))))::float8
        FROM (
            SELECT
                task_name AS kind,
                min(scheduled_at) AS due,
                min(id) FILTER (WHERE scheduled_at IS NULL) AS oldest
            FROM procrastinate_jobs
            WHERE status = 'todo'
            GROUP BY task_name
        ) waiting
        """,
    )
    return {kind: seconds for kind, seconds in rows if seconds is not None}


async def waiting_jobs(tx: Transaction, cutoff: datetime, after: int, limit: int) -> list[JobRef]:
    """Return waiting jobs with an id above `after` whose last event is older than the cutoff, in the order of ids."""
    return await tx.all(
        JobRef,
        """
        SELECT id, task_name, (args ->> 'subject')::bigint
        FROM procrastinate_jobs j
        WHERE status = 'todo' AND id > %(after)s
        AND (SELECT max(at) FROM procrastinate_events WHERE job_id = j.id) < %(cutoff)s
        ORDER BY id
        LIMIT %(limit)s
        """,
        cutoff=cutoff,
        after=after,
        limit=limit,
    )


async def jobs_of_dead_workers(tx: Transaction, last_heartbeat: datetime) -> list[JobRef]:
    """Return running jobs whose worker is unknown, or has sent no heartbeat since that time."""
    return await tx.all(
        JobRef,
        """
        SELECT j.id, j.task_name, (j.args ->> 'subject')::bigint
        FROM procrastinate_jobs j
        LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
        WHERE j.status = 'doing' AND (w.id IS NULL OR w.last_heartbeat < %(last_heartbeat)s)
        ORDER BY j.id
        """,
        last_heartbeat=last_heartbeat,
    )


async def delete_old_jobs(tx: Transaction) -> int:
    """Delete ended jobs a day after their last event, at most 1000. The rows that they served keep their results."""
    return await tx.run(
        """
        DELETE FROM procrastinate_jobs j
        WHERE id IN (SELECT id FROM procrastinate_jobs WHERE status NOT IN ('todo', 'doing') ORDER BY id LIMIT 1000)
        AND NOT EXISTS (
            SELECT FROM procrastinate_events e WHERE e.job_id = j.id AND e.at > now() - interval '1 day'
        )
        """
    )
