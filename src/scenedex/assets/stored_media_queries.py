"""SQL statements about the copies of assets in managed storage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.assets.records import AssetId, StoredMedia

if TYPE_CHECKING:
    from scenedex.db.database import Transaction
    from scenedex.projects.records import ProjectId


async def find(tx: Transaction, project: ProjectId, asset_id: AssetId) -> StoredMedia | None:
    """Return the copy of an asset of that project."""
    return await tx.one(
        StoredMedia,
        """
        SELECT asset_id, workspace_id, file_name, import_status, coalesce(import_reason, import_result), managed_key,
            format, width, height, duration_ms, size_bytes, video_codec, pixel_format, audio_codec, frame_rate,
            start_timecode, reel,
            (SELECT array_agg(track ->> 0 ORDER BY number)
             FROM jsonb_array_elements(sound_tracks) WITH ORDINALITY AS listed (track, number)) AS sound_codecs
        FROM assets
        JOIN projects USING (project_id)
        WHERE project_id = %(project)s AND asset_id = %(asset_id)s
        """,
        project=project,
        asset_id=asset_id,
    )


async def find_by_id(tx: Transaction, asset_id: int) -> StoredMedia | None:
    """Return the copy of an asset."""
    return await tx.one(
        StoredMedia,
        """
        SELECT asset_id, workspace_id, file_name, import_status, coalesce(import_reason, import_result), managed_key,
            format, width, height, duration_ms, size_bytes, video_codec, pixel_format, audio_codec, frame_rate,
            start_timecode, reel,
            (SELECT array_agg(track ->> 0 ORDER BY number)
             FROM jsonb_array_elements(sound_tracks) WITH ORDINALITY AS listed (track, number)) AS sound_codecs
        FROM assets
        JOIN projects USING (project_id)
        WHERE asset_id = %(asset_id)s
        """,
        asset_id=asset_id,
    )


async def sound_track_count(tx: Transaction, asset_id: int) -> int | None:
    """Return the number of sound tracks of an asset, or `None` if it is not known."""
    return await tx.value(
        "SELECT jsonb_array_length(sound_tracks) FROM assets WHERE asset_id = %(asset_id)s", asset_id=asset_id
    )


async def set_codecs(
    tx: Transaction,
    asset_id: int,
    *,
    video_codec: str | None,
    pixel_format: str | None,
    audio_codec: str | None,
    frame_rate: str | None,
) -> None:
    """Set the codecs of an asset that an earlier release imported."""
    await tx.run(
        """
        UPDATE assets
        SET video_codec = %(video_codec)s, pixel_format = %(pixel_format)s, audio_codec = %(audio_codec)s,
            frame_rate = %(frame_rate)s
        WHERE asset_id = %(asset_id)s
        """,
        video_codec=video_codec,
        pixel_format=pixel_format,
        audio_codec=audio_codec,
        frame_rate=frame_rate,
        asset_id=asset_id,
    )
