"""Audit events of what workers make of an asset."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from scenedex.assets import queries
from scenedex.audit.records import AuditEntry
from scenedex.audit.service import record

if TYPE_CHECKING:
    from scenedex.db.database import Transaction


async def record_end(
    tx: Transaction, event: str, asset_id: int, user_name: str | None = None, *, created: int | None = None
) -> None:
    """Record what a worker made of an asset, in the transaction that does it. ``created`` is the id of a new row.

    ``user_name`` is the user who requested the job, by default the one who registered the asset.
    """
    place = await queries.place(tx, asset_id)
    if place is None:
        return
    entry = AuditEntry(
        event,
        user_name or place.user_name,
        workspace_name=place.workspace_name,
        resource=f"/api/v1/workspaces/{place.workspace_name}/projects/{place.project_id}/assets/{asset_id}",
        trace_id=structlog.contextvars.get_contextvars().get("trace_id"),
    )
    await record(tx, entry, created=created)
