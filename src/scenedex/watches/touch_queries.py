"""SQL statements about touched keys and events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.db.database import as_tuple
from scenedex.jobs.queue import Work
from scenedex.watches.records import EventSource, Touch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scenedex.db.database import Transaction
    from scenedex.storage.objects import ListedObject
    from scenedex.watches.records import WatchClaim, WatchId


async def sources_of(tx: Transaction, token_hashes: Sequence[bytes]) -> list[EventSource]:
    """Return the watches of these tokens."""
    return await tx.all(
        EventSource,
        """
        SELECT token_hash, watch_id, workspace_id, options ->> 'bucket_name', options ->> 'prefix',
            (options ->> 'is_recursive')::boolean
        FROM watches
        JOIN projects USING (project_id)
        WHERE token_hash = ANY(%(hashes)s::bytea[])
        """,
        hashes=list(token_hashes),
    )


async def touch(tx: Transaction, keys: Sequence[tuple[WatchId, str]]) -> None:
    """Have watches look at keys at once. A key that was touched before is looked at once."""
    wanted = sorted(set(keys))
    await tx.run(
        """
        INSERT INTO watch_touches (watch_id, key)
        SELECT watch_id, key
        FROM unnest(%(watch_ids)s::bigint[], %(keys)s::text[]) AS touched (watch_id, key)
        JOIN watches USING (watch_id)
        ON CONFLICT (watch_id, key) DO UPDATE
        SET due_time = least(watch_touches.due_time, now()), serial = nextval('watch_touch_serial')
        """,
        watch_ids=[watch for watch, _ in wanted],
        keys=[key for _, key in wanted],
    )


async def count_events(tx: Transaction, taken: Mapping[WatchId, tuple[int, int]]) -> list[Work]:
    """Add numbers of taken and ignored events to watches. Return those that are active and have no job."""
    watch_ids = sorted(taken)
    await tx.all(as_tuple, _LOCK, watch_ids=watch_ids)
    return await tx.all(
        Work,
        """
        UPDATE watches
        SET events = events + taken, ignored_events = ignored_events + ignored
        FROM unnest(%(watch_ids)s::bigint[], %(taken)s::bigint[], %(ignored)s::bigint[]) AS n (id, taken, ignored),
            projects
        WHERE watches.watch_id = n.id AND projects.project_id = watches.project_id
        RETURNING
            CASE
                WHEN status = 'ACTIVE' AND taken > 0 AND NOT EXISTS (SELECT FROM live_jobs WHERE live_jobs.id = job_id)
                THEN watch_id ELSE 0
            END,
            workspace_id
        """,
        watch_ids=watch_ids,
        taken=[taken[one][0] for one in watch_ids],
        ignored=[taken[one][1] for one in watch_ids],
    )


_LOCK = "SELECT watch_id FROM watches WHERE watch_id = ANY(%(watch_ids)s::bigint[]) ORDER BY watch_id FOR UPDATE"


async def touch_later(tx: Transaction, watch_id: WatchId, items: Sequence[ListedObject], seconds: float) -> None:
    """Have a watch look again at objects, to see whether they have stayed the same. Earlier touches stay."""
    await tx.run(
        """
        INSERT INTO watch_touches (watch_id, key, etag, size_bytes, due_time)
        SELECT %(watch_id)s, key, etag, size_bytes, now() + make_interval(secs => %(seconds)s)
        FROM unnest(%(keys)s::text[], %(etags)s::text[], %(sizes)s::bigint[]) AS seen (key, etag, size_bytes)
        ON CONFLICT DO NOTHING
        """,
        watch_id=watch_id,
        keys=[item.key for item in items],
        etags=[item.etag for item in items],
        sizes=[item.size_bytes for item in items],
        seconds=seconds,
    )


async def touch_missing(tx: Transaction, watch_id: WatchId, keys: Sequence[str], seconds: float) -> None:
    """Have a watch look again for objects that were missing. Earlier touches stay."""
    await tx.run(
        """
        INSERT INTO watch_touches (watch_id, key, due_time)
        SELECT %(watch_id)s, key, now() + make_interval(secs => %(seconds)s)
        FROM unnest(%(keys)s::text[]) AS missing (key)
        ON CONFLICT DO NOTHING
        """,
        watch_id=watch_id,
        keys=list(keys),
        seconds=seconds,
    )


async def due(tx: Transaction, watch_id: WatchId, limit: int) -> list[Touch]:
    """Return keys that are to be looked at, those that are due longest first."""
    return await tx.all(
        Touch,
        """
        SELECT key, serial, etag, size_bytes
        FROM watch_touches
        WHERE watch_id = %(watch_id)s AND due_time <= now()
        ORDER BY due_time, key
        LIMIT %(limit)s
        """,
        watch_id=watch_id,
        limit=limit,
    )


async def lock(tx: Transaction, watch_id: WatchId, keys: Sequence[str]) -> None:
    """Lock touched keys, in the order in which events lock them."""
    await tx.all(
        str,
        """
        SELECT key
        FROM watch_touches
        WHERE watch_id = %(watch_id)s AND key = ANY(%(keys)s::text[])
        ORDER BY key
        FOR UPDATE
        """,
        watch_id=watch_id,
        keys=list(keys),
    )


async def put_off(
    tx: Transaction, claim: WatchClaim, seen: Sequence[tuple[Touch, ListedObject]], seconds: float
) -> None:
    """Look at keys again after a time, with the versions that were seen. Keys that were touched meanwhile stay due."""
    await tx.run(
        """
        UPDATE watch_touches
        SET due_time = now() + make_interval(secs => %(seconds)s), etag = seen.etag, size_bytes = seen.size_bytes
        FROM unnest(%(keys)s::text[], %(serials)s::bigint[], %(etags)s::text[], %(sizes)s::bigint[])
            AS seen (key, serial, etag, size_bytes)
        WHERE watch_id = %(watch_id)s AND watch_touches.key = seen.key AND watch_touches.serial = seen.serial
        """,
        watch_id=claim.watch_id,
        keys=[one.key for one, _ in seen],
        serials=[one.serial for one, _ in seen],
        etags=[item.etag for _, item in seen],
        sizes=[item.size_bytes for _, item in seen],
        seconds=seconds,
    )


async def delete(tx: Transaction, claim: WatchClaim, touches: Sequence[Touch]) -> None:
    """Delete keys that have been looked at, unless they were touched meanwhile."""
    await tx.run(
        """
        DELETE FROM watch_touches
        USING unnest(%(keys)s::text[], %(serials)s::bigint[]) AS seen (key, serial)
        WHERE watch_id = %(watch_id)s AND watch_touches.key = seen.key AND watch_touches.serial = seen.serial
        """,
        watch_id=claim.watch_id,
        keys=[one.key for one in touches],
        serials=[one.serial for one in touches],
    )


async def dismissed(tx: Transaction, watch_id: WatchId, items: Sequence[ListedObject]) -> set[str]:
    """Return the keys of objects whose asset a user has deleted or moved in this version."""
    return set(
        await tx.all(
            str,
            """
            SELECT key
            FROM dismissed_objects
            JOIN unnest(%(keys)s::text[], %(etags)s::text[], %(sizes)s::bigint[])
                AS listed (name, tag, size) ON key = name
            WHERE watch_id = %(watch_id)s AND btrim(etag, '"') = btrim(tag, '"') AND size_bytes = size
            """,
            watch_id=watch_id,
            keys=[item.key for item in items],
            etags=[item.etag for item in items],
            sizes=[item.size_bytes for item in items],
        )
    )


async def forget_dismissed(tx: Transaction, watch_id: WatchId, keys: Sequence[str]) -> None:
    """Forget that assets of these keys were deleted."""
    await tx.run(
        "DELETE FROM dismissed_objects WHERE watch_id = %(watch_id)s AND key = ANY(%(keys)s::text[])",
        watch_id=watch_id,
        keys=list(keys),
    )
