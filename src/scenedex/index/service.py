"""Operations on indexes: read, publish, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.assets.errors import AssetNotFound
from scenedex.assets.records import AssetId
from scenedex.assets.service import place_of, visible_asset
from scenedex.assets.stored_media import media_of
from scenedex.index import copy_queries, finding_queries, preview_queries, queries, revision_queries
from scenedex.index.confidence import ConfidenceLevel, with_keywords_from
from scenedex.index.errors import IndexNotFound, IndexNotReady
from scenedex.index.records import Index, IndexedFile
from scenedex.index.search_entries import count_terms
from scenedex.index.search_terms import terms_of_scene
from scenedex.persons.counting import count_index
from scenedex.workspaces.locks import lock_persons

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scenedex.auth.caller import Caller
    from scenedex.db.database import Database, Transaction
    from scenedex.index.confidence import ConfidenceThresholds
    from scenedex.index.records import IndexedScene, IndexHead, NewIndex

preview_of = preview_queries.find
voice_tracks_of = queries.voice_tracks


class Indexes:
    """Indexes as callers read them. Each call raises `WorkspaceNotFound`, `ProjectNotFound` or `AssetNotFound`."""

    def __init__(self, database: Database, thresholds: ConfidenceThresholds) -> None:
        self._database = database
        self._thresholds = thresholds

    async def get(
        self,
        caller: Caller,
        workspace_name: str,
        project_id: int,
        asset_id: int,
        level: ConfidenceLevel = ConfidenceLevel.MEDIUM,
        *,
        on_revision: Callable[[object], None] | None = None,
    ) -> Index:
        """Return the index of an asset, with the keywords of a level, in a constant number of statements.

        `on_revision` is called with what the index depends on, before the scenes are read, and may raise.

        Raises:
            IndexNotReady: no analysis of the asset has completed.
        """
        async with self._database.snapshot() as tx:
            asset = await visible_asset(tx, caller, workspace_name, project_id, asset_id)
            head = await queries.find_head(tx, asset.asset_id)
            if head is None:
                raise IndexNotReady
            if on_revision is not None:
                on_revision((await revision_queries.revision_of(tx, head.index_id), self._thresholds.of(level)))
            scenes = await queries.scenes_of(tx, head.index_id)
            media = await media_of(tx, asset.asset_id)
        return Index(asset.file_name, head, with_keywords_from(scenes, self._thresholds.of(level)), media)

    async def head(self, caller: Caller, workspace_name: str, project_id: int, asset_id: int) -> IndexHead | None:
        """Return the index of an asset without its scenes, or `None` if no analysis has completed."""
        async with self._database.transaction() as tx:
            asset = await visible_asset(tx, caller, workspace_name, project_id, asset_id)
            return await queries.find_head(tx, asset.asset_id)


async def publish(tx: Transaction, index: NewIndex) -> int:
    """Replace the index of an asset, with its persons. Return the number of edits of the former one, which are lost.

    Readers see the former index or the next one, never parts of both.

    Raises:
        AssetNotFound: the asset is deleted.
    """
    place = await place_of(tx, AssetId(index.asset_id))
    if place is None:
        raise AssetNotFound
    file = IndexedFile(place.workspace_id, place.file_name)
    # An edit locks persons first and the index then.
    await lock_persons(tx, file.workspace_id)
    edits = await queries.delete_of(tx, index.asset_id)
    terms = [terms_of_scene(scene, file) for scene in index.scenes]
    await copy_queries.insert(tx, index, file.workspace_id, terms)
    if index.preview is not None:
        await preview_queries.insert(tx, index.index_id, index.preview)
    await count_terms(tx, file.workspace_id, terms)
    await count_index(tx, index.index_id)
    return edits or 0


async def delete(tx: Transaction, asset_id: int, index_id: int | None = None) -> None:
    """Delete the index of an asset. The caller holds the lock of `lock_persons`.

    Raises:
        IndexNotFound: the asset has no index, or its index has another id than the given one.
    """
    if await queries.delete_of(tx, asset_id, index_id) is None:
        raise IndexNotFound


async def with_findings(tx: Transaction, scenes: Sequence[tuple[int, IndexedScene]]) -> list[IndexedScene]:
    """Return scenes with all findings but sounds. Each is given with the id of its index."""
    keys = [(index_id, scene.scene_id) for index_id, scene in scenes]
    findings = await finding_queries.findings_of(tx, finding_queries.FindingFilter.in_scenes(keys))
    return [findings.added_to(scene, index_id) for index_id, scene in scenes]
