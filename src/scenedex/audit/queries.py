"""Every statement about audit events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scenedex.audit.records import AuditEvent

if TYPE_CHECKING:
    from datetime import timedelta

    from scenedex.audit.records import AuditQuery, Deed
    from scenedex.db.database import Transaction

_COLUMNS: Final = (
    "event_id, event_time, event, user_name, access_key, workspace_name, resource, created_id, source_address, trace_id"
)
_MATCHING: Final = (
    "WHERE (%s::text[] IS NULL OR workspace_name = ANY(%s)) AND (%s::timestamptz IS NULL OR event_time >= %s)"
    " AND (%s::timestamptz IS NULL OR event_time < %s) AND (%s::text IS NULL OR user_name = %s)"
    " AND (%s::text IS NULL OR event = %s) AND (%s::text IS NULL OR workspace_name = %s)"
)
_FORGOTTEN_AT_ONCE: Final = 10_000


async def tell(tx: Transaction, deed: Deed) -> bool:
    """Write a deed down, unless the transaction has changed and locked nothing so far; whether it was."""
    created = None if tx.created is None else str(tx.created)
    written = await tx.run(
        "INSERT INTO audit_events (event, user_name, access_key, workspace_name, resource, created_id, source_address,"
        " trace_id) SELECT %s, %s, %s, %s, %s, %s, %s, %s WHERE pg_current_xact_id_if_assigned() IS NOT NULL",
        deed.event,
        deed.user_name,
        deed.access_key,
        # What is made outside of any workspace is a workspace.
        deed.workspace_name or (created if deed.access_key is not None else None),
        deed.resource,
        created,
        deed.source_address,
        deed.trace_id,
    )
    return written > 0


async def page(
    tx: Transaction, visible: list[str] | None, query: AuditQuery, offset: int, size: int
) -> list[AuditEvent]:
    """Matching events of visible workspaces, the latest first."""
    return await tx.all(
        AuditEvent,
        f"SELECT {_COLUMNS} FROM audit_events {_MATCHING} ORDER BY event_time DESC, event_id DESC OFFSET %s LIMIT %s",
        *_parameters(visible, query),
        offset,
        size,
    )


async def count(tx: Transaction, visible: list[str] | None, query: AuditQuery) -> int:
    """How many events of visible workspaces match."""
    return await tx.value(f"SELECT count(*) FROM audit_events {_MATCHING}", *_parameters(visible, query))


async def forget(tx: Transaction, older_than: timedelta) -> int:
    """Forget events of that age, ten thousand at most; how many."""
    return await tx.run(
        "DELETE FROM audit_events WHERE event_id IN"
        " (SELECT event_id FROM audit_events WHERE event_time < now() - %s ORDER BY event_time LIMIT %s)",
        older_than,
        _FORGOTTEN_AT_ONCE,
    )


def _parameters(visible: list[str] | None, query: AuditQuery) -> list[object]:
    values = (visible, query.since, query.until, query.user_name, query.event, query.workspace_name)
    return [value for value in values for _ in range(2)]
