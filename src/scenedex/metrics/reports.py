"""Reports of processes in the database: one row for each process, with all its samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.db.database import as_tuple
from scenedex.metrics.samples import summed

if TYPE_CHECKING:
    from datetime import timedelta

    from scenedex.db.database import Transaction
    from scenedex.metrics.samples import Samples


async def insert_report(tx: Transaction, process: str, samples: str) -> None:
    """Write the first report of a process."""
    await tx.run(
        "INSERT INTO process_metrics (process, samples) VALUES (%(process)s, %(samples)s)",
        process=process,
        samples=samples,
    )


async def update_report(tx: Transaction, process: str, samples: str) -> bool:
    """Replace the report of a process. Return `False` if `fold_reports` has removed it."""
    changed = await tx.run(
        "UPDATE process_metrics SET samples = %(samples)s, updated_time = now() WHERE process = %(process)s",
        process=process,
        samples=samples,
    )
    return changed > 0


async def total_samples(tx: Transaction) -> Samples:
    """Return the sums of the samples of all processes."""
    rows = await tx.all(
        as_tuple,
        """
        SELECT s.name, s.labels, sum(s.value)
        FROM process_metrics p, jsonb_to_recordset(p.samples) AS s (name text, labels jsonb, value float8)
        GROUP BY s.name, s.labels
        """,
    )
    return summed(rows)


async def count_reporting(tx: Transaction, within: timedelta) -> int:
    """Return the number of processes with a report that is younger than this."""
    return await tx.value(
        "SELECT count(*) FROM process_metrics WHERE process <> '' AND updated_time > now() - %(within)s", within=within
    )


async def fold_reports(tx: Transaction, silent_for: timedelta) -> int:
    """Add reports that were not updated for so long to the report of ended processes. Return their number.

    So no sum falls when a process ends.
    """
    return await tx.value(
        """
        WITH ended AS (
            DELETE FROM process_metrics WHERE process <> '' AND updated_time < now() - %(silent_for)s RETURNING samples
        ), added AS (
            SELECT s.name, s.labels, sum(s.value) AS value
            FROM (SELECT samples FROM ended UNION ALL SELECT samples FROM process_metrics WHERE process = '') r,
                jsonb_to_recordset(r.samples) AS s (name text, labels jsonb, value float8)
            GROUP BY s.name, s.labels
        ), kept AS (
            INSERT INTO process_metrics (process, samples)
            SELECT '', coalesce((SELECT jsonb_agg(added) FROM added), '[]')
            WHERE EXISTS (SELECT FROM ended)
            ON CONFLICT (process) DO UPDATE SET samples = excluded.samples, updated_time = now()
        )
        SELECT count(*) FROM ended
        """,
        silent_for=silent_for,
    )
