"""SQL statements about the buckets that imports may read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.assets.records import SourceGrants

if TYPE_CHECKING:
    from scenedex.db.database import Transaction
    from scenedex.workspaces.records import WorkspaceId


async def grants_of(tx: Transaction, workspace: WorkspaceId, bucket: str) -> list[str]:
    """Return the prefixes of the keys that the imports of a workspace may read in a bucket."""
    return await tx.value(
        """
        SELECT array(
            SELECT '' WHERE bucket_is_granted AND workspaces.bucket_name = %(bucket)s
            UNION ALL
            SELECT prefix
            FROM bucket_grants
            WHERE bucket_grants.workspace_id = workspaces.workspace_id AND bucket_grants.bucket_name = %(bucket)s
        )
        FROM workspaces
        WHERE workspace_id = %(workspace)s
        """,
        workspace=workspace,
        bucket=bucket,
    )


async def grants(tx: Transaction, asset_id: int, bucket: str) -> SourceGrants | None:
    """Return the grants of the asset's workspace for a bucket, or `None` if the asset has been deleted."""
    return await tx.one(
        SourceGrants,
        """
        SELECT workspace_name, array(
            SELECT '' WHERE bucket_is_granted AND workspaces.bucket_name = %(bucket)s
            UNION ALL
            SELECT prefix
            FROM bucket_grants
            WHERE bucket_grants.workspace_id = workspaces.workspace_id AND bucket_grants.bucket_name = %(bucket)s
        )
        FROM assets
        JOIN projects USING (project_id)
        JOIN workspaces USING (workspace_id)
        WHERE asset_id = %(asset_id)s
        """,
        asset_id=asset_id,
        bucket=bucket,
    )
