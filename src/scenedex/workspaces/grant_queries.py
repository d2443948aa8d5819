"""Statements about buckets that workspaces may read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.workspaces.records import BucketGrant

if TYPE_CHECKING:
    from scenedex.db.database import Transaction
    from scenedex.workspaces.records import WorkspaceId


async def insert(tx: Transaction, workspace_id: WorkspaceId, bucket: str, prefix: str, user_name: str) -> bool:
    """Insert a grant. Return `False` if it exists."""
    inserted = await tx.run(
        """
        INSERT INTO bucket_grants (workspace_id, bucket_name, prefix, created_user_name)
        VALUES (%(workspace_id)s, %(bucket)s, %(prefix)s, %(user_name)s)
        ON CONFLICT DO NOTHING
        """,
        workspace_id=workspace_id,
        bucket=bucket,
        prefix=prefix,
        user_name=user_name,
    )
    return inserted > 0


async def delete(tx: Transaction, workspace_id: WorkspaceId, bucket: str, prefix: str) -> bool:
    """Delete a grant. Return `False` if there is none."""
    deleted = await tx.run(
        """
        DELETE FROM bucket_grants
        WHERE workspace_id = %(workspace_id)s AND bucket_name = %(bucket)s AND prefix = %(prefix)s
        """,
        workspace_id=workspace_id,
        bucket=bucket,
        prefix=prefix,
    )
    return deleted > 0


async def revoke_own(tx: Transaction, workspace_id: WorkspaceId, bucket: str) -> bool:
    """Make the bucket of a workspace a mere name. Return `False` if it is another bucket, or is not granted."""
    changed = await tx.run(
        """
        UPDATE workspaces
        SET bucket_is_granted = false
        WHERE workspace_id = %(workspace_id)s AND bucket_name = %(bucket)s AND bucket_is_granted
        """,
        workspace_id=workspace_id,
        bucket=bucket,
    )
    return changed > 0


async def all_of(tx: Transaction, workspace_name: str | None) -> list[BucketGrant]:
    """Return the grants of a workspace, or of all."""
    return await tx.all(
        BucketGrant,
        """
        SELECT workspace_name, bucket_name, '', true, created_user_name, created_time
        FROM workspaces
        WHERE bucket_name IS NOT NULL
          AND bucket_is_granted
          AND (%(workspace_name)s::text IS NULL OR workspace_name = %(workspace_name)s)
        UNION ALL
        SELECT workspace_name, bucket_grants.bucket_name, prefix, false,
               bucket_grants.created_user_name, bucket_grants.created_time
        FROM bucket_grants
        JOIN workspaces USING (workspace_id)
        WHERE %(workspace_name)s::text IS NULL OR workspace_name = %(workspace_name)s
        ORDER BY 1, 2, 3, 4
        """,
        workspace_name=workspace_name,
    )
