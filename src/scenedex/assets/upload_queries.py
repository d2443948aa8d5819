"""SQL statements about direct uploads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.assets.records import AssetUpload

if TYPE_CHECKING:
    from datetime import timedelta

    from scenedex.assets.records import AssetId
    from scenedex.db.database import Transaction
    from scenedex.projects.records import ProjectId


async def insert(tx: Transaction, asset_key: str, project: ProjectId, file_name: str, life: timedelta) -> None:
    """Insert an open upload."""
    await tx.run(
        """
        INSERT INTO uploads (asset_key, project_id, file_name, expires_time)
        VALUES (%(asset_key)s, %(project)s, %(file_name)s, now() + %(life)s)
        """,
        asset_key=asset_key,
        project=project,
        file_name=file_name,
        life=life,
    )


async def lock(tx: Transaction, asset_key: str, grace: timedelta) -> AssetUpload | None:
    """Return an upload that expired at most ``grace`` ago, locked until the end of the transaction."""
    return await tx.one(
        AssetUpload,
        """
        SELECT asset_key, project_id, file_name, state, asset_id, expires_time
        FROM uploads
        WHERE asset_key = %(asset_key)s AND expires_time > now() - %(grace)s
        FOR UPDATE
        """,
        asset_key=asset_key,
        grace=grace,
    )


async def set_state(tx: Transaction, asset_key: str, state: str, *, former: str) -> None:
    """Set the state of an upload that is in the former one."""
    await tx.run(
        "UPDATE uploads SET state = %(state)s WHERE asset_key = %(asset_key)s AND state = %(former)s",
        state=state,
        asset_key=asset_key,
        former=former,
    )


async def complete(tx: Transaction, asset_key: str, asset_id: AssetId) -> None:
    """Complete an upload with the asset that it became."""
    await tx.run(
        "UPDATE uploads SET state = 'COMPLETED', asset_id = %(asset_id)s WHERE asset_key = %(asset_key)s",
        asset_id=asset_id,
        asset_key=asset_key,
    )


async def share_workspace(tx: Transaction, project: int, other: int) -> bool:
    """Return whether two projects belong to one workspace."""
    return await tx.value(
        """
        SELECT count(DISTINCT workspace_id) = 1
        FROM projects
        WHERE project_id IN (%(project)s, %(other)s)
        """,
        project=project,
        other=other,
    )


async def delete_expired(tx: Transaction, grace: timedelta) -> int:
    """Delete uploads that expired more than ``grace`` ago and that no import needs. Return how many."""
    return await tx.run(
        """
        DELETE FROM uploads
        WHERE expires_time < now() - %(grace)s
          AND NOT EXISTS (
              SELECT FROM assets WHERE assets.asset_id = uploads.asset_id AND import_status = 'IN_PROGRESS'
          )
        """,
        grace=grace,
    )
