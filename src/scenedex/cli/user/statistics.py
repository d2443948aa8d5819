"""``scenedex statistics``."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Final

import typer

from scenedex.cli.user.default_command import DefaultCommandGroup
from scenedex.cli.user.exit_codes import HELP
from scenedex.cli.user.rendering import size_text, table
from scenedex.cli.user.session import WorkspaceSession, workspace_command
from scenedex.client import WorkspaceStatistics

if TYPE_CHECKING:
    from rich.console import RenderableType
    from typer._click import Context

_DAYS: Final = ["%Y-%m-%d"]


class _Statistics(DefaultCommandGroup):
    default_command = "show"

    def parse_args(self, ctx: "Context", args: list[str]) -> list[str]:
        """Use the default command if there are no words."""
        return super().parse_args(ctx, args or [self.default_command])


app = typer.Typer(
    cls=_Statistics, help="Statistics of a workspace for each day. The word show is optional.", epilog=HELP
)


@workspace_command(app, "show")
def show(
    session: WorkspaceSession,
    since: Annotated[
        datetime | None,
        typer.Option(
            "--from",
            help="First day, in the time zone of the service. Default: 29 days before the last.",
            formats=_DAYS,
        ),
    ] = None,
    until: Annotated[datetime | None, typer.Option("--to", help="Last day. Default: today.", formats=_DAYS)] = None,
) -> None:
    """Show analyses, media, stages without a result and stored bytes of each day."""
    found = session.client.statistics(session.workspace).get(since and since.date(), until and until.date())
    session.screen.one(found, _render)


def _render(found: WorkspaceStatistics) -> "RenderableType":
    names = ("Day", "Completed", "Failed", "Cancelled", "Media, hours", "Stages not analysed", "Stored")
    rows = [
        (
            str(name),
            *(one.completed, one.failed, one.canceled),
            f"{one.media_seconds / 3600:.2f}",
            one.stages_not_analysed,
            size_text(one.storage_bytes),
        )
        for name, one in (*((day.day, day) for day in found.days), ("all", found.totals))
    ]
    return table(names, rows)
