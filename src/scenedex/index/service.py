"""The verbs of indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scenedex.assets.errors import AssetNotFound
from scenedex.assets.queries import naming
from scenedex.assets.records import AssetId
from scenedex.assets.service import visible_asset
from scenedex.index import publishing, queries
from scenedex.index.confidence import ConfidenceLevel, with_keywords_from
from scenedex.index.errors import IndexNotReady
from scenedex.index.findable import Place
from scenedex.index.records import AnalysisSetting, Engine, Index
from scenedex.persons.counting import count_index
from scenedex.workspaces.locks import lock_persons

if TYPE_CHECKING:
    from scenedex.auth.caller import Caller
    from scenedex.db.database import Database, Transaction
    from scenedex.index.confidence import ConfidenceThresholds
    from scenedex.index.records import IndexHead, NewIndex


class Indexes:
    """The indexes in the database."""

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
    ) -> Index:
        """The latest result for an asset, with the keywords of a level, in a constant number of queries.

        Raises:
            WorkspaceNotFound: there is no such workspace, or the caller may not see it.
            ProjectNotFound: there is no such project in it.
            AssetNotFound: there is no such asset in that.
            IndexNotReady: no analysis of it has completed.
        """
        async with self._database.snapshot() as tx:
            asset = await visible_asset(tx, caller, workspace_name, project_id, asset_id)
            head = await queries.find_head(tx, asset.asset_id)
            if head is None:
                raise IndexNotReady
            scenes = await queries.scenes_of(tx, head.index_id)
        return Index(
            asset.file_name,
            head,
            setting_of(head),
            engines_of(head),
            with_keywords_from(scenes, self._thresholds.of(level)),
        )

    async def head(self, caller: Caller, workspace_name: str, project_id: int, asset_id: int) -> IndexHead | None:
        """The latest result for an asset without its scenes, or None where no analysis has completed.

        Raises:
            WorkspaceNotFound: there is no such workspace, or the caller may not see it.
            ProjectNotFound: there is no such project in it.
            AssetNotFound: there is no such asset in that.
        """
        async with self._database.transaction() as tx:
            asset = await visible_asset(tx, caller, workspace_name, project_id, asset_id)
            return await queries.find_head(tx, asset.asset_id)


def setting_of(head: IndexHead) -> AnalysisSetting:
    """What was asked of the analysis that an index answers."""
    return msgspec.convert(head.options, AnalysisSetting)


def engines_of(head: IndexHead) -> tuple[Engine, ...]:
    """What produced an index."""
    return tuple(msgspec.convert(head.engines, list[Engine]))


async def publish(tx: Transaction, index: NewIndex) -> int:
    """Put a result in the place of the former one; readers see either, never parts of both.

    The persons that it speaks of exist in the same transaction.

    Returns:
        How many edits of the former result are gone with it.

    Raises:
        AssetNotFound: the asset is gone.
    """
    named = await naming(tx, AssetId(index.asset_id))
    if named is None:
        raise AssetNotFound
    place = Place(*named)
    # Whoever edits a result locks persons first and the result then.
    await lock_persons(tx, place.workspace_id)
    edits = await queries.delete_former(tx, index.asset_id)
    await publishing.insert(tx, index, place)
    await count_index(tx, index.index_id)
    return edits
