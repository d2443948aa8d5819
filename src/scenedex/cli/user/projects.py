"""``scenedex projects``."""

from typing import Annotated

import typer

from scenedex.cli.user.rendering import render_project, render_projects
from scenedex.cli.user.session import WorkspaceSession, Yes, sub_app, workspace_command

app = sub_app("Projects: folders of assets in a workspace.")

Project = Annotated[int, typer.Argument(help="Id of the project.", show_default=False)]
Name = Annotated[str, typer.Argument(help="Name of the project, 1-100 characters.", show_default=False)]


@workspace_command(app, "list")
def list_projects(session: WorkspaceSession) -> None:
    """List the projects of a workspace."""
    session.screen.many(session.client.projects(session.workspace).list(), render_projects)


@workspace_command(app, "create")
def create(session: WorkspaceSession, name: Name) -> None:
    """Create a project."""
    session.screen.one(session.client.projects(session.workspace).create(name), render_project)


@workspace_command(app, "show")
def show(session: WorkspaceSession, project_id: Project) -> None:
    """Show a project."""
    session.screen.one(session.client.projects(session.workspace).get(project_id), render_project)


@workspace_command(app, "rename")
def rename(session: WorkspaceSession, project_id: Project, name: Name) -> None:
    """Rename a project."""
    session.screen.one(session.client.projects(session.workspace).rename(project_id, name), render_project)


@workspace_command(app, "delete")
def delete(session: WorkspaceSession, project_id: Project, *, yes: Yes = False) -> None:
    """Delete a project with its assets and indexes."""
    session.confirm(f"Delete project {project_id} and everything in it?", is_sure=yes)
    session.client.projects(session.workspace).delete(project_id)
    session.screen.note(f"Project {project_id} is deleted.")
