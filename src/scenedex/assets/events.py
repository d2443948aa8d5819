"""Audit events and notices of what workers make of an asset."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from scenedex.assets import queries
from scenedex.audit.notices import Notice, NoticeSubject
from scenedex.audit.records import AuditEntry
from scenedex.audit.service import record

if TYPE_CHECKING:
    from scenedex.assets.records import AssetPlace
    from scenedex.audit.notices import NoticeType
    from scenedex.db.database import Transaction


async def record_end(
    tx: Transaction,
    event: str,
    asset_id: int,
    user_name: str | None = None,
    *,
    created: int | None = None,
    notice: NoticeType | None = None,
    index_id: int | None = None,
    scene_summary_id: int | None = None,
) -> None:
    """Record what a worker made of an asset, in the transaction that does it.

    Args:
        tx: transaction that ends the job.
        event: name of the audit event.
        asset_id: asset of the job.
        user_name: user who requested the job, by default the one who registered the asset.
        created: id of a row that was made.
        notice: type of the notice, if other systems are told about it.
        index_id: index of the job.
        scene_summary_id: scene summary of the job.
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
    told = notice and _notice(notice, asset_id, place, index_id, scene_summary_id)
    await record(tx, entry, created=created, notice=told)


async def notice_of_asset(
    tx: Transaction,
    notice: NoticeType,
    asset_id: int,
    *,
    index_id: int | None = None,
    scene_summary_id: int | None = None,
) -> Notice | None:
    """Return a notice about an asset, or `None` if it does not exist."""
    place = await queries.place(tx, asset_id)
    return None if place is None else _notice(notice, asset_id, place, index_id, scene_summary_id)


def _notice(
    notice: NoticeType, asset_id: int, place: AssetPlace, index_id: int | None, scene_summary_id: int | None
) -> Notice:
    subject = NoticeSubject(
        project_id=place.project_id, asset_id=asset_id, index_id=index_id, scene_summary_id=scene_summary_id
    )
    return Notice(notice, subject)
