"""SQL statements of endpoints and their delivery logs."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from scenedex.webhooks.records import EndpointId, WebhookAttempt, WebhookDelivery, WebhookEndpoint

if TYPE_CHECKING:
    from scenedex.db.database import Transaction
    from scenedex.webhooks.records import DeliveryFilter, EndpointChanges, SealedSecret
    from scenedex.workspaces.records import WorkspaceId


async def all_of(tx: Transaction, workspace: WorkspaceId, endpoint_id: int | None = None) -> list[WebhookEndpoint]:
    """Return the endpoints of a workspace, oldest first, or the one of an id."""
    return await tx.all(
        WebhookEndpoint,
        """
        SELECT
            endpoint_id, url, description, event_types, public_key,
            CASE WHEN former_until > now() THEN former_until END,
            is_enabled, disabled_reason, disabled_time, failing_since,
            (
                SELECT count(*)
                FROM webhook_deliveries d
                WHERE d.endpoint_id = e.endpoint_id AND d.state = 'WAITING'
            ),
            created_user_name, created_time, updated_user_name, updated_time
        FROM webhook_endpoints e
        WHERE workspace_id = %(workspace)s AND (%(endpoint_id)s::bigint IS NULL OR endpoint_id = %(endpoint_id)s)
        ORDER BY endpoint_id
        """,
        workspace=workspace,
        endpoint_id=endpoint_id,
    )


async def lock_number(tx: Transaction, workspace: WorkspaceId) -> int:
    """Return the number of endpoints of a workspace, which no other transaction changes meanwhile."""
    await tx.run("SELECT FROM workspaces WHERE workspace_id = %(workspace)s FOR NO KEY UPDATE", workspace=workspace)
    return await tx.value(
        "SELECT count(*) FROM webhook_endpoints WHERE workspace_id = %(workspace)s", workspace=workspace
    )


async def insert(
    tx: Transaction,
    workspace: WorkspaceId,
    *,
    url: str,
    description: str | None,
    event_types: list[str] | None,
    secret: SealedSecret,
    server_url: str,
    user_name: str,
) -> EndpointId:
    """Insert an endpoint and return its id."""
    return await tx.value(
        """
        INSERT INTO webhook_endpoints
            (workspace_id, url, description, event_types, server_url, secret, public_key,
             created_user_name, updated_user_name)
        VALUES
            (%(workspace)s, %(url)s, %(description)s, %(event_types)s, %(server_url)s, %(sealed)s, %(public_key)s,
             %(user_name)s, %(user_name)s)
        RETURNING endpoint_id
        """,
        workspace=workspace,
        url=url,
        description=description,
        event_types=event_types,
        server_url=server_url,
        user_name=user_name,
        **asdict(secret),
    )


async def lock(tx: Transaction, workspace: WorkspaceId, endpoint_id: int) -> bool | None:
    """Lock an endpoint. Return whether it is enabled, or `None` if it is not in the workspace."""
    return await tx.value(
        """
        SELECT is_enabled
        FROM webhook_endpoints
        WHERE workspace_id = %(workspace)s AND endpoint_id = %(endpoint_id)s
        FOR NO KEY UPDATE
        """,
        workspace=workspace,
        endpoint_id=endpoint_id,
    )


async def change(tx: Transaction, endpoint_id: int, changes: EndpointChanges, user_name: str) -> None:
    """Change an endpoint. It starts without failures."""
    await tx.run(
        """
        UPDATE webhook_endpoints
        SET url = coalesce(%(url)s, url),
            description = nullif(coalesce(%(description)s, description), ''),
            event_types = CASE
                WHEN %(event_types)s::text[] IS NULL THEN event_types
                ELSE nullif(%(event_types)s::text[], '{}')
            END,
            is_enabled = coalesce(%(is_enabled)s, is_enabled),
            disabled_reason = CASE
                WHEN coalesce(%(is_enabled)s, is_enabled) THEN NULL
                ELSE coalesce(disabled_reason, 'Disabled by ' || %(user_name)s || '.')
            END,
            disabled_time = CASE WHEN NOT coalesce(%(is_enabled)s, is_enabled) THEN coalesce(disabled_time, now()) END,
            failures = 0,
            failing_since = NULL,
            paused_until = NULL,
            revision = revision + 1,
            updated_user_name = %(user_name)s,
            updated_time = now()
        WHERE endpoint_id = %(endpoint_id)s
        """,
        endpoint_id=endpoint_id,
        user_name=user_name,
        **asdict(changes),
    )


async def rotate(
    tx: Transaction, endpoint_id: int, secret: SealedSecret, overlap_seconds: float, user_name: str
) -> None:
    """Replace the secret of an endpoint. The former one signs as well for some time."""
    await tx.run(
        """
        UPDATE webhook_endpoints
        SET former_secret = CASE WHEN %(overlap)s > 0 THEN secret END,
            former_until = CASE WHEN %(overlap)s > 0 THEN now() + %(overlap)s * interval '1 second' END,
            secret = %(sealed)s,
            public_key = %(public_key)s,
            updated_user_name = %(user_name)s,
            updated_time = now()
        WHERE endpoint_id = %(endpoint_id)s
        """,
        endpoint_id=endpoint_id,
        overlap=overlap_seconds,
        user_name=user_name,
        **asdict(secret),
    )


async def delete(tx: Transaction, workspace: WorkspaceId, endpoint_id: int) -> bool:
    """Delete an endpoint with its deliveries. Return whether it was in the workspace."""
    return bool(
        await tx.run(
            "DELETE FROM webhook_endpoints WHERE workspace_id = %(workspace)s AND endpoint_id = %(endpoint_id)s",
            workspace=workspace,
            endpoint_id=endpoint_id,
        )
    )


async def add_test(tx: Transaction, endpoint_id: int, type_name: str, user_name: str) -> int:
    """Insert a delivery without a subject, and wake the workers. Return its id."""
    return await tx.value(
        """
        WITH made AS (
            INSERT INTO webhook_deliveries (endpoint_id, message_id, type, subject, user_name, lane)
            SELECT %(endpoint_id)s, id, %(type)s, '{}', %(user_name)s, id
            FROM (SELECT 'msg_' || replace(gen_random_uuid()::text, '-', '') AS id) AS message
            RETURNING delivery_id
        )
        SELECT delivery_id FROM made, pg_notify('scenedex_webhooks', '')
        """,
        endpoint_id=endpoint_id,
        type=type_name,
        user_name=user_name,
    )


async def page(
    tx: Transaction, endpoint_id: int, wanted: DeliveryFilter, offset: int, size: int, delivery_id: int | None = None
) -> list[WebhookDelivery]:
    """Return matching deliveries of an endpoint, the latest first, or the one of an id."""
    return await tx.all(
        WebhookDelivery,
        """
        SELECT
            delivery_id, message_id, type, event_time, state, d.reason, d.attempt,
            CASE WHEN state = 'WAITING' THEN due_time END, ended_time, a.status
        FROM webhook_deliveries d
        LEFT JOIN webhook_attempts a USING (delivery_id, attempt)
        WHERE endpoint_id = %(endpoint_id)s
          AND (%(delivery_id)s::bigint IS NULL OR delivery_id = %(delivery_id)s)
          AND (%(state)s::text IS NULL OR state = %(state)s)
          AND (%(type)s::text IS NULL OR type = %(type)s)
          AND (%(since)s::timestamptz IS NULL OR event_time >= %(since)s)
          AND (%(until)s::timestamptz IS NULL OR event_time < %(until)s)
        ORDER BY delivery_id DESC
        OFFSET %(offset)s LIMIT %(size)s
        """,
        endpoint_id=endpoint_id,
        delivery_id=delivery_id,
        offset=offset,
        size=size,
        **asdict(wanted),
    )


async def count(tx: Transaction, endpoint_id: int, wanted: DeliveryFilter) -> int:
    """Count matching deliveries of an endpoint."""
    return await tx.value(
        """
        SELECT count(*)
        FROM webhook_deliveries
        WHERE endpoint_id = %(endpoint_id)s
          AND (%(state)s::text IS NULL OR state = %(state)s)
          AND (%(type)s::text IS NULL OR type = %(type)s)
          AND (%(since)s::timestamptz IS NULL OR event_time >= %(since)s)
          AND (%(until)s::timestamptz IS NULL OR event_time < %(until)s)
        """,
        endpoint_id=endpoint_id,
        **asdict(wanted),
    )


async def attempts(tx: Transaction, delivery_id: int) -> list[WebhookAttempt]:
    """Return the attempts at a delivery, the first one first."""
    return await tx.all(
        WebhookAttempt,
        """
        SELECT attempt, attempt_time, duration_ms, status, reason, answer
        FROM webhook_attempts
        WHERE delivery_id = %(delivery_id)s
        ORDER BY attempt
        """,
        delivery_id=delivery_id,
    )


async def replay(tx: Transaction, endpoint_id: int, wanted: DeliveryFilter, delivery_id: int | None = None) -> int:
    """Send matching deliveries again at once, with all of their tries. Return how many. One that waits is due."""
    return await tx.value(
        """
        WITH replayed AS (
            UPDATE webhook_deliveries
            SET state = 'WAITING', tries = 0, due_time = now(), ended_time = NULL, reason = NULL
            WHERE endpoint_id = %(endpoint_id)s
              AND (%(delivery_id)s::bigint IS NULL OR delivery_id = %(delivery_id)s)
              AND (%(state)s::text IS NULL OR state = %(state)s)
              AND (%(type)s::text IS NULL OR type = %(type)s)
              AND (%(since)s::timestamptz IS NULL OR event_time >= %(since)s)
              AND (%(until)s::timestamptz IS NULL OR event_time < %(until)s)
            RETURNING 1
        )
        SELECT count(*) FROM replayed, pg_notify('scenedex_webhooks', '')
        """,
        endpoint_id=endpoint_id,
        delivery_id=delivery_id,
        **asdict(wanted),
    )
