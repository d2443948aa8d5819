"""``scenedex workspaces``."""

from typing import Annotated

import typer

from scenedex.cli.user.rendering import render_workspace, render_workspaces
from scenedex.cli.user.session import Session, Yes, service_command, sub_app

app = sub_app("Workspaces: boundaries between tenants.")

Name = Annotated[str, typer.Argument(help="Name of the workspace.", show_default=False)]


@service_command(app, "list")
def list_workspaces(session: Session) -> None:
    """List the workspaces that the access key may see."""
    session.screen.many(session.client.workspaces.list(), render_workspaces)


@service_command(app, "create")
def create(
    session: Session,
    name: Name,
    bucket: Annotated[str | None, typer.Option(help="Bucket of the workspace.", metavar="NAME")] = None,
) -> None:
    """Create a workspace and its base project."""
    session.screen.one(session.client.workspaces.create(name, bucket_name=bucket), render_workspace)


@service_command(app, "show")
def show(session: Session, name: Name) -> None:
    """Show a workspace."""
    session.screen.one(session.client.workspaces.get(name), render_workspace)


@service_command(app, "delete")
def delete(session: Session, name: Name, *, yes: Yes = False) -> None:
    """Delete a workspace with all its projects, assets and indexes. Your buckets are kept."""
    session.confirm(f"Delete workspace {name} and everything in it?", is_sure=yes)
    session.client.workspaces.delete(name)
    session.screen.note(f"Workspace {name} is deleted.")
