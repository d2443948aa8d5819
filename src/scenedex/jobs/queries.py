"""Statements of the queue beside those of Procrastinate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.db.database import as_tuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.db.database import Transaction
    from scenedex.jobs.kinds import JobKind


async def add_speed(tx: Transaction, kind: JobKind, seconds: float, units: float) -> None:
    """Add the time of a job to the moving average of its kind, or skip it if another process does so now."""
    await tx.run("INSERT INTO job_speeds VALUES (%(kind)s, 0, 0) ON CONFLICT DO NOTHING", kind=kind.value)
    await tx.run(
        """
        UPDATE job_speeds
        SET seconds = 0.95 * seconds + %(seconds)s, units = 0.95 * units + %(units)s
        WHERE kind = (SELECT kind FROM job_speeds WHERE kind = %(kind)s FOR UPDATE SKIP LOCKED)
        """,
        seconds=seconds,
        units=units,
        kind=kind.value,
    )


async def insert_jobs(
    tx: Transaction, kind: JobKind, arguments: Sequence[str], priorities: Sequence[int]
) -> list[tuple[int, int]]:
    """Insert jobs with these arguments in JSON. Return the subject and id of each."""
    return await tx.all(
        as_tuple,
        """
        INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args)
        SELECT %(kind)s, %(kind)s, priority, args
        FROM unnest(%(arguments)s::jsonb[], %(priorities)s::integer[]) AS work (args, priority)
        RETURNING (args ->> 'subject')::bigint, id
        """,
        kind=kind.value,
        arguments=list(arguments),
        priorities=list(priorities),
    )


async def notify_workers(tx: Transaction, kind: JobKind) -> None:
    """Wake the workers of a kind with the message that Procrastinate sends for a new job."""
    await tx.run(
        """SELECT pg_notify('procrastinate_queue_v1#' || %(kind)s, '{"type": "job_inserted", "job_id": 0}')""",
        kind=kind.value,
    )
