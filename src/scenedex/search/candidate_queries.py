"""The statements that find scenes: by words, by likeness, by who is seen, by conditions alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, LiteralString, cast

from scenedex.search.calibration import SAMPLE, Usual

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from scenedex.db.database import Transaction
    from scenedex.search.conditions import Conditions
    from scenedex.search.wording import UnitConditions

SCENES: LiteralString = "scenes s JOIN indexes i USING (index_id) JOIN assets a USING (asset_id)"
_SCENES_OF: LiteralString = (
    "scenes s USING (index_id, scene_id) JOIN indexes i USING (index_id) JOIN assets a USING (asset_id)"
)
_NEWEST_FIRST: LiteralString = "created_time DESC, index_id DESC, scene_id"
# How well a scene has a unit: read or heard with certainty; less certainly, or in words that begin with it; nearly.
_QUALITY: LiteralString = (
    "CASE WHEN NOT s.words @@ %s::tsquery THEN 0 WHEN s.words @@ %s::tsquery THEN 1"
    " WHEN s.words @@ %s::tsquery THEN 0.6 ELSE 0.4 END"
)
# Scenes that show persons whose names have a unit; a union with those of words keeps the words' database index in use.
_NAMED: LiteralString = (
    "WITH named AS MATERIALIZED (SELECT DISTINCT u.unit, x.index_id, x.scene_id"
    " FROM unnest(%s::integer[], %s::bigint[]) AS u (unit, root_id)"
    " JOIN persons o USING (root_id) JOIN appearances x USING (person_id)),"
    " found AS MATERIALIZED (SELECT index_id, scene_id FROM scenes WHERE words @@ %s::tsquery"
    " UNION SELECT index_id, scene_id FROM named) "
)
_NAMED_HERE: LiteralString = (
    "EXISTS (SELECT FROM named n WHERE n.unit = %s AND n.index_id = s.index_id AND n.scene_id = s.scene_id)"
)
_UNLESS_OTHERS: LiteralString = (
    " AND NOT EXISTS (SELECT FROM scene_vectors o WHERE o.index_id = v.index_id AND o.scene_id = v.scene_id"
    " AND o.space = v.space AND o.engine = ANY(%s))"
)
# Ways to order scenes other than by walking the database index of vectors.
_OTHER_WAYS = ("enable_sort", "enable_hashjoin", "enable_mergejoin", "enable_seqscan", "enable_bitmapscan")
_FEWEST_LOOKED_AT = 200
_MOST_LOOKED_AT = 1000  # pgvector's own limit
_MOST_SCANNED = 200_000
# Scenes unlike all others are reached late, however like the query they are.
_DEPTH = 3
_MEMORY_OF_SCAN = 8  # times work_mem


@dataclass(frozen=True, slots=True)
class Candidate:
    """A scene that may be a hit.

    Attributes:
        index_id: of which index.
        scene_id: which one of it.
        value: how well it answers: a score of 0 to 1, or a similarity.
        created_time: when its index was made.
    """

    index_id: int
    scene_id: int
    value: float
    created_time: datetime


@dataclass(frozen=True, slots=True)
class Likeness:
    """What vectors are compared with.

    Attributes:
        workspace_id: whose scenes.
        space: of the vectors: ``PICTURE`` or ``TEXT``.
        engine: identity of the engine that made the vector; no other engine's are compared.
        vector: as the database reads it.
        without: engines whose vectors stand for a scene instead, where it has one of them.
    """

    workspace_id: int
    space: str
    engine: str
    vector: str
    without: Sequence[str] = ()

    @property
    def dimension(self) -> int:
        """Numbers of the vector."""
        return self.vector.count(",") + 1


async def by_conditions(tx: Transaction, conditions: Conditions, most: int) -> list[Candidate]:
    """Scenes that meet the conditions, those of the newest indexes."""
    return await tx.all(
        Candidate,
        f"SELECT index_id, s.scene_id, 1.0::float8, i.created_time FROM {SCENES} WHERE true{conditions.sql}"
        f" ORDER BY {_NEWEST_FIRST} LIMIT %s",
        *conditions.params,
        most,
    )


async def by_persons(tx: Transaction, scores: dict[int, float], conditions: Conditions, most: int) -> list[Candidate]:
    """Scenes that show one of these persons, with the best score of those whom they show."""
    return await tx.all(
        Candidate,
        "SELECT index_id, s.scene_id, shown.score, i.created_time FROM ("
        "SELECT x.index_id, x.scene_id, max(wanted.score) AS score"
        " FROM unnest(%s::bigint[], %s::float8[]) AS wanted (root_id, score)"
        " JOIN persons o USING (root_id) JOIN appearances x USING (person_id) GROUP BY 1, 2) shown"
        f" JOIN {_SCENES_OF}"
        f" WHERE true{conditions.sql} ORDER BY shown.score DESC, {_NEWEST_FIRST} LIMIT %s",
        list(scores),
        list(scores.values()),
        *conditions.params,
        most,
    )


async def by_words(
    tx: Transaction, units: Sequence[UnitConditions], conditions: Conditions, *, wanted: str, least: float, most: int
) -> list[Candidate]:
    """Scenes by how much of a query's units they have, and a little by how often and how densely.

    Args:
        tx: where.
        units: the units, with their weights.
        conditions: what must be met.
        wanted: what a scene must have to reach ``least``, as a condition on its words.
        least: score of the worst.
        most: scenes at most.
    """
    coverage, weights = _coverage(units)
    named = [(number, person_id) for number, unit in enumerate(units) for person_id in unit.persons]
    before: LiteralString = _NAMED if named else ""
    source: LiteralString = f"found JOIN {_SCENES_OF}" if named else SCENES
    having: LiteralString = "true" if named else "s.words @@ %s::tsquery"
    return await tx.all(
        Candidate,
        f"{before}SELECT index_id, scene_id, value, created_time FROM ("
        f"SELECT index_id, s.scene_id, i.created_time, ({coverage})"
        " * (0.9 + 0.1 * ts_rank('{0, 0.5, 1, 1}', s.words, %s::tsquery, 33)) AS value"
        f" FROM {source} WHERE {having}{conditions.sql}) AS scored"
        f" WHERE value >= %s ORDER BY value DESC, {_NEWEST_FIRST} LIMIT %s",
        *(([number for number, _ in named], [person for _, person in named], wanted) if named else ()),
        *weights,
        wanted,
        *(() if named else (wanted,)),
        *conditions.params,
        least,
        most,
    )


def _coverage(units: Sequence[UnitConditions]) -> tuple[LiteralString, list[object]]:
    """The share of a query's weight that a scene has, in SQL, with its parameters."""
    parts: list[LiteralString] = []
    params: list[object] = []
    for number, unit in enumerate(units):
        quality = f"CASE WHEN {_NAMED_HERE} THEN 1 ELSE {_QUALITY} END" if unit.persons else _QUALITY
        parts.append(f"%s::float8 * {quality}")
        params += [unit.weight, *([number] if unit.persons else ()), *unit.ladder]
    return " + ".join(parts), params


async def engines_of(tx: Transaction, workspace_id: int, space: str) -> list[str]:
    """The engines that made vectors of a workspace, found by a look at each one's first."""
    return await tx.all(
        str,
        "WITH RECURSIVE known AS ("
        "(SELECT engine FROM scene_vectors WHERE workspace_id = %s AND space = %s ORDER BY engine LIMIT 1)"
        " UNION ALL SELECT (SELECT v.engine FROM scene_vectors v WHERE v.workspace_id = %s AND v.space = %s"
        " AND v.engine > known.engine ORDER BY v.engine LIMIT 1) FROM known WHERE known.engine IS NOT NULL)"
        " SELECT engine FROM known WHERE engine IS NOT NULL",
        workspace_id,
        space,
        workspace_id,
        space,
    )


async def usual(tx: Transaction, like: Likeness) -> Usual | None:
    """The similarities of a vector to a sample of the workspace's scenes; None where there are none."""

    def make(sampled: int, last_key: float | None, median: float | None, low: float | None) -> Usual | None:
        if median is None or low is None or last_key is None:
            return None
        # The keys are spread evenly from 0 to 1.
        scenes = sampled if sampled < SAMPLE else round(sampled / max(last_key, 1e-9))
        return Usual(sampled, scenes, median, low)

    return await tx.one(
        make,
        "SELECT count(*), max(sample_key)::float8, percentile_cont(0.5) WITHIN GROUP (ORDER BY similarity),"
        " percentile_cont(0.1587) WITHIN GROUP (ORDER BY similarity)"
        " FROM (SELECT sample_key, -(embedding <#> %s::halfvec) AS similarity FROM scene_vectors"
        " WHERE workspace_id = %s AND space = %s AND engine = %s ORDER BY sample_key LIMIT %s) AS sample",
        like.vector,
        like.workspace_id,
        like.space,
        like.engine,
        SAMPLE,
    )


async def count_up_to(tx: Transaction, conditions: Conditions, most: int) -> int:
    """How many scenes meet the conditions; counting ends at ``most``."""
    return await tx.value(
        f"SELECT count(*) FROM (SELECT FROM {SCENES} WHERE true{conditions.sql} LIMIT %s) AS met",
        *conditions.params,
        most,
    )


async def most_alike(
    tx: Transaction, like: Likeness, conditions: Conditions, *, least: float, most: int
) -> list[Candidate]:
    """The most similar of all scenes that meet the conditions: each is compared."""
    scenes: LiteralString = " JOIN scenes s USING (index_id, scene_id)" if conditions.of_scenes else ""
    return await tx.all(
        Candidate,
        "SELECT index_id, scene_id, similarity, created_time FROM ("
        "SELECT index_id, v.scene_id, -(v.embedding <#> %s::halfvec) AS similarity, i.created_time"
        f" FROM assets a JOIN indexes i USING (asset_id) JOIN scene_vectors v USING (index_id){scenes}"
        f" WHERE v.workspace_id = %s AND v.space = %s AND v.engine = %s{_UNLESS_OTHERS}{conditions.sql}) AS compared"
        f" WHERE similarity >= %s ORDER BY similarity DESC, {_NEWEST_FIRST} LIMIT %s",
        like.vector,
        like.workspace_id,
        like.space,
        like.engine,
        list(like.without),
        *conditions.params,
        least,
        most,
    )


async def nearest(
    tx: Transaction, like: Likeness, conditions: Conditions, *, least: float, most: int
) -> list[Candidate]:
    """Nearly the most similar scenes that meet the conditions, by the database index of the engine's vectors.

    For conditions that many scenes meet. The planner would otherwise sort all of them.
    """
    kind = cast("LiteralString", f"halfvec({like.dimension})")
    scenes: LiteralString = " JOIN scenes s USING (index_id, scene_id)" if conditions.of_scenes else ""
    await _set(
        tx,
        {
            **dict.fromkeys(_OTHER_WAYS, "off"),
            "hnsw.iterative_scan": "relaxed_order",
            "hnsw.ef_search": str(min(max(most, _FEWEST_LOOKED_AT), _MOST_LOOKED_AT)),
            "hnsw.max_scan_tuples": str(_MOST_SCANNED),
            "hnsw.scan_mem_multiplier": str(_MEMORY_OF_SCAN),
        },
    )
    found = await tx.all(
        Candidate,
        f"SELECT index_id, v.scene_id, -(v.embedding::{kind} <#> %s::{kind}), i.created_time"
        f" FROM scene_vectors v JOIN indexes i USING (index_id) JOIN assets a USING (asset_id){scenes}"
        f" WHERE v.workspace_id = %s AND v.space = %s AND v.engine = %s{_UNLESS_OTHERS}{conditions.sql}"
        f" ORDER BY v.embedding::{kind} <#> %s::{kind} LIMIT %s",
        like.vector,
        like.workspace_id,
        like.space,
        like.engine,
        list(like.without),
        *conditions.params,
        like.vector,
        _DEPTH * most,
    )
    await _set(tx, dict.fromkeys(_OTHER_WAYS, "on"))
    found.sort(key=lambda one: -one.value)
    return [one for one in found[:most] if one.value >= least]


async def _set(tx: Transaction, settings: Mapping[str, str]) -> None:
    """Settings of the database until the end of the transaction."""
    await tx.run(
        "SELECT set_config(name, value, true) FROM unnest(%s::text[], %s::text[]) AS given (name, value)",
        list(settings),
        list(settings.values()),
    )
