"""The job of a bulk import: list page by page, and register each page in one transaction with its counts."""

from __future__ import annotations

import time
from contextlib import aclosing
from typing import TYPE_CHECKING, Final

import structlog

from scenedex.assets.registration import count_assets
from scenedex.assets.registration_records import ObjectOwner
from scenedex.audit.events import BULK_IMPORT_FAILED, BULK_IMPORT_SUCCEEDED
from scenedex.imports import queries
from scenedex.imports.events import record_bulk_end
from scenedex.imports.page_registration import count_skips, register_page
from scenedex.imports.records import BulkImportStatus
from scenedex.imports.selection import selection_of
from scenedex.jobs import JobKind
from scenedex.jobs.attempts import AttemptHandler, Failure, Refusal, reason_of
from scenedex.jobs.errors import Superseded
from scenedex.jobs.queue import Work
from scenedex.storage.errors import AccessDenied, BucketNotFound, KeysRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scenedex.assets.acceptance import AcceptanceLimits
    from scenedex.assets.source_listing import ReadableSources
    from scenedex.db.database import Database, Transaction
    from scenedex.imports.page_registration import RegisteredPage
    from scenedex.imports.records import BulkImportClaim, SkipCounts
    from scenedex.jobs.queue import JobQueue
    from scenedex.storage.objects import ListedObject

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.imports")
# After this time the import waits for its next turn, so that those of other workspaces get theirs.
_SECONDS_OF_TURN: Final = 30.0


class BulkImportHandler(AttemptHandler["BulkImportClaim"]):
    """`AttemptHandler` that registers the objects below a prefix.

    A page is registered with its counts and its last key, after which the next attempt continues. So each page counts
    once, whenever a worker dies.

    Args:
        database: database of assets.
        queue: queue of their imports.
        sources: objects that imports may read.
        acceptance: limits of an asset.
        max_assets: maximum number of assets of a project.
        page_size: number of objects that are registered in one transaction.
        seconds_of_turn: time after which it waits for its next turn.
        clock: returns the seconds of a monotonic clock.
    """

    def __init__(
        self,
        database: Database,
        queue: JobQueue,
        sources: ReadableSources,
        *,
        acceptance: AcceptanceLimits,
        max_assets: int,
        page_size: int = 1000,
        seconds_of_turn: float = _SECONDS_OF_TURN,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._queue = queue
        self._sources = sources
        self._acceptance = acceptance
        self._max_assets = max_assets
        self._page_size = page_size
        self._seconds_of_turn = seconds_of_turn
        self._clock = clock

    async def claim(self, subject: int) -> BulkImportClaim | None:
        """See `AttemptHandler`."""
        async with self._database.transaction() as tx:
            return await queries.claim(tx, subject)

    async def work(self, claim: BulkImportClaim) -> None:
        """See `AttemptHandler`."""
        ends, options = self._clock() + self._seconds_of_turn, claim.options
        async with self._database.transaction() as tx:
            room = max(0, self._max_assets - await count_assets(tx, claim.project_id))
        readable = await self._sources.prefixes(
            claim.workspace_id, options.bucket_name, options.prefix, reads_open_buckets=claim.reads_open_buckets
        )
        pages = self._sources.pages(
            options.bucket_name,
            options.prefix,
            readable,
            start_after=claim.position,
            is_recursive=options.is_recursive,
            size=self._page_size,
        )
        skipped = claim.skipped
        async with aclosing(pages):
            async for page in pages:
                if self._clock() >= ends:
                    await self._take_next_turn(claim)
                    return
                done = await self._register(claim, page, skipped, room)
                skipped, room = skipped.plus(count_skips(done.skipped)), room - done.registered
        async with self._database.transaction() as tx:
            if not await queries.end(tx, claim, BulkImportStatus.COMPLETED, None):
                raise Superseded
            await record_bulk_end(tx, BULK_IMPORT_SUCCEEDED, claim)
        _log.info("bulk_import.completed", bulk_import=claim.import_id)

    def judge(self, claim: BulkImportClaim, error: Exception) -> Refusal | Failure:
        """See `AttemptHandler`."""
        if isinstance(error, (BucketNotFound, AccessDenied)) and not isinstance(error, KeysRefused):
            return Refusal(absence_of(claim.options.bucket_name))
        return Failure(reason_of(claim, error))

    async def fail(self, claim: BulkImportClaim, reason: str) -> None:
        """See `AttemptHandler`."""
        async with self._database.transaction() as tx:
            if await queries.end(tx, claim, BulkImportStatus.FAILED, reason):
                await record_bulk_end(tx, BULK_IMPORT_FAILED, claim)
        _log.warning("bulk_import.failed", bulk_import=claim.import_id, reason=reason)

    async def put_back(self, claim: BulkImportClaim) -> None:
        """See `AttemptHandler`."""
        async with self._database.transaction() as tx:
            await queries.release(tx, claim)

    async def _register(
        self, claim: BulkImportClaim, page: Sequence[ListedObject], skipped: SkipCounts, room: int
    ) -> RegisteredPage:
        """Register a page with its counts. ``skipped`` are the counts of earlier pages."""
        options = claim.options
        owner = ObjectOwner(
            claim.project_id,
            claim.workspace_id,
            options.bucket_name,
            reads_open_buckets=claim.reads_open_buckets,
            user_name=claim.user_name,
        )
        selection = selection_of(options.prefix, options.include, options.exclude, self._acceptance)
        async with self._database.transaction() as tx:
            done = await register_page(
                tx,
                self._queue,
                owner,
                page,
                selection=selection,
                skips_known=options.skips_known,
                room=room,
                analysis=options.analysis,
            )
            await queries.insert_skips(tx, claim, done.skipped)
            if not await queries.add_progress(
                tx,
                claim,
                page[-1].key,
                listed=len(page),
                registered=done.registered,
                skipped=skipped.plus(count_skips(done.skipped)),
            ):
                raise Superseded
        return done

    async def _take_next_turn(self, claim: BulkImportClaim) -> None:
        async with self._database.transaction() as tx:
            if not await queries.pass_on(tx, claim):
                raise Superseded
            job = await self._queue.defer(tx, JobKind.BULK_IMPORT, Work(claim.import_id, claim.workspace_id))
            await queries.set_job(tx, claim.import_id, job)


def absence_of(bucket_name: str) -> str:
    """Return the reason why nothing of a bucket can be listed, for users."""
    return (
        f'There is no bucket "{bucket_name}", or no permission to read it. Create the bucket or have it granted, '
        "then resume."
    )


async def requeue_lost_bulk_imports(tx: Transaction, queue: JobQueue) -> None:
    """Give bulk imports that have lost their job another."""
    await queue.requeue(tx, JobKind.BULK_IMPORT, await queries.without_job(tx), queries.set_job)
