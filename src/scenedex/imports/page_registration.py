"""Registration of one page of listed objects, and what was skipped of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scenedex.assets.registration import find_novelties, register_many
from scenedex.assets.registration_records import ComparedObject, Novelty
from scenedex.imports.arrivals import analyse_on_arrival
from scenedex.imports.records import SkipCounts, SkippedObject
from scenedex.imports.selection import Skip

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scenedex.assets.registration_records import ObjectOwner
    from scenedex.db.database import Transaction
    from scenedex.imports.selection import ObjectSelection
    from scenedex.index.records import AnalysisSetting
    from scenedex.jobs.queue import JobQueue
    from scenedex.storage.objects import ListedObject

_REGISTRABLE: Final = frozenset({Novelty.ABSENT, Novelty.CHANGED, Novelty.FAILED})


@dataclass(frozen=True, slots=True)
class RegisteredPage:
    """Number of objects of a page that became assets or versions of assets, and the skipped ones."""

    registered: int
    skipped: Sequence[SkippedObject]


async def register_page(  # what, where and how
    tx: Transaction,
    queue: JobQueue,
    owner: ObjectOwner,
    page: Sequence[ListedObject],
    *,
    selection: ObjectSelection,
    skips_known: bool,
    room: int,
    analysis: AnalysisSetting | None,
) -> RegisteredPage:
    """Register the chosen objects of a page, at most ``room`` of them, with their imports and analyses on arrival."""
    skips = {item.key: skip for item in page if (skip := selection.skip_of(item)) is not None}
    skipped = [_skipped(item, skips[item.key]) for item in page if item.key in skips]
    chosen = [item for item in page if item.key not in skips]
    findings = await find_novelties(tx, owner.project_id, owner.bucket_name, chosen)
    wanted: list[ComparedObject] = []
    for found in findings:
        if skips_known and found.novelty not in _REGISTRABLE:
            detail = None if found.novelty is Novelty.KNOWN else "A former version is being imported."
            skipped.append(_skipped(found.item, Skip("known", detail), found))
        elif len(wanted) >= room:
            skipped.append(_skipped(found.item, Skip("beyondLimit", "The project has limits.max_assets assets.")))
        else:
            wanted.append(found)
    assets = await register_many(tx, queue, owner, wanted, anew=not skips_known)
    if analysis is not None and assets:
        await analyse_on_arrival(tx, assets, analysis, owner.user_name)
    return RegisteredPage(len(assets), skipped)


def count_skips(skipped: Iterable[SkippedObject]) -> SkipCounts:
    """Count skipped objects by reason."""
    return SkipCounts.of_reasons(Counter(one.reason for one in skipped))


def _skipped(item: ListedObject, skip: Skip, found: ComparedObject | None = None) -> SkippedObject:
    return SkippedObject(item.key, skip.reason, skip.detail, item.size_bytes, None if found is None else found.asset_id)
