"""SQL statements of the audit log."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import msgspec

from scenedex.audit.records import AuditEvent

if TYPE_CHECKING:
    from datetime import timedelta

    from scenedex.audit.notices import Notice
    from scenedex.audit.records import AuditEntry, AuditQuery
    from scenedex.db.database import Transaction


async def insert(tx: Transaction, entry: AuditEntry, created_id: str | None, notice: Notice | None) -> None:
    """Insert an event. A trigger of the database passes its notice on."""
    await tx.run(
        """
        INSERT INTO audit_events
            (event, user_name, access_key, identity, workspace_name, resource, created_id, source_address, trace_id,
             notice_type, notice, lane)
        VALUES
            (%(event)s, %(user_name)s, %(access_key)s, %(identity)s, %(workspace_name)s, %(resource)s,
             %(created_id)s, %(source_address)s, %(trace_id)s, %(notice_type)s, %(notice)s, %(lane)s)
        """,
        created_id=created_id,
        notice_type=notice and notice.type.name,
        notice=notice and msgspec.json.encode(notice.subject).decode(),
        lane=notice and notice.subject.lane,
        **asdict(entry),
    )


async def page(
    tx: Transaction, visible: list[str] | None, query: AuditQuery, offset: int, size: int
) -> list[AuditEvent]:
    """Return matching events of visible workspaces, the latest first."""
    return await tx.all(
        AuditEvent,
        """
        SELECT event_id, event_time, event, user_name, access_key, identity, workspace_name, resource,
               created_id, source_address, trace_id
        FROM audit_events
        WHERE (%(visible)s::text[] IS NULL OR workspace_name = ANY(%(visible)s))
          AND (%(since)s::timestamptz IS NULL OR event_time >= %(since)s)
          AND (%(until)s::timestamptz IS NULL OR event_time < %(until)s)
          AND (%(user_name)s::text IS NULL OR user_name = %(user_name)s)
          AND (%(event)s::text IS NULL OR event = %(event)s)
          AND (%(workspace_name)s::text IS NULL OR workspace_name = %(workspace_name)s)
        ORDER BY event_time DESC, event_id DESC
        OFFSET %(offset)s LIMIT %(size)s
        """,
        visible=visible,
        offset=offset,
        size=size,
        **asdict(query),
    )


async def count(tx: Transaction, visible: list[str] | None, query: AuditQuery) -> int:
    """Count matching events of visible workspaces."""
    return await tx.value(
        """
        SELECT count(*)
        FROM audit_events
        WHERE (%(visible)s::text[] IS NULL OR workspace_name = ANY(%(visible)s))
          AND (%(since)s::timestamptz IS NULL OR event_time >= %(since)s)
          AND (%(until)s::timestamptz IS NULL OR event_time < %(until)s)
          AND (%(user_name)s::text IS NULL OR user_name = %(user_name)s)
          AND (%(event)s::text IS NULL OR event = %(event)s)
          AND (%(workspace_name)s::text IS NULL OR workspace_name = %(workspace_name)s)
        """,
        visible=visible,
        **asdict(query),
    )


async def delete_older(tx: Transaction, age: timedelta, limit: int) -> int:
    """Delete the oldest events of at least that age. Return how many."""
    return await tx.run(
        """
        DELETE FROM audit_events
        WHERE event_id IN (
            SELECT event_id
            FROM audit_events
            WHERE event_time < now() - %(age)s
            ORDER BY event_time
            LIMIT %(limit)s
        )
        """,
        age=age,
        limit=limit,
    )
