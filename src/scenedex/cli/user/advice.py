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
    from scenedex.client import Client

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_NO_WORKSPACE: Final = "40401"
_NO_PROJECT: Final = "40402"


def advised(error: ScenedexError, client: Client, endpoint: str, workspace: str | None) -> str:
    """Return the message of an error, with advice if there is any.

    Args:
        error: error of a command.
        client: client of the service.
        endpoint: address of the service.
        workspace: workspace that the command names, if it names one.
    """
    match error:
        case TransportFailed(is_refused=True) if urlsplit(endpoint).hostname in _LOOPBACK:
            return f"{error}. To start one: {Invocation.of_process().command('serve')}"
        case UnknownRoute():
            return f"{error} Check the address {endpoint} and the version of its server."
        case NotFound(code=code) if code == _NO_WORKSPACE:
            return _with_similar_names(error, client, workspace)
        case NotFound(code=code) if code == _NO_PROJECT:
            return _with_list_of_projects(error, workspace)
        case _:
            return str(error)


def _with_similar_names(error: ScenedexError, client: Client, workspace: str | None) -> str:
    if workspace is None:
        return str(error)
    names: list[str] = []
    with suppress(ScenedexError):
        names = [one.workspace_name for one in client.workspaces.list()]
    similar = get_close_matches(workspace, names, n=3)
    hint = f" Names like it: {', '.join(similar)}." if similar else ""
    return f'{error} The command names "{workspace}".{hint}'


def _with_list_of_projects(error: ScenedexError, workspace: str | None) -> str:
    command = Invocation.of_process().command("projects list")
    return str(error) if workspace is None else f"{error} List them: {command} -w {shlex.quote(workspace)}"
