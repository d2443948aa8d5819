"""Statements that find candidates by the likeness of their vectors to that of a query."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final, LiteralString, TypeVar

import numpy as np

from scenedex.db.database import as_tuple
from scenedex.search.calibration import SAMPLE_SIZE, SimilaritySample
from scenedex.search.candidate_queries import SceneCandidate
from scenedex.search.codes import SceneKeys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from scenedex.db.database import Transaction
    from scenedex.search.codes import NearCodes
    from scenedex.search.conditions import Conditions

Integer = TypeVar("Integer", np.int32, np.int64)

_ARRAY_HEADER: Final = 20  # bytes of an array of one dimension


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


async def share_of_sample(tx: Transaction, like: Likeness, conditions: Conditions) -> tuple[int, int]:
    """Return the number of vectors of the sample that meet the conditions, and that of all in the sample."""
    counts = await tx.one(
        as_tuple,
        f"""
        WITH sample AS MATERIALIZED (
            SELECT index_id, scene_id
            FROM scene_vectors
            WHERE workspace_id = %(workspace_id)s AND space = %(space)s AND engine = %(engine)s
            ORDER BY sample_key
            LIMIT %(sample)s
        )
        SELECT (
            SELECT count(*)
            FROM sample
            JOIN indexes i USING (index_id)
            JOIN assets a USING (asset_id)
            {_scenes_for(conditions)}
            WHERE true {conditions.sql}
        ), (SELECT count(*) FROM sample)
        """,
        **asdict(like),
        sample=SAMPLE_SIZE,
        **conditions.params,
    )
    return counts or (0, 0)


async def listed_scenes(
    tx: Transaction, scenes: LiteralString, params: Mapping[str, object], max_scenes: int
) -> SceneKeys | None:
    """Return the scenes that a statement lists, or `None` if they are more than a maximum."""

    def make(count: int, index_ids: bytes | None, scene_ids: bytes | None) -> SceneKeys | None:
        if count > max_scenes:
            return None
        return SceneKeys(_numbers(index_ids, np.int64), _numbers(scene_ids, np.int32))

    return await tx.one(
        make,
        f"""
        SELECT count(*), array_send(array_agg(index_id)), array_send(array_agg(scene_id))
        FROM ({scenes} LIMIT %(max_scenes)s + 1) AS met
        """,
        **params,
        max_scenes=max_scenes,
    )


async def exactly_nearest(
    tx: Transaction, like: Likeness, conditions: Conditions, *, min_similarity: float, max_scenes: int
) -> list[SceneCandidate]:
    """Return the most similar scenes that meet the conditions, each with its best vector. Compares every vector."""
    return await tx.all(
        SceneCandidate,
        f"""
        SELECT index_id, scene_id, similarity, created_time, start_ms, end_ms
        FROM (
            SELECT DISTINCT ON (index_id, scene_id) *
            FROM (
                SELECT index_id, v.scene_id, v.place, v.start_ms, v.end_ms, i.created_time,
                       -(v.embedding <#> %(vector)s::halfvec) AS similarity
                FROM assets a
                JOIN indexes i USING (asset_id)
                JOIN scene_vectors v USING (index_id)
                {_scenes_for(conditions)}
                WHERE v.workspace_id = %(workspace_id)s AND v.space = %(space)s AND v.engine = %(engine)s
                  {_unless_compared(like)} {conditions.sql}
            ) AS compared
            WHERE similarity >= %(min_similarity)s
            ORDER BY index_id, scene_id, similarity DESC, place
        ) AS best
        ORDER BY similarity DESC, created_time DESC, index_id DESC, scene_id
        LIMIT %(max_scenes)s
        """,
        **asdict(like),
        min_similarity=min_similarity,
        max_scenes=max_scenes,
        **conditions.params,
    )


async def nearest_of(
    tx: Transaction,
    like: Likeness,
    near: NearCodes,
    conditions: Conditions,
    *,
    max_compared: int,
    min_similarity: float,
    max_scenes: int,
) -> tuple[list[SceneCandidate], int]:
    """Compare those of the nearest codes that meet the conditions, at most ``max_compared`` of them.

    Returns:
        the most similar scenes, and the number of compared vectors.
    """
    compared = 0

    def make(count: int, *candidate: Any) -> SceneCandidate | None:  # noqa: ANN401  # the statement decides the types
        nonlocal compared
        compared = count
        return None if candidate[0] is None else SceneCandidate(*candidate)

    found = await tx.all(
        make,
        f"""
        WITH met AS MATERIALIZED (
            SELECT index_id, code.scene_id, code.place, i.created_time
            FROM unnest(%(index_ids)s::bigint[], %(scene_ids)s::integer[], %(places)s::smallint[])
                WITH ORDINALITY AS code (index_id, scene_id, place, rank)
            JOIN indexes i USING (index_id)
            JOIN assets a USING (asset_id)
            {_scenes_for(conditions)}
            WHERE true {conditions.sql}
            ORDER BY rank
            LIMIT %(max_compared)s
        ), alike AS (
            SELECT index_id, scene_id, similarity, created_time, start_ms, end_ms
            FROM (
                SELECT DISTINCT ON (index_id, scene_id) *
                -- In the order in which they were written, neighbours are on one page.
                FROM (SELECT * FROM met ORDER BY index_id, scene_id, place) AS met
                CROSS JOIN LATERAL (
                    -- Without the workspace, the primary key is the one index that the database can use.
                    SELECT v.start_ms, v.end_ms, -(v.embedding <#> %(vector)s::halfvec) AS similarity
                    FROM scene_vectors v
                    WHERE v.index_id = met.index_id AND v.scene_id = met.scene_id
                      AND v.space = %(space)s AND v.engine = %(engine)s AND v.place = met.place
                      {_unless_compared(like)}
                ) AS compared
                WHERE similarity >= %(min_similarity)s
                ORDER BY index_id, scene_id, similarity DESC, place
            ) AS best
            ORDER BY similarity DESC, created_time DESC, index_id DESC, scene_id
            LIMIT %(max_scenes)s
        )
        SELECT counted.vectors, alike.*
        FROM (SELECT count(*) AS vectors FROM met) AS counted
        LEFT JOIN alike ON true
        ORDER BY similarity DESC, created_time DESC, index_id DESC, scene_id
        """,
        **asdict(like),
        index_ids=_array(near.index_ids.tolist()),
        scene_ids=_array(near.scene_ids.tolist()),
        places=_array(near.places.tolist()),
        max_compared=max_compared,
        min_similarity=min_similarity,
        max_scenes=max_scenes,
        **conditions.params,
    )
    return [one for one in found if one is not None], compared


def _numbers(array: bytes | None, kind: type[Integer]) -> NDArray[Integer]:
    """Decode an array without dimensions or with one, as the database sends it. A list of numbers takes much longer."""
    item = np.dtype([("bytes", ">i4"), ("number", np.dtype(kind).newbyteorder(">"))])
    return np.frombuffer(array or b"", item, offset=_ARRAY_HEADER if array else 0)["number"].astype(kind)


def _array(numbers: list[int]) -> str:
    """Return the text of an array. The driver takes ten times as long for thousands of numbers."""
    return f"{{{','.join(map(str, numbers))}}}"


def _scenes_for(conditions: Conditions) -> LiteralString:
    return "JOIN scenes s USING (index_id, scene_id)" if conditions.has_scene_parts else ""


def _unless_compared(like: Likeness) -> LiteralString:
    """Leave out the scenes that are compared by another engine."""
    if not like.without:
        return ""
    return """AND NOT EXISTS (
        SELECT FROM scene_vectors o
        WHERE o.index_id = v.index_id AND o.scene_id = v.scene_id AND o.space = v.space AND o.engine = ANY(%(without)s)
    )"""
