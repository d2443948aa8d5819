"""Every statement about what processes measured, and about the state of the queue as a metric."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.metrics.samples import summed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from scenedex.db.database import Transaction
    from scenedex.metrics.samples import Samples


async def begin(tx: Transaction, process: str, samples: str) -> None:
    """The first report of a process."""
    await tx.run("INSERT INTO process_metrics (process, samples) VALUES (%s, %s)", process, samples)


async def go_on(tx: Transaction, process: str, samples: str) -> bool:
    """A further report in the place of the former; False where that was added to those of ended processes."""
    changed = await tx.run(
        "UPDATE process_metrics SET samples = %s, updated_time = now() WHERE process = %s", samples, process
    )
    return changed > 0


async def totals(tx: Transaction) -> Samples:
    """What all processes that report have measured together."""
    rows = await tx.all(
        _row,
        "SELECT s.name, s.labels, sum(s.value) FROM process_metrics p,"
        " jsonb_to_recordset(p.samples) AS s(name text, labels jsonb, value double precision) GROUP BY 1, 2",
    )
    return summed(rows)


async def reporting(tx: Transaction, within: timedelta) -> int:
    """How many processes have reported lately."""
    return await tx.value(
        "SELECT count(*) FROM process_metrics WHERE process <> '' AND updated_time > now() - %s", within
    )


async def fold(tx: Transaction, silent_for: timedelta) -> int:
    """Add what processes measured that no longer report to what ended ones did, so that no sum falls; how many."""
    return await tx.value(
        "WITH ended AS ("
        "  DELETE FROM process_metrics WHERE process <> '' AND updated_time < now() - %s RETURNING samples"
        "), added AS ("
        "  SELECT s.name, s.labels, sum(s.value) AS value"
        "  FROM (SELECT samples FROM ended UNION ALL SELECT samples FROM process_metrics WHERE process = '') r,"
        "    jsonb_to_recordset(r.samples) AS s(name text, labels jsonb, value double precision) GROUP BY 1, 2"
        "), kept AS ("
        "  INSERT INTO process_metrics (process, samples)"
        "  SELECT '', coalesce((SELECT jsonb_agg(added) FROM added), '[]') WHERE EXISTS (SELECT FROM ended)"
        "  ON CONFLICT (process) DO UPDATE SET samples = excluded.samples, updated_time = now()"
        ") SELECT count(*) FROM ended",
        silent_for,
    )


async def job_counts(tx: Transaction) -> list[tuple[str, str, int]]:
    """How many jobs there are of each kind that wait or run."""
    return await tx.all(
        _job_count,
        "SELECT task_name, status::text, count(*) FROM procrastinate_jobs"
        " WHERE status IN ('todo', 'doing') GROUP BY 1, 2",
    )


async def longest_waits(tx: Transaction) -> dict[str, float]:
    """For each kind of which jobs wait: seconds since the oldest of them could have begun."""
    rows = await tx.all(
        _wait,
        "SELECT kind, greatest(0, extract(epoch FROM now() - least(due, (SELECT min(e.at) FROM procrastinate_events e"
        "   WHERE e.job_id = oldest AND e.type = 'deferred'))))::double precision"
        " FROM (SELECT task_name AS kind, min(scheduled_at) AS due,"
        "     min(id) FILTER (WHERE scheduled_at IS NULL) AS oldest"
        "   FROM procrastinate_jobs WHERE status = 'todo' GROUP BY 1) waiting",
    )
    return {kind: seconds for kind, seconds in rows if seconds is not None}


def _row(name: str, labels: Mapping[str, str], value: float) -> tuple[str, Mapping[str, str], float]:
    return name, labels, value


def _job_count(kind: str, status: str, number: int) -> tuple[str, str, int]:
    return kind, status, number


def _wait(kind: str, seconds: float | None) -> tuple[str, float | None]:
    return kind, seconds
