"""Reports of processes in the database: one row for each process, with all its samples, which a reporter replaces."""

from __future__ import annotations

import asyncio
import os
import socket
import uuid
from typing import TYPE_CHECKING, Final

import structlog

from scenedex.db.database import DatabaseUnavailable, as_tuple
from scenedex.metrics.samples import difference, encoded, samples_of, summed

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from scenedex.db.database import Database, Transaction
    from scenedex.metrics.metrics import Metrics
    from scenedex.metrics.samples import Samples


_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.metrics")
SECONDS_BETWEEN_REPORTS: Final = 10


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


def new_process_name() -> str:
    """Return a name that no process has had. It shows operators the machine and the process."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


class Reporter:
    """Keeps one row with all samples of this process. Each report replaces the last, so that nothing counts twice.

    If the process was silent for so long that its row was folded into that of ended processes, it continues under
    another name with what came since its last report.

    ``new_name`` returns a name that no process has had.
    """

    def __init__(self, database: Database, metrics: Metrics, new_name: Callable[[], str] = new_process_name) -> None:
        self._database = database
        self._metrics = metrics
        self._new_name = new_name
        self._name: str | None = None
        self._last: Samples = {}
        self._base: Samples = {}

    async def report(self) -> None:
        """Report once.

        Raises:
            DatabaseUnavailable: the database does not answer. The next report will include this one.
        """
        samples = samples_of(self._metrics.registry)
        name, base = self._name, self._base
        async with self._database.transaction() as tx:
            if name is None or not await update_report(tx, name, encoded(difference(samples, base))):
                name, base = self._new_name(), self._last
                await insert_report(tx, name, encoded(difference(samples, base)))
        self._name, self._base, self._last = name, base, samples

    async def run(self) -> None:
        """Report from time to time until cancelled, and then a last time."""
        try:
            while True:
                await self._try()
                await asyncio.sleep(SECONDS_BETWEEN_REPORTS)
        except asyncio.CancelledError:
            await asyncio.shield(self._try())
            raise

    async def _try(self) -> None:
        try:
            await self.report()
        except DatabaseUnavailable:
            _log.debug("metrics.not_reported")
        except Exception:  # noqa: BLE001  # a worker outlives a failed report
            _log.exception("metrics.not_reported")
