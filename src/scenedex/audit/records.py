"""Entries and events of the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # msgspec reads the annotations

import msgspec


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """An event that is about to be recorded.

    Attributes:
        event: name of the event.
        user_name: name of the user, or of the operator of a command on the server.
        access_key: key of the call or of its session. `None` for commands, workers and users of the OpenID provider.
        identity: issuer and subject of a user of the OpenID provider.
        workspace_name: workspace of the change. `None` if it belongs to no single workspace.
        resource: path of the call, percent-encoded, or what a command works on.
        source_address: IP address of the client. `None` without a call.
        trace_id: trace id in the logs of the call or job.
    """

    event: str
    user_name: str
    access_key: str | None = None
    identity: str | None = None
    workspace_name: str | None = None
    resource: str | None = None
    source_address: str | None = None
    trace_id: str | None = None


class AuditEvent(msgspec.Struct, frozen=True):
    """A recorded event."""

    event_id: int
    event_time: datetime
    event: str
    user_name: str
    access_key: str | None
    identity: str | None
    workspace_name: str | None
    resource: str | None
    created_id: str | None
    source_address: str | None
    trace_id: str | None


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Conditions on events. None means any. Events at ``since`` are included, events at ``until`` are not."""

    since: datetime | None = None
    until: datetime | None = None
    user_name: str | None = None
    event: str | None = None
    workspace_name: str | None = None
