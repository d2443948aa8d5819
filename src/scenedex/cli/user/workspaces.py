"""``scenedex workspaces``."""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.table import Table

from scenedex.cli.user.rendering import facts, table
from scenedex.cli.user.session import Session, Yes, service_command, sub_app
from scenedex.client import Workspace

app = sub_app("Workspaces: boundaries between tenants.")

Name = Annotated[str, typer.Argument(help="Name of the workspace.", show_default=False)]


@service_command(app, "list")
def list_workspaces(session: Session) -> None:
    """List the workspaces that the access key may see."""
    session.screen.many(session.client.workspaces.list(), _table)


@service_command(app, "create")
def create(
    session: Session,
    name: Name,
    bucket: Annotated[
        str | None,
        typer.Option(
            help="Bucket of the workspace. A key that is limited to workspaces does not grant it.", metavar="NAME"
        ),
    ] = None,
) -> None:
    """Create a workspace and its base project."""
    session.screen.one(session.client.workspaces.create(name, bucket_name=bucket), _facts)
    session.screen.note(f"Next: {session.hint(f'projects list -w {name}')}")


@service_command(app, "show")
def show(session: Session, name: Name) -> None:
    """Show a workspace."""
    session.screen.one(session.client.workspaces.get(name), _facts)


@service_command(app, "delete")
def delete(session: Session, name: Name, *, yes: Yes = False) -> None:
    """Delete a workspace with all its projects, assets and indexes. Your buckets are kept."""
    session.confirm(f"Delete workspace {name} and everything in it?", is_sure=yes)
    session.client.workspaces.delete(name)
    session.screen.note(f"Workspace {name} is deleted.")


def _table(workspaces: Sequence[Workspace]) -> Table:
    rows = [(item.workspace_name, item.bucket_name, item.created_user_name, item.created_time) for item in workspaces]
    return table(("Workspace", "Bucket", "Created by", "Created"), rows)


def _facts(workspace: Workspace) -> Table:
    return facts(
        ("Workspace", workspace.workspace_name),
        ("Address", workspace.workspace_url),
        ("Bucket", workspace.bucket_name),
        ("Analyses this month", workspace.monthly_analysis_count),
        ("Created", workspace.created_time),
        ("Created by", workspace.created_user_name),
        ("Updated", workspace.updated_time),
        ("Updated by", workspace.updated_user_name),
    )
