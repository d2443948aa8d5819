"""What a watch does with the objects that it has found: register, wait, or delete the assets of removed ones."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scenedex.analysis.service import remove_asset
from scenedex.assets.events import record_end
from scenedex.assets.notices import ASSET_DELETED
from scenedex.assets.registration import count_assets, find_novelties, register_many, registered_by_watch
from scenedex.assets.registration_records import Novelty, ObjectOwner
from scenedex.audit.events import WATCHED_OBJECT_REMOVED
from scenedex.imports.arrivals import analyse_on_arrival
from scenedex.imports.records import NO_SKIPS, SkipCounts
from scenedex.imports.selection import selection_of
from scenedex.watches import touch_queries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.assets.acceptance import AcceptanceLimits
    from scenedex.assets.registration_records import ComparedObject
    from scenedex.db.database import Transaction
    from scenedex.jobs.queue import JobQueue
    from scenedex.storage.objects import ListedObject
    from scenedex.watches.records import Touch, WatchClaim

# Time for which a file must stay the same, unless the watch says otherwise.
_SETTLE_SECONDS: Final = 5
# Time after which an object is looked at again whose former version is being imported.
_BUSY_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class Arrived:
    """Numbers of objects that became assets, of those whose other version did, of deleted assets and of skips."""

    registered: int = 0
    changed: int = 0
    removed: int = 0
    skipped: SkipCounts = NO_SKIPS


class WatchArrivals:
    """Registers the objects of watches.

    Args:
        queue: queue of imports and analyses.
        acceptance: limits of an asset.
        max_assets: maximum number of assets of a project.
        writes_whole: whether an object appears only when all of its bytes are there.
    """

    def __init__(self, queue: JobQueue, *, acceptance: AcceptanceLimits, max_assets: int, writes_whole: bool) -> None:
        self._queue = queue
        self._acceptance = acceptance
        self._max_assets = max_assets
        self._writes_whole = writes_whole

    def settle_seconds(self, claim: WatchClaim) -> int:
        """Return the time for which an object must stay the same."""
        wanted = claim.options.settle_seconds
        return wanted if wanted is not None else 0 if self._writes_whole else _SETTLE_SECONDS

    async def take_listed(self, tx: Transaction, claim: WatchClaim, page: Sequence[ListedObject]) -> Arrived:
        """Register new and changed objects of a page, or have those that must settle looked at again."""
        chosen, skipped = self._choose(claim, page)
        compared = await self._compare(tx, claim, chosen)
        busy = [one.item for one in compared if one.novelty is Novelty.BUSY]
        arriving = [one for one in compared if _is_arriving(one)]
        settle = self.settle_seconds(claim)
        await touch_queries.touch_later(tx, claim.watch_id, busy, max(settle, _BUSY_SECONDS))
        if settle:
            await touch_queries.touch_later(tx, claim.watch_id, [one.item for one in arriving], settle)
            return Arrived(skipped=skipped)
        return await self._register(tx, claim, arriving, skipped)

    async def take_touched(
        self, tx: Transaction, claim: WatchClaim, found: Sequence[tuple[Touch, ListedObject | None]]
    ) -> Arrived:
        """Register what has become of touched keys, and delete the assets of removed objects if that is wanted."""
        await touch_queries.lock(tx, claim.watch_id, [touch.key for touch, _ in found])
        present = {touch.key: (touch, item) for touch, item in found if item is not None}
        chosen, skipped = self._choose(claim, [item for _, item in present.values()])
        compared = await self._compare(tx, claim, chosen)
        settle = self.settle_seconds(claim)
        busy = [present[one.item.key] for one in compared if one.novelty is Novelty.BUSY]
        arriving = [one for one in compared if one.novelty not in {Novelty.BUSY, Novelty.KNOWN}]
        unsettled = [present[one.item.key] for one in arriving if settle and not _was_seen(*present[one.item.key])]
        waiting = {touch.key for touch, _ in (*busy, *unsettled)}
        await touch_queries.put_off(tx, claim, busy, _BUSY_SECONDS)
        await touch_queries.put_off(tx, claim, unsettled, settle)
        done = [one for one in arriving if one.item.key not in waiting]
        arrived = await self._register(tx, claim, done, skipped)
        removed = await self._remove(tx, claim, [touch.key for touch, item in found if item is None])
        await touch_queries.delete(tx, claim, [touch for touch, _ in found if touch.key not in waiting])
        return Arrived(arrived.registered, arrived.changed, removed, arrived.skipped)

    def _choose(self, claim: WatchClaim, items: Sequence[ListedObject]) -> tuple[list[ListedObject], SkipCounts]:
        options = claim.options
        selection = selection_of(options.prefix, options.include, options.exclude, self._acceptance)
        skips = [(item, selection.skip_of(item)) for item in items]
        counts = Counter(skip.reason for _, skip in skips if skip is not None)
        return [item for item, skip in skips if skip is None], SkipCounts.of_reasons(counts)

    async def _compare(self, tx: Transaction, claim: WatchClaim, items: Sequence[ListedObject]) -> list[ComparedObject]:
        """Compare objects with the assets of the project, without those whose asset a user has deleted."""
        if not items:
            return []
        dismissed = await touch_queries.dismissed(tx, claim.watch_id, items)
        wanted = [item for item in items if item.key not in dismissed]
        return await find_novelties(tx, claim.project_id, claim.options.bucket_name, wanted)

    async def _register(
        self, tx: Transaction, claim: WatchClaim, arriving: Sequence[ComparedObject], skipped: SkipCounts
    ) -> Arrived:
        if not arriving:
            return Arrived(skipped=skipped)
        options = claim.options
        room = max(0, self._max_assets - await count_assets(tx, claim.project_id))
        kept = arriving[:room]
        owner = ObjectOwner(
            claim.project_id,
            claim.workspace_id,
            options.bucket_name,
            reads_open_buckets=claim.reads_open_buckets,
            user_name=claim.user_name,
            watch_id=claim.watch_id,
        )
        assets = await register_many(tx, self._queue, owner, kept)
        if options.analysis is not None and assets:
            await analyse_on_arrival(tx, assets, options.analysis, claim.user_name)
        new = sum(one.novelty is Novelty.ABSENT for one in kept)
        return Arrived(new, len(kept) - new, skipped=skipped.plus(SkipCounts(beyond_limit=len(arriving) - len(kept))))

    async def _remove(self, tx: Transaction, claim: WatchClaim, keys: Sequence[str]) -> int:
        """Delete the assets of removed objects that the watch has registered, and return their number."""
        if not keys or claim.options.on_removed == "keep":
            return 0
        assets = await registered_by_watch(tx, claim.watch_id, claim.project_id, keys)
        for asset_id in assets:
            await record_end(tx, WATCHED_OBJECT_REMOVED, asset_id, claim.user_name, notice=ASSET_DELETED)
            await remove_asset(tx, self._queue, asset_id, claim.user_name)
        await touch_queries.forget_dismissed(tx, claim.watch_id, keys)
        return len(assets)


def _is_arriving(one: ComparedObject) -> bool:
    """Return whether a look registers an object: it is new, changed, or was written after its import failed."""
    match one.novelty:
        case Novelty.ABSENT | Novelty.CHANGED:
            return True
        case Novelty.FAILED:
            return one.failed_time is not None and one.item.modified >= one.failed_time
        case Novelty.KNOWN | Novelty.BUSY:
            return False


def _was_seen(touch: Touch, item: ListedObject | None) -> bool:
    return item is not None and (touch.etag, touch.size_bytes) == (item.etag, item.size_bytes)
