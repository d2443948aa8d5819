"""The verbs of indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scenedex.assets.service import visible_asset
from scenedex.index import queries
from scenedex.index.errors import IndexNotReady
from scenedex.index.records import AnalysisSetting, Engine, Index

if TYPE_CHECKING:
    from scenedex.auth.caller import Caller
    from scenedex.db.database import Database, Transaction
    from scenedex.index.records import NewIndex


class Indexes:
    """The indexes in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, caller: Caller, workspace_name: str, project_id: int, asset_id: int) -> Index:
        """The latest result for an asset, in a constant number of queries.

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
            return Index(
                head,
                msgspec.convert(head.options, AnalysisSetting),
                tuple(msgspec.convert(head.engines, list[Engine])),
                await queries.scenes_of(tx, head.index_id),
            )


async def publish(tx: Transaction, index: NewIndex) -> None:
    """Put a result in the place of the former one; readers see either, never parts of both."""
    await queries.delete_of(tx, index.asset_id)
    await queries.insert(tx, index)
