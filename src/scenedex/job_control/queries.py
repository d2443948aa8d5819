"""Statements about the rows that jobs serve, and about pauses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenedex.job_control.records import JobLine, JobName, JobState, Pause
from scenedex.jobs import JobKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from scenedex.db.database import Transaction
    from scenedex.jobs.state import QueuedJob


@dataclass(frozen=True, slots=True)
class JobDetails:
    """Facts of the row that a job serves.

    Attributes:
        tries: number of tries that the row has counted.
        waits_for: stage that waits for memory or for its turn.
        waited_seconds: time for which stages have waited, out of the time that the job runs.
    """

    workspace_name: str | None
    project_id: int | None
    asset_id: int | None
    file_name: str | None
    percent: int | None
    stage: str | None
    tries: int | None
    waits_for: str | None
    waited_seconds: float


async def details(tx: Transaction, jobs: Sequence[QueuedJob]) -> list[JobDetails]:
    """Return the details of each of these jobs, in their order."""
    return await tx.all(
        JobDetails,
        """
        SELECT
            w.workspace_name,
            a.project_id,
            a.asset_id,
            a.file_name,
            CASE
                WHEN j.kind = 'import' THEN a.import_percent
                WHEN j.kind = 'analysis' THEN n.percent
                WHEN j.kind = 'proxy' THEN x.percent
                WHEN m.scene_count > 0 THEN 100 * m.done_count / m.scene_count
                WHEN r.total > 0 THEN 100 * r.done / r.total
            END,
            n.stage,
            CASE j.kind
                WHEN 'import' THEN a.import_tries
                WHEN 'proxy' THEN x.tries
                WHEN 'summary' THEN m.tries
                WHEN 'bulk-import' THEN b.tries
                ELSE n.tries
            END,
            n.waits_for,
            (
                coalesce(n.waited_seconds, 0) + coalesce(extract(epoch FROM clock_timestamp() - n.waits_since), 0)
            )::float8
        FROM unnest(%(kinds)s::text[], %(subjects)s::bigint[], %(workspaces)s::bigint[])
            WITH ORDINALITY AS j (kind, subject, workspace_id, place)
        LEFT JOIN workspaces w ON w.workspace_id = j.workspace_id
        LEFT JOIN analyses n ON j.kind = 'analysis' AND n.index_id = j.subject
        LEFT JOIN summary_runs m ON j.kind = 'summary' AND m.summary_id = j.subject
        LEFT JOIN indexes i ON i.index_id = m.index_id
        LEFT JOIN assets a ON a.asset_id = CASE j.kind
            WHEN 'import' THEN j.subject
            WHEN 'proxy' THEN j.subject
            WHEN 'summary' THEN i.asset_id
            ELSE n.asset_id
        END
        LEFT JOIN bulk_imports b ON j.kind = 'bulk-import' AND b.import_id = j.subject
        LEFT JOIN proxies x ON j.kind = 'proxy' AND x.asset_id = j.subject
        LEFT JOIN reindexings r ON j.kind = 'reindexing' AND r.workspace_id = j.subject
        ORDER BY j.place
        """,
        kinds=[job.kind.value for job in jobs],
        subjects=[job.subject for job in jobs],
        workspaces=[job.workspace_id for job in jobs],
    )


async def failed(tx: Transaction, kind: JobKind | None, workspace_id: int | None, limit: int) -> list[JobLine]:
    """Return failed imports, analyses, proxies and summaries, the latest first."""

    def make(kind: str, subject: int, *columns: object) -> JobLine:
        return JobLine(JobName(JobKind(kind), subject), JobState.FAILED, *columns)  # pyright: ignore[reportArgumentType]  # the columns are its fields

    return await tx.all(
        make,
        """
        SELECT f.kind, f.subject, w.workspace_name, a.project_id, a.asset_id, a.file_name,
            NULL, NULL, f.since, f.tries, NULL, f.reason, NULL
        FROM (
            SELECT
                'import' AS kind,
                asset_id AS subject,
                asset_id,
                updated_time AS since,
                import_tries AS tries,
                CASE
                    WHEN import_status = 'INVALID_METADATA' OR import_reason IS NULL
                    THEN concat_ws(' ', rtrim(import_result, '.') || '.', import_reason)
                    ELSE import_reason
                END AS reason
            FROM assets
            WHERE import_status NOT IN ('IN_PROGRESS', 'COMPLETED')
            UNION ALL
            SELECT 'analysis', index_id, asset_id, updated_time, tries, message
            FROM analyses
            WHERE status = 'ANALYZE_FAIL'
            UNION ALL
            SELECT 'proxy', asset_id, asset_id, updated_time, tries, reason
            FROM proxies
            WHERE status = 'FAILED'
            UNION ALL
            SELECT 'summary', summary_id, asset_id, summary_runs.updated_time, tries, message
            FROM summary_runs
            JOIN indexes USING (index_id)
            WHERE status = 'SUMMARIZE_FAIL'
        ) f
        JOIN assets a USING (asset_id)
        JOIN projects p USING (project_id)
        JOIN workspaces w USING (workspace_id)
        WHERE (%(kind)s::text IS NULL OR f.kind = %(kind)s)
        AND (%(workspace_id)s::bigint IS NULL OR w.workspace_id = %(workspace_id)s)
        ORDER BY f.since DESC, f.subject DESC
        LIMIT %(limit)s
        """,
        kind=kind,
        workspace_id=workspace_id,
        limit=limit,
    )


async def workspace_of(tx: Transaction, name: JobName) -> str | None:
    """Return the workspace of the row that a job serves, or `None` if the row has none or does not exist."""
    return await tx.value(
        """
        SELECT workspace_name
        FROM workspaces
        WHERE workspace_id = CASE replace(%(kind)s::text, 'proxy', 'import')
            WHEN 'reindexing' THEN %(subject)s::bigint
            WHEN 'search' THEN (SELECT workspace_id FROM searches WHERE search_number = %(subject)s)
            WHEN 'question' THEN (SELECT workspace_id FROM questions WHERE question_number = %(subject)s)
            WHEN 'import' THEN (
                SELECT workspace_id FROM assets JOIN projects USING (project_id) WHERE asset_id = %(subject)s
            )
            WHEN 'analysis' THEN (
                SELECT workspace_id FROM analyses JOIN assets USING (asset_id) JOIN projects USING (project_id)
                WHERE index_id = %(subject)s
            )
            WHEN 'watch' THEN (
                SELECT workspace_id FROM watches JOIN projects USING (project_id) WHERE watch_id = %(subject)s
            )
            WHEN 'bulk-import' THEN (
                SELECT workspace_id FROM bulk_imports JOIN projects USING (project_id) WHERE import_id = %(subject)s
            )
            WHEN 'summary' THEN (
                SELECT workspace_id FROM summary_runs JOIN indexes USING (index_id) JOIN assets USING (asset_id)
                JOIN projects USING (project_id)
                WHERE summary_id = %(subject)s
            )
        END
        """,
        kind=name.kind.value,
        subject=name.subject,
    )


async def pause(tx: Transaction, kind: JobKind | None, workspace_id: int | None) -> bool:
    """Pause a kind and workspace, or all for `None`. Return `False` if they are paused already."""
    inserted = await tx.run(
        "INSERT INTO job_pauses VALUES (%(kind)s, %(workspace_id)s) ON CONFLICT DO NOTHING",
        kind=kind or "",
        workspace_id=workspace_id or 0,
    )
    return inserted > 0


async def resume(tx: Transaction, kind: JobKind | None, workspace_id: int | None) -> int:
    """Remove the pauses of this kind, of this workspace, or of both if both are given. Return their number."""
    return await tx.run(
        """
        DELETE FROM job_pauses
        WHERE (%(kind)s::text IS NULL OR kind = %(kind)s)
        AND (%(workspace_id)s::bigint IS NULL OR workspace_id = %(workspace_id)s)
        """,
        kind=kind,
        workspace_id=workspace_id,
    )


async def pauses(tx: Transaction) -> list[Pause]:
    """Return all pauses, the longest first."""

    def make(kind: str, workspace_name: str | None, since: datetime) -> Pause:
        return Pause(JobKind(kind) if kind else None, workspace_name, since)

    return await tx.all(
        make,
        """
        SELECT p.kind, w.workspace_name, p.since
        FROM job_pauses p
        LEFT JOIN workspaces w USING (workspace_id)
        WHERE p.workspace_id = 0 OR w.workspace_id IS NOT NULL
        ORDER BY p.since, p.kind
        """,
    )
