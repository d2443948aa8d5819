"""Wire shapes of audit events. They are our own, since the vendor shows events in another service."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from scenedex.wire import described
from scenedex.wire.envelope import Wire


class AuditEventObject(Wire, frozen=True, kw_only=True):
    """A recorded change."""

    event_id: described.EventId
    event_time: described.DoneTime
    event: Annotated[str, Meta(description="Name of the event, such as `Create Project`")]
    user_name: Annotated[str, Meta(description="Name of the user, or of the process that made the change")]
    access_key: Annotated[str, Meta(description="Access key of the call or of its session")] | None = None
    identity: (
        Annotated[
            str,
            Meta(
                description="Issuer and subject of a user of the OpenID provider",
                examples=["https://id.example/realms/news 8c5e1f0b"],
            ),
        ]
        | None
    ) = None
    workspace_name: Annotated[str, Meta(description="Workspace of the change")] | None = None
    resource: Annotated[str, Meta(description="Path of the call, percent-encoded")] | None = None
    created_id: Annotated[str, Meta(description="Id or name of what the change created")] | None = None
    source_address: Annotated[str, Meta(description="IP address that the call came from")] | None = None
    trace_id: Annotated[str, Meta(description="Header `x-ncp-trace-id` of the answer")] | None = None


AUDIT_EVENT = AuditEventObject(
    event_id=1001,
    event_time="2025-04-23T17:14:11.482913",
    event="Create Project",
    user_name="username",
    access_key="SDXaBcDeFgHiJkLmNoPq",
    workspace_name="my-workspace",
    resource="/api/v1/workspaces/my-workspace/projects",
    created_id="102",
    source_address="203.0.113.7",
    trace_id="3f2b8c1d9e7a4b6c8d0e1f2a3b4c5d6e",
)
