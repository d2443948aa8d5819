"""Preparation of a worker for searches of large archives, so that the first one takes no longer than others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog

from scenedex.engines.engine import EngineUnavailable
from scenedex.search import code_queries

if TYPE_CHECKING:
    from scenedex.db.database import Database
    from scenedex.search.scene_search import SceneSearchOptions

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.searches")

_TEXT: Final = "TEXT"


async def warm_up(database: Database, options: SceneSearchOptions) -> None:
    """Load the engines of texts that have a set of sign codes, and read the codes that are not known yet."""
    async with database.transaction() as tx:
        kinds = await code_queries.known_kinds(tx)
    for engine in sorted({one.engine for one in kinds if one.space == _TEXT or options.understands_text(one.engine)}):
        try:
            await options.embedder.load(engine)
        except EngineUnavailable as error:
            # A search says so in its answer.
            _log.debug("search.engine_unavailable", engine=engine, reason=str(error))
    async with database.snapshot() as tx:
        await options.nearest.codes.keep(tx, await code_queries.complete_sets(tx))
