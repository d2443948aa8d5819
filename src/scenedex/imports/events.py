"""Audit events of what workers make of bulk imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from scenedex.audit.records import AuditEntry
from scenedex.audit.service import record
from scenedex.projects.service import place_of_project

if TYPE_CHECKING:
    from scenedex.db.database import Transaction
    from scenedex.imports.records import BulkImportClaim


async def record_bulk_end(tx: Transaction, event: str, claim: BulkImportClaim) -> None:
    """Record the end of a bulk import, in the transaction that ends it."""
    place = await place_of_project(tx, claim.project_id)
    if place is None:
        return
    entry = AuditEntry(
        event,
        claim.user_name,
        workspace_name=place.workspace_name,
        resource=f"{place.path}/imports/{claim.import_id}",
        trace_id=structlog.contextvars.get_contextvars().get("trace_id"),
    )
    await record(tx, entry)
