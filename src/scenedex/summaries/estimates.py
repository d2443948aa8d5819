"""Service of estimates: the use of a service by a summary, before it is requested."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.assets.service import visible_asset, workspace_of
from scenedex.index.errors import IndexNotReady
from scenedex.summaries import queries, use_queries
from scenedex.summaries.service import known_scenes
from scenedex.summaries.use import ServiceRate, estimate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scenedex.auth.caller import Caller
    from scenedex.db.database import Database
    from scenedex.settings import SummarySettings
    from scenedex.summaries.use import SummaryEngine, SummaryEstimate


class SummaryEstimates:
    """Estimates from the database.

    Args:
        database: the database.
        settings: pictures, prices and limits.
        engine: returns the engine that summarises.
    """

    def __init__(self, database: Database, settings: SummarySettings, *, engine: Callable[[], SummaryEngine]) -> None:
        self._database = database
        self._settings = settings
        self._engine = engine

    async def of_asset(
        self, caller: Caller, workspace_name: str, project_id: int, asset_id: int, *, scene_ids: Sequence[int] | None
    ) -> SummaryEstimate:
        """Estimate a summary of all scenes of an asset, or of those that are chosen.

        Raises:
            WorkspaceNotFound: there is no such workspace.
            ProjectNotFound: there is no such project in it.
            AssetNotFound: there is no such asset in that.
            IndexNotReady: no analysis of the asset has completed.
            InvalidRequest: a scene does not exist.
        """
        engine = self._engine()
        async with self._database.snapshot() as tx:
            asset = await visible_asset(tx, caller, workspace_name, project_id, asset_id)
            index_id = await queries.index_of(tx, asset.asset_id)
            if index_id is None:
                raise IndexNotReady
            chosen = None
            if scene_ids is not None:
                chosen = known_scenes(scene_ids, await queries.scene_ids_of(tx, index_id))
            pictures = self._settings.pictures if engine.calls_service else 0
            needs = await use_queries.needs(tx, index_id, chosen, pictures)
            use = await use_queries.of_month(tx, await workspace_of(tx, asset.asset_id))
            rate = await use_queries.rate(tx, engine.name) if engine.calls_service else ServiceRate()
        return estimate(engine, needs, rate, use, self._settings)
