"""SQL statements about the registration of many objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.assets.records import AssetId
from scenedex.assets.registration_records import KnownObject

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scenedex.assets.registration_records import ComparedObject, ObjectOwner
    from scenedex.db.database import Transaction
    from scenedex.jobs.queue import JobId
    from scenedex.projects.records import ProjectId
    from scenedex.storage.objects import ListedObject


async def lock_registration(tx: Transaction, project: ProjectId) -> None:
    """Wait until no other transaction compares or registers objects of a project."""
    await tx.value(
        "SELECT pg_advisory_xact_lock(hashtextextended('registration', %(project)s::bigint))", project=project
    )


async def count(tx: Transaction, project: ProjectId) -> int:
    """Return the number of assets of a project."""
    return await tx.value("SELECT count(*) FROM assets WHERE project_id = %(project)s", project=project)


async def known(tx: Transaction, project: ProjectId, bucket_name: str, keys: Sequence[str]) -> list[KnownObject]:
    """Return the assets of a project that have one of these keys of a bucket, oldest first."""
    return await tx.all(
        KnownObject,
        """
        SELECT asset_id, key, import_status, updated_time, source_etag, size_bytes, listed_etag, listed_size_bytes
        FROM assets
        WHERE project_id = %(project)s AND bucket_name = %(bucket_name)s
          AND key COLLATE "C" = ANY(%(keys)s::text[])
        ORDER BY asset_id
        """,
        project=project,
        bucket_name=bucket_name,
        keys=list(keys),
    )


async def insert_many(tx: Transaction, owner: ObjectOwner, items: Sequence[ListedObject]) -> list[AssetId]:
    """Insert assets whose imports are in progress."""
    return await tx.all(
        AssetId,
        """
        INSERT INTO assets
            (project_id, file_name, key, bucket_name, listed_etag, listed_size_bytes, reads_open_buckets,
             create_user_name, update_user_name, watch_id)
        SELECT %(project)s, regexp_replace(key, '^.*/', ''), key, %(bucket_name)s, etag, size_bytes,
            %(reads_open_buckets)s, %(user_name)s, %(user_name)s, %(watch_id)s
        FROM unnest(%(keys)s::text[], %(etags)s::text[], %(sizes)s::bigint[]) AS listed (key, etag, size_bytes)
        RETURNING asset_id
        """,
        project=owner.project_id,
        bucket_name=owner.bucket_name,
        reads_open_buckets=owner.reads_open_buckets,
        user_name=owner.user_name,
        watch_id=owner.watch_id,
        keys=[item.key for item in items],
        etags=[item.etag for item in items],
        sizes=[item.size_bytes for item in items],
    )


async def start_again(tx: Transaction, findings: Sequence[ComparedObject]) -> list[AssetId]:
    """Begin further imports of objects that are assets, unless one is in progress."""
    return await tx.all(
        AssetId,
        """
        UPDATE assets
        SET import_status = 'IN_PROGRESS', import_percent = 0, import_tries = 0, import_result = NULL,
            import_reason = NULL, listed_etag = listed.etag, listed_size_bytes = listed.size_bytes,
            updated_time = now()
        FROM unnest(%(asset_ids)s::bigint[], %(etags)s::text[], %(sizes)s::bigint[])
            AS listed (asset_id, etag, size_bytes)
        WHERE assets.asset_id = listed.asset_id AND import_status <> 'IN_PROGRESS'
        RETURNING assets.asset_id
        """,
        asset_ids=[found.asset_id for found in findings],
        etags=[found.item.etag for found in findings],
        sizes=[found.item.size_bytes for found in findings],
    )


async def set_import_jobs(tx: Transaction, jobs: Mapping[int, JobId]) -> None:
    """Set the jobs that import assets."""
    await tx.run(
        """
        UPDATE assets
        SET import_job_id = work.job_id
        FROM unnest(%(asset_ids)s::bigint[], %(jobs)s::bigint[]) AS work (asset_id, job_id)
        WHERE assets.asset_id = work.asset_id
        """,
        asset_ids=list(jobs),
        jobs=list(jobs.values()),
    )


async def missing(  # the range of a page
    tx: Transaction, project: ProjectId, bucket_name: str, watch_id: int, prefix: str, start: str, end: str | None,
    present: Sequence[str],
) -> list[str]:  # fmt: skip
    """Return the keys in a range, its start excluded and its end included, whose assets a watch has registered.

    Keys that are present are left out. Without an end, the range has all further keys of the prefix.
    """
    return await tx.all(
        str,
        """
        SELECT DISTINCT key
        FROM assets
        WHERE project_id = %(project)s AND bucket_name = %(bucket_name)s AND watch_id = %(watch_id)s
          AND key COLLATE "C" > %(start)s AND (%(end)s::text IS NULL OR key COLLATE "C" <= %(end)s)
          AND key ^@ %(prefix)s
          AND NOT (key = ANY(%(present)s::text[]))
        """,
        project=project,
        bucket_name=bucket_name,
        watch_id=watch_id,
        prefix=prefix,
        start=start,
        end=end,
        present=list(present),
    )


async def registered_by_watch(tx: Transaction, watch_id: int, project: ProjectId, keys: Sequence[str]) -> list[AssetId]:
    """Lock and return the assets of a project that a watch has registered for these keys."""
    return await tx.all(
        AssetId,
        """
        SELECT asset_id
        FROM assets
        WHERE project_id = %(project)s AND watch_id = %(watch_id)s AND key COLLATE "C" = ANY(%(keys)s::text[])
        ORDER BY asset_id
        FOR UPDATE
        """,
        watch_id=watch_id,
        project=project,
        keys=list(keys),
    )
