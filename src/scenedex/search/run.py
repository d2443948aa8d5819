"""The search job: finds the hits of one search and keeps them."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final

import psycopg
import structlog

from scenedex.db.database import DatabaseUnavailable
from scenedex.jobs.readiness import GivenUp
from scenedex.search import queries
from scenedex.search.finding import find_hits
from scenedex.wire.errors import InvalidRequest

if TYPE_CHECKING:
    from scenedex.db.database import Database, Transaction
    from scenedex.metrics import Metrics
    from scenedex.search.finding import Looking
    from scenedex.search.records import Outcome, SearchClaim

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.searches")

LONGEST_SECONDS: Final = 60
"""Longest time of one statement of a search."""


class Searching:
    """Runs one search for each call of `run`.

    Args:
        database: where searches and scenes are.
        looking: with what scenes are looked for.
        metrics: records how long searches took.
        max_attempts: tries before a search that keeps breaking off is given up.
    """

    def __init__(self, database: Database, *, looking: Looking, metrics: Metrics, max_attempts: int) -> None:
        self._database = database
        self._looking = looking
        self._metrics = metrics
        self._max_attempts = max_attempts

    async def run(self, subject: int) -> None:
        """Run the search of that number to its end; nothing to do where it has ended or is gone."""
        async with self._database.transaction() as tx:
            claim = await queries.claim(tx, subject)
        if claim is None:
            return
        started = time.monotonic()
        try:
            outcome = await self._find(claim)
        except asyncio.CancelledError:
            await asyncio.shield(self._put_back(claim))
            raise
        except DatabaseUnavailable as error:
            if not isinstance(error.__cause__, psycopg.errors.QueryCanceled):
                raise
            await self._fail(claim, f"The search took longer than {LONGEST_SECONDS} s; narrow the filter.")
        except InvalidRequest as refusal:
            await self._fail(claim, "; ".join(f"{one.field} {one.reason}" for one in refusal.details))
        except Exception as error:
            if claim.tries < self._max_attempts:
                raise
            _log.exception("search.given_up", search=claim.number)
            await self._fail(claim, f"Given up after {claim.tries} tries: {type(error).__name__}.")
            raise GivenUp from error
        else:
            async with self._database.transaction() as tx:
                await queries.complete(tx, claim, outcome)
                await self._note_time(tx, claim, "completed")
            seconds = round(time.monotonic() - started, 3)
            _log.info("search.completed", search=claim.number, hits=len(outcome.hits), seconds=seconds)

    async def _find(self, claim: SearchClaim) -> Outcome:
        async with self._database.snapshot() as tx:
            await tx.run(
                "SELECT set_config('statement_timeout', %s, true), set_config('plan_cache_mode', %s, true)",
                f"{LONGEST_SECONDS}s",
                # A plan for any query would not use the database index of one engine's vectors.
                "force_custom_plan",
            )
            return await find_hits(tx, claim, self._looking)

    async def _fail(self, claim: SearchClaim, message: str) -> None:
        async with self._database.transaction() as tx:
            await queries.fail(tx, claim, message)
            await self._note_time(tx, claim, "failed")
        _log.info("search.failed", search=claim.number, reason=message)

    async def _note_time(self, tx: Transaction, claim: SearchClaim, state: str) -> None:
        seconds = await queries.age(tx, claim.number)
        if seconds is not None:
            self._metrics.note_search(state, seconds)

    async def _put_back(self, claim: SearchClaim) -> None:
        """A stop of this worker."""
        async with self._database.transaction() as tx:
            await queries.release(tx, claim)
