"""Registration of listed objects: many at a time, each object of a project once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scenedex.assets import registration_queries as queries
from scenedex.assets.records import ImportStatus
from scenedex.assets.registration_records import ComparedObject, Novelty
from scenedex.jobs import JobKind
from scenedex.jobs.queue import Work

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.assets.records import AssetId
    from scenedex.assets.registration_records import KnownObject, ObjectOwner
    from scenedex.db.database import Transaction
    from scenedex.jobs.queue import JobQueue
    from scenedex.projects.records import ProjectId
    from scenedex.storage.objects import ListedObject

# A single import that is requested within this time after many others overtakes them.
_DEFERENCE_SECONDS: Final = 3600
_RETRIABLE: Final = frozenset({ImportStatus.FAILED, ImportStatus.FILE_NOT_EXIST})

lock_registration = queries.lock_registration
count_assets = queries.count
missing_keys = queries.missing
registered_by_watch = queries.registered_by_watch


def compare(item: ListedObject, known: Sequence[KnownObject]) -> ComparedObject:
    """Compare an object with the assets that have its key, the latest last."""
    if not known:
        return ComparedObject(item, Novelty.ABSENT)
    same = next((one for one in reversed(known) if one.has_version(item.etag, item.size_bytes)), None)
    if same is not None:
        if ImportStatus(same.import_status) in _RETRIABLE:
            return ComparedObject(item, Novelty.FAILED, same.asset_id, same.updated_time)
        return ComparedObject(item, Novelty.KNOWN, same.asset_id)
    is_busy = known[-1].import_status == ImportStatus.IN_PROGRESS
    return ComparedObject(item, Novelty.BUSY if is_busy else Novelty.CHANGED, known[-1].asset_id)


async def find_novelties(
    tx: Transaction, project: ProjectId, bucket_name: str, items: Sequence[ListedObject]
) -> list[ComparedObject]:
    """Compare objects with the assets of a project. Nothing is registered in it until the end of the transaction."""
    await lock_registration(tx, project)
    known: dict[str, list[KnownObject]] = {}
    for one in await queries.known(tx, project, bucket_name, [item.key for item in items]):
        known.setdefault(one.key, []).append(one)
    return [compare(item, known.get(item.key, ())) for item in items]


async def register_many(
    tx: Transaction, queue: JobQueue, owner: ObjectOwner, findings: Sequence[ComparedObject], *, anew: bool = False
) -> list[AssetId]:
    """Register objects that are absent, changed or failed, with the jobs that import them. Return their assets.

    Absent objects become new assets. The others are imported again as the same asset, which keeps its media and index
    until the import has succeeded.

    Args:
        tx: transaction that found the novelties.
        queue: queue of the jobs.
        owner: place of the assets.
        findings: the objects.
        anew: whether every object becomes a new asset.
    """
    absent = [found.item for found in findings if anew or found.novelty is Novelty.ABSENT]
    again = [] if anew else [found for found in findings if found.novelty in {Novelty.CHANGED, Novelty.FAILED}]
    assets = await queries.insert_many(tx, owner, absent) if absent else []
    assets += await queries.start_again(tx, again) if again else []
    if assets:
        works = [Work(one, owner.workspace_id, deference_seconds=_DEFERENCE_SECONDS) for one in assets]
        await queries.set_import_jobs(tx, await queue.defer_many(tx, JobKind.IMPORT, works))
    return assets
