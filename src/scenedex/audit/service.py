"""Reading the audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.audit import queries
from scenedex.auth.keys import Role
from scenedex.wire.errors import GatewayError, GatewayFault

if TYPE_CHECKING:
    from scenedex.audit.records import AuditEvent, AuditQuery
    from scenedex.auth.caller import Caller
    from scenedex.db.database import Database
    from scenedex.wire.parsing import PageRequest


class AuditLog:
    """The audit events in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, caller: Caller, query: AuditQuery, page: PageRequest) -> tuple[list[AuditEvent], int]:
        """One page of the matching events that the caller may see, the latest first, and how many there are.

        Raises:
            GatewayError: the caller is no manager.
        """
        if caller.role is not Role.MANAGER:
            raise GatewayError(GatewayFault.PERMISSION_DENIED, "The audit log is for managers only.")
        visible = None if caller.workspaces is None else sorted(caller.workspaces)
        async with self._database.snapshot() as tx:
            return (
                await queries.page(tx, visible, query, page.offset, page.size),
                await queries.count(tx, visible, query),
            )
