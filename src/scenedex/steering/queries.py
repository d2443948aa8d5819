"""The statements about jobs of all kinds, and what they are done to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, LiteralString

from scenedex.jobs import JobKind
from scenedex.steering.estimates import Pace
from scenedex.steering.records import JobLine, JobName, JobState, Pause

if TYPE_CHECKING:
    from datetime import datetime

    from scenedex.db.database import Transaction

# An analysis takes as long as its media; others are one unit each.
_UNITS: LiteralString = "greatest(1, coalesce((j.args ->> 'media_seconds')::float8, 0))"
# What a worker takes for news of a job.
_LOOK: Final = '{"type": "job_inserted", "job_id": 0}'
_IS_PAUSED: LiteralString = (
    "EXISTS (SELECT FROM job_pauses p WHERE p.kind IN ('', j.queue_name)"
    " AND p.workspace_id IN (0, job_workspace(j.args)))"
)


@dataclass(frozen=True, slots=True)
class QueuedJob:
    """A job of the queue, with what is needed to foretell its end."""

    kind: JobKind
    subject: int
    is_running: bool
    is_paused: bool
    workspace_name: str | None
    project_id: int | None
    asset_id: int | None
    about: str | None
    percent: int | None
    stage: str | None
    since: datetime | None
    worked_seconds: float
    tries: int
    later: datetime | None
    waits_for: str | None
    units: float
    units_ahead: float
    trace_id: str | None

    @property
    def name(self) -> JobName:
        """What operators call it."""
        return JobName(self.kind, self.subject)


async def queued(tx: Transaction, kind: JobKind | None, workspace_id: int | None, most: int) -> list[QueuedJob]:
    """Jobs that run, then those that wait, in the order in which they were to come if all workspaces were one."""

    def make(kind: str, *columns: object) -> QueuedJob:
        return QueuedJob(JobKind(kind), *columns)  # pyright: ignore[reportArgumentType]  # the columns are its fields

    return await tx.all(
        make,
        f"WITH jobs AS (SELECT j.*, {_UNITS} AS units, {_IS_PAUSED} AS is_paused,"
        f" CASE WHEN j.status = 'todo' THEN sum({_UNITS}) OVER"
        " (PARTITION BY j.queue_name, j.status ORDER BY j.priority DESC, j.id ROWS UNBOUNDED PRECEDING)"
        f" - {_UNITS} ELSE 0 END AS units_ahead, (j.args ->> 'subject')::bigint AS subject"
        " FROM procrastinate_jobs j WHERE j.status IN ('todo', 'doing') AND (%s::text IS NULL"
        " OR j.queue_name = %s)), shown AS (SELECT * FROM jobs j"
        " WHERE %s::bigint IS NULL OR job_workspace(j.args) = %s"
        " ORDER BY j.status = 'doing' DESC, j.priority DESC, j.id LIMIT %s)"
        " SELECT j.queue_name, j.subject, j.status = 'doing', j.is_paused, w.workspace_name, a.project_id, a.asset_id,"
        " a.file_name, CASE WHEN j.queue_name = 'import' THEN a.import_percent WHEN j.queue_name = 'analysis'"
        " THEN n.percent WHEN r.total > 0 THEN 100 * r.done / r.total END, n.stage, e.at,"
        " greatest(0, extract(epoch FROM coalesce(n.waits_since, clock_timestamp()) - e.at)"
        " - coalesce(n.waited_seconds, 0))::float8,"
        " coalesce(n.tries, CASE WHEN j.queue_name = 'import' THEN a.import_tries END,"
        " j.attempts + (j.status = 'doing')::int), CASE WHEN j.scheduled_at > now() THEN j.scheduled_at END,"
        " CASE WHEN j.status = 'doing' THEN n.waits_for END, j.units, j.units_ahead, j.args ->> 'trace_id' FROM shown j"
        " LEFT JOIN workspaces w ON w.workspace_id = job_workspace(j.args)"
        " LEFT JOIN analyses n ON j.queue_name = 'analysis' AND n.index_id = j.subject"
        " LEFT JOIN assets a ON a.asset_id = CASE j.queue_name WHEN 'import' THEN j.subject"
        " WHEN 'analysis' THEN n.asset_id END"
        " LEFT JOIN reindexings r ON j.queue_name = 'reindexing' AND r.workspace_id = j.subject"
        " LEFT JOIN LATERAL (SELECT CASE WHEN j.status = 'doing' THEN max(at) ELSE min(at) END AS at"
        " FROM procrastinate_events e WHERE e.job_id = j.id"
        " AND e.type = (CASE WHEN j.status = 'doing' THEN 'started' ELSE 'deferred' END)"
        "::procrastinate_job_event_type) e ON true"
        " ORDER BY j.status = 'doing' DESC, j.priority DESC, j.id",
        kind,
        kind,
        workspace_id,
        workspace_id,
        most,
    )


async def paces(tx: Transaction) -> dict[JobKind, Pace]:
    """How jobs of each kind come along."""

    def make(kind: str, seconds: float | None, at_work: int, units: float) -> tuple[JobKind, Pace]:
        return JobKind(kind), Pace(seconds, at_work, units)

    found = await tx.all(
        make,
        "SELECT k.kind, s.seconds / nullif(s.units, 0), count(j.id), coalesce(sum(j.units), 0)"
        " FROM unnest(%s::text[]) AS k (kind) LEFT JOIN job_speeds s USING (kind)"
        f" LEFT JOIN LATERAL (SELECT j.id, {_UNITS} AS units FROM procrastinate_jobs j"
        " WHERE j.queue_name = k.kind AND j.status = 'doing') j ON true GROUP BY k.kind, s.seconds, s.units",
        [kind.value for kind in JobKind],
    )
    return dict(found)


async def failed(tx: Transaction, kind: JobKind | None, workspace_id: int | None, most: int) -> list[JobLine]:
    """Imports and analyses that failed, the latest first."""

    def make(
        kind: str,
        subject: int,
        workspace_name: str,
        project_id: int,
        asset_id: int,
        about: str,
        since: datetime,
        tries: int,
        reason: str | None,
    ) -> JobLine:
        name = JobName(JobKind(kind), subject)
        return JobLine(
            name,
            JobState.FAILED,
            workspace_name,
            project_id,
            asset_id,
            about,
            None,
            None,
            since,
            tries,
            None,
            reason,
            None,
        )

    return await tx.all(
        make,
        "SELECT f.* FROM (SELECT 'import' AS kind, asset_id AS subject, w.workspace_name, a.project_id, a.asset_id,"
        " a.file_name, a.updated_time, a.import_tries,"
        " CASE WHEN a.import_status = 'INVALID_METADATA' OR a.import_reason IS NULL"
        " THEN concat_ws(' ', rtrim(a.import_result, '.') || '.', a.import_reason) ELSE a.import_reason END"
        " FROM assets a JOIN projects p USING (project_id) JOIN workspaces w USING (workspace_id)"
        " WHERE a.import_status NOT IN ('IN_PROGRESS', 'COMPLETED')"
        " AND (%s::bigint IS NULL OR w.workspace_id = %s)"
        " UNION ALL SELECT 'analysis', n.index_id, w.workspace_name, a.project_id, a.asset_id, a.file_name,"
        " n.updated_time, n.tries, n.message"
        " FROM analyses n JOIN assets a USING (asset_id) JOIN projects p USING (project_id)"
        " JOIN workspaces w USING (workspace_id) WHERE n.status = 'ANALYZE_FAIL'"
        " AND (%s::bigint IS NULL OR w.workspace_id = %s)) f"
        " WHERE %s::text IS NULL OR f.kind = %s ORDER BY f.updated_time DESC, f.subject DESC LIMIT %s",
        workspace_id,
        workspace_id,
        workspace_id,
        workspace_id,
        kind,
        kind,
        most,
    )


async def workspace_of(tx: Transaction, name: JobName) -> str | None:
    """The workspace of what a job serves; None where that is gone, or of no workspace."""
    return await tx.value(
        "SELECT workspace_name FROM workspaces WHERE workspace_id = CASE %s::text WHEN 'reindexing' THEN %s::bigint"
        " WHEN 'search' THEN (SELECT workspace_id FROM searches WHERE search_number = %s)"
        " WHEN 'import' THEN (SELECT workspace_id FROM assets JOIN projects USING (project_id) WHERE asset_id = %s)"
        " WHEN 'analysis' THEN (SELECT workspace_id FROM analyses JOIN assets USING (asset_id)"
        " JOIN projects USING (project_id) WHERE index_id = %s) END",
        name.kind.value,
        *(name.subject,) * 4,
    )


async def pause(tx: Transaction, kind: JobKind | None, workspace_id: int | None) -> bool:
    """Pause a kind and workspace, or all for `None`. Return `False` if they are paused already."""
    return (
        await tx.run("INSERT INTO job_pauses VALUES (%s, %s) ON CONFLICT DO NOTHING", kind or "", workspace_id or 0) > 0
    )


async def resume(tx: Transaction, kind: JobKind | None, workspace_id: int | None) -> int:
    """Take pauses back: those that are for this kind, this workspace, or both where both are given; how many."""
    gone = await tx.run(
        "DELETE FROM job_pauses WHERE (%s::text IS NULL OR kind = %s) AND (%s::bigint IS NULL OR workspace_id = %s)",
        kind,
        kind,
        workspace_id,
        workspace_id,
    )
    # Workers look at once instead of in some seconds.
    for one in JobKind:
        await tx.run("SELECT pg_notify('procrastinate_queue_v1#' || %s, %s)", one.value, _LOOK)
    return gone


async def pauses(tx: Transaction) -> list[Pause]:
    """What is paused, the longest first."""

    def make(kind: str, workspace_name: str | None, since: datetime) -> Pause:
        return Pause(JobKind(kind) if kind else None, workspace_name, since)

    return await tx.all(
        make,
        "SELECT p.kind, w.workspace_name, p.since FROM job_pauses p LEFT JOIN workspaces w USING (workspace_id)"
        " WHERE p.workspace_id = 0 OR w.workspace_id IS NOT NULL ORDER BY p.since, p.kind",
    )
