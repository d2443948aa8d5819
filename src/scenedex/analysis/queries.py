"""Statements about analyses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scenedex.analysis.records import Analysis, AnalysisClaim
from scenedex.jobs.queue import Work

if TYPE_CHECKING:
    from scenedex.db.database import Transaction
    from scenedex.index.records import AnalysisSetting
    from scenedex.jobs.queue import JobId


async def find(tx: Transaction, asset_id: int) -> Analysis | None:
    """Return the latest analysis of an asset."""
    return await tx.one(
        Analysis,
        """
        SELECT index_id, asset_id, status, message, stage, percent, options, job_id, created_user_name, created_time,
            updated_user_name, updated_time
        FROM analyses
        WHERE asset_id = %(asset_id)s
        """,
        asset_id=asset_id,
    )


async def lock(tx: Transaction, asset_id: int) -> Analysis | None:
    """Lock and return the latest analysis of an asset."""
    return await tx.one(
        Analysis,
        """
        SELECT index_id, asset_id, status, message, stage, percent, options, job_id, created_user_name, created_time,
            updated_user_name, updated_time
        FROM analyses
        WHERE asset_id = %(asset_id)s
        FOR UPDATE
        """,
        asset_id=asset_id,
    )


async def lock_index(tx: Transaction, index_id: int) -> Analysis | None:
    """Return and lock the analysis of an index id."""
    return await tx.one(
        Analysis,
        """
        SELECT index_id, asset_id, status, message, stage, percent, options, job_id, created_user_name, created_time,
            updated_user_name, updated_time
        FROM analyses
        WHERE index_id = %(index_id)s
        FOR UPDATE
        """,
        index_id=index_id,
    )


async def is_running(tx: Transaction, asset_id: int) -> bool:
    """Return whether the analysis of an asset waits or runs."""
    return await tx.value(
        """
        SELECT EXISTS (
            SELECT FROM analyses
            WHERE asset_id = %(asset_id)s AND status IN ('WAIT_ANALYZE', 'ANALYZING')
        )
        """,
        asset_id=asset_id,
    )


async def is_project_running(tx: Transaction, project_id: int) -> bool:
    """Return whether an analysis of an asset of a project waits or runs."""
    return await tx.value(
        """
        SELECT EXISTS (
            SELECT FROM analyses
            JOIN assets USING (asset_id)
            WHERE project_id = %(project_id)s AND status IN ('WAIT_ANALYZE', 'ANALYZING')
        )
        """,
        project_id=project_id,
    )


async def is_workspace_running(tx: Transaction, workspace_id: int) -> bool:
    """Return whether an analysis of an asset of a workspace waits or runs."""
    return await tx.value(
        """
        SELECT EXISTS (
            SELECT FROM analyses
            JOIN assets USING (asset_id)
            JOIN projects USING (project_id)
            WHERE workspace_id = %(workspace_id)s AND status IN ('WAIT_ANALYZE', 'ANALYZING')
        )
        """,
        workspace_id=workspace_id,
    )


async def is_wanted(tx: Transaction, index_id: int) -> bool:
    """Return whether the analysis waits, runs, or has become the index of its asset."""
    return await tx.value(
        """
        SELECT EXISTS (SELECT FROM indexes WHERE index_id = %(index_id)s)
            OR EXISTS (
                SELECT FROM analyses
                WHERE index_id = %(index_id)s AND status IN ('WAIT_ANALYZE', 'ANALYZING')
            )
        """,
        index_id=index_id,
    )


async def replace(tx: Transaction, asset_id: int, setting: AnalysisSetting, user_name: str) -> Analysis:
    """Replace the analysis of an asset by a new one and return it."""
    await delete_of(tx, asset_id)
    row = await tx.one(
        Analysis,
        """
        INSERT INTO analyses (asset_id, options, created_user_name, updated_user_name)
        VALUES (%(asset_id)s, %(options)s, %(user_name)s, %(user_name)s)
        RETURNING index_id, asset_id, status, message, stage, percent, options, job_id, created_user_name, created_time,
            updated_user_name, updated_time
        """,
        asset_id=asset_id,
        options=msgspec.json.encode(setting).decode(),
        user_name=user_name,
    )
    assert row is not None  # noqa: S101  # an insert returns its row
    return row


async def work_of(tx: Transaction, index_id: int) -> Work:
    """Return the work of the job of an analysis."""
    work = await tx.one(
        Work,
        """
        SELECT index_id, workspace_id, coalesce(duration_ms, 0) / 1000.0::float8
        FROM analyses
        JOIN assets USING (asset_id)
        JOIN projects USING (project_id)
        WHERE index_id = %(index_id)s
        """,
        index_id=index_id,
    )
    assert work is not None  # noqa: S101  # it was written in this transaction
    return work


async def set_job(tx: Transaction, index_id: int, job: JobId) -> None:
    """Set the job that runs the analysis."""
    await tx.run("UPDATE analyses SET job_id = %(job_id)s WHERE index_id = %(index_id)s", job_id=job, index_id=index_id)


async def cancel(tx: Transaction, index_id: int, user_name: str) -> None:
    """End an analysis as cancelled by a user."""
    await tx.run(
        """
        UPDATE analyses
        SET status = 'ANALYZE_CANCEL', message = NULL, updated_user_name = %(user_name)s, updated_time = now()
        WHERE index_id = %(index_id)s
        """,
        index_id=index_id,
        user_name=user_name,
    )


async def delete_of(tx: Transaction, asset_id: int) -> None:
    """Delete the analysis of an asset."""
    await tx.run("DELETE FROM analyses WHERE asset_id = %(asset_id)s", asset_id=asset_id)


async def claim(tx: Transaction, index_id: int) -> AnalysisClaim | None:
    """Start an attempt at an analysis. Return `None` if it has ended."""
    return await tx.one(
        AnalysisClaim,
        """
        UPDATE analyses n
        SET status = 'ANALYZING', attempt = attempt + 1, tries = tries + 1, updated_time = now(),
            waits_for = NULL, waits_since = NULL, waited_seconds = 0
        FROM assets a
        JOIN projects p USING (project_id)
        WHERE a.asset_id = n.asset_id AND n.index_id = %(index_id)s AND n.status IN ('WAIT_ANALYZE', 'ANALYZING')
        RETURNING n.index_id, n.asset_id, n.attempt, n.tries, n.options, n.created_user_name, p.workspace_id,
                  a.managed_key, a.size_bytes, a.format, a.content_hash, coalesce(a.duration_ms, 0) AS duration_ms
        """,
        index_id=index_id,
    )


async def set_content_hash(tx: Transaction, asset_id: int, content_hash: str) -> None:
    """Set the hash of an asset's bytes, which never change."""
    await tx.run(
        "UPDATE assets SET content_hash = %(content_hash)s WHERE asset_id = %(asset_id)s",
        content_hash=content_hash,
        asset_id=asset_id,
    )


async def release(tx: Transaction, claim: AnalysisClaim) -> bool:
    """Uncount a try that was interrupted through no fault of the file. Return `False` if the analysis has ended."""
    changed = await tx.run(
        """
        UPDATE analyses
        SET status = 'WAIT_ANALYZE', tries = tries - 1
        WHERE index_id = %(index_id)s AND attempt = %(attempt)s AND status = 'ANALYZING'
        """,
        index_id=claim.index_id,
        attempt=claim.attempt,
    )
    return changed > 0


async def note_waiting(tx: Transaction, claim: AnalysisClaim, stage: str | None) -> None:
    """Record the stage that the analysis waits for, or with `None` that it waits no longer."""
    await tx.run(
        """
        UPDATE analyses
        SET waits_for = %(stage)s,
            waits_since = CASE WHEN %(stage)s::text IS NOT NULL THEN now() END,
            waited_seconds = waited_seconds + coalesce(extract(epoch FROM now() - waits_since), 0)
        WHERE index_id = %(index_id)s AND attempt = %(attempt)s AND status = 'ANALYZING'
        """,
        index_id=claim.index_id,
        attempt=claim.attempt,
        stage=stage,
    )


async def note_progress(tx: Transaction, claim: AnalysisClaim, stage: str, percent: int) -> bool:
    """Record the progress. Return `False` if the analysis has ended or a later attempt has claimed it."""
    changed = await tx.run(
        """
        UPDATE analyses
        SET stage = %(stage)s, percent = greatest(percent, %(percent)s)
        WHERE index_id = %(index_id)s AND attempt = %(attempt)s AND status = 'ANALYZING'
        """,
        index_id=claim.index_id,
        attempt=claim.attempt,
        stage=stage,
        percent=percent,
    )
    return changed > 0


async def end(tx: Transaction, claim: AnalysisClaim, status: str, message: str | None) -> bool:
    """End an analysis. Return `False` if it has ended or a later attempt has claimed it."""
    changed = await tx.run(
        """
        UPDATE analyses
        SET status = %(status)s, message = %(message)s, stage = NULL, percent = 100, updated_time = now()
        WHERE index_id = %(index_id)s AND attempt = %(attempt)s AND status = 'ANALYZING'
        """,
        index_id=claim.index_id,
        attempt=claim.attempt,
        status=status,
        message=message,
    )
    return changed > 0


async def set_message(tx: Transaction, index_id: int, message: str | None) -> None:
    """Set the message of an analysis that this transaction ended."""
    await tx.run(
        "UPDATE analyses SET message = %(message)s WHERE index_id = %(index_id)s", message=message, index_id=index_id
    )


async def running(tx: Transaction) -> list[int]:
    """Return the analyses that wait or run."""
    return await tx.all(int, "SELECT index_id FROM analyses WHERE status IN ('WAIT_ANALYZE', 'ANALYZING')")


async def analyses_without_job(tx: Transaction) -> list[Work]:
    """Return and lock analyses that have not ended although no job serves them."""
    return await tx.all(
        Work,
        """
        SELECT index_id, workspace_id, coalesce(duration_ms, 0) / 1000.0::float8
        FROM analyses n
        JOIN assets USING (asset_id)
        JOIN projects USING (project_id)
        WHERE status IN ('WAIT_ANALYZE', 'ANALYZING')
          AND n.created_time < now() - interval '1 minute'
          AND NOT EXISTS (SELECT FROM live_jobs WHERE live_jobs.id = job_id)
        ORDER BY index_id
        LIMIT 1000
        FOR UPDATE OF n SKIP LOCKED
        """,
    )
