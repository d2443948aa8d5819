"""Sessions of commands: shared options, client, screen and errors.

A command is a function whose first argument is a session. Its decorator adds the options of the session, so that they
follow the verb, and turns errors of the client into one line and an exit status.
"""

import inspect
import os
import shlex
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Annotated, Any, Concatenate, Final, ParamSpec, TypeVar

import httpx2
import typer

from scenedex.cli.answers import confirm
from scenedex.cli.invocation import Invocation
from scenedex.cli.user.advice import advised
from scenedex.cli.user.exit_codes import HELP, ExitCode, exit_code
from scenedex.cli.user.screen import Screen
from scenedex.client import Client, ScenedexError

P = ParamSpec("P")
S = TypeVar("S", bound="Session")

DEFAULT_ENDPOINT: Final = "http://127.0.0.1:8600"

_SLOW: Final = (
    "{0} has not answered for 3 s. If it goes on: check {0}/readyz and the log of the server. Its database may hang."
)
_PANEL: Final = "Options of all commands"

Endpoint = Annotated[
    str, typer.Option(envvar="SCENEDEX_ENDPOINT", help="URL of the service.", metavar="URL", rich_help_panel=_PANEL)
]
AsJson = Annotated[
    bool,
    typer.Option(
        "--json",
        help="Print JSON for programs: one document per line, one line per item of a list. Deletes print nothing.",
        rich_help_panel=_PANEL,
    ),
]
WorkspaceName = Annotated[
    str, typer.Option("--workspace", "-w", envvar="SCENEDEX_WORKSPACE", metavar="NAME", rich_help_panel=_PANEL)
]
ProjectId = Annotated[
    int, typer.Option("--project", "-p", envvar="SCENEDEX_PROJECT", metavar="ID", rich_help_panel=_PANEL)
]
AssetId = Annotated[int, typer.Argument(metavar="ASSET", help="Id of the asset.", show_default=False)]
PersonId = Annotated[int, typer.Argument(metavar="PERSON", help="Id of the person.", show_default=False)]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Wait = Annotated[bool, typer.Option("--wait", help="Wait for the end.")]
TimeLimit = Annotated[float | None, typer.Option("--timeout", min=0, help="Maximum wait in seconds.", metavar="S")]


@dataclass(frozen=True, slots=True)
class Session:
    """One command's access to a service."""

    client: Client
    screen: Screen
    endpoint: str

    def hint(self, words: str) -> str:
        """Return a command of this service as it works when typed."""
        is_known = self.endpoint in {DEFAULT_ENDPOINT, os.environ.get("SCENEDEX_ENDPOINT")}
        endpoint = "" if is_known else f" --endpoint {shlex.quote(self.endpoint)}"
        return Invocation.of_process().command(f"{words}{endpoint}")

    @contextmanager
    def interruptible(self, note: str) -> Generator[None]:
        """Turn Ctrl-C during the block into a note and an exit status.

        Raises:
            typer.Exit: the user has interrupted the block.
        """
        try:
            yield
        except KeyboardInterrupt:
            self.screen.remark(note)
            raise typer.Exit(ExitCode.INTERRUPTED) from None

    def confirm(self, question: str, *, is_sure: bool) -> None:
        """Ask for a confirmation, unless the user is sure.

        Raises:
            typer.Abort: the user declines.
            typer.Exit: there is no terminal to ask on.
        """
        if is_sure:
            return
        try:
            is_confirmed = confirm(question, "--yes", err=True)
        except typer.BadParameter as error:
            self.screen.error(error.message)
            raise typer.Exit(ExitCode.FAILED) from None
        if not is_confirmed:
            raise typer.Abort


@dataclass(frozen=True, slots=True)
class WorkspaceSession(Session):
    """Access to a workspace."""

    workspace: str

    def hint(self, words: str) -> str:
        """Return a command about the workspace as it works when typed."""
        return Session.hint(self, f"{words} -w {shlex.quote(self.workspace)}")


@dataclass(frozen=True, slots=True)
class ProjectSession(WorkspaceSession):
    """Access to a project."""

    project_id: int

    def hint(self, words: str) -> str:
        """Return a command about the project as it works when typed."""
        return Session.hint(self, f"{words} -w {shlex.quote(self.workspace)} -p {self.project_id}")


def _options(
    *,
    context: typer.Context,
    workspace: WorkspaceName,
    project_id: ProjectId,
    endpoint: Endpoint = DEFAULT_ENDPOINT,
    as_json: AsJson = False,
) -> None:
    """Declare the options that sessions share."""


_OPTIONS: Final = inspect.signature(_options).parameters
Body = Callable[Concatenate[S, P], None]


def sub_app(summary: str) -> typer.Typer:
    """Create a group of commands whose help explains the exit statuses."""
    return typer.Typer(help=summary, epilog=HELP, no_args_is_help=True)


def service_command(app: typer.Typer, name: str) -> Callable[[Body[Session, P]], Body[Session, P]]:
    """Add a command that needs a service."""
    return _command(app, name, Session)


def workspace_command(app: typer.Typer, name: str) -> Callable[[Body[WorkspaceSession, P]], Body[WorkspaceSession, P]]:
    """Add a command that needs a workspace."""
    return _command(app, name, WorkspaceSession)


def project_command(app: typer.Typer, name: str) -> Callable[[Body[ProjectSession, P]], Body[ProjectSession, P]]:
    """Add a command that needs a project."""
    return _command(app, name, ProjectSession)


def _command(app: typer.Typer, name: str, kind: type[S]) -> Callable[[Body[S, P]], Body[S, P]]:
    scope = [field.name for field in fields(kind) if field.name in _OPTIONS]
    shared = [_OPTIONS[option] for option in ("context", *scope, "as_json")]

    def register(body: Body[S, P]) -> Body[S, P]:
        own = [*inspect.signature(body).parameters.values()][1:]

        def run(*, context: typer.Context, as_json: bool, **values: Any) -> None:  # noqa: ANN401  # options of any command
            given = {option: values.pop(option) for option in scope}
            screen = Screen.standard(as_json=as_json)
            with _client(context, given["endpoint"], screen) as client:
                _run(screen, body, kind(client, screen, **given), **values)

        run.__doc__ = body.__doc__
        every = sorted([*own, *shared], key=lambda parameter: parameter.default is not inspect.Parameter.empty)
        keywords = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in every]
        run.__signature__ = inspect.Signature(keywords)  # Typer reads it
        app.command(name)(run)
        return body

    return register


def _run(screen: Screen, body: Callable[..., None], session: Session, **values: object) -> None:
    try:
        body(session, **values)
    except ScenedexError as error:
        workspace = session.workspace if isinstance(session, WorkspaceSession) else None
        screen.error(advised(error, session.client, session.endpoint, workspace))
        raise typer.Exit(exit_code(error)) from error
    except KeyboardInterrupt:
        screen.error("Interrupted.")
        raise typer.Exit(ExitCode.INTERRUPTED) from None
    except BrokenPipeError:
        # The reader of the output has closed it. Typer ends the process silently.
        raise
    except OSError as error:
        screen.error(str(error))
        raise typer.Exit(ExitCode.FAILED) from error


def _client(context: typer.Context, endpoint: str, screen: Screen) -> Client:
    names = ("NCLOUD_ACCESS_KEY", "NCLOUD_SECRET_KEY")
    keys = [os.environ.get(name, "") for name in names]
    missing = [name for name, key in zip(names, keys, strict=True) if not key]
    if missing:
        command = Invocation.of_process().command("keys create --user NAME --role manager")
        raise typer.BadParameter(f"set {' and '.join(missing)} in the environment. An operator creates keys: {command}")
    try:
        # A program that embeds the commands may pass its own transport as the object of the context.
        transport = context.find_object(httpx2.BaseTransport)
        return Client(endpoint, *keys, transport=transport, on_slow=lambda: screen.remark(_SLOW.format(endpoint)))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
