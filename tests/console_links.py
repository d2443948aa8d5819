"""Sessions of a running server, opened by the links of its operator."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx2

from console_user import COOKIE, OF_PAGE, SESSION, token_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from processes import Server


def link_of(server: Server) -> str:
    """Print a link and return its token."""
    printed = server.run("console", "link", "--port", str(server.port))
    found = re.fullmatch(rf"{re.escape(server.endpoint)}/console/#sign-in=([A-Za-z0-9_-]{{43}})\n", printed)
    assert found is not None, printed
    return found[1]


def open_link(server: Server, token: str) -> httpx2.Response:
    """Open a session with the token of a link."""
    return httpx2.post(f"{server.endpoint}{SESSION}/link", json={"token": token}, headers=OF_PAGE)


def session_of(server: Server) -> str:
    """Open a session and return its token."""
    return token_of(open_link(server, link_of(server)))


def call(
    server: Server,
    session: str,
    method: str,
    target: str,
    body: object = None,
    *,
    headers: Mapping[str, str] | None = None,
) -> httpx2.Response:
    """Call a server as its page does, and follow no redirect."""
    sent = {**OF_PAGE, "cookie": f"{COOKIE}={session}", **(headers or {})}
    return httpx2.request(method, server.endpoint + target, json=body, headers=sent)
