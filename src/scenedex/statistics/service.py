"""Statistics of workspaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.statistics import queries
from scenedex.workspaces.service import visible_workspace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from scenedex.auth.caller import Caller
    from scenedex.db.database import Database
    from scenedex.statistics.records import DayRange, DaySums


class Statistics:
    """Sums of the rows in the database, for days of `zone`."""

    def __init__(self, database: Database, zone: tzinfo) -> None:
        self._database = database
        self._zone = zone

    async def of_days(self, caller: Caller, workspace_name: str, days: DayRange) -> Sequence[DaySums]:
        """Return the sums of each day, the earliest first.

        Raises:
            WorkspaceNotFound: there is no such workspace, or the caller may not see it.
        """
        async with self._database.reading() as tx:
            workspace = await visible_workspace(tx, caller, workspace_name)
            return await queries.sums_of_days(tx, workspace, days, self._zone)
