"""What the slice talks about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # msgspec reads the annotations

import msgspec


@dataclass(frozen=True, slots=True)
class Deed:
    """A change that somebody asks for.

    Attributes:
        event: name of the event.
        user_name: who asks.
        access_key: with which key; None for commands on the server and for what workers do.
        workspace_name: in which workspace; None where in none, or in one that is about to be made.
        resource: path of the call, percent-encoded; None where there is no call.
        source_address: IP address that the call came from; None where there is no call.
        trace_id: what the logs of the call have; None where there is none.
    """

    event: str
    user_name: str
    access_key: str | None = None
    workspace_name: str | None = None
    resource: str | None = None
    source_address: str | None = None
    trace_id: str | None = None


class AuditEvent(msgspec.Struct, frozen=True):
    """A change that was made."""

    event_id: int
    event_time: datetime
    event: str
    user_name: str
    access_key: str | None
    workspace_name: str | None
    resource: str | None
    created_id: str | None
    source_address: str | None
    trace_id: str | None


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Which events are asked for; None: whatever it is. The time ``since`` is included, ``until`` is not."""

    since: datetime | None = None
    until: datetime | None = None
    user_name: str | None = None
    event: str | None = None
    workspace_name: str | None = None
