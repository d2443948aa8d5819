"""Statements that find candidates by persons and by conditions alone.

Each composes the conditions of the search.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from scenedex.db.database import Transaction
    from scenedex.search.conditions import Conditions


class SceneCandidate(NamedTuple):
    """A scene that may be a hit. A search has up to a thousand, so it is a tuple, which is made in no time.

    Attributes:
        value: score of 0 to 1, or a similarity.
        created_time: time of its index.
        start_ms: start of the part that was compared, or `None` for the whole scene.
        end_ms: end of that part.
        engine: identity of the engine whose vectors were compared, if any were.
    """

    index_id: int
    scene_id: int
    value: float
    created_time: datetime
    start_ms: int | None = None
    end_ms: int | None = None
    engine: str | None = None


async def by_conditions(tx: Transaction, conditions: Conditions, max_scenes: int) -> list[SceneCandidate]:
    """Return scenes that meet the conditions, those of the newest indexes first."""
    return await tx.all(
        SceneCandidate,
        f"""
        SELECT index_id, s.scene_id, 1.0::float8, i.created_time
        FROM scenes s
        JOIN indexes i USING (index_id)
        JOIN assets a USING (asset_id)
        WHERE true {conditions.sql}
        ORDER BY created_time DESC, index_id DESC, scene_id
        LIMIT %(max_scenes)s
        """,
        max_scenes=max_scenes,
        **conditions.params,
    )


async def by_persons(
    tx: Transaction, scores: dict[int, float], conditions: Conditions, max_scenes: int
) -> list[SceneCandidate]:
    """Return scenes that show one of these persons, with the best score of the persons shown."""
    return await tx.all(
        SceneCandidate,
        f"""
        SELECT index_id, s.scene_id, shown.score, i.created_time
        FROM (
            SELECT x.index_id, x.scene_id, max(wanted.score) AS score
            FROM unnest(%(roots)s::bigint[], %(scores)s::float8[]) AS wanted (root_id, score)
            JOIN persons o USING (root_id)
            JOIN appearances x USING (person_id)
            GROUP BY 1, 2
        ) shown
        JOIN scenes s USING (index_id, scene_id)
        JOIN indexes i USING (index_id)
        JOIN assets a USING (asset_id)
        WHERE true {conditions.sql}
        ORDER BY shown.score DESC, created_time DESC, index_id DESC, scene_id
        LIMIT %(max_scenes)s
        """,
        roots=list(scores),
        scores=list(scores.values()),
        max_scenes=max_scenes,
        **conditions.params,
    )
