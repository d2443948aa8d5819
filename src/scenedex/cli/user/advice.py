"""Errors of the client with advice: a server to start, or names like a misspelt one."""

from __future__ import annotations

import shlex
from contextlib import suppress
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from scenedex.cli.invocation import Invocation
from scenedex.client import NotFound, ScenedexError, TransportFailed, UnknownRoute

if TYPE_CHECKING:
    from scenedex.cli.user.session import Session

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_NO_WORKSPACE: Final = "40401"
_NO_PROJECT: Final = "40402"


def advised(session: Session, error: ScenedexError) -> str:
    """Return the message of an error, with advice if there is any."""
    match error:
        case TransportFailed(is_refused=True) if urlsplit(session.endpoint).hostname in _LOOPBACK:
            return f"{error}. To start one: {Invocation.of_process().command('serve')}"
        case UnknownRoute():
            return f"{error} Check the address {session.endpoint} and the version of its server."
        case NotFound(code=code) if code == _NO_WORKSPACE:
            return _with_similar_names(session, error)
        case NotFound(code=code) if code == _NO_PROJECT:
            return _with_list_of_projects(session, error)
        case _:
            return str(error)


def _with_similar_names(session: Session, error: ScenedexError) -> str:
    workspace: str | None = getattr(session, "workspace", None)
    if workspace is None:
        return str(error)
    names: list[str] = []
    with suppress(ScenedexError):
        names = [one.workspace_name for one in session.client.workspaces.list()]
    similar = get_close_matches(workspace, names, n=3)
    hint = f" Names like it: {', '.join(similar)}." if similar else ""
    return f'{error} The command names "{workspace}".{hint}'


def _with_list_of_projects(session: Session, error: ScenedexError) -> str:
    workspace: str | None = getattr(session, "workspace", None)
    command = Invocation.of_process().command("projects list")
    return str(error) if workspace is None else f"{error} List them: {command} -w {shlex.quote(workspace)}"
