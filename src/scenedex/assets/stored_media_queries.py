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
            format, width, height, duration_ms, size_bytes, video_codec, pixel_format, audio_codec, frame_rate
        FROM assets
        JOIN projects USING (project_id)
        WHERE project_id = %(project)s AND asset_id = %(asset_id)s
        """,
        project=project,
        asset_id=asset_id,
    )
