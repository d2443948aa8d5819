"""Summaries of scenes as a part of an index: publishing and reading them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from scenedex.index import queries, summary_queries
from scenedex.index.search_entries import rewrite_scenes
from scenedex.index.summary_records import PublishedSummaries, SummarySource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.db.database import Transaction
    from scenedex.index.records import SceneKey
    from scenedex.index.summary_records import NewSummaries


async def publish_summaries(tx: Transaction, new: NewSummaries) -> bool:
    """Replace the summaries of scenes, and write the search entries of these scenes again.

    The caller holds the lock of `lock_persons` on the workspace. Return `False` if the index is deleted.
    """
    if not await summary_queries.touch_index(tx, new.index_id):
        return False
    scene_ids = sorted(new.by_scene)
    await summary_queries.replace(tx, new.index_id, new.by_scene)
    await summary_queries.set_last_run(tx, new.index_id, new.locale, None if new.is_full else scene_ids)
    await rewrite_scenes(tx, new.index_id, scene_ids)
    return True


async def read_summaries(tx: Transaction, asset_id: int) -> PublishedSummaries | None:
    """Return the summaries of the index of an asset, or `None` if none have been published."""
    last = await summary_queries.last_run(tx, asset_id)
    return None if last is None else PublishedSummaries(last, await summary_queries.summarised(tx, last.index_id))


async def read_source(tx: Transaction, asset_id: int, index_id: int) -> SummarySource | None:
    """Return what is known of the scenes of an index, or `None` if it is not the index of the asset."""
    head = await queries.find_head(tx, asset_id)
    if head is None or head.index_id != index_id:
        return None
    analysed = frozenset(engine["stage"] for engine in head.engines if engine.get("name") is not None)
    return SummarySource(analysed, await queries.scenes_of(tx, index_id))


async def scenes_of_persons(tx: Transaction, person_ids: Sequence[int]) -> list[SceneKey]:
    """Return the scenes in which persons appear or speak."""
    return await summary_queries.scenes_of_persons(tx, person_ids)


async def delete_summaries(tx: Transaction, scenes: Sequence[SceneKey]) -> int:
    """Delete the summaries of scenes, with their words. Return their number.

    The caller holds the lock of `lock_persons` on the workspace.
    """
    deleted: defaultdict[int, list[int]] = defaultdict(list)
    for index_id, scene_id in await summary_queries.delete(tx, scenes):
        deleted[index_id].append(scene_id)
    for index_id, scene_ids in deleted.items():
        await summary_queries.touch_index(tx, index_id)
        await rewrite_scenes(tx, index_id, sorted(scene_ids))
    return sum(map(len, deleted.values()))
