"""Statements that find candidates by words.

They compose the conditions of the search, and how much of a query a scene contains.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

from scenedex.search.candidate_queries import SceneCandidate
from scenedex.search.conditions import parameter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.db.database import Transaction
    from scenedex.search.conditions import Conditions
    from scenedex.search.word_conditions import UnitConditions


async def by_words(
    tx: Transaction,
    units: Sequence[UnitConditions],
    conditions: Conditions,
    *,
    wanted: str,
    min_score: float,
    max_scenes: int,
) -> list[SceneCandidate]:
    """Return scenes by the share of a query's units that they have, and slightly by frequency and density.

    ``wanted`` is the condition on the words of scenes that reach ``min_score``.
    """
    named = [(number, person_id) for number, unit in enumerate(units) for person_id in unit.persons]
    coverage, weights = _coverage(units)
    if not named:
        return await tx.all(
            SceneCandidate,
            f"""
            SELECT index_id, scene_id, value, created_time
            FROM (
                SELECT index_id, s.scene_id, i.created_time,
                       ({coverage})
                       * (0.9 + 0.1 * ts_rank('{{0, 0.5, 1, 1}}', s.words, %(wanted)s::tsquery, 33)) AS value
                FROM scenes s
                JOIN indexes i USING (index_id)
                JOIN assets a USING (asset_id)
                WHERE s.words @@ %(wanted)s::tsquery {conditions.sql}
            ) AS scored
            WHERE value >= %(min_score)s
            ORDER BY value DESC, created_time DESC, index_id DESC, scene_id
            LIMIT %(max_scenes)s
            """,
            wanted=wanted,
            min_score=min_score,
            max_scenes=max_scenes,
            **weights,
            **conditions.params,
        )
    # Other scenes show persons whose names contain a unit. The union keeps the database index of words in use.
    return await tx.all(
        SceneCandidate,
        f"""
        WITH named AS MATERIALIZED (
            SELECT DISTINCT u.unit, x.index_id, x.scene_id
            FROM unnest(%(units)s::integer[], %(roots)s::bigint[]) AS u (unit, root_id)
            JOIN persons o USING (root_id)
            JOIN appearances x USING (person_id)
        ), found AS MATERIALIZED (
            SELECT index_id, scene_id FROM scenes WHERE words @@ %(wanted)s::tsquery
            UNION
            SELECT index_id, scene_id FROM named
        )
        SELECT index_id, scene_id, value, created_time
        FROM (
            SELECT index_id, s.scene_id, i.created_time,
                   ({coverage})
                   * (0.9 + 0.1 * ts_rank('{{0, 0.5, 1, 1}}', s.words, %(wanted)s::tsquery, 33)) AS value
            FROM found
            JOIN scenes s USING (index_id, scene_id)
            JOIN indexes i USING (index_id)
            JOIN assets a USING (asset_id)
            WHERE true {conditions.sql}
        ) AS scored
        WHERE value >= %(min_score)s
        ORDER BY value DESC, created_time DESC, index_id DESC, scene_id
        LIMIT %(max_scenes)s
        """,
        units=[number for number, _ in named],
        roots=[root for _, root in named],
        wanted=wanted,
        min_score=min_score,
        max_scenes=max_scenes,
        **weights,
        **conditions.params,
    )


def _coverage(units: Sequence[UnitConditions]) -> tuple[LiteralString, dict[str, object]]:
    """Return the share of a query's weight that a scene has, as SQL with its parameters."""
    parts: list[LiteralString] = []
    params: dict[str, object] = {}
    for number, unit in enumerate(units):
        weight, some, sure, likely = (f"{name}_{number}" for name in ("weight", "any", "sure", "likely"))
        # Read or heard with certainty, less certainly or as a prefix, or nearly.
        quality: LiteralString = f"""
            CASE
                WHEN NOT s.words @@ {parameter(some)}::tsquery THEN 0
                WHEN s.words @@ {parameter(sure)}::tsquery THEN 1
                WHEN s.words @@ {parameter(likely)}::tsquery THEN 0.6
                ELSE 0.4
            END"""
        if unit.persons:
            quality = f"""
            CASE
                WHEN EXISTS (
                    SELECT FROM named n
                    WHERE n.unit = {parameter(f"unit_{number}")} AND n.index_id = s.index_id AND n.scene_id = s.scene_id
                ) THEN 1
                ELSE {quality}
            END"""
            params[f"unit_{number}"] = number
        parts.append(f"{parameter(weight)}::float8 * {quality}")
        params |= {weight: unit.weight, some: unit.any, sure: unit.sure, likely: unit.likely}
    return " + ".join(parts), params
