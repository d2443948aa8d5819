"""SQL statements about proxies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.jobs.queue import Work
from scenedex.playback.records import DeletedProxy, Proxy, ProxyClaim

if TYPE_CHECKING:
    from scenedex.db.database import Transaction
    from scenedex.jobs.queue import JobId
    from scenedex.playback.records import StoredProxy


async def find(tx: Transaction, asset_id: int) -> Proxy | None:
    """Return the proxy of an asset, or `None` if none has been requested."""
    return await tx.one(
        Proxy,
        """
        SELECT status, reason, percent, object_key, content_type, width, height, size_bytes, sound_tracks
        FROM proxies
        WHERE asset_id = %(asset_id)s
        """,
        asset_id=asset_id,
    )


async def begin(tx: Transaction, asset_id: int, user_name: str) -> Work | None:
    """Request a proxy that has not been requested, or that failed. Return `None` if there is one."""
    return await tx.one(
        Work,
        """
        WITH begun AS (
            INSERT INTO proxies (asset_id, user_name)
            VALUES (%(asset_id)s, %(user_name)s)
            ON CONFLICT (asset_id) DO UPDATE
            SET status = 'WAITING', reason = NULL, percent = 0, tries = 0, user_name = excluded.user_name,
                updated_time = now()
            WHERE proxies.status = 'FAILED'
            RETURNING asset_id
        )
        SELECT asset_id, workspace_id, (coalesce(duration_ms, 0) / 1000.0)::float8
        FROM begun
        JOIN assets USING (asset_id)
        JOIN projects USING (project_id)
        """,
        asset_id=asset_id,
        user_name=user_name,
    )


async def set_job(tx: Transaction, asset_id: int, job: JobId) -> None:
    """Set the job that makes a proxy."""
    await tx.run("UPDATE proxies SET job_id = %(job)s WHERE asset_id = %(asset_id)s", job=job, asset_id=asset_id)


async def claim(tx: Transaction, asset_id: int) -> ProxyClaim | None:
    """Start an attempt at a proxy that is wanted. No proxy, deleted ones included, has had its number."""
    return await tx.one(
        ProxyClaim,
        """
        UPDATE proxies
        SET status = 'RUNNING', attempt = nextval('proxy_attempts'), tries = tries + 1, percent = 0,
            updated_time = now()
        WHERE asset_id = %(asset_id)s AND status IN ('WAITING', 'RUNNING')
        RETURNING asset_id, attempt, tries, user_name
        """,
        asset_id=asset_id,
    )


async def release(tx: Transaction, claim: ProxyClaim) -> None:
    """Take back the count of an attempt that was interrupted through no fault of the file."""
    await tx.run(
        """
        UPDATE proxies
        SET status = 'WAITING', tries = tries - 1, percent = 0
        WHERE asset_id = %(asset_id)s AND attempt = %(attempt)s AND status = 'RUNNING'
        """,
        asset_id=claim.asset_id,
        attempt=claim.attempt,
    )


async def set_percent(tx: Transaction, claim: ProxyClaim, percent: int) -> bool:
    """Set the progress. Return `False` if the proxy has ended or been claimed by a later attempt."""
    changed = await tx.run(
        """
        UPDATE proxies
        SET percent = %(percent)s
        WHERE asset_id = %(asset_id)s AND attempt = %(attempt)s AND status = 'RUNNING'
        """,
        percent=percent,
        asset_id=claim.asset_id,
        attempt=claim.attempt,
    )
    return changed > 0


async def complete(tx: Transaction, claim: ProxyClaim, made: StoredProxy) -> bool:
    """Complete a proxy. Return `False` if it has ended or been claimed by a later attempt."""
    changed = await tx.run(
        """
        UPDATE proxies
        SET status = 'READY', percent = 100, reason = NULL, object_key = %(object_key)s,
            content_type = %(content_type)s, width = %(width)s, height = %(height)s, size_bytes = %(size_bytes)s,
            sound_tracks = %(sound_tracks)s, updated_time = now()
        WHERE asset_id = %(asset_id)s AND attempt = %(attempt)s AND status = 'RUNNING'
        """,
        object_key=made.object_key,
        content_type=made.content_type,
        width=made.width,
        height=made.height,
        size_bytes=made.size_bytes,
        sound_tracks=list(made.sound_tracks),
        asset_id=claim.asset_id,
        attempt=claim.attempt,
    )
    return changed > 0


async def fail(tx: Transaction, claim: ProxyClaim, reason: str) -> bool:
    """End a proxy without success. Return `False` if it has ended or been claimed by a later attempt."""
    changed = await tx.run(
        """
        UPDATE proxies
        SET status = 'FAILED', reason = %(reason)s, updated_time = now()
        WHERE asset_id = %(asset_id)s AND attempt = %(attempt)s AND status = 'RUNNING'
        """,
        reason=reason,
        asset_id=claim.asset_id,
        attempt=claim.attempt,
    )
    return changed > 0


async def cancel(tx: Transaction, asset_id: int, reason: str) -> JobId | None:
    """Fail a proxy that waits or is being made. Return its job, 0 if it has none, or `None` if there is no such."""
    return await tx.value(
        """
        UPDATE proxies
        SET status = 'FAILED', reason = %(reason)s, updated_time = now()
        WHERE asset_id = %(asset_id)s AND status IN ('WAITING', 'RUNNING')
        RETURNING coalesce(job_id, 0)
        """,
        reason=reason,
        asset_id=asset_id,
    )


async def delete(tx: Transaction, asset_id: int) -> DeletedProxy | None:
    """Delete a proxy in any state. Return `None` if there is none."""
    return await tx.one(
        DeletedProxy,
        "DELETE FROM proxies WHERE asset_id = %(asset_id)s RETURNING object_key, job_id",
        asset_id=asset_id,
    )


async def has_failed(tx: Transaction, asset_id: int) -> bool:
    """Return whether the proxy of an asset has failed."""
    return await tx.value(
        "SELECT EXISTS (SELECT FROM proxies WHERE asset_id = %(asset_id)s AND status = 'FAILED')", asset_id=asset_id
    )


async def without_job(tx: Transaction) -> list[Work]:
    """Return up to 1000 wanted proxies that no job serves, locked until the end of the transaction."""
    return await tx.all(
        Work,
        """
        SELECT asset_id, workspace_id, (coalesce(duration_ms, 0) / 1000.0)::float8
        FROM proxies
        JOIN assets USING (asset_id)
        JOIN projects USING (project_id)
        WHERE proxies.status IN ('WAITING', 'RUNNING')
          AND proxies.updated_time < now() - interval '1 minute'
          AND NOT EXISTS (SELECT FROM live_jobs WHERE live_jobs.id = proxies.job_id)
        ORDER BY asset_id
        LIMIT 1000
        FOR UPDATE OF proxies SKIP LOCKED
        """,
    )
