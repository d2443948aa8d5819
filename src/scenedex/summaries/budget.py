"""Use of a service by the runs of a workspace, within the limits of a month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenedex.summaries import use_queries

if TYPE_CHECKING:
    from scenedex.db.database import Transaction
    from scenedex.engines.engine import Engine
    from scenedex.summaries.records import ServiceUse
    from scenedex.summaries.use import MonthlyLimits


class MonthlyLimitReached(Exception):
    """The workspace has reached a limit of this month."""


@dataclass(frozen=True, slots=True)
class ServiceBudget:
    """Use of a service by a workspace, and its limits."""

    limits: MonthlyLimits
    workspace_id: int
    engine: Engine

    async def require_left(self, tx: Transaction) -> None:
        """Raise `MonthlyLimitReached` if not even one more scene may be summarised in this month."""
        excess = self.limits.excess(await use_queries.of_month(tx, self.workspace_id), 1)
        if excess is not None:
            raise MonthlyLimitReached(excess)

    async def add(self, tx: Transaction, use: ServiceUse, *, scene_count: int, seconds: float) -> None:
        """Add the use by a scene."""
        engine = str(self.engine)
        await use_queries.add(tx, self.workspace_id, engine, use, scene_count=scene_count, seconds=seconds)
