"""Statements about workspaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.workspaces.records import Workspace, WorkspaceId

if TYPE_CHECKING:
    from datetime import date

    from scenedex.db.database import Transaction

# First key of the lock on the persons of a workspace. It never changes. The second key is the workspace.
_PERSONS_LOCK = 0x5CE9DE


async def find(tx: Transaction, name: str) -> Workspace | None:
    """Return the workspace of that name."""
    return await tx.one(
        Workspace,
        """
        SELECT workspace_id, workspace_name, bucket_name, created_user_name, created_time, updated_user_name,
            updated_time
        FROM workspaces
        WHERE workspace_name = %(name)s
        """,
        name=name,
    )


async def find_id(tx: Transaction, name: str) -> WorkspaceId | None:
    """Return the id of the workspace of that name."""
    return await tx.value("SELECT workspace_id FROM workspaces WHERE workspace_name = %(name)s", name=name)


async def page(tx: Transaction, visible: list[str] | None, offset: int, size: int) -> list[Workspace]:
    """Return a page of the workspaces of these names, or of all, in the order of their creation."""
    return await tx.all(
        Workspace,
        """
        SELECT workspace_id, workspace_name, bucket_name, created_user_name, created_time, updated_user_name,
            updated_time
        FROM workspaces
        WHERE %(visible)s::text[] IS NULL OR workspace_name = ANY(%(visible)s)
        ORDER BY workspace_id
        OFFSET %(offset)s
        LIMIT %(size)s
        """,
        visible=visible,
        offset=offset,
        size=size,
    )


async def count(tx: Transaction, visible: list[str] | None) -> int:
    """Return the number of workspaces of these names, or of all."""
    return await tx.value(
        """
        SELECT count(*)
        FROM workspaces
        WHERE %(visible)s::text[] IS NULL OR workspace_name = ANY(%(visible)s)
        """,
        visible=visible,
    )


async def lock_creation(tx: Transaction) -> None:
    """Make other creations wait until the end of the transaction."""
    await tx.run("LOCK TABLE workspaces IN SHARE ROW EXCLUSIVE MODE")


async def insert(
    tx: Transaction, name: str, bucket_name: str | None, user_name: str, *, bucket_is_granted: bool
) -> Workspace | None:
    """Create a workspace, or return `None` if the name is taken."""
    return await tx.one(
        Workspace,
        """
        INSERT INTO workspaces (workspace_name, bucket_name, bucket_is_granted, created_user_name, updated_user_name)
        VALUES (%(name)s, %(bucket_name)s, %(bucket_is_granted)s, %(user_name)s, %(user_name)s)
        ON CONFLICT (workspace_name) DO NOTHING
        RETURNING workspace_id, workspace_name, bucket_name, created_user_name, created_time, updated_user_name,
            updated_time
        """,
        name=name,
        bucket_name=bucket_name,
        bucket_is_granted=bucket_is_granted,
        user_name=user_name,
    )


async def lock(tx: Transaction, name: str) -> WorkspaceId | None:
    """Lock the row of the workspace and return its id."""
    return await tx.value("SELECT workspace_id FROM workspaces WHERE workspace_name = %(name)s FOR UPDATE", name=name)


async def lock_against_deletion(tx: Transaction, workspace_id: int) -> bool:
    """Share a lock on the key of the workspace. Return `False` if it has been deleted."""
    locked = await tx.run(
        "SELECT 1 FROM workspaces WHERE workspace_id = %(workspace_id)s FOR KEY SHARE", workspace_id=workspace_id
    )
    return locked > 0


async def lock_persons(tx: Transaction, workspace_id: int) -> None:
    """Take the advisory lock on the persons of the workspace."""
    await tx.run(
        "SELECT pg_advisory_xact_lock(%(key)s, hashint8(%(workspace_id)s))",
        key=_PERSONS_LOCK,
        workspace_id=workspace_id,
    )


async def delete(tx: Transaction, workspace_id: WorkspaceId) -> None:
    """Delete the workspace and all rows below it."""
    await tx.run("DELETE FROM workspaces WHERE workspace_id = %(workspace_id)s", workspace_id=workspace_id)


async def analyses_requested(tx: Transaction, workspace_id: WorkspaceId, month: date) -> int:
    """Return the number of analyses requested in a calendar month, given by its first day."""
    requested = await tx.value(
        "SELECT requested FROM analysis_usage WHERE workspace_id = %(workspace_id)s AND month = %(month)s",
        workspace_id=workspace_id,
        month=month,
    )
    return requested or 0


async def count_analysis(tx: Transaction, workspace_id: WorkspaceId, month: date) -> None:
    """Count one more analysis in a calendar month, given by its first day."""
    await tx.run(
        """
        INSERT INTO analysis_usage (workspace_id, month, requested)
        VALUES (%(workspace_id)s, %(month)s, 1)
        ON CONFLICT (workspace_id, month) DO UPDATE SET requested = analysis_usage.requested + 1
        """,
        workspace_id=workspace_id,
        month=month,
    )
