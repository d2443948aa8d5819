"""Recording, reading and expiring audit events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scenedex.audit import queries
from scenedex.auth.keys import Role
from scenedex.wire.errors import GatewayError, GatewayFault

if TYPE_CHECKING:
    from datetime import timedelta

    from scenedex.audit.notices import Notice
    from scenedex.audit.records import AuditEntry, AuditEvent, AuditQuery
    from scenedex.auth.caller import Caller
    from scenedex.db.database import Database, Transaction
    from scenedex.wire.parsing import PageRequest

_EXPIRED_AT_ONCE: Final = 10_000


async def record(
    tx: Transaction, entry: AuditEntry, *, created: int | str | None = None, notice: Notice | None = None
) -> None:
    """Record an event in the transaction that makes the change. All events of the server are written here.

    Args:
        tx: transaction of the change.
        entry: the event.
        created: id or name of what the change creates.
        notice: the change as other systems are told about it. The entry has a workspace.
    """
    await queries.insert(tx, entry, None if created is None else str(created), notice)


async def expire(tx: Transaction, age: timedelta) -> int:
    """Delete events that are older, at most ten thousand of them. Return how many."""
    return await queries.delete_older(tx, age, _EXPIRED_AT_ONCE)


class AuditLog:
    """The audit events in the database. ``events`` are the names of all events that can occur."""

    def __init__(self, database: Database, events: frozenset[str]) -> None:
        self._database = database
        self.events: Final = events

    async def page(self, caller: Caller, query: AuditQuery, page: PageRequest) -> tuple[list[AuditEvent], int]:
        """Return a page of the matching events that the caller may see, the latest first, and their total.

        Raises:
            GatewayError: The caller is no manager.
        """
        if caller.role is not Role.MANAGER:
            raise GatewayError(GatewayFault.PERMISSION_DENIED, "The audit log is for managers only.")
        visible = None if caller.workspaces is None else sorted(caller.workspaces)
        async with self._database.snapshot() as tx:
            return (
                await queries.page(tx, visible, query, page.offset, page.size),
                await queries.count(tx, visible, query),
            )
