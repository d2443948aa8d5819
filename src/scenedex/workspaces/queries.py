"""Every statement about workspaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.workspaces.records import Workspace, WorkspaceId

if TYPE_CHECKING:
    from datetime import date

    from scenedex.db.database import Transaction

# Any constant does, as long as every release uses the same one; the second key of the lock is the workspace.
_PERSONS_LOCK = 0x5CE9DE
_COLUMNS = "workspace_id, workspace_name, bucket_name, created_user_name, created_time, updated_user_name, updated_time"


async def find(tx: Transaction, name: str) -> Workspace | None:
    """The workspace of that name."""
    return await tx.one(Workspace, f"SELECT {_COLUMNS} FROM workspaces WHERE workspace_name = %s", name)


async def find_id(tx: Transaction, name: str) -> WorkspaceId | None:
    """The id of the workspace of that name."""
    return await tx.value("SELECT workspace_id FROM workspaces WHERE workspace_name = %s", name)


async def page(tx: Transaction, visible: list[str] | None, offset: int, size: int) -> list[Workspace]:
    """Visible workspaces in the order they were created."""
    return await tx.all(
        Workspace,
        f"SELECT {_COLUMNS} FROM workspaces WHERE %s::text[] IS NULL OR workspace_name = ANY(%s)"
        " ORDER BY workspace_id OFFSET %s LIMIT %s",
        visible,
        visible,
        offset,
        size,
    )


async def count(tx: Transaction, visible: list[str] | None) -> int:
    """How many workspaces are visible."""
    return await tx.value(
        "SELECT count(*) FROM workspaces WHERE %s::text[] IS NULL OR workspace_name = ANY(%s)", visible, visible
    )


async def lock_creation(tx: Transaction) -> None:
    """Let one creation at a time count and insert."""
    await tx.run("LOCK TABLE workspaces IN SHARE ROW EXCLUSIVE MODE")


async def insert(tx: Transaction, name: str, bucket_name: str | None, user_name: str) -> Workspace | None:
    """A new workspace; None where the name is taken."""
    return await tx.one(
        Workspace,
        "INSERT INTO workspaces (workspace_name, bucket_name, created_user_name, updated_user_name)"
        f" VALUES (%s, %s, %s, %s) ON CONFLICT (workspace_name) DO NOTHING RETURNING {_COLUMNS}",
        name,
        bucket_name,
        user_name,
        user_name,
    )


async def lock(tx: Transaction, name: str) -> WorkspaceId | None:
    """The id of the workspace, which stays as it is until the end of the transaction."""
    return await tx.value("SELECT workspace_id FROM workspaces WHERE workspace_name = %s FOR UPDATE", name)


async def hold(tx: Transaction, workspace_id: int) -> bool:
    """Let the workspace not be deleted until the end of the transaction; False where it has been."""
    return await tx.run("SELECT 1 FROM workspaces WHERE workspace_id = %s FOR KEY SHARE", workspace_id) > 0


async def lock_persons(tx: Transaction, workspace_id: int) -> None:
    """Let no other transaction change who is who in the workspace, or where anybody is seen, until the end of this one.

    Locks of a workspace, project or asset come before this one, those of an index, of what it says and of persons after
    it. The database takes the same lock where the counts of persons change; see migration 0003.
    """
    await tx.run("SELECT pg_advisory_xact_lock(%s, hashint8(%s))", _PERSONS_LOCK, workspace_id)


async def delete(tx: Transaction, workspace_id: WorkspaceId) -> None:
    """The workspace and all rows below it."""
    await tx.run("DELETE FROM workspaces WHERE workspace_id = %s", workspace_id)


async def analyses_requested(tx: Transaction, workspace_id: WorkspaceId, month: date) -> int:
    """Analyses requested in the calendar month that starts on that day."""
    return (
        await tx.value(
            "SELECT requested FROM analysis_usage WHERE workspace_id = %s AND month = %s", workspace_id, month
        )
        or 0
    )


async def count_analysis(tx: Transaction, workspace_id: WorkspaceId, month: date) -> None:
    """One more analysis requested in that month."""
    await tx.run(
        "INSERT INTO analysis_usage (workspace_id, month, requested) VALUES (%s, %s, 1)"
        " ON CONFLICT (workspace_id, month) DO UPDATE SET requested = analysis_usage.requested + 1",
        workspace_id,
        month,
    )
