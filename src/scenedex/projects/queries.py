"""Statements about projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.db.database import as_tuple
from scenedex.projects.records import Project, ProjectId, ProjectPlace

if TYPE_CHECKING:
    from scenedex.db.database import Transaction
    from scenedex.workspaces.records import WorkspaceId


async def all_of(tx: Transaction, workspace: WorkspaceId) -> list[Project]:
    """Return the projects of a workspace, oldest first."""
    return await tx.all(
        Project,
        """
        SELECT project_id, name, is_base_project, created_user_name, created_time, updated_user_name, updated_time
        FROM projects
        WHERE workspace_id = %(workspace)s
        ORDER BY project_id
        """,
        workspace=workspace,
    )


async def find(tx: Transaction, workspace: WorkspaceId, project_id: ProjectId) -> Project | None:
    """Return a project of the workspace."""
    return await tx.one(
        Project,
        """
        SELECT project_id, name, is_base_project, created_user_name, created_time, updated_user_name, updated_time
        FROM projects
        WHERE workspace_id = %(workspace)s AND project_id = %(project_id)s
        """,
        workspace=workspace,
        project_id=project_id,
    )


async def lock(tx: Transaction, workspace: WorkspaceId, project_id: ProjectId) -> Project | None:
    """Lock and return a project of the workspace."""
    return await tx.one(
        Project,
        """
        SELECT project_id, name, is_base_project, created_user_name, created_time, updated_user_name, updated_time
        FROM projects
        WHERE workspace_id = %(workspace)s AND project_id = %(project_id)s
        FOR UPDATE
        """,
        workspace=workspace,
        project_id=project_id,
    )


async def locate(tx: Transaction, workspace_name: str, project_id: ProjectId) -> tuple[int | None, int | None]:
    """Return the ids of the workspace and of the project in it, each `None` if it does not exist."""
    found = await tx.one(
        as_tuple,
        """
        SELECT w.workspace_id, p.project_id
        FROM workspaces w
        LEFT JOIN projects p ON p.workspace_id = w.workspace_id AND p.project_id = %(project_id)s
        WHERE w.workspace_name = %(workspace_name)s
        """,
        workspace_name=workspace_name,
        project_id=project_id,
    )
    return found or (None, None)


async def place(tx: Transaction, project_id: ProjectId) -> ProjectPlace | None:
    """Return the place of a project, or `None` if it does not exist."""
    return await tx.one(
        ProjectPlace,
        """
        SELECT workspace_id, workspace_name, project_id
        FROM projects
        JOIN workspaces USING (workspace_id)
        WHERE project_id = %(project_id)s
        """,
        project_id=project_id,
    )


async def lock_against_deletion(tx: Transaction, workspace_name: str, project_id: ProjectId) -> ProjectId | None:
    """Share a lock on the key of a project and return its id."""
    return await tx.value(
        """
        SELECT p.project_id
        FROM projects p
        JOIN workspaces w USING (workspace_id)
        WHERE p.project_id = %(project_id)s AND w.workspace_name = %(workspace_name)s
        FOR KEY SHARE OF p
        """,
        workspace_name=workspace_name,
        project_id=project_id,
    )


async def lock_names(tx: Transaction, workspace: WorkspaceId) -> bool:
    """Make other creations and renamings in the workspace wait. Return `False` if it has been deleted."""
    locked = await tx.run(
        "SELECT 1 FROM workspaces WHERE workspace_id = %(workspace)s FOR NO KEY UPDATE", workspace=workspace
    )
    return locked > 0


async def count(tx: Transaction, workspace: WorkspaceId) -> int:
    """Return the number of projects in the workspace."""
    return await tx.value("SELECT count(*) FROM projects WHERE workspace_id = %(workspace)s", workspace=workspace)


async def insert(
    tx: Transaction, workspace: WorkspaceId, name: str, user_name: str, *, is_base_project: bool
) -> Project | None:
    """Create a project, or return `None` if the name is taken."""
    return await tx.one(
        Project,
        """
        INSERT INTO projects (workspace_id, name, is_base_project, created_user_name, updated_user_name)
        VALUES (%(workspace)s, %(name)s, %(is_base_project)s, %(user_name)s, %(user_name)s)
        ON CONFLICT (workspace_id, name) DO NOTHING
        RETURNING project_id, name, is_base_project, created_user_name, created_time, updated_user_name, updated_time
        """,
        workspace=workspace,
        name=name,
        is_base_project=is_base_project,
        user_name=user_name,
    )


async def is_name_taken(tx: Transaction, workspace: WorkspaceId, name: str, but: ProjectId) -> bool:
    """Return whether another project of the workspace has the name."""
    return await tx.value(
        """
        SELECT EXISTS (
            SELECT FROM projects WHERE workspace_id = %(workspace)s AND name = %(name)s AND project_id <> %(but)s
        )
        """,
        workspace=workspace,
        name=name,
        but=but,
    )


async def rename(tx: Transaction, project_id: ProjectId, name: str, user_name: str) -> Project | None:
    """Rename a project and return it."""
    return await tx.one(
        Project,
        """
        UPDATE projects
        SET name = %(name)s, updated_user_name = %(user_name)s, updated_time = now()
        WHERE project_id = %(project_id)s
        RETURNING project_id, name, is_base_project, created_user_name, created_time, updated_user_name, updated_time
        """,
        project_id=project_id,
        name=name,
        user_name=user_name,
    )


async def delete(tx: Transaction, project_id: ProjectId) -> None:
    """Delete a project and all rows below it."""
    await tx.run("DELETE FROM projects WHERE project_id = %(project_id)s", project_id=project_id)
