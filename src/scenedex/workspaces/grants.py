"""Buckets that operators grant to workspaces. A bucket is a boundary between tenants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.audit.events import BUCKET_GRANTED, BUCKET_REVOKED
from scenedex.audit.records import AuditEntry
from scenedex.audit.service import record
from scenedex.workspaces import grant_queries
from scenedex.workspaces.service import require_workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.db.database import Transaction
    from scenedex.workspaces.records import BucketGrant


async def grant_bucket(tx: Transaction, workspace_name: str, bucket: str, prefix: str, *, operator: str) -> bool:
    """Let the imports of a workspace read the objects of a bucket whose keys start with a prefix.

    Returns:
        `False` if they may already.

    Raises:
        WorkspaceNotFound: there is no such workspace.
    """
    workspace = await require_workspace(tx, workspace_name)
    is_new = await grant_queries.insert(tx, workspace, bucket, prefix, operator)
    if is_new:
        await record(tx, _entry(BUCKET_GRANTED, workspace_name, bucket, prefix, operator))
    return is_new


async def revoke_bucket(tx: Transaction, workspace_name: str, bucket: str, prefix: str, *, operator: str) -> bool:
    """Withdraw a grant. Without a prefix this includes the bucket that was named when the workspace was created.

    Returns:
        `False` if there is no such grant.

    Raises:
        WorkspaceNotFound: there is no such workspace.
    """
    workspace = await require_workspace(tx, workspace_name)
    was_granted = await grant_queries.delete(tx, workspace, bucket, prefix)
    if not prefix:
        was_granted |= await grant_queries.revoke_own(tx, workspace, bucket)
    if was_granted:
        await record(tx, _entry(BUCKET_REVOKED, workspace_name, bucket, prefix, operator))
    return was_granted


async def bucket_grants(tx: Transaction, workspace_name: str | None = None) -> Sequence[BucketGrant]:
    """Return the grants of a workspace or of all, in the order of their names.

    Raises:
        WorkspaceNotFound: there is no such workspace.
    """
    if workspace_name is not None:
        await require_workspace(tx, workspace_name)
    return await grant_queries.all_of(tx, workspace_name)


def _entry(event: str, workspace_name: str, bucket: str, prefix: str, operator: str) -> AuditEntry:
    return AuditEntry(event, operator, workspace_name=workspace_name, resource=f"buckets/{bucket}/{prefix}")
