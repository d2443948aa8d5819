"""The audit log: who changed what. Only Scenedex has it under this address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # msgspec reads the annotations
from typing import TYPE_CHECKING

from scenedex.client.answers import Answer
from scenedex.client.connection import Call, Connection
from scenedex.client.paging import LARGEST_PAGE, Page, every_item
from scenedex.client.targets import target

if TYPE_CHECKING:
    from collections.abc import Iterator


class AuditEvent(Answer, frozen=True, kw_only=True):
    """A change that was made.

    ``resource`` is the path of the call, ``created_id`` what it made, ``trace_id`` what its logs have. There
    is no ``access_key`` where a worker or a command on the server did it.
    """

    event_id: int
    event_time: datetime
    event: str
    user_name: str
    access_key: str | None = None
    workspace_name: str | None = None
    resource: str | None = None
    created_id: str | None = None
    source_address: str | None = None
    trace_id: str | None = None


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Which events are asked for; None: whatever it is.

    ``since`` is included, ``until`` is not; times without a zone are in that of the service. ``event`` is a name such
    as ``Create Project``.
    """

    since: datetime | None = None
    until: datetime | None = None
    user_name: str | None = None
    event: str | None = None
    workspace_name: str | None = None


@dataclass(frozen=True, slots=True)
class AuditLog:
    """The changes that an access key of a manager may see."""

    connection: Connection

    def list(self, query: AuditQuery | None = None, *, page_size: int = LARGEST_PAGE) -> Iterator[AuditEvent]:
        """All matching events, the latest first, fetched page by page (1-1000 each) while they are read."""
        return every_item(lambda number: self.page(number, query, page_size=page_size))

    def page(
        self, page_num: int, query: AuditQuery | None = None, *, page_size: int = LARGEST_PAGE
    ) -> Page[AuditEvent]:
        """One page, counted from 1.

        Raises:
            PermissionDenied: the access key is no manager's.
        """
        asked = query or AuditQuery()
        pairs: list[tuple[str, str | int]] = [("pageNum", page_num), ("pageSize", page_size)]
        pairs += [
            (name, value.isoformat() if isinstance(value, datetime) else value)
            for name, value in (
                ("from", asked.since),
                ("to", asked.until),
                ("userName", asked.user_name),
                ("event", asked.event),
                ("workspaceName", asked.workspace_name),
            )
            if value is not None
        ]
        return self.connection.ask(Call("GET", target("api", "v1", "audit-events", query=pairs)), Page[AuditEvent])
