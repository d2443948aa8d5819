"""Handler of search jobs."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import psycopg
import structlog

from scenedex.db.database import DatabaseUnavailable
from scenedex.jobs.attempts import AttemptHandler, Failure, Refusal, reason_of
from scenedex.search import queries
from scenedex.search.scene_search import find_hits
from scenedex.wire.errors import InvalidRequest

if TYPE_CHECKING:
    from scenedex.db.database import Database, Transaction
    from scenedex.metrics import Metrics
    from scenedex.search.records import SearchClaim, SearchOutcome
    from scenedex.search.scene_search import SceneSearchOptions

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.searches")

MAX_STATEMENT_SECONDS: Final = 60
"""Limit for each statement of a search."""


class SearchHandler(AttemptHandler["SearchClaim"]):
    """`AttemptHandler` that finds the hits of a search and stores them."""

    def __init__(self, database: Database, *, options: SceneSearchOptions, metrics: Metrics) -> None:
        self._database = database
        self._options = options
        self._metrics = metrics

    async def claim(self, subject: int) -> SearchClaim | None:
        """See `AttemptHandler`."""
        async with self._database.transaction() as tx:
            # A search that loses its claim or its hits in a crash runs again.
            await tx.commit_without_disk()
            return await queries.claim(tx, subject)

    async def work(self, claim: SearchClaim) -> None:
        """See `AttemptHandler`."""
        started = time.monotonic()
        outcome = await self._find(claim)
        async with self._database.transaction() as tx:
            await tx.commit_without_disk()
            await queries.complete(tx, claim, outcome)
            await self._note_time(tx, claim, "completed")
        seconds = round(time.monotonic() - started, 3)
        _log.info("search.completed", search=claim.number, hits=len(outcome.hits), seconds=seconds)

    def judge(self, claim: SearchClaim, error: Exception) -> Refusal | Failure:
        """See `AttemptHandler`."""
        if isinstance(error, DatabaseUnavailable) and isinstance(error.__cause__, psycopg.errors.QueryCanceled):
            return Refusal(f"The search took longer than {MAX_STATEMENT_SECONDS} s. Narrow the filter.")
        if isinstance(error, InvalidRequest):
            return Refusal("; ".join(f"{one.field} {one.reason}" for one in error.details))
        return Failure(reason_of(claim, error))

    async def _find(self, claim: SearchClaim) -> SearchOutcome:
        async with self._database.snapshot() as tx:
            # A generic plan would not know how many scenes meet the conditions.
            await tx.run(
                """
                SELECT set_config('statement_timeout', %(timeout)s, true),
                       set_config('plan_cache_mode', 'force_custom_plan', true)
                """,
                timeout=f"{MAX_STATEMENT_SECONDS}s",
            )
            return await find_hits(tx, claim, self._options)

    async def fail(self, claim: SearchClaim, reason: str) -> None:
        """See `AttemptHandler`."""
        async with self._database.transaction() as tx:
            await queries.fail(tx, claim, reason)
            await self._note_time(tx, claim, "failed")
        _log.info("search.failed", search=claim.number, reason=reason)

    async def _note_time(self, tx: Transaction, claim: SearchClaim, state: str) -> None:
        seconds = await queries.age(tx, claim.number)
        if seconds is not None:
            self._metrics.note_search(state, seconds)

    async def put_back(self, claim: SearchClaim) -> None:
        """See `AttemptHandler`."""
        async with self._database.transaction() as tx:
            await queries.release(tx, claim)
