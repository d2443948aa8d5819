"""Every statement about projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.projects.records import Project, ProjectId

if TYPE_CHECKING:
    from scenedex.db.database import Transaction
    from scenedex.workspaces.records import WorkspaceId

_COLUMNS = "project_id, name, is_base_project, created_user_name, created_time, updated_user_name, updated_time"


async def all_of(tx: Transaction, workspace: WorkspaceId) -> list[Project]:
    """The projects of a workspace, oldest first."""
    return await tx.all(
        Project, f"SELECT {_COLUMNS} FROM projects WHERE workspace_id = %s ORDER BY project_id", workspace
    )


async def find(tx: Transaction, workspace: WorkspaceId, project_id: ProjectId) -> Project | None:
    """A project of that workspace."""
    return await tx.one(
        Project,
        f"SELECT {_COLUMNS} FROM projects WHERE workspace_id = %s AND project_id = %s",
        workspace,
        project_id,
    )


async def lock(tx: Transaction, workspace: WorkspaceId, project_id: ProjectId) -> Project | None:
    """A project of that workspace, which stays as it is until the end of the transaction."""
    return await tx.one(
        Project,
        f"SELECT {_COLUMNS} FROM projects WHERE workspace_id = %s AND project_id = %s FOR UPDATE",
        workspace,
        project_id,
    )


async def locate(tx: Transaction, workspace_name: str, project_id: ProjectId) -> tuple[int | None, int | None]:
    """The ids of the workspace of that name and of that project in it, each None where there is none."""
    found = await tx.one(
        _pair,
        "SELECT w.workspace_id, p.project_id FROM workspaces w"
        " LEFT JOIN projects p ON p.workspace_id = w.workspace_id AND p.project_id = %s"
        " WHERE w.workspace_name = %s",
        project_id,
        workspace_name,
    )
    return found or (None, None)


async def hold(tx: Transaction, workspace_name: str, project_id: ProjectId) -> ProjectId | None:
    """The id of a project that is not deleted until the end of the transaction; None where there is none."""
    return await tx.value(
        "SELECT p.project_id FROM projects p JOIN workspaces w USING (workspace_id)"
        " WHERE p.project_id = %s AND w.workspace_name = %s FOR KEY SHARE OF p",
        project_id,
        workspace_name,
    )


async def lock_creation(tx: Transaction, workspace: WorkspaceId) -> bool:
    """Let one creation at a time count and insert in this workspace; False where it has been deleted."""
    return await tx.run("SELECT 1 FROM workspaces WHERE workspace_id = %s FOR NO KEY UPDATE", workspace) > 0


async def count(tx: Transaction, workspace: WorkspaceId) -> int:
    """How many projects the workspace has."""
    return await tx.value("SELECT count(*) FROM projects WHERE workspace_id = %s", workspace)


async def insert(
    tx: Transaction, workspace: WorkspaceId, name: str, user_name: str, *, is_base_project: bool
) -> Project | None:
    """A new project; None where the name is taken."""
    return await tx.one(
        Project,
        "INSERT INTO projects (workspace_id, name, is_base_project, created_user_name, updated_user_name)"
        f" VALUES (%s, %s, %s, %s, %s) ON CONFLICT (workspace_id, name) DO NOTHING RETURNING {_COLUMNS}",
        workspace,
        name,
        is_base_project,
        user_name,
        user_name,
    )


async def is_name_taken(tx: Transaction, workspace: WorkspaceId, name: str, but: ProjectId) -> bool:
    """Whether another project of the workspace bears the name."""
    return await tx.value(
        "SELECT EXISTS (SELECT FROM projects WHERE workspace_id = %s AND name = %s AND project_id <> %s)",
        workspace,
        name,
        but,
    )


async def rename(tx: Transaction, project_id: ProjectId, name: str, user_name: str) -> Project | None:
    """The project under its new name."""
    return await tx.one(
        Project,
        "UPDATE projects SET name = %s, updated_user_name = %s, updated_time = now()"
        f" WHERE project_id = %s RETURNING {_COLUMNS}",
        name,
        user_name,
        project_id,
    )


async def delete(tx: Transaction, project_id: ProjectId) -> None:
    """The project and all rows below it."""
    await tx.run("DELETE FROM projects WHERE project_id = %s", project_id)


def _pair(workspace: int, project: int | None) -> tuple[int | None, int | None]:
    return workspace, project
