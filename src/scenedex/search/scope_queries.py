"""Statements about the scope of a search."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from scenedex.db.database import Transaction


async def missing_projects(tx: Transaction, workspace_id: int, project_ids: Sequence[int]) -> list[int]:
    """Return the ids that belong to no project of the workspace."""
    known = await tx.all(
        int,
        "SELECT project_id FROM projects WHERE workspace_id = %(workspace_id)s AND project_id = ANY(%(project_ids)s)",
        workspace_id=workspace_id,
        project_ids=list(project_ids),
    )
    return [one for one in project_ids if one not in set(known)]


async def missing_assets(tx: Transaction, workspace_id: int, asset_ids: Sequence[int]) -> list[int]:
    """Return the ids that belong to no asset of the workspace."""
    known = await tx.all(
        int,
        """
        SELECT asset_id
        FROM assets
        JOIN projects USING (project_id)
        WHERE workspace_id = %(workspace_id)s AND asset_id = ANY(%(asset_ids)s)
        """,
        workspace_id=workspace_id,
        asset_ids=list(asset_ids),
    )
    return [one for one in asset_ids if one not in set(known)]


async def workspace_of_scope(
    tx: Transaction, visible: Collection[str] | None, project_ids: Sequence[int], asset_ids: Sequence[int]
) -> str | None:
    """Return the name of the workspace, one of the visible ones if given, of the first of these that exists."""
    return await tx.value(
        """
        SELECT workspace_name
        FROM workspaces
        JOIN projects USING (workspace_id)
        WHERE (
                project_id = ANY(%(project_ids)s)
                OR project_id IN (SELECT project_id FROM assets WHERE asset_id = ANY(%(asset_ids)s))
            )
          AND workspace_name = ANY(coalesce(%(visible)s::text[], ARRAY[workspace_name]))
        ORDER BY project_id
        LIMIT 1
        """,
        project_ids=list(project_ids),
        asset_ids=list(asset_ids),
        visible=None if visible is None else list(visible),
    )
