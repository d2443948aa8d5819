"""Telling in the audit log what workers made of an asset."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from scenedex.assets import queries
from scenedex.audit import queries as audit_queries
from scenedex.audit.records import Deed

if TYPE_CHECKING:
    from scenedex.db.database import Transaction


async def tell(tx: Transaction, event: str, asset_id: int, user_name: str | None = None) -> None:
    """Write down that work on an asset has ended, in the transaction that ends it.

    Args:
        tx: the transaction.
        event: name of the event.
        asset_id: the asset.
        user_name: who asked for the work; who registered the asset if not given.
    """
    place = await queries.place(tx, asset_id)
    if place is None:
        return
    path = f"/api/v1/workspaces/{place.workspace_name}/projects/{place.project_id}/assets/{asset_id}"
    deed = Deed(
        event,
        user_name or place.user_name,
        workspace_name=place.workspace_name,
        resource=path,
        trace_id=structlog.contextvars.get_contextvars().get("trace_id"),
    )
    await audit_queries.tell(tx, deed)
