"""``scenedex audit``."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Final

import typer

from scenedex.cli.user.default_command import DefaultCommandGroup
from scenedex.cli.user.exit_codes import HELP
from scenedex.cli.user.rendering import table
from scenedex.cli.user.session import Session, service_command
from scenedex.client import AuditEvent, AuditQuery
from scenedex.client.paging import MAX_PAGE_SIZE

if TYPE_CHECKING:
    from rich.console import RenderableType
    from typer._click import Context

DEFAULT_EVENTS: Final = 50
_TIMES: Final = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]


class _Audit(DefaultCommandGroup):
    default_command = "list"

    def parse_args(self, ctx: "Context", args: list[str]) -> list[str]:
        """Use the default command if there are no words."""
        return super().parse_args(ctx, args or [self.default_command])


app = typer.Typer(
    cls=_Audit, help="The audit log: who changed what. For managers. The word list is optional.", epilog=HELP
)


@service_command(app, "list")
def list_events(
    session: Session,
    user: Annotated[str | None, typer.Option(help="Only changes by this user.", metavar="NAME")] = None,
    event: Annotated[
        str | None, typer.Option(help='Only this event, such as "Create Project".', metavar="NAME")
    ] = None,
    workspace: Annotated[
        str | None, typer.Option("--workspace", "-w", help="Only in this workspace.", metavar="NAME")
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option("--from", help="Since this time, in the time zone of the service.", formats=_TIMES),
    ] = None,
    until: Annotated[datetime | None, typer.Option("--to", help="Before this time.", formats=_TIMES)] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Maximum number of events. Default: 50, or all with --json.", metavar="N")
    ] = None,
) -> None:
    """List changes, latest first."""
    shown = limit or (None if session.screen.as_json else DEFAULT_EVENTS)
    query = AuditQuery(since=since, until=until, user_name=user, event=event, workspace_name=workspace)
    found = session.client.audit.list(query, page_size=min(shown or MAX_PAGE_SIZE, MAX_PAGE_SIZE))
    session.screen.many(islice(found, shown), _render)


def _render(events: Sequence[AuditEvent]) -> "RenderableType":
    rows = [
        (item.event_time, item.user_name, item.event, item.resource, item.created_id, item.source_address)
        for item in events
    ]
    return table(("Time", "User", "Event", "Resource", "Created", "From"), rows)
