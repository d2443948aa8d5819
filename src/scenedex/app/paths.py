"""Routing by the path as sent: an encoded slash is a character of its segment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from litestar.middleware import ASGIMiddleware

if TYPE_CHECKING:
    from litestar.types import ASGIApp, Receive, Scope, Send

# Stands for an encoded slash while the framework splits the path. No decoded path contains a lone surrogate.
_SLASH: Final = "\udc2f"


def path_of_segments(raw_path: bytes, path: str) -> str:
    """Return the decoded path, in which a mark replaces each slash that was sent encoded."""
    if b"%2f" not in raw_path.lower():
        return path
    segments = raw_path.decode("ascii", errors="replace").split("/")
    return "/".join(unquote(segment).replace("/", _SLASH) for segment in segments)


class EncodedSlashes(ASGIMiddleware):
    """Puts the slashes back, in path parameters and the path, after the route has been found."""

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Answer one request."""
        if _SLASH in scope["path"]:
            scope["path"] = scope["path"].replace(_SLASH, "/")
            parameters = scope["path_params"].items()
            scope["path_params"] = {name: value.replace(_SLASH, "/") for name, value in parameters}
        await next_app(scope, receive, send)
