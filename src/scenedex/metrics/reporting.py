"""Reporting the metrics of this process to the database."""

from __future__ import annotations

import asyncio
import os
import socket
import uuid
from typing import TYPE_CHECKING, Final

import structlog

from scenedex.db.database import DatabaseUnavailable
from scenedex.metrics.reports import insert_report, update_report
from scenedex.metrics.samples import difference, encoded, samples_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from scenedex.db.database import Database
    from scenedex.metrics.metrics import Metrics
    from scenedex.metrics.samples import Samples

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.metrics")
SECONDS_BETWEEN_REPORTS: Final = 10


def new_process_name() -> str:
    """Return a name that no process has had. It shows operators the machine and the process."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


class Reporter:
    """Keeps one row with all samples of this process. Each report replaces the last, so that nothing counts twice.

    If the process was silent for so long that its row was folded into that of ended processes, it continues under
    another name with what came since its last report.

    Args:
        database: database of the row.
        metrics: metrics to report.
        new_name: returns a name that no process has had.
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
