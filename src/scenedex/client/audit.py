"""The audit log. Only Scenedex has this route."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  # msgspec reads the annotations
from typing import TYPE_CHECKING

from scenedex.client.answers import Answer
from scenedex.client.connection import Call, Connection, target
from scenedex.client.paging import MAX_PAGE_SIZE, Page, all_items

if TYPE_CHECKING:
    from collections.abc import Iterator


class AuditEvent(Answer, frozen=True, kw_only=True):
    """A recorded change.

    Attributes:
        resource: path of the call.
        created_id: id of the created resource.
        trace_id: trace id of the call in the logs.
        access_key: key of the caller. None if a worker, a command on the server or a user of the OpenID provider made
            the change.
        identity: issuer and subject of a user of the OpenID provider.
    """

    event_id: int
    event_time: datetime
    event: str
    user_name: str
    access_key: str | None = None
    identity: str | None = None
    workspace_name: str | None = None
    resource: str | None = None
    created_id: str | None = None
    source_address: str | None = None
    trace_id: str | None = None


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Filters of the audit log. None matches all events.

    Attributes:
        since: earliest time, inclusive. Times without a zone are in the time zone of the service.
        until: latest time, exclusive.
        event: name of the event, such as ``Create Project``.
    """

    since: datetime | None = None
    until: datetime | None = None
    user_name: str | None = None
    event: str | None = None
    workspace_name: str | None = None


@dataclass(frozen=True, slots=True)
class AuditLog:
    """Changes that the access key of a manager may see."""

    connection: Connection

    def list(self, query: AuditQuery | None = None, *, page_size: int = MAX_PAGE_SIZE) -> Iterator[AuditEvent]:
        """Iterate over all matching events, latest first. Pages of 1-1000 events are fetched on demand."""
        return all_items(lambda number: self.page(number, query, page_size=page_size))

    def page(
        self, page_num: int, query: AuditQuery | None = None, *, page_size: int = MAX_PAGE_SIZE
    ) -> Page[AuditEvent]:
        """Return one page. ``page_num`` counts from 1.

        Raises:
            PermissionDenied: the access key does not belong to a manager.
        """
        query = query or AuditQuery()
        values = {
            "pageNum": page_num,
            "pageSize": page_size,
            "from": query.since and query.since.isoformat(),
            "to": query.until and query.until.isoformat(),
            "userName": query.user_name,
            "event": query.event,
            "workspaceName": query.workspace_name,
        }
        return self.connection.result(Call("GET", target("audit-events", query=values)), Page[AuditEvent])
