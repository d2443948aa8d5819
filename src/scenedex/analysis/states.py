"""Service of assets together with the states of their imports and analyses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.analysis import state_queries
from scenedex.assets.errors import AssetNotFound
from scenedex.assets.records import AssetId
from scenedex.projects.service import visible_project
from scenedex.workspaces.service import visible_workspace

if TYPE_CHECKING:
    from scenedex.analysis.state_records import AssetOrder, AssetState, StateCounts, StateFilter
    from scenedex.auth.caller import Caller
    from scenedex.db.database import Database
    from scenedex.wire.parsing import PageRequest


class AssetStates:
    """States of assets in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(  # filter, order and page of a list
        self,
        caller: Caller,
        workspace_name: str,
        project_id: int,
        wanted: StateFilter,
        order: AssetOrder,
        page: PageRequest,
    ) -> tuple[list[AssetState], int]:
        """Return a page of a project's assets that pass a filter, and the number of all of them.

        Raises:
            WorkspaceNotFound: there is no such workspace that the caller may see.
            ProjectNotFound: the project is not in it.
        """
        async with self._database.snapshot() as tx:
            project = await visible_project(tx, caller, workspace_name, project_id)
            found = await state_queries.page(tx, project, wanted, order, page.offset, page.size)
            return found, await state_queries.count(tx, project, wanted)

    async def get(self, caller: Caller, workspace_name: str, asset_id: int) -> AssetState:
        """Return an asset by its workspace.

        Raises:
            WorkspaceNotFound: there is no such workspace that the caller may see.
            AssetNotFound: the asset is not in it.
        """
        async with self._database.reading() as tx:
            workspace = await visible_workspace(tx, caller, workspace_name)
            found = await state_queries.find(tx, workspace, AssetId(asset_id))
        if found is None:
            raise AssetNotFound
        return found

    async def counts(self, caller: Caller, workspace_name: str, project_id: int) -> StateCounts:
        """Return the number of a project's assets in each state.

        Raises:
            WorkspaceNotFound: there is no such workspace that the caller may see.
            ProjectNotFound: the project is not in it.
        """
        async with self._database.reading() as tx:
            project = await visible_project(tx, caller, workspace_name, project_id)
            return await state_queries.counts(tx, project)
