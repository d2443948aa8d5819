"""Statements that read the scenes which may answer a question, and what was not looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scenedex.index.records import IndexedScene, StageEngine
from scenedex.questions.records import CandidateScene, LookedAt, UnanalysedPart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.db.database import Transaction
    from scenedex.index.records import IndexType, SceneKey
    from scenedex.questions.records import IndexPart
    from scenedex.search.records import Scope


async def scenes_of(tx: Transaction, keys: Sequence[SceneKey]) -> list[CandidateScene]:
    """Return scenes with their assets, in order of the keys. Those that do not exist are left out."""

    def make(  # one argument for each column
        index_id: int,
        asset_id: int,
        file_name: str,
        kind: IndexType,
        scene_id: int,
        start_ms: int,
        end_ms: int,
        keyframe_key: str,
        engines: object,
    ) -> CandidateScene:
        scene = IndexedScene(scene_id, start_ms, end_ms, keyframe_key, ())
        ran = msgspec.convert(engines, tuple[StageEngine, ...])
        return CandidateScene(index_id, asset_id, file_name, kind, scene, ran)

    return await tx.all(
        make,
        """
        SELECT i.index_id, a.asset_id, a.file_name, i.type, s.scene_id, s.start_ms, s.end_ms, s.keyframe_key, i.engines
        FROM unnest(%(index_ids)s::bigint[], %(scene_ids)s::integer[])
            WITH ORDINALITY AS hit (index_id, scene_id, number)
        JOIN scenes s USING (index_id, scene_id)
        JOIN indexes i USING (index_id)
        JOIN assets a USING (asset_id)
        ORDER BY hit.number
        """,
        index_ids=[index_id for index_id, _ in keys],
        scene_ids=[scene_id for _, scene_id in keys],
    )


async def looked_at(
    tx: Transaction, workspace_id: int, scope: Scope, parts: Sequence[IndexPart], most: int
) -> LookedAt:
    """Count the assets of a scope, those with an index, and those in which each of some parts was not analysed.

    At most ``most`` assets are counted, the newest ones.
    """
    params = {
        "workspace_id": workspace_id,
        "project_ids": None if scope.project_ids is None else list(scope.project_ids),
        "asset_ids": None if scope.asset_ids is None else list(scope.asset_ids),
        "types": None if scope.types is None else list(scope.types),
        "modified_from": scope.modified_from,
        "modified_to": scope.modified_to,
        "parts": list(parts),
        "most": most,
    }

    def make(assets: int, analysed: int, missing: object) -> LookedAt:
        lacking = msgspec.convert(missing, dict[str, int])
        not_analysed = tuple(UnanalysedPart(part, lacking[part]) for part in parts if lacking.get(part))
        return LookedAt(assets, analysed, not_analysed=not_analysed)

    found = await tx.one(
        make,
        """
        WITH asset AS MATERIALIZED (
            SELECT a.asset_id, i.index_id, i.engines
            FROM assets a
            JOIN projects p USING (project_id)
            LEFT JOIN indexes i USING (asset_id)
            WHERE p.workspace_id = %(workspace_id)s
              AND (%(project_ids)s::bigint[] IS NULL OR a.project_id = ANY(%(project_ids)s))
              AND (%(asset_ids)s::bigint[] IS NULL OR a.asset_id = ANY(%(asset_ids)s))
              AND (%(types)s::text[] IS NULL OR i.type IS NULL OR i.type = ANY(%(types)s))
              AND (%(modified_from)s::timestamptz IS NULL OR i.updated_time >= %(modified_from)s)
              AND (%(modified_to)s::timestamptz IS NULL OR i.updated_time <= %(modified_to)s)
            ORDER BY a.asset_id DESC
            LIMIT %(most)s
        ), lack AS (
            SELECT engine->>'stage' AS part, count(DISTINCT index_id) AS assets
            FROM asset
            CROSS JOIN LATERAL jsonb_array_elements(engines) AS engine
            WHERE engine ? 'not_analysed' AND engine->>'stage' = ANY(%(parts)s)
            GROUP BY 1
        )
        SELECT (SELECT count(*) FROM asset), (SELECT count(index_id) FROM asset),
               (SELECT coalesce(jsonb_object_agg(part, assets), '{}') FROM lack)
        """,
        **params,
    )
    return found or LookedAt()
