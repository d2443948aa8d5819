"""SQL statements of the workers that send events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.db.database import as_tuple
from scenedex.webhooks.records import DueDelivery, EndpointId, LeasedEndpoint

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from scenedex.db.database import Transaction
    from scenedex.webhooks.records import DeliveryOutcome, EndpointOutcome


async def lease(tx: Transaction, limit: int, seconds: float, *, failing: bool) -> list[LeasedEndpoint]:
    """Lease endpoints that have due deliveries, either those that fail or the others.

    The lock is one that lets triggers add deliveries meanwhile.
    """
    return await tx.all(
        LeasedEndpoint,
        """
        WITH ready AS (
            SELECT e.endpoint_id
            FROM webhook_endpoints e
            CROSS JOIN LATERAL (
                SELECT d.due_time
                FROM webhook_deliveries d
                WHERE d.endpoint_id = e.endpoint_id
                  AND d.state = 'WAITING'
                  AND d.due_time <= now()
                  AND NOT EXISTS (
                      SELECT FROM webhook_deliveries f
                      WHERE f.endpoint_id = d.endpoint_id
                        AND f.lane = d.lane
                        AND f.state = 'WAITING'
                        AND f.delivery_id < d.delivery_id
                  )
                ORDER BY d.due_time, d.delivery_id
                LIMIT 1
            ) AS first
            WHERE e.is_enabled
              AND (e.leased_until IS NULL OR e.leased_until < now())
              AND (e.paused_until IS NULL OR e.paused_until <= now())
              AND (e.failing_since IS NOT NULL) = %(failing)s
            ORDER BY first.due_time
            LIMIT %(limit)s
            FOR NO KEY UPDATE OF e SKIP LOCKED
        )
        UPDATE webhook_endpoints e
        SET lease = e.lease + 1,
            leased_until = now() + %(seconds)s * interval '1 second'
        FROM ready, workspaces w
        WHERE e.endpoint_id = ready.endpoint_id AND w.workspace_id = e.workspace_id
        RETURNING
            e.endpoint_id,
            w.workspace_name,
            e.url,
            e.server_url,
            CASE WHEN e.former_until > now() THEN ARRAY[e.secret, e.former_secret] ELSE ARRAY[e.secret] END,
            e.failures,
            e.revision,
            e.lease
        """,
        limit=limit,
        seconds=seconds,
        failing=failing,
    )


async def due(tx: Transaction, endpoints: Sequence[EndpointId], limit: int) -> list[DueDelivery]:
    """Return due deliveries of each of these endpoints, at most ``limit`` of each, of each lane the oldest alone."""
    return await tx.all(
        DueDelivery,
        """
        SELECT first.*
        FROM unnest(%(endpoints)s::bigint[]) AS leased (endpoint_id)
        CROSS JOIN LATERAL (
            SELECT d.endpoint_id, d.delivery_id, d.message_id, d.type, d.subject, d.user_name, d.lane, d.event_time,
                   d.tries
            FROM webhook_deliveries d
            WHERE d.endpoint_id = leased.endpoint_id
              AND d.state = 'WAITING'
              AND d.due_time <= now()
              AND NOT EXISTS (
                  SELECT FROM webhook_deliveries f
                  WHERE f.endpoint_id = d.endpoint_id
                    AND f.lane = d.lane
                    AND f.state = 'WAITING'
                    AND f.delivery_id < d.delivery_id
              )
            ORDER BY d.due_time, d.delivery_id
            LIMIT %(limit)s
        ) AS first
        """,
        endpoints=list(endpoints),
        limit=limit,
    )


async def note_endpoints(
    tx: Transaction, outcomes: Sequence[EndpointOutcome], disable_after: timedelta
) -> list[tuple[EndpointId, bool]]:
    """Write what a worker has learned about endpoints whose lease it still holds.

    Return those, and whether each has failed for longer than ``disable_after``.
    """
    return await tx.all(
        as_tuple,
        """
        UPDATE webhook_endpoints e
        SET leased_until = CASE WHEN o.is_released THEN NULL ELSE e.leased_until END,
            failures = CASE WHEN e.revision = o.revision THEN o.failures ELSE e.failures END,
            failing_since = CASE
                WHEN e.revision <> o.revision THEN e.failing_since
                WHEN o.failures = 0 THEN NULL
                WHEN o.has_succeeded THEN now()
                ELSE coalesce(e.failing_since, now())
            END,
            paused_until = CASE
                WHEN e.revision <> o.revision THEN e.paused_until
                WHEN o.pause_seconds > 0 THEN now() + o.pause_seconds * interval '1 second'
            END
        FROM unnest(
            %(endpoints)s::bigint[], %(leases)s::integer[], %(revisions)s::integer[], %(failures)s::integer[],
            %(successes)s::boolean[], %(pauses)s::float8[], %(released)s::boolean[]
        ) AS o (endpoint_id, lease, revision, failures, has_succeeded, pause_seconds, is_released)
        WHERE e.endpoint_id = o.endpoint_id AND e.lease = o.lease
        RETURNING e.endpoint_id, coalesce(e.failing_since < now() - %(disable_after)s, false)
        """,
        endpoints=[one.endpoint_id for one in outcomes],
        leases=[one.lease for one in outcomes],
        revisions=[one.revision for one in outcomes],
        failures=[one.failures for one in outcomes],
        successes=[one.has_succeeded for one in outcomes],
        pauses=[one.pause_seconds for one in outcomes],
        released=[one.is_released for one in outcomes],
        disable_after=disable_after,
    )


async def note_attempts(tx: Transaction, outcomes: Sequence[DeliveryOutcome]) -> None:
    """Write attempts and what follows from them. The caller has the leases of their endpoints."""
    await tx.run(
        """
        WITH outcome AS (
            SELECT *
            FROM unnest(
                %(deliveries)s::bigint[], %(states)s::text[], %(reasons)s::text[], %(pauses)s::float8[],
                %(times)s::timestamptz[], %(durations)s::integer[], %(statuses)s::integer[], %(answers)s::text[]
            ) AS o (delivery_id, state, reason, pause_seconds, attempt_time, duration_ms, status, answer)
        ),
        ended AS (
            UPDATE webhook_deliveries d
            SET state = o.state,
                reason = o.reason,
                attempt = d.attempt + 1,
                tries = d.tries + 1,
                due_time = coalesce(now() + o.pause_seconds * interval '1 second', d.due_time),
                ended_time = CASE WHEN o.state <> 'WAITING' THEN now() END
            FROM outcome o
            WHERE d.delivery_id = o.delivery_id AND d.state = 'WAITING'
            RETURNING d.delivery_id, d.attempt
        )
        INSERT INTO webhook_attempts (delivery_id, attempt, attempt_time, duration_ms, status, reason, answer)
        SELECT delivery_id, ended.attempt, o.attempt_time, o.duration_ms, o.status, o.reason, o.answer
        FROM ended
        JOIN outcome o USING (delivery_id)
        """,
        deliveries=[one.delivery_id for one in outcomes],
        states=[one.state.value for one in outcomes],
        reasons=[one.reason for one in outcomes],
        pauses=[one.pause_seconds for one in outcomes],
        times=[one.attempt_time for one in outcomes],
        durations=[one.duration_ms for one in outcomes],
        statuses=[one.status for one in outcomes],
        answers=[one.answer for one in outcomes],
    )


async def hold_back(tx: Transaction, outcomes: Sequence[DeliveryOutcome]) -> None:
    """Have the followers of deliveries that are tried again wait as long, so that nobody looks at them before."""
    await tx.run(
        """
        UPDATE webhook_deliveries d
        SET due_time = first.due_time
        FROM unnest(%(deliveries)s::bigint[]) AS o (delivery_id)
        JOIN webhook_deliveries first USING (delivery_id)
        WHERE d.endpoint_id = first.endpoint_id
          AND d.lane = first.lane
          AND d.state = 'WAITING'
          AND d.delivery_id > first.delivery_id
          AND d.due_time < first.due_time
        """,
        deliveries=[one.delivery_id for one in outcomes],
    )


async def disable(tx: Transaction, endpoint_id: EndpointId, reason: str) -> tuple[str, str] | None:
    """Disable an endpoint. Return its workspace and the user who made it, or `None` if it is disabled already."""
    return await tx.one(
        as_tuple,
        """
        UPDATE webhook_endpoints e
        SET is_enabled = false, disabled_reason = %(reason)s, disabled_time = now(), revision = revision + 1
        FROM workspaces w
        WHERE e.endpoint_id = %(endpoint_id)s AND e.is_enabled AND w.workspace_id = e.workspace_id
        RETURNING w.workspace_name, e.created_user_name
        """,
        endpoint_id=endpoint_id,
        reason=reason,
    )


async def delete_ended(tx: Transaction, age: timedelta, limit: int) -> int:
    """Delete the oldest deliveries that ended so long ago, with their attempts. Return how many."""
    return await tx.run(
        """
        DELETE FROM webhook_deliveries
        WHERE delivery_id IN (
            SELECT delivery_id
            FROM webhook_deliveries
            WHERE ended_time < now() - %(age)s
            ORDER BY ended_time
            LIMIT %(limit)s
        )
        """,
        age=age,
        limit=limit,
    )


async def give_up_surplus(tx: Transaction, waiting: int, reason: str, limit: int) -> int:
    """Fail the oldest waiting deliveries of endpoints with more than ``waiting`` of them. Return how many."""
    return await tx.run(
        """
        UPDATE webhook_deliveries
        SET state = 'FAILED', reason = %(reason)s, ended_time = now()
        WHERE state = 'WAITING' AND delivery_id IN (
            SELECT surplus.delivery_id
            FROM webhook_endpoints e
            CROSS JOIN LATERAL (
                SELECT delivery_id
                FROM webhook_deliveries d
                WHERE d.endpoint_id = e.endpoint_id AND d.state = 'WAITING'
                ORDER BY delivery_id DESC
                OFFSET %(waiting)s
                LIMIT %(limit)s
            ) AS surplus
        )
        """,
        waiting=waiting,
        reason=reason,
        limit=limit,
    )


async def give_up_disabled(tx: Transaction, age: timedelta, reason: str, limit: int) -> int:
    """Fail deliveries of disabled endpoints that have waited so long. Return how many."""
    return await tx.run(
        """
        UPDATE webhook_deliveries
        SET state = 'FAILED', reason = %(reason)s, ended_time = now()
        WHERE state = 'WAITING' AND delivery_id IN (
            SELECT d.delivery_id
            FROM webhook_endpoints e
            JOIN webhook_deliveries d USING (endpoint_id)
            WHERE NOT e.is_enabled AND d.state = 'WAITING' AND d.event_time < now() - %(age)s
            LIMIT %(limit)s
        )
        """,
        age=age,
        reason=reason,
        limit=limit,
    )


async def forget_former_secrets(tx: Transaction) -> None:
    """Delete secrets that sign no longer."""
    await tx.run(
        """
        UPDATE webhook_endpoints
        SET former_secret = NULL, former_until = NULL
        WHERE former_until <= now()
        """
    )
