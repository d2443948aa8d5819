"""Statements that find candidates by the likeness of their vectors to that of a query."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, LiteralString, cast

from scenedex.search.calibration import SAMPLE_SIZE, SimilaritySample
from scenedex.search.candidate_queries import SceneCandidate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scenedex.db.database import Transaction
    from scenedex.search.conditions import Conditions

# Ways to order scenes other than by walking the database index of vectors.
_OTHER_WAYS = ("enable_sort", "enable_hashjoin", "enable_mergejoin", "enable_seqscan", "enable_bitmapscan")
_MIN_EF_SEARCH = 200
_MAX_EF_SEARCH = 1000  # pgvector's own limit
_MAX_SCANNED = 200_000
# Scenes unlike all others are reached late, however like the query they are.
_DEPTH = 3
_MEMORY_OF_SCAN = 8  # times work_mem


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
