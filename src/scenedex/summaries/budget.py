"""Use of a service by the runs of a workspace, within the limits of a month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenedex.summaries import use_queries

if TYPE_CHECKING:
    from scenedex.db.database import Transaction
    from scenedex.summaries.records import ServiceUse
    from scenedex.summaries.use import MonthlyLimits


class MonthlyLimitReached(Exception):
    """The workspace has reached a limit of this month."""


@dataclass(frozen=True, slots=True)
class ServiceBudget:
    """Use of a service by a workspace for a purpose, and the limits of its use for all purposes.

    ``purpose`` is the name under which averages of this use are kept.
    """

    limits: MonthlyLimits
    workspace_id: int
    purpose: str

    async def require_left(self, tx: Transaction, *, scenes: int = 1) -> None:
        """Raise `MonthlyLimitReached` if so many more scenes, or any more tokens, exceed a limit of this month."""
        excess = self.limits.excess(await use_queries.of_month(tx, self.workspace_id), scenes)
        if excess is not None:
            raise MonthlyLimitReached(excess)

    async def add(self, tx: Transaction, use: ServiceUse, *, scene_count: int, seconds: float) -> None:
        """Add the use by so many scenes."""
        await use_queries.add(tx, self.workspace_id, self.purpose, use, scene_count=scene_count, seconds=seconds)
