"""SQL statements about assets and their imports."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import msgspec

from scenedex.assets.records import (
    Asset,
    AssetDetail,
    AssetId,
    AssetPlace,
    ImportClaim,
    ImportState,
    MediaFacts,
    NewAsset,
    StoredSoundTrack,
)
from scenedex.jobs.queue import Work

if TYPE_CHECKING:
    from scenedex.assets.records import ImportStatus
    from scenedex.db.database import Transaction
    from scenedex.jobs.queue import JobId
    from scenedex.projects.records import ProjectId

_FORMER_VERSION: Final = "The asset is a former version of its object. The latest was not imported: "


async def insert(
    tx: Transaction,
    project: ProjectId,
    *,
    file_name: str,
    key: str,
    bucket_name: str | None,
    upload_key: str | None,
    user_name: str,
    reads_open_buckets: bool,
) -> NewAsset:
    """Insert an asset whose import is in progress."""
    row = await tx.one(
        NewAsset,
        """
        INSERT INTO assets
            (project_id, file_name, key, bucket_name, upload_key, create_user_name, update_user_name,
             reads_open_buckets)
        VALUES
            (%(project)s, %(file_name)s, %(key)s, %(bucket_name)s, %(upload_key)s, %(user_name)s, %(user_name)s,
             %(reads_open_buckets)s)
        RETURNING asset_id, created_time,
            (SELECT workspace_id FROM projects WHERE projects.project_id = assets.project_id)
        """,
        project=project,
        file_name=file_name,
        key=key,
        bucket_name=bucket_name,
        upload_key=upload_key,
        user_name=user_name,
        reads_open_buckets=reads_open_buckets,
    )
    assert row is not None  # noqa: S101  # an insert returns its row
    return row


async def set_import_job(tx: Transaction, asset_id: int, job: JobId) -> None:
    """Set the job that imports the asset."""
    await tx.run("UPDATE assets SET import_job_id = %(job)s WHERE asset_id = %(asset_id)s", job=job, asset_id=asset_id)


async def find(tx: Transaction, project: ProjectId, asset_id: AssetId) -> Asset | None:
    """Return an asset of that project."""
    return await tx.one(
        Asset,
        """
        SELECT asset_id, file_name, project_id, key, format, width, height, duration_ms, size_bytes, create_user_name,
            created_time, update_user_name, updated_time
        FROM assets
        WHERE project_id = %(project)s AND asset_id = %(asset_id)s
        """,
        project=project,
        asset_id=asset_id,
    )


async def find_detail(tx: Transaction, project: ProjectId, asset_id: AssetId) -> AssetDetail | None:
    """Return an asset of that project with further facts about its content."""

    def make(*columns: Any) -> AssetDetail:  # noqa: ANN401  # the columns of `AssetDetail`
        tracks = None if columns[-1] is None else msgspec.json.decode(columns[-1], type=list[StoredSoundTrack])
        values: list[Any] = [*columns[:-1], tracks]
        return AssetDetail(*values)

    return await tx.one(
        make,
        """
        SELECT asset_id, file_name, project_id, key, format, width, height, duration_ms, size_bytes, create_user_name,
            created_time, update_user_name, updated_time, frame_rate, start_timecode, sound_tracks::text
        FROM assets
        WHERE project_id = %(project)s AND asset_id = %(asset_id)s
        """,
        project=project,
        asset_id=asset_id,
    )


async def lock(tx: Transaction, project: ProjectId, asset_id: AssetId) -> Asset | None:
    """Lock and return an asset of that project."""
    return await tx.one(
        Asset,
        """
        SELECT asset_id, file_name, project_id, key, format, width, height, duration_ms, size_bytes, create_user_name,
            created_time, update_user_name, updated_time
        FROM assets
        WHERE project_id = %(project)s AND asset_id = %(asset_id)s
        FOR UPDATE
        """,
        project=project,
        asset_id=asset_id,
    )


async def import_state(tx: Transaction, project: ProjectId, asset_id: AssetId) -> ImportState | None:
    """Return an asset of that project with the progress and result of its import."""
    return await tx.one(
        ImportState,
        """
        SELECT asset_id, file_name, project_id, key, format, width, height, duration_ms, size_bytes, create_user_name,
            created_time, update_user_name, updated_time, import_status, import_result, import_reason, import_percent
        FROM assets
        WHERE project_id = %(project)s AND asset_id = %(asset_id)s
        """,
        project=project,
        asset_id=asset_id,
    )


async def move(tx: Transaction, asset_id: AssetId, project: ProjectId, user_name: str) -> Asset | None:
    """Move an asset to another project, with its upload, whose bytes a waiting import still needs."""
    return await tx.one(
        Asset,
        """
        WITH upload AS (
            UPDATE uploads
            SET project_id = %(project)s
            WHERE asset_id = %(asset_id)s
        )
        UPDATE assets
        SET project_id = %(project)s, update_user_name = %(user_name)s, updated_time = now()
        WHERE asset_id = %(asset_id)s
        RETURNING asset_id, file_name, project_id, key, format, width, height, duration_ms, size_bytes,
            create_user_name, created_time, update_user_name, updated_time
        """,
        project=project,
        asset_id=asset_id,
        user_name=user_name,
    )


async def workspace_of(tx: Transaction, asset_id: AssetId) -> int:
    """Return the workspace of an asset."""
    return await tx.value(
        """
        SELECT workspace_id
        FROM assets
        JOIN projects USING (project_id)
        WHERE asset_id = %(asset_id)s
        """,
        asset_id=asset_id,
    )


async def delete(tx: Transaction, asset_id: AssetId) -> JobId | None:
    """Delete an asset and all rows below it. Return the job that imports it, if any."""
    return await tx.value("DELETE FROM assets WHERE asset_id = %(asset_id)s RETURNING import_job_id", asset_id=asset_id)


async def place(tx: Transaction, asset_id: int) -> AssetPlace | None:
    """Return the owner, place and file name of an asset, or `None` if it has been deleted."""
    return await tx.one(
        AssetPlace,
        """
        SELECT assets.create_user_name, workspace_id, workspace_name, project_id, file_name
        FROM assets
        JOIN projects USING (project_id)
        JOIN workspaces USING (workspace_id)
        WHERE asset_id = %(asset_id)s
        """,
        asset_id=asset_id,
    )


async def claim_import(tx: Transaction, asset_id: int) -> ImportClaim | None:
    """Start an attempt of an import that is in progress."""
    return await tx.one(
        ImportClaim,
        """
        UPDATE assets
        SET import_attempt = import_attempt + 1, import_tries = import_tries + 1
        WHERE asset_id = %(asset_id)s AND import_status = 'IN_PROGRESS'
        RETURNING asset_id, import_attempt, import_tries, bucket_name, key, upload_key, reads_open_buckets, managed_key
        """,
        asset_id=asset_id,
    )


async def release_import(tx: Transaction, claim: ImportClaim) -> None:
    """Take back the count of an attempt that was interrupted through no fault of the file."""
    await tx.run(
        """
        UPDATE assets
        SET import_tries = import_tries - 1
        WHERE asset_id = %(asset_id)s AND import_attempt = %(attempt)s AND import_status = 'IN_PROGRESS'
        """,
        asset_id=claim.asset_id,
        attempt=claim.attempt,
    )


async def set_import_percent(tx: Transaction, claim: ImportClaim, percent: int) -> bool:
    """Set the progress. Return `False` if the asset has been deleted or claimed by a later attempt."""
    changed = await tx.run(
        """
        UPDATE assets
        SET import_percent = greatest(import_percent, %(percent)s)
        WHERE asset_id = %(asset_id)s AND import_attempt = %(attempt)s AND import_status = 'IN_PROGRESS'
        """,
        percent=percent,
        asset_id=claim.asset_id,
        attempt=claim.attempt,
    )
    return changed > 0


async def complete_import(
    tx: Transaction,
    claim: ImportClaim,
    facts: MediaFacts,
    managed_key: str,
    etag: str,
    *,
    copy_etag: str | None = None,
    content_hash: str | None = None,
) -> bool:
    """Complete an import. Return `False` if the asset has been deleted or claimed by a later attempt.

    Args:
        tx: transaction or connection.
        claim: attempt of the import.
        facts: properties of the media.
        managed_key: key of the copy.
        etag: entity tag of the source.
        copy_etag: entity tag of the copy, if it is a digest of its bytes.
        content_hash: SHA-256 of the bytes in hexadecimal digits, if something has read them.
    """
    changed = await tx.run(
        """
        UPDATE assets
        SET import_status = 'COMPLETED', import_percent = 100, import_reason = %(remark)s,
            format = %(format)s, width = %(width)s, height = %(height)s,
            duration_ms = %(duration_ms)s, size_bytes = %(size_bytes)s,
            managed_key = %(managed_key)s, source_etag = %(etag)s,
            listed_etag = NULL, listed_size_bytes = NULL,
            copy_etag = %(copy_etag)s, content_hash = %(content_hash)s,
            video_codec = %(video_codec)s, pixel_format = %(pixel_format)s,
            audio_codec = %(audio_codec)s, frame_rate = %(frame_rate)s,
            start_timecode = %(start_timecode)s, reel = %(reel)s,
            sound_tracks = %(sound_tracks)s::jsonb, updated_time = now()
        WHERE asset_id = %(asset_id)s AND import_attempt = %(attempt)s AND import_status = 'IN_PROGRESS'
        """,
        **asdict(facts) | {"sound_tracks": msgspec.json.encode(facts.sound_tracks).decode()},
        managed_key=managed_key,
        etag=etag,
        copy_etag=copy_etag,
        content_hash=content_hash,
        asset_id=claim.asset_id,
        attempt=claim.attempt,
    )
    return changed > 0


async def end_import(tx: Transaction, claim: ImportClaim, status: ImportStatus, result: str, reason: str) -> bool:
    """End an import as refused or failed. Return `False` if the asset is deleted or claimed by a later attempt.

    An asset that is a former version of its object stays one.
    """
    changed = await tx.run(
        """
        UPDATE assets
        SET import_status = CASE WHEN managed_key IS NULL THEN %(status)s ELSE 'COMPLETED' END,
            import_result = CASE WHEN managed_key IS NULL THEN %(result)s END,
            import_reason = CASE WHEN managed_key IS NULL THEN %(reason)s ELSE %(former)s || %(reason)s END,
            import_percent = CASE WHEN managed_key IS NULL THEN import_percent ELSE 100 END,
            updated_time = now()
        WHERE asset_id = %(asset_id)s AND import_attempt = %(attempt)s AND import_status = 'IN_PROGRESS'
        """,
        status=status.value,
        result=result,
        reason=reason,
        former=_FORMER_VERSION,
        asset_id=claim.asset_id,
        attempt=claim.attempt,
    )
    return changed > 0


async def needs_copy(tx: Transaction, asset_id: int, managed_key: str) -> bool:
    """Return whether an object is the copy of an asset, or will be: uploaded bytes have one place for all attempts."""
    return await tx.value(
        """
        SELECT EXISTS (
            SELECT
            FROM assets
            WHERE asset_id = %(asset_id)s
              AND (managed_key = %(managed_key)s OR upload_key IS NOT NULL AND import_status = 'IN_PROGRESS')
        )
        """,
        asset_id=asset_id,
        managed_key=managed_key,
    )


async def cancel_import(tx: Transaction, asset_id: int, result: str, reason: str) -> JobId | None:
    """Fail an import in progress. Return its job, 0 if it has none, or `None` if no import is in progress.

    An asset that is a former version of its object stays one.
    """
    return await tx.value(
        """
        UPDATE assets
        SET import_status = CASE WHEN managed_key IS NULL THEN 'FAILED' ELSE 'COMPLETED' END,
            import_result = CASE WHEN managed_key IS NULL THEN %(result)s END,
            import_reason = CASE WHEN managed_key IS NULL THEN %(reason)s ELSE %(former)s || %(reason)s END,
            import_percent = CASE WHEN managed_key IS NULL THEN import_percent ELSE 100 END,
            updated_time = now()
        WHERE asset_id = %(asset_id)s AND import_status = 'IN_PROGRESS'
        RETURNING coalesce(import_job_id, 0)
        """,
        former=_FORMER_VERSION,
        result=result,
        reason=reason,
        asset_id=asset_id,
    )


async def restart_import(tx: Transaction, asset_id: int) -> Work | None:
    """Restart a failed import of an object in a bucket. Return `None` if there is none."""
    return await tx.one(
        Work,
        """
        UPDATE assets
        SET import_status = 'IN_PROGRESS', import_percent = 0, import_tries = 0,
            import_result = NULL, import_reason = NULL, updated_time = now()
        FROM projects
        WHERE projects.project_id = assets.project_id
          AND asset_id = %(asset_id)s
          AND import_status NOT IN ('IN_PROGRESS', 'COMPLETED')
          AND upload_key IS NULL
        RETURNING asset_id, workspace_id
        """,
        asset_id=asset_id,
    )


async def imports_without_job(tx: Transaction) -> list[Work]:
    """Return up to 1000 imports in progress that no job serves, locked until the end of the transaction."""
    return await tx.all(
        Work,
        """
        SELECT asset_id, workspace_id
        FROM assets
        JOIN projects USING (project_id)
        WHERE import_status = 'IN_PROGRESS'
          AND assets.created_time < now() - interval '1 minute'
          AND NOT EXISTS (SELECT FROM live_jobs WHERE live_jobs.id = import_job_id)
        ORDER BY asset_id
        LIMIT 1000
        FOR UPDATE OF assets SKIP LOCKED
        """,
    )
