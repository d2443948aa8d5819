"""SQL statements about bulk imports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, LiteralString

import msgspec

from scenedex.imports.records import (
    BulkImport,
    BulkImportClaim,
    BulkImportId,
    BulkImportOptions,
    BulkImportStatus,
    SkipCounts,
    SkippedObject,
)
from scenedex.jobs.queue import Work

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.db.database import Transaction
    from scenedex.imports.selection import SkipReason
    from scenedex.jobs.queue import JobId
    from scenedex.projects.records import ProjectId


def _bulk_import(*columns: Any) -> BulkImport:  # noqa: ANN401  # the columns of a row
    import_id, options, status, message, position, listed, registered, skipped, *who = columns
    chosen, counts = msgspec.convert(options, BulkImportOptions), msgspec.convert(skipped, SkipCounts)
    state = BulkImportStatus(status)
    return BulkImport(import_id, chosen, state, message, position, listed, registered, counts, *who)


def _claim(*columns: Any) -> BulkImportClaim:  # noqa: ANN401  # the columns of a row
    *plain, skipped, options = columns
    counts, chosen = msgspec.convert(skipped, SkipCounts), msgspec.convert(options, BulkImportOptions)
    return BulkImportClaim(*plain, skipped=counts, options=chosen)


async def insert(
    tx: Transaction, project: ProjectId, options: BulkImportOptions, user_name: str, *, reads_open_buckets: bool
) -> BulkImportId:
    """Insert a bulk import that waits."""
    return BulkImportId(
        await tx.value(
            """
            INSERT INTO bulk_imports (project_id, options, reads_open_buckets, create_user_name, update_user_name)
            VALUES (%(project)s, %(options)s, %(reads_open_buckets)s, %(user_name)s, %(user_name)s)
            RETURNING import_id
            """,
            project=project,
            options=msgspec.json.encode(options).decode(),
            reads_open_buckets=reads_open_buckets,
            user_name=user_name,
        )
    )


async def find(tx: Transaction, project: ProjectId, import_id: int) -> BulkImport | None:
    """Return a bulk import of a project."""
    return await tx.one(
        _bulk_import,
        """
        SELECT import_id, options, status, message, position, listed, registered, skipped,
            create_user_name, created_time, update_user_name, updated_time
        FROM bulk_imports
        WHERE project_id = %(project)s AND import_id = %(import_id)s
        """,
        project=project,
        import_id=import_id,
    )


async def page(tx: Transaction, project: ProjectId, offset: int, limit: int) -> list[BulkImport]:
    """Return bulk imports of a project, the latest first."""
    return await tx.all(
        _bulk_import,
        """
        SELECT import_id, options, status, message, position, listed, registered, skipped,
            create_user_name, created_time, update_user_name, updated_time
        FROM bulk_imports
        WHERE project_id = %(project)s
        ORDER BY import_id DESC
        OFFSET %(offset)s
        LIMIT %(limit)s
        """,
        project=project,
        offset=offset,
        limit=limit,
    )


async def count(tx: Transaction, project: ProjectId) -> int:
    """Return the number of bulk imports of a project."""
    return await tx.value("SELECT count(*) FROM bulk_imports WHERE project_id = %(project)s", project=project)


async def set_status(
    tx: Transaction,
    import_id: int,
    status: BulkImportStatus,
    *,
    former: Sequence[BulkImportStatus],
    user_name: str | None = None,
    message: str | None = None,
) -> bool:
    """Change the state of a bulk import. Return `False` if it is in none of the ``former`` states.

    A waiting import begins with all tries.
    """
    changed = await tx.run(
        """
        UPDATE bulk_imports
        SET status = %(status)s, message = %(message)s, update_user_name = coalesce(%(user_name)s, update_user_name),
            tries = CASE WHEN %(status)s = 'WAITING' THEN 0 ELSE tries END, updated_time = now()
        WHERE import_id = %(import_id)s AND status = ANY(%(former)s)
        """,
        status=status.value,
        message=message,
        user_name=user_name,
        import_id=import_id,
        former=[one.value for one in former],
    )
    return changed > 0


async def work_of(tx: Transaction, import_id: int) -> Work:
    """Return the arguments of the job of a bulk import."""
    found = await tx.one(
        Work,
        "SELECT import_id, workspace_id FROM bulk_imports JOIN projects USING (project_id) WHERE import_id = %(id)s",
        id=import_id,
    )
    assert found is not None  # noqa: S101  # the caller has locked it
    return found


async def set_job(tx: Transaction, import_id: int, job: JobId) -> None:
    """Set the job of a bulk import."""
    await tx.run("UPDATE bulk_imports SET job_id = %(job)s WHERE import_id = %(id)s", job=job, id=import_id)


async def job_of(tx: Transaction, import_id: int) -> JobId | None:
    """Return the latest job of a bulk import."""
    return await tx.value("SELECT job_id FROM bulk_imports WHERE import_id = %(id)s", id=import_id)


async def claim(tx: Transaction, import_id: int) -> BulkImportClaim | None:
    """Start an attempt at a bulk import that waits or runs."""
    return await tx.one(
        _claim,
        """
        UPDATE bulk_imports
        SET status = 'RUNNING', message = NULL, attempt = attempt + 1, tries = tries + 1, updated_time = now()
        FROM projects
        WHERE projects.project_id = bulk_imports.project_id
          AND import_id = %(import_id)s AND status IN ('WAITING', 'RUNNING')
        RETURNING import_id, attempt, tries, bulk_imports.project_id, workspace_id, reads_open_buckets,
            update_user_name, position, skipped, options
        """,
        import_id=import_id,
    )


async def release(tx: Transaction, claim: BulkImportClaim) -> None:
    """Take back the count of an attempt that was interrupted."""
    await tx.run(
        """
        UPDATE bulk_imports
        SET tries = tries - 1
        WHERE import_id = %(import_id)s AND attempt = %(attempt)s AND status = 'RUNNING' AND tries > 0
        """,
        import_id=claim.import_id,
        attempt=claim.attempt,
    )


# An attempt that gets further does not count as a try.
_PROGRESS: Final[LiteralString] = """
    UPDATE bulk_imports
    SET position = %(position)s, listed = listed + %(listed)s, registered = registered + %(registered)s,
        skipped = %(skipped)s, tries = 0, updated_time = now()
    WHERE import_id = %(import_id)s AND attempt = %(attempt)s AND status = 'RUNNING'
"""


async def add_progress(
    tx: Transaction, claim: BulkImportClaim, position: str, *, listed: int, registered: int, skipped: SkipCounts
) -> bool:
    """Add the counts of a page. Return `False` if the import does not run or a later attempt has claimed it.

    ``skipped`` are the counts of all pages.
    """
    changed = await tx.run(
        _PROGRESS,
        position=position,
        listed=listed,
        registered=registered,
        skipped=msgspec.json.encode(skipped).decode(),
        import_id=claim.import_id,
        attempt=claim.attempt,
    )
    return changed > 0


async def pass_on(tx: Transaction, claim: BulkImportClaim) -> bool:
    """Have a running import wait for its next turn. Return `False` if it does not run in this attempt."""
    changed = await tx.run(
        """
        UPDATE bulk_imports
        SET status = 'WAITING', tries = 0
        WHERE import_id = %(import_id)s AND attempt = %(attempt)s AND status = 'RUNNING'
        """,
        import_id=claim.import_id,
        attempt=claim.attempt,
    )
    return changed > 0


async def end(tx: Transaction, claim: BulkImportClaim, status: BulkImportStatus, message: str | None) -> bool:
    """End a bulk import that runs. Return `False` if it does not, or a later attempt has claimed it."""
    changed = await tx.run(
        """
        UPDATE bulk_imports
        SET status = %(status)s, message = %(message)s, updated_time = now()
        WHERE import_id = %(import_id)s AND attempt = %(attempt)s AND status = 'RUNNING'
        """,
        status=status.value,
        message=message,
        import_id=claim.import_id,
        attempt=claim.attempt,
    )
    return changed > 0


async def without_job(tx: Transaction) -> list[Work]:
    """Return bulk imports that wait or run and that no job serves, locked until the end of the transaction."""
    return await tx.all(
        Work,
        """
        SELECT import_id, workspace_id
        FROM bulk_imports
        JOIN projects USING (project_id)
        WHERE status IN ('WAITING', 'RUNNING')
          AND bulk_imports.updated_time < now() - interval '1 minute'
          AND NOT EXISTS (SELECT FROM live_jobs WHERE live_jobs.id = job_id)
        ORDER BY import_id
        LIMIT 1000
        FOR UPDATE OF bulk_imports SKIP LOCKED
        """,
    )


async def insert_skips(tx: Transaction, claim: BulkImportClaim, skips: Sequence[SkippedObject]) -> None:
    """Insert the skipped objects of a page."""
    await tx.run(
        """
        INSERT INTO import_skips (import_id, key, reason, detail, size_bytes, asset_id)
        SELECT %(import_id)s, *
        FROM unnest(
            %(keys)s::text[], %(reasons)s::text[], %(details)s::text[], %(sizes)s::bigint[], %(asset_ids)s::bigint[]
        )
        ON CONFLICT DO NOTHING
        """,
        import_id=claim.import_id,
        keys=[one.key for one in skips],
        reasons=[one.reason for one in skips],
        details=[one.detail for one in skips],
        sizes=[one.size_bytes for one in skips],
        asset_ids=[one.asset_id for one in skips],
    )


async def skips(
    tx: Transaction, import_id: int, reason: SkipReason | None, *, after: str | None, offset: int, limit: int
) -> list[SkippedObject]:
    """Return skipped objects in the order of their keys, those after a key if one is given."""
    return await tx.all(
        SkippedObject,
        """
        SELECT key, reason, detail, size_bytes, asset_id
        FROM import_skips
        WHERE import_id = %(import_id)s
          AND (%(reason)s::text IS NULL OR reason = %(reason)s)
          AND (%(after)s::text IS NULL OR key > %(after)s)
        ORDER BY key
        OFFSET %(offset)s
        LIMIT %(limit)s
        """,
        import_id=import_id,
        reason=reason,
        after=after,
        offset=offset,
        limit=limit,
    )


async def delete_old_skips(tx: Transaction, days: int) -> None:
    """Delete skipped objects of imports that ended so many days ago, at most ten thousand of them."""
    await tx.run(
        """
        DELETE FROM import_skips
        WHERE (import_id, key) IN (
            SELECT import_id, key
            FROM import_skips
            JOIN bulk_imports USING (import_id)
            WHERE status IN ('COMPLETED', 'FAILED', 'CANCELED')
              AND updated_time < now() - make_interval(days => %(days)s)
            LIMIT 10000
        )
        """,
        days=days,
    )
