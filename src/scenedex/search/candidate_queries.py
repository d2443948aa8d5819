"""Statements that find candidates: by words, by likeness, by persons, by conditions alone.

Each composes the conditions of the search. Words also compose how much of a query a scene has.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, LiteralString, cast

from scenedex.search.calibration import SAMPLE_SIZE, SimilaritySample
from scenedex.search.conditions import parameter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from scenedex.db.database import Transaction
    from scenedex.search.conditions import Conditions
    from scenedex.search.word_conditions import UnitConditions

# Ways to order scenes other than by walking the database index of vectors.
_OTHER_WAYS = ("enable_sort", "enable_hashjoin", "enable_mergejoin", "enable_seqscan", "enable_bitmapscan")
_MIN_EF_SEARCH = 200
_MAX_EF_SEARCH = 1000  # pgvector's own limit
_MAX_SCANNED = 200_000
# Scenes unlike all others are reached late, however like the query they are.
_DEPTH = 3
_MEMORY_OF_SCAN = 8  # times work_mem


@dataclass(frozen=True, slots=True)
class SceneCandidate:
    """A scene that may be a hit. Its value is a score of 0 to 1, or a similarity. The time is that of its index."""

    index_id: int
    scene_id: int
    value: float
    created_time: datetime


@dataclass(frozen=True, slots=True)
class Likeness:
    """A vector to compare scenes with.

    Attributes:
        space: space of the vectors: ``PICTURE`` or ``TEXT``.
        engine: identity of the engine that made the vector. Only vectors of the same engine are compared.
        vector: the vector as the database reads it.
        without: engines that are compared instead. Scenes with a vector of one of them are left out.
    """

    workspace_id: int
    space: str
    engine: str
    vector: str
    without: list[str] = field(default_factory=list[str])

    @property
    def dimension(self) -> int:
        """Numbers of the vector."""
        return self.vector.count(",") + 1


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


async def engines_of(tx: Transaction, workspace_id: int, space: str) -> list[str]:
    """Return the engines that made vectors of a workspace. Reads one vector of each."""
    return await tx.all(
        str,
        """
        WITH RECURSIVE known AS (
            (SELECT engine FROM scene_vectors
             WHERE workspace_id = %(workspace_id)s AND space = %(space)s
             ORDER BY engine LIMIT 1)
            UNION ALL
            SELECT (SELECT v.engine FROM scene_vectors v
                    WHERE v.workspace_id = %(workspace_id)s AND v.space = %(space)s AND v.engine > known.engine
                    ORDER BY v.engine LIMIT 1)
            FROM known
            WHERE known.engine IS NOT NULL
        )
        SELECT engine FROM known WHERE engine IS NOT NULL
        """,
        workspace_id=workspace_id,
        space=space,
    )


async def similarity_sample(tx: Transaction, like: Likeness) -> SimilaritySample | None:
    """Return the similarities of a vector to a sample of the workspace's scenes, or `None` without any scenes."""

    def make(sampled: int, last_key: float | None, median: float | None, low: float | None) -> SimilaritySample | None:
        if median is None or low is None or last_key is None:
            return None
        # The keys are spread evenly from 0 to 1.
        scenes = sampled if sampled < SAMPLE_SIZE else round(sampled / max(last_key, 1e-9))
        return SimilaritySample(sampled, scenes, median, low)

    return await tx.one(
        make,
        """
        SELECT count(*), max(sample_key)::float8,
               percentile_cont(0.5) WITHIN GROUP (ORDER BY similarity),
               percentile_cont(0.1587) WITHIN GROUP (ORDER BY similarity)
        FROM (
            SELECT sample_key, -(embedding <#> %(vector)s::halfvec) AS similarity
            FROM scene_vectors
            WHERE workspace_id = %(workspace_id)s AND space = %(space)s AND engine = %(engine)s
            ORDER BY sample_key
            LIMIT %(sample)s
        ) AS sample
        """,
        **asdict(like),
        sample=SAMPLE_SIZE,
    )


async def count_up_to(tx: Transaction, conditions: Conditions, max_scenes: int) -> int:
    """Count the scenes that meet the conditions, up to ``max_scenes``."""
    return await tx.value(
        f"""
        SELECT count(*)
        FROM (
            SELECT FROM scenes s
            JOIN indexes i USING (index_id)
            JOIN assets a USING (asset_id)
            WHERE true {conditions.sql}
            LIMIT %(max_scenes)s
        ) AS met
        """,
        max_scenes=max_scenes,
        **conditions.params,
    )


async def exactly_nearest(
    tx: Transaction, like: Likeness, conditions: Conditions, *, min_similarity: float, max_scenes: int
) -> list[SceneCandidate]:
    """Return the most similar scenes that meet the conditions. Compares every one of them."""
    return await tx.all(
        SceneCandidate,
        f"""
        SELECT index_id, scene_id, similarity, created_time
        FROM (
            SELECT index_id, v.scene_id, -(v.embedding <#> %(vector)s::halfvec) AS similarity, i.created_time
            FROM assets a
            JOIN indexes i USING (asset_id)
            JOIN scene_vectors v USING (index_id)
            {_scenes_for(conditions)}
            WHERE v.workspace_id = %(workspace_id)s AND v.space = %(space)s AND v.engine = %(engine)s
              AND NOT EXISTS (
                  SELECT FROM scene_vectors o
                  WHERE o.index_id = v.index_id AND o.scene_id = v.scene_id
                    AND o.space = v.space AND o.engine = ANY(%(without)s)
              )
              {conditions.sql}
        ) AS compared
        WHERE similarity >= %(min_similarity)s
        ORDER BY similarity DESC, created_time DESC, index_id DESC, scene_id
        LIMIT %(max_scenes)s
        """,
        **asdict(like),
        min_similarity=min_similarity,
        max_scenes=max_scenes,
        **conditions.params,
    )


async def nearly_nearest(
    tx: Transaction, like: Likeness, conditions: Conditions, *, min_similarity: float, max_scenes: int
) -> list[SceneCandidate]:
    """Return most of the most similar scenes that meet the conditions, by the database index of the engine's vectors.

    For conditions that many scenes meet. The planner would otherwise sort all of them.
    """
    kind = cast("LiteralString", f"halfvec({like.dimension})")
    await _set(
        tx,
        {
            **dict.fromkeys(_OTHER_WAYS, "off"),
            "hnsw.iterative_scan": "relaxed_order",
            "hnsw.ef_search": str(min(max(max_scenes, _MIN_EF_SEARCH), _MAX_EF_SEARCH)),
            "hnsw.max_scan_tuples": str(_MAX_SCANNED),
            "hnsw.scan_mem_multiplier": str(_MEMORY_OF_SCAN),
        },
    )
    found = await tx.all(
        SceneCandidate,
        f"""
        SELECT index_id, v.scene_id, -(v.embedding::{kind} <#> %(vector)s::{kind}), i.created_time
        FROM scene_vectors v
        JOIN indexes i USING (index_id)
        JOIN assets a USING (asset_id)
        {_scenes_for(conditions)}
        WHERE v.workspace_id = %(workspace_id)s AND v.space = %(space)s AND v.engine = %(engine)s
          AND NOT EXISTS (
              SELECT FROM scene_vectors o
              WHERE o.index_id = v.index_id AND o.scene_id = v.scene_id
                AND o.space = v.space AND o.engine = ANY(%(without)s)
          )
          {conditions.sql}
        ORDER BY v.embedding::{kind} <#> %(vector)s::{kind}
        LIMIT %(depth)s
        """,
        **asdict(like),
        depth=_DEPTH * max_scenes,
        **conditions.params,
    )
    await _set(tx, dict.fromkeys(_OTHER_WAYS, "on"))
    found.sort(key=lambda one: -one.value)
    return [one for one in found[:max_scenes] if one.value >= min_similarity]


def _scenes_for(conditions: Conditions) -> LiteralString:
    return "JOIN scenes s USING (index_id, scene_id)" if conditions.has_scene_parts else ""


async def _set(tx: Transaction, settings: Mapping[str, str]) -> None:
    """Set settings of the database until the end of the transaction."""
    await tx.run(
        """
        SELECT set_config(name, value, true)
        FROM unnest(%(names)s::text[], %(values)s::text[]) AS given (name, value)
        """,
        names=list(settings),
        values=list(settings.values()),
    )
