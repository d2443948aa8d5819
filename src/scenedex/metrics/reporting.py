"""Reporting what this process has measured to the database, where API processes read it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import structlog

from scenedex.db.database import DatabaseUnavailable
from scenedex.metrics import queries
from scenedex.metrics.samples import difference, encoded, samples_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from scenedex.db.database import Database
    from scenedex.metrics.metrics import Metrics
    from scenedex.metrics.samples import Samples

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.metrics")
SECONDS_BETWEEN_REPORTS: Final = 10


class Reporter:
    """Keeps one row with all that this process has measured: the whole each time, so that nothing counts twice.

    A process that was silent for so long that its row was added to those of ended processes goes on under another name,
    with what came since.

    Args:
        database: where the row is.
        metrics: what is reported.
        new_name: names that no process has had.
    """

    def __init__(self, database: Database, metrics: Metrics, new_name: Callable[[], str]) -> None:
        self._database = database
        self._metrics = metrics
        self._new_name = new_name
        self._name: str | None = None
        self._last: Samples = {}
        self._base: Samples = {}

    async def report(self) -> None:
        """Report once.

        Raises:
            DatabaseUnavailable: the database does not answer; the next report will tell this one's part as well.
        """
        samples = samples_of(self._metrics.registry)
        name, base = self._name, self._base
        async with self._database.transaction() as tx:
            if name is None or not await queries.go_on(tx, name, encoded(difference(samples, base))):
                name, base = self._new_name(), self._last
                await queries.begin(tx, name, encoded(difference(samples, base)))
        self._name, self._base, self._last = name, base, samples

    async def go_on(self) -> None:
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
        except Exception:  # noqa: BLE001  # what is measured is not worth a worker
            _log.exception("metrics.not_reported")
