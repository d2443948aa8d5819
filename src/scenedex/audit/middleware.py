"""Around every authenticated route that may change something: what is done in it is told as the caller's deed."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

import structlog
from litestar.middleware import ASGIMiddleware

from scenedex.audit.events import event_of
from scenedex.audit.records import Deed

if TYPE_CHECKING:
    from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

    from scenedex.audit.trail import AuditTrail
    from scenedex.auth.caller import Caller

_READING = ("GET", "HEAD", "OPTIONS")
# Longer ones are no paths of what there is.
_LONGEST_RESOURCE = 1000


class Auditing(ASGIMiddleware):
    """Runs after the authentication.

    Args:
        trail: where deeds are told.
    """

    def __init__(self, trail: AuditTrail) -> None:
        self._trail = trail

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Run the route, within the caller's deed where it is one."""
        caller: Caller | None = scope["state"].get("caller")
        if scope["type"] != "http" or caller is None or scope["method"] in _READING:
            await next_app(scope, receive, send)
            return
        handler = scope["route_handler"]
        event = event_of(str(getattr(handler, "operation_id", None) or handler.handler_name))
        if event is None:
            await next_app(scope, receive, send)
            return
        with self._trail.telling(_deed(scope, caller, event)):
            await next_app(scope, receive, send)


def address_of(said: str) -> str | None:
    """The address of a client; None where what a proxy says of it is none."""
    try:
        return str(ip_address(said))
    except ValueError:
        return None


def _deed(scope: HTTPScope, caller: Caller, event: str) -> Deed:
    client = scope["client"]
    return Deed(
        event=event,
        user_name=caller.user_name,
        access_key=caller.access_key,
        workspace_name=scope["path_params"].get("workspace_name"),
        resource=scope["raw_path"].decode("ascii", errors="replace")[:_LONGEST_RESOURCE],
        source_address=address_of(client[0]) if client else None,
        trace_id=structlog.contextvars.get_contextvars().get("trace_id"),
    )
