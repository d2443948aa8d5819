"""Statements about reindexing: writing again the words and vectors that scenes are found by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import asdict

from scenedex.search.records import ReindexClaim, ReindexProgress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.db.database import Transaction
    from scenedex.jobs.queue import JobId


async def begin(tx: Transaction, workspace_id: int) -> bool:
    """Insert a reindexing. Return `False` if one is running or the workspace does not exist."""
    changed = await tx.run(
        """
        INSERT INTO reindexings AS known (workspace_id)
        SELECT workspace_id FROM workspaces WHERE workspace_id = %(workspace_id)s FOR KEY SHARE
        ON CONFLICT (workspace_id) DO UPDATE
        SET state = 'RUNNING', message = NULL, done = 0, total = 0, tries = 0,
            created_time = now(), updated_time = now()
        WHERE known.state <> 'RUNNING'
        """,
        workspace_id=workspace_id,
    )
    return changed > 0


async def set_job(tx: Transaction, workspace_id: int, job: JobId) -> None:
    """Set the job that runs the reindexing."""
    await tx.run(
        "UPDATE reindexings SET job_id = %(job_id)s WHERE workspace_id = %(workspace_id)s",
        job_id=job,
        workspace_id=workspace_id,
    )


async def claim(tx: Transaction, workspace_id: int) -> ReindexClaim | None:
    """Start an attempt at a reindexing. Return `None` if it has ended."""
    return await tx.one(
        ReindexClaim,
        """
        UPDATE reindexings
        SET attempt = attempt + 1, tries = tries + 1
        WHERE workspace_id = %(workspace_id)s AND state = 'RUNNING'
        RETURNING workspace_id, attempt, tries
        """,
        workspace_id=workspace_id,
    )


async def note(tx: Transaction, claim: ReindexClaim, done: int, total: int) -> bool:
    """Record progress, which resets the tries. Return `False` if it has ended or a later attempt has claimed it."""
    changed = await tx.run(
        """
        UPDATE reindexings
        SET done = %(done)s, total = %(total)s, tries = 1, updated_time = now()
        WHERE workspace_id = %(workspace_id)s AND attempt = %(attempt)s AND state = 'RUNNING'
        """,
        **asdict(claim),
        done=done,
        total=total,
    )
    return changed > 0


async def end(tx: Transaction, claim: ReindexClaim, state: str, message: str | None) -> None:
    """End a reindexing, unless a later attempt has claimed it."""
    await tx.run(
        """
        UPDATE reindexings
        SET state = %(state)s, message = %(message)s, updated_time = now()
        WHERE workspace_id = %(workspace_id)s AND attempt = %(attempt)s AND state = 'RUNNING'
        """,
        **asdict(claim),
        state=state,
        message=message,
    )


async def release(tx: Transaction, claim: ReindexClaim) -> None:
    """Uncount a try that was interrupted by a stop."""
    await tx.run(
        """
        UPDATE reindexings
        SET tries = tries - 1
        WHERE workspace_id = %(workspace_id)s AND attempt = %(attempt)s AND state = 'RUNNING'
        """,
        **asdict(claim),
    )


async def cancel(tx: Transaction, workspace_id: int, message: str) -> JobId | None:
    """Fail a running reindexing. Return its job, 0 if it has none, or `None` if no reindexing is running."""
    return await tx.value(
        """
        UPDATE reindexings
        SET state = 'FAILED', message = %(message)s, updated_time = now()
        WHERE workspace_id = %(workspace_id)s AND state = 'RUNNING'
        RETURNING coalesce(job_id, 0)
        """,
        workspace_id=workspace_id,
        message=message,
    )


async def progress(tx: Transaction, workspace_ids: Sequence[int]) -> list[ReindexProgress]:
    """Return the progress of the latest reindexing of each of these workspaces."""
    return await tx.all(
        ReindexProgress,
        """
        SELECT workspace_name, state, message, done, total
        FROM reindexings
        JOIN workspaces USING (workspace_id)
        WHERE workspace_id = ANY(%(workspace_ids)s)
        ORDER BY workspace_name
        """,
        workspace_ids=list(workspace_ids),
    )


async def without_job(tx: Transaction) -> list[int]:
    """Return and lock workspaces whose reindexing has not ended although no job serves it."""
    return await tx.all(
        int,
        """
        SELECT workspace_id
        FROM reindexings
        WHERE state = 'RUNNING'
          AND NOT EXISTS (SELECT FROM live_jobs WHERE live_jobs.id = job_id)
        ORDER BY workspace_id
        LIMIT 1000
        FOR UPDATE SKIP LOCKED
        """,
    )


async def workspaces_behind(tx: Transaction) -> list[int]:
    """Return workspaces with scenes whose words were never written, or were corrected after their vector was made."""
    return await tx.all(
        int,
        """
        SELECT DISTINCT workspace_id
        FROM (
            (SELECT DISTINCT index_id FROM scenes WHERE words IS NULL LIMIT 1000)
            UNION
            (SELECT DISTINCT index_id FROM scenes WHERE is_reworded LIMIT 1000)
        ) behind
        JOIN indexes USING (index_id)
        JOIN assets USING (asset_id)
        JOIN projects USING (project_id)
        """,
    )


async def clear_reworded(tx: Transaction, workspace_id: int) -> None:
    """Clear the marks of corrected scenes, whose vectors the caller makes. Later corrections mark them again."""
    await tx.run(
        """
        UPDATE scenes s
        SET is_reworded = false
        FROM indexes i
        JOIN assets a USING (asset_id)
        JOIN projects p USING (project_id)
        WHERE i.index_id = s.index_id AND p.workspace_id = %(workspace_id)s AND s.is_reworded
        """,
        workspace_id=workspace_id,
    )


async def indexes_without_words(tx: Transaction, workspace_id: int, after: int, max_indexes: int) -> list[int]:
    """Return the next indexes of a workspace with scenes whose words were never written."""
    return await tx.all(
        int,
        """
        SELECT DISTINCT s.index_id
        FROM scenes s
        JOIN indexes i USING (index_id)
        JOIN assets a USING (asset_id)
        JOIN projects p USING (project_id)
        WHERE p.workspace_id = %(workspace_id)s AND s.words IS NULL AND s.index_id > %(after)s
        ORDER BY s.index_id
        LIMIT %(max_indexes)s
        """,
        workspace_id=workspace_id,
        after=after,
        max_indexes=max_indexes,
    )


async def scenes_without_words(tx: Transaction, workspace_id: int) -> int:
    """Count the scenes of a workspace whose words were never written."""
    return await tx.value(
        """
        SELECT count(*)
        FROM scenes s
        JOIN indexes i USING (index_id)
        JOIN assets a USING (asset_id)
        JOIN projects p USING (project_id)
        WHERE p.workspace_id = %(workspace_id)s AND s.words IS NULL
        """,
        workspace_id=workspace_id,
    )
