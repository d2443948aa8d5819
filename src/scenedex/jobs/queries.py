"""The statements about the queue that the engine has not got."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scenedex.db.database import Transaction
    from scenedex.jobs.kinds import JobKind


async def forget_old_jobs(tx: Transaction) -> int:
    """Forget jobs that are over, a day after their last event; how many. What they served has a state of its own."""
    return await tx.run(
        "DELETE FROM procrastinate_jobs j WHERE id IN (SELECT id FROM procrastinate_jobs"
        " WHERE status NOT IN ('todo', 'doing') ORDER BY id LIMIT 1000) AND NOT EXISTS"
        " (SELECT FROM procrastinate_events e WHERE e.job_id = j.id AND e.at > now() - interval '1 day')"
    )


async def note_speed(tx: Transaction, kind: JobKind, seconds: float, units: float) -> None:
    """Count how long a job took for its units of work; nobody waits for another who counts."""
    await tx.run("INSERT INTO job_speeds VALUES (%s, 0, 0) ON CONFLICT DO NOTHING", kind.value)
    await tx.run(
        "UPDATE job_speeds SET seconds = 0.95 * seconds + %s, units = 0.95 * units + %s"
        " WHERE kind = (SELECT kind FROM job_speeds WHERE kind = %s FOR UPDATE SKIP LOCKED)",
        seconds,
        units,
        kind.value,
    )
