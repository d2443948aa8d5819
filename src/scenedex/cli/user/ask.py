"""``scenedex ask``."""

from typing import TYPE_CHECKING, Annotated

import typer

from scenedex.cli.user.answer_rendering import render_answer, render_lack
from scenedex.cli.user.default_command import DefaultCommandGroup
from scenedex.cli.user.exit_codes import HELP
from scenedex.cli.user.session import TimeLimit, WorkspaceSession, workspace_command
from scenedex.client import AssetType, SummaryLocale

if TYPE_CHECKING:
    from rich.console import RenderableType

    from scenedex.client import QuestionAnswer


class _Ask(DefaultCommandGroup):
    default_command = "answer"


app = typer.Typer(
    cls=_Ask,
    help="Ask a question about what is said, written and seen. The word answer is optional.",
    epilog=HELP,
    no_args_is_help=True,
)


@workspace_command(app, "answer")
def answer(
    session: WorkspaceSession,
    question: Annotated[list[str], typer.Argument(metavar="QUESTION...", help="The question.", show_default=False)],
    *,
    project: Annotated[
        list[int] | None,
        typer.Option("--project", "-p", help="Project to look at. May be repeated. Default: all.", metavar="ID"),
    ] = None,
    asset: Annotated[list[int] | None, typer.Option(help="Asset to look at. May be repeated.", metavar="ID")] = None,
    kind: Annotated[
        AssetType | None, typer.Option("--type", case_sensitive=False, help="Only images, or only videos.")
    ] = None,
    locale: Annotated[
        SummaryLocale | None,
        typer.Option(case_sensitive=False, help="Language of the answer. Default: that of the question."),
    ] = None,
    timeout: TimeLimit = None,
) -> None:
    """Answer a question with the moments that support each sentence, or say that nothing answers it."""
    questions = session.client.ask(session.workspace)
    with session.screen.bar("Reading", is_kept=False):
        found = questions.answer(
            " ".join(question),
            project_ids=project,
            asset_ids=asset,
            asset_types=[kind] if kind else None,
            locale=locale,
            timeout=timeout,
        )
    if found.status_message:
        session.screen.remark(found.status_message)
    session.screen.one(found, _render)


def _render(found: "QuestionAnswer") -> "RenderableType":
    return render_answer(found) if found.enough else render_lack(found)
