"""The job of a watch: look at touched keys, and list the prefix if a look is due."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from typing import TYPE_CHECKING, Final

import structlog

from scenedex.assets.registration import missing_keys
from scenedex.jobs import JobKind
from scenedex.jobs.attempts import AttemptHandler, Failure, reason_of
from scenedex.jobs.errors import Superseded
from scenedex.storage.errors import AccessDenied, BucketNotFound, KeysRefused, StorageError
from scenedex.watches import queries, touch_queries
from scenedex.watches.records import LookCounts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scenedex.assets.source_listing import ReadableSources
    from scenedex.db.database import Database, Transaction
    from scenedex.jobs.queue import JobQueue, Work
    from scenedex.storage.objects import ListedObject
    from scenedex.watches.arrivals import WatchArrivals
    from scenedex.watches.records import Touch, WatchClaim

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.watches")
_PAGE_SIZE: Final = 1000
_TOUCHES_AT_ONCE: Final = 500
_LOOKS_AT_ONCE: Final = 16
# After this time the watch waits for its next turn, so that those of other workspaces get theirs.
_SECONDS_OF_TURN: Final = 30.0
_MAX_PAUSE_SECONDS: Final = 3600
_MIN_PAUSE_SECONDS: Final = 10


class WatchHandler(AttemptHandler["WatchClaim"]):
    """`AttemptHandler` that looks for new, changed and removed objects.

    A page is registered with the last key of the look, after which the next attempt continues. Touched keys are deleted
    in the transaction that registers their objects, unless they have been touched again. So no worker that dies loses
    an object or registers it twice.

    Args:
        database: database of watches.
        sources: objects that imports may read.
        arrivals: registers objects and deletes assets.
        clock: returns the seconds of a monotonic clock.
    """

    def __init__(
        self,
        database: Database,
        sources: ReadableSources,
        arrivals: WatchArrivals,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._sources = sources
        self._arrivals = arrivals
        self._clock = clock

    async def claim(self, subject: int) -> WatchClaim | None:
        """See `AttemptHandler`."""
        async with self._database.transaction() as tx:
            return await queries.claim(tx, subject)

    async def work(self, claim: WatchClaim) -> None:
        """See `AttemptHandler`. A storage that does not serve ends no watch. It tries again after a growing pause."""
        ends = self._clock() + _SECONDS_OF_TURN
        try:
            options = claim.options
            readable = await self._sources.prefixes(
                claim.workspace_id, options.bucket_name, options.prefix, reads_open_buckets=claim.reads_open_buckets
            )
            if claim.is_look_due and not await self._look(claim, readable, ends):
                return
            while not await self._end(claim):
                if not await self._examine_touched(claim, readable) or self._clock() >= ends:
                    break
        except StorageError as error:
            await self._note_failure(claim, problem_of(claim, error))

    def judge(self, claim: WatchClaim, error: Exception) -> Failure:
        """See `AttemptHandler`."""
        return Failure(reason_of(claim, error))

    async def fail(self, claim: WatchClaim, reason: str) -> None:
        """See `AttemptHandler`."""
        await self._note_failure(claim, f"{reason} The log of the worker has details.")

    async def put_back(self, claim: WatchClaim) -> None:
        """See `AttemptHandler`."""
        async with self._database.transaction() as tx:
            await queries.release(tx, claim)

    async def _look(self, claim: WatchClaim, readable: Sequence[str], ends: float) -> bool:
        """List the prefix. Return `False` if the rest of it waits for the next turn."""
        options, look = claim.options, claim.look
        position = claim.position or ""
        pages = self._sources.pages(
            options.bucket_name,
            options.prefix,
            readable,
            start_after=position,
            is_recursive=options.is_recursive,
            size=_PAGE_SIZE,
        )
        async with aclosing(pages):
            async for page in pages:
                look = await self._register_page(claim, page, position, look)
                position = page[-1].key
                await self._examine_touched(claim, readable)
                if self._clock() >= ends:
                    return False
        async with self._database.transaction() as tx:
            await self._touch_missing(tx, claim, position, None, [])
            if not await queries.end_look(tx, claim, look):
                raise Superseded
        return True

    async def _register_page(
        self, claim: WatchClaim, page: Sequence[ListedObject], former: str, look: LookCounts
    ) -> LookCounts:
        """Register a page of a look, and return the counts of the look with it. ``former`` is the key before it."""
        async with self._database.transaction() as tx:
            arrived = await self._arrivals.take_listed(tx, claim, page)
            await self._touch_missing(tx, claim, former, page[-1].key, [item.key for item in page])
            look = LookCounts(look.objects + len(page), look.skipped.plus(arrived.skipped))
            if not await queries.add_page(
                tx, claim, page[-1].key, look, registered=arrived.registered, changed=arrived.changed
            ):
                raise Superseded
        return look

    async def _touch_missing(
        self, tx: Transaction, claim: WatchClaim, start: str, end: str | None, present: Sequence[str]
    ) -> None:
        """Have missing objects looked for again, whose assets are to be deleted with them."""
        options = claim.options
        if options.on_removed == "keep":
            return
        missing = await missing_keys(
            tx, claim.project_id, options.bucket_name, claim.watch_id, options.prefix, start, end, present
        )
        if missing:
            await touch_queries.touch_missing(tx, claim.watch_id, missing, self._arrivals.settle_seconds(claim) or 1)

    async def _examine_touched(self, claim: WatchClaim, readable: Sequence[str]) -> bool:
        """Look at touched keys that are due. Return `False` if there are none."""
        async with self._database.transaction() as tx:
            touches = await touch_queries.due(tx, claim.watch_id, _TOUCHES_AT_ONCE)
        if not touches:
            return False
        found = await self._find(claim, readable, touches)
        async with self._database.transaction() as tx:
            arrived = await self._arrivals.take_touched(tx, claim, found)
            if not await queries.add_touched(
                tx, claim, registered=arrived.registered, changed=arrived.changed, removed=arrived.removed
            ):
                raise Superseded
        return True

    async def _find(
        self, claim: WatchClaim, readable: Sequence[str], touches: Sequence[Touch]
    ) -> list[tuple[Touch, ListedObject | None]]:
        """Return the present version of each touched object, or `None` if there is none."""
        slots = asyncio.Semaphore(_LOOKS_AT_ONCE)

        async def find(touch: Touch) -> tuple[Touch, ListedObject | None]:
            async with slots:
                return touch, await self._sources.find(claim.options.bucket_name, readable, touch.key)

        return await asyncio.gather(*map(find, touches))

    async def _end(self, claim: WatchClaim) -> bool:
        async with self._database.transaction() as tx:
            return await queries.end_job(tx, claim)

    async def _note_failure(self, claim: WatchClaim, message: str) -> None:
        pause = max(_MIN_PAUSE_SECONDS, claim.options.every_seconds) * 2 ** min(claim.failures, 12)
        async with self._database.transaction() as tx:
            await queries.fail(tx, claim, message, min(_MAX_PAUSE_SECONDS, pause))
        _log.warning("watch.failed", watch=claim.watch_id, reason=message)


def problem_of(claim: WatchClaim, error: StorageError) -> str:
    """Return an error of the storage in words, with what to do."""
    bucket = claim.options.bucket_name
    match error:
        case KeysRefused():
            return f"{error}. An operator has to correct them."
        case BucketNotFound() | AccessDenied():
            return (
                f'There is no bucket "{bucket}", or no permission to read it. Create it, have it granted, or '
                "delete the watch. Assets are kept."
            )
        case _:
            return f"The storage does not serve: {error}. Nothing needs to be done if it recovers."


async def request_due_watches(tx: Transaction, queue: JobQueue) -> None:
    """Give a job to active watches that have something to do."""
    await defer_jobs(tx, queue, await queries.due(tx))


async def defer_jobs(tx: Transaction, queue: JobQueue, works: Sequence[Work]) -> None:
    """Give a job to watches that have none."""
    for work in works:
        await queries.set_job(tx, work.subject, await queue.defer(tx, JobKind.WATCH, work))
