"""``scenedex projects``."""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.table import Table

from scenedex.cli.user.rendering import facts, table, yes
from scenedex.cli.user.session import WorkspaceSession, Yes, sub_app, workspace_command
from scenedex.client import Project

app = sub_app("Projects: folders of assets in a workspace.")

ProjectId = Annotated[int, typer.Argument(help="Id of the project.", show_default=False)]
Name = Annotated[str, typer.Argument(help="Name of the project, 1-100 characters.", show_default=False)]


@workspace_command(app, "list")
def list_projects(session: WorkspaceSession) -> None:
    """List the projects of a workspace."""
    session.screen.many(session.client.projects(session.workspace).list(), _table)


@workspace_command(app, "create")
def create(session: WorkspaceSession, name: Name) -> None:
    """Create a project."""
    session.screen.one(session.client.projects(session.workspace).create(name), _facts)


@workspace_command(app, "show")
def show(session: WorkspaceSession, project_id: ProjectId) -> None:
    """Show a project."""
    session.screen.one(session.client.projects(session.workspace).get(project_id), _facts)


@workspace_command(app, "rename")
def rename(session: WorkspaceSession, project_id: ProjectId, name: Name) -> None:
    """Rename a project."""
    session.screen.one(session.client.projects(session.workspace).rename(project_id, name), _facts)


@workspace_command(app, "delete")
def delete(session: WorkspaceSession, project_id: ProjectId, *, yes: Yes = False) -> None:
    """Delete a project with its assets and indexes."""
    session.confirm(f"Delete project {project_id} and everything in it?", is_sure=yes)
    session.client.projects(session.workspace).delete(project_id)
    session.screen.note(f"Project {project_id} is deleted.")


def _table(projects: Sequence[Project]) -> Table:
    rows = [
        (item.project_id, item.name, yes(item.is_base_project), item.created_user_name, item.created_time)
        for item in projects
    ]
    return table(("Project", "Name", "Base", "Created by", "Created"), rows)


def _facts(project: Project) -> Table:
    return facts(
        ("Project", project.project_id),
        ("Name", project.name),
        ("Base project", yes(project.is_base_project)),
        ("Created", project.created_time),
        ("Created by", project.created_user_name),
        ("Updated", project.updated_time),
        ("Updated by", project.updated_user_name),
    )
