"""Callers who change something."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

import structlog

from scenedex.audit.marks import EVENT
from scenedex.audit.records import AuditEntry
from scenedex.auth.caller import Caller

if TYPE_CHECKING:
    from litestar import Request

# A longer path names nothing that exists.
_MAX_RESOURCE_LENGTH = 1000


@dataclass(frozen=True, slots=True)
class Actor(Caller):
    """A caller of a route that is marked with an event, and the entry for the audit log."""

    entry: AuditEntry = field(kw_only=True)


def actor_of(request: Request[Any, Any, Any]) -> Actor:
    """Return the caller of a request whose route is marked with an event."""
    scope = request.scope
    caller: Caller = scope["state"]["caller"]
    client = scope["client"]
    entry = AuditEntry(
        event=request.route_handler.opt[EVENT],
        user_name=caller.user_name,
        access_key=caller.access_key,
        identity=caller.identity,
        workspace_name=scope["path_params"].get("workspace_name"),
        resource=scope["raw_path"].decode("ascii", errors="replace")[:_MAX_RESOURCE_LENGTH],
        source_address=ip_address_or_none(client[0]) if client else None,
        trace_id=structlog.contextvars.get_contextvars().get("trace_id"),
    )
    return Actor(caller.account, caller.user_name, caller.role, caller.workspaces, caller.session_id, entry=entry)


def ip_address_or_none(text: str) -> str | None:
    """Return an IP address in its usual form, or `None` for any other text that a proxy sends in its place."""
    try:
        return str(ip_address(text))
    except ValueError:
        return None
