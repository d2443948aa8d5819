"""Service of assets together with the states of their imports and analyses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.analysis import state_queries
from scenedex.projects.service import visible_project

if TYPE_CHECKING:
    from scenedex.analysis.state_records import AssetState, StateFilter
    from scenedex.auth.caller import Caller
    from scenedex.db.database import Database
    from scenedex.wire.parsing import PageRequest


class AssetStates:
    """States of assets in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self, caller: Caller, workspace_name: str, project_id: int, wanted: StateFilter, page: PageRequest
    ) -> tuple[list[AssetState], int]:
        """Return a page of a project's assets that pass a filter, oldest first, and the number of all of them.

        Raises:
            WorkspaceNotFound: there is no such workspace that the caller may see.
            ProjectNotFound: the project is not in it.
        """
        async with self._database.snapshot() as tx:
            project = await visible_project(tx, caller, workspace_name, project_id)
            found = await state_queries.page(tx, project, wanted, page.offset, page.size)
            return found, await state_queries.count(tx, project, wanted)
