"""Locks that other slices take on a workspace, each held until the end of the transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.workspaces import queries
from scenedex.workspaces.errors import WorkspaceNotFound

if TYPE_CHECKING:
    from scenedex.db.database import Transaction


async def prevent_deletion(tx: Transaction, workspace_id: int) -> None:
    """Keep the workspace from being deleted.

    Raises:
        WorkspaceNotFound: it has been deleted.
    """
    if not await queries.lock_against_deletion(tx, workspace_id):
        raise WorkspaceNotFound


async def lock_persons(tx: Transaction, workspace_id: int) -> None:
    """Make all other changes to the persons of the workspace and to their appearances wait.

    Take locks of a workspace, project or asset before this one, and those of an index and of persons after it.
    The database takes the same lock when the counts of persons change. See migration 0003.
    """
    await queries.lock_persons(tx, workspace_id)
