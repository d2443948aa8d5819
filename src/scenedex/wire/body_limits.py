"""Limits on the size of request bodies, by route."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from litestar.middleware import ASGIMiddleware

from scenedex.wire.errors import GatewayError, GatewayFault
from scenedex.wire.routing import ANY_CONTENT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from litestar.types import ASGIApp, Receive, Scope, Send

SMALL_BODY: Final = 64 * 1024
BODY_LIMIT: Final = "body_limit"
"""Mark in the `opt` of a route handler: maximum size of the body in bytes, `SMALL_BODY` without the mark."""
LONG_LIST: Final = {BODY_LIMIT: 256 * 1024}
"""Mark of a call that takes up to a thousand ids or places."""


class BodyLimits(ASGIMiddleware):
    """Refuses a request whose announced body is larger than the route allows, before anything is done for it."""

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Check the header Content-Length, then run the route."""
        for name, value in scope["headers"]:
            if name == b"content-length":
                limit = limit_of(scope["route_handler"].opt)
                if limit is not None and value.isdigit() and int(value) > limit:
                    raise body_too_large(limit)
        await next_app(scope, receive, send)


def limit_of(opt: Mapping[str, Any]) -> int | None:
    """Return the limit of a route by its marks, or `None` if it takes uploads."""
    return None if opt.get(ANY_CONTENT) else opt.get(BODY_LIMIT, SMALL_BODY)


def body_too_large(limit: int) -> GatewayError:
    """Return the error about a body over the limit of its route."""
    return GatewayError(GatewayFault.TOO_LARGE, f"The body of this call may have at most {limit} bytes.")
