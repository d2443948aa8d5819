"""SQL statements about watches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from scenedex.jobs.queue import Work
from scenedex.watches.records import LookCounts, Watch, WatchClaim, WatchId, WatchOptions, WatchStatus

if TYPE_CHECKING:
    from scenedex.db.database import Transaction
    from scenedex.jobs.queue import JobId
    from scenedex.projects.records import ProjectId


def _watch(*columns: Any) -> Watch:  # noqa: ANN401  # the columns of a row
    watch_id, options, status, message, is_looking, look, *rest = columns
    chosen, counts = msgspec.convert(options, WatchOptions), msgspec.convert(look, LookCounts)
    return Watch(watch_id, chosen, WatchStatus(status), message, is_looking, counts, *rest)


def _claim(*columns: Any) -> WatchClaim:  # noqa: ANN401  # the columns of a row
    *plain, look, options = columns
    return WatchClaim(*plain, look=msgspec.convert(look, LookCounts), options=msgspec.convert(options, WatchOptions))


async def insert(  # the columns of a row
    tx: Transaction,
    project: ProjectId,
    options: WatchOptions,
    token_hash: bytes,
    user_name: str,
    *,
    reads_open_buckets: bool,
) -> WatchId:
    """Insert a watch whose first look is due."""
    return WatchId(
        await tx.value(
            """
            INSERT INTO watches
                (project_id, options, token_hash, reads_open_buckets, create_user_name, update_user_name)
            VALUES
                (%(project)s, %(options)s, %(token_hash)s, %(reads_open_buckets)s, %(user_name)s, %(user_name)s)
            RETURNING watch_id
            """,
            project=project,
            options=msgspec.json.encode(options).decode(),
            token_hash=token_hash,
            reads_open_buckets=reads_open_buckets,
            user_name=user_name,
        )
    )


async def find(tx: Transaction, project: ProjectId, watch_id: int) -> Watch | None:
    """Return a watch of a project."""
    found = await _page(tx, project, watch_id, 0, 1)
    return found[0] if found else None


async def page(tx: Transaction, project: ProjectId, offset: int, limit: int) -> list[Watch]:
    """Return watches of a project, oldest first."""
    return await _page(tx, project, None, offset, limit)


async def _page(tx: Transaction, project: ProjectId, watch_id: int | None, offset: int, limit: int) -> list[Watch]:
    return await tx.all(
        _watch,
        """
        SELECT watch_id, options, status, message, position IS NOT NULL, last_look, last_look_time, next_look_time,
            registered, changed, removed, events, ignored_events,
            (SELECT count(*) FROM watch_touches WHERE watch_touches.watch_id = watches.watch_id),
            create_user_name, created_time, update_user_name, updated_time
        FROM watches
        WHERE project_id = %(project)s AND (%(watch_id)s::bigint IS NULL OR watch_id = %(watch_id)s)
        ORDER BY watch_id
        OFFSET %(offset)s
        LIMIT %(limit)s
        """,
        project=project,
        watch_id=watch_id,
        offset=offset,
        limit=limit,
    )


async def count(tx: Transaction, project: ProjectId) -> int:
    """Return the number of watches of a project."""
    return await tx.value("SELECT count(*) FROM watches WHERE project_id = %(project)s", project=project)


async def set_status(tx: Transaction, watch_id: int, status: WatchStatus, user_name: str) -> JobId | None:
    """Pause a watch, or make it active with a look at once. Return the job that it had."""
    return await tx.value(
        """
        UPDATE watches w
        SET status = %(status)s, update_user_name = %(user_name)s, updated_time = now(), tries = 0, failures = 0,
            next_look_time = CASE WHEN %(status)s = 'ACTIVE' THEN now() ELSE w.next_look_time END, job_id = NULL
        FROM (SELECT watch_id, job_id FROM watches WHERE watch_id = %(watch_id)s FOR UPDATE) former
        WHERE w.watch_id = former.watch_id
        RETURNING former.job_id
        """,
        status=status.value,
        user_name=user_name,
        watch_id=watch_id,
    )


async def set_token(tx: Transaction, watch_id: int, token_hash: bytes, user_name: str) -> None:
    """Replace the token for events."""
    await tx.run(
        """
        UPDATE watches
        SET token_hash = %(token_hash)s, update_user_name = %(user_name)s, updated_time = now()
        WHERE watch_id = %(watch_id)s
        """,
        token_hash=token_hash,
        user_name=user_name,
        watch_id=watch_id,
    )


async def delete(tx: Transaction, watch_id: int) -> JobId | None:
    """Delete a watch. Return its job."""
    return await tx.value("DELETE FROM watches WHERE watch_id = %(watch_id)s RETURNING job_id", watch_id=watch_id)


async def due(tx: Transaction) -> list[Work]:
    """Return active watches with something to do and without a job, locked until the end of the transaction."""
    return await tx.all(
        Work,
        """
        SELECT watch_id, workspace_id
        FROM watches
        JOIN projects USING (project_id)
        WHERE status = 'ACTIVE'
          AND (
              next_look_time <= now()
              OR EXISTS (
                  SELECT FROM watch_touches
                  WHERE watch_touches.watch_id = watches.watch_id AND due_time <= now()
              )
          )
          AND NOT EXISTS (SELECT FROM live_jobs WHERE live_jobs.id = job_id)
        ORDER BY watch_id
        LIMIT 1000
        FOR UPDATE OF watches SKIP LOCKED
        """,
    )


async def set_job(tx: Transaction, watch_id: int, job: JobId) -> None:
    """Set the job of a watch."""
    await tx.run("UPDATE watches SET job_id = %(job)s WHERE watch_id = %(id)s", job=job, id=watch_id)


async def claim(tx: Transaction, watch_id: int) -> WatchClaim | None:
    """Start an attempt at an active watch."""
    return await tx.one(
        _claim,
        """
        UPDATE watches
        SET attempt = attempt + 1, tries = tries + 1
        FROM projects
        WHERE projects.project_id = watches.project_id AND watch_id = %(watch_id)s AND status = 'ACTIVE'
        RETURNING watch_id, attempt, tries, watches.project_id, workspace_id, reads_open_buckets, update_user_name,
            failures, position, position IS NOT NULL OR next_look_time <= now(), look, options
        """,
        watch_id=watch_id,
    )


async def release(tx: Transaction, claim: WatchClaim) -> None:
    """Take back the count of an attempt that was interrupted."""
    await tx.run(
        """
        UPDATE watches
        SET tries = tries - 1
        WHERE watch_id = %(watch_id)s AND attempt = %(attempt)s AND tries > 0
        """,
        watch_id=claim.watch_id,
        attempt=claim.attempt,
    )


async def add_page(  # the columns of a row
    tx: Transaction, claim: WatchClaim, position: str, look: LookCounts, *, registered: int, changed: int
) -> bool:
    """Add a page of a look. Return `False` if the watch is not active or a later attempt has claimed it."""
    changed_rows = await tx.run(
        """
        UPDATE watches
        SET position = %(position)s, look = %(look)s, tries = 0,
            registered = registered + %(registered)s, changed = changed + %(changed)s
        WHERE watch_id = %(watch_id)s AND attempt = %(attempt)s AND status = 'ACTIVE'
        """,
        position=position,
        look=msgspec.json.encode(look).decode(),
        registered=registered,
        changed=changed,
        watch_id=claim.watch_id,
        attempt=claim.attempt,
    )
    return changed_rows > 0


async def end_look(tx: Transaction, claim: WatchClaim, look: LookCounts) -> bool:
    """End a look with its counts, and set the time of the next. Return `False` if the attempt does not count."""
    changed = await tx.run(
        """
        UPDATE watches
        SET position = NULL, look = '{}', last_look = %(look)s, last_look_time = now(), message = NULL, failures = 0,
            tries = 0, next_look_time = now() + make_interval(secs => %(seconds)s)
        WHERE watch_id = %(watch_id)s AND attempt = %(attempt)s AND status = 'ACTIVE'
        """,
        look=msgspec.json.encode(look).decode(),
        seconds=claim.options.every_seconds,
        watch_id=claim.watch_id,
        attempt=claim.attempt,
    )
    return changed > 0


async def end_job(tx: Transaction, claim: WatchClaim) -> bool:
    """End the job of a watch, unless there is more to do. Return `False` if there is.

    The lock of the row is also taken by those who touch keys, so that no touch is left without a job.
    """
    is_locked = await tx.value(
        "SELECT true FROM watches WHERE watch_id = %(id)s AND attempt = %(attempt)s FOR UPDATE",
        id=claim.watch_id,
        attempt=claim.attempt,
    )
    if not is_locked:
        return True
    ended = await tx.run(
        """
        UPDATE watches
        SET job_id = NULL, tries = 0
        WHERE watch_id = %(watch_id)s
          AND NOT EXISTS (
              SELECT FROM watch_touches
              WHERE watch_touches.watch_id = watches.watch_id AND due_time <= now()
          )
        """,
        watch_id=claim.watch_id,
    )
    return ended > 0


async def fail(tx: Transaction, claim: WatchClaim, message: str, pause_seconds: float) -> None:
    """Write why a watch could not do its work, and have it try again after a pause."""
    # Events lock touched keys first and the watch then.
    await tx.run(
        """
        WITH locked AS (
            SELECT key
            FROM watch_touches
            WHERE watch_id = %(watch_id)s AND due_time < now() + make_interval(secs => %(seconds)s)
            ORDER BY key
            FOR UPDATE
        )
        UPDATE watch_touches
        SET due_time = now() + make_interval(secs => %(seconds)s)
        FROM locked
        WHERE watch_touches.watch_id = %(watch_id)s AND watch_touches.key = locked.key
        """,
        seconds=pause_seconds,
        watch_id=claim.watch_id,
    )
    await tx.run(
        """
        UPDATE watches
        SET message = %(message)s, failures = failures + 1, tries = 0, job_id = NULL,
            next_look_time = now() + make_interval(secs => %(seconds)s)
        WHERE watch_id = %(watch_id)s AND attempt = %(attempt)s
        """,
        message=message,
        seconds=pause_seconds,
        watch_id=claim.watch_id,
        attempt=claim.attempt,
    )


async def add_touched(tx: Transaction, claim: WatchClaim, *, registered: int, changed: int, removed: int) -> bool:
    """Add the counts of touched keys. Return `False` if the attempt does not count."""
    changed_rows = await tx.run(
        """
        UPDATE watches
        SET registered = registered + %(registered)s, changed = changed + %(changed)s, removed = removed + %(removed)s,
            tries = 0
        WHERE watch_id = %(watch_id)s AND attempt = %(attempt)s AND status = 'ACTIVE'
        """,
        registered=registered,
        changed=changed,
        removed=removed,
        watch_id=claim.watch_id,
        attempt=claim.attempt,
    )
    return changed_rows > 0
