"""Statements that find candidates by words.

They compose the conditions of the search, and how much of a query a scene contains.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, LiteralString

from scenedex.search.candidate_queries import SceneCandidate
from scenedex.search.conditions import parameter, shows
from scenedex.search.word_conditions import EQUAL_SHARE, LIKELY_SHARE, any_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from scenedex.db.database import Transaction
    from scenedex.search.conditions import Conditions
    from scenedex.search.word_conditions import SequenceConditions, UnitConditions


LAST_INDEX: Final = 2**63 - 1
"""Maximum id of an index."""


@dataclass(frozen=True, slots=True)
class Scoring:
    """Score of a scene by its words, as SQL with its parameters."""

    sql: LiteralString
    params: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class TierPart:
    """Scenes to score: those of a tier in some indexes.

    Attributes:
        words: conditions on words, in the syntax of ``tsquery``, of which all are met.
        without: condition on words that is not met, or nothing.
        first, last: range of indexes.
        indexes: indexes, or `None` for all of the range.
        max_scenes: maximum number of scenes. If more meet the conditions on words, none is scored.
    """

    words: Sequence[str]
    without: str = ""
    first: int = 0
    last: int = LAST_INDEX
    indexes: Sequence[int] | None = None
    max_scenes: int | None = None


@dataclass(frozen=True, slots=True)
class ScoredScenes:
    """Best scenes by words, and the number of scenes that meet the conditions, `None` if they are too many."""

    best: list[SceneCandidate]
    scored: int | None


async def newest_indexes(tx: Transaction, conditions: Conditions, *, before: int | None, max_indexes: int) -> list[int]:
    """Return the newest indexes, before a given one, with scenes that may meet the conditions."""
    return await tx.value(
        f"""
        SELECT coalesce(array_agg(index_id ORDER BY index_id DESC), '{{}}')
        FROM (
            SELECT i.index_id
            FROM indexes i
            JOIN assets a USING (asset_id)
            WHERE i.index_id < %(before)s {conditions.sql_of_indexes}
            ORDER BY i.index_id DESC
            LIMIT %(max_indexes)s
        ) AS newest
        """,
        **conditions.params_of_indexes,
        before=LAST_INDEX if before is None else before,
        max_indexes=max_indexes,
    )


async def best_by_words(
    tx: Transaction, scoring: Scoring, conditions: Conditions, part: TierPart, *, min_score: float, max_scenes: int
) -> ScoredScenes:
    """Return the scenes of a part that meet the conditions and reach a score, best first."""
    scored: int | None = 0

    def make(index_id: int, scene_id: int, value: float, created_time: datetime, count: int) -> SceneCandidate | None:
        nonlocal scored
        scored = None if part.max_scenes is not None and count > part.max_scenes else count
        return SceneCandidate(index_id, scene_id, value, created_time) if scene_id else None

    words: LiteralString = "AND s.words @@ %(part_words)s::tsquery" if part.words else ""
    chosen: LiteralString = "" if part.indexes is None else "AND s.index_id = ANY(%(part_indexes)s)"
    # The words come first. The database would misjudge how many scenes contain rare ones. So it would read all indexes
    # rather than those of the scenes, unless it looked up each one.
    best = await tx.all(
        make,
        f"""
        WITH found AS MATERIALIZED (
            SELECT s.index_id, s.scene_id, s.words
            FROM scenes s
            WHERE s.index_id BETWEEN %(first_index)s AND %(last_index)s {chosen} {words}
            LIMIT %(max_found)s
        ), by_words AS (
            SELECT s.index_id, s.scene_id, i.created_time, {scoring.sql} AS value, count(*) OVER () AS scored
            FROM found s
            CROSS JOIN LATERAL (SELECT * FROM indexes o WHERE o.index_id = s.index_id LIMIT 1) i
            CROSS JOIN LATERAL (SELECT * FROM assets o WHERE o.asset_id = i.asset_id LIMIT 1) a
            WHERE (SELECT count(*) FROM found) < coalesce(%(max_found)s, %(no_limit)s) {conditions.sql}
        )
        (
            SELECT index_id, scene_id, value, created_time, scored
            FROM by_words
            WHERE value >= %(min_score)s
            ORDER BY value DESC, created_time DESC, index_id DESC, scene_id
            LIMIT %(max_scenes)s
        )
        UNION ALL
        SELECT 0, 0, 0, now(), %(max_found)s
        WHERE (SELECT count(*) FROM found) >= coalesce(%(max_found)s, %(no_limit)s)
        """,
        **scoring.params,
        **conditions.params,
        part_words=" & ".join([*(f"({one})" for one in part.words), *([f"!({part.without})"] if part.without else [])]),
        part_indexes=None if part.indexes is None else list(part.indexes),
        first_index=part.first,
        last_index=part.last,
        max_found=None if part.max_scenes is None else part.max_scenes + 1,
        no_limit=LAST_INDEX,
        min_score=min_score,
        max_scenes=max_scenes,
    )
    return ScoredScenes([one for one in best if one is not None], scored)


def scoring_of(units: Sequence[UnitConditions], sequence: SequenceConditions | None) -> Scoring:
    """Return the score of scenes: the share of a query that they contain, and slightly how closely together and often.

    A tenth of the score depends on the order of the words, and their frequency and density.
    """
    parts: list[LiteralString] = []
    params: dict[str, object] = {
        "some_word": any_of(unit.any for unit in units),
        "equal_share": EQUAL_SHARE,
        "likely_share": LIKELY_SHARE,
    }
    for number, unit in enumerate(units):
        share, of_unit = _share(number, unit)
        parts.append(share)
        params |= of_unit
    # A word without neighbours has no order.
    order: LiteralString = "0"
    of_order: dict[str, object] = {}
    density = 0.1
    if sequence is not None:
        order, of_order = _order(sequence)
        density = 0.03
    sql: LiteralString = f"""
        ({" + ".join(parts)})
        * (0.9 + 0.07 * {order}
           + %(density)s::float8 * ts_rank('{{0, 0.5, 1, 1}}', s.words, %(some_word)s::tsquery, 33))"""
    return Scoring(sql, {**params, **of_order, "density": density})


def _share(number: int, unit: UnitConditions) -> tuple[LiteralString, dict[str, object]]:
    """Return the share of a query that a scene has by one unit."""
    params: dict[str, object] = {}

    def has(name: str, words: str) -> LiteralString:
        params[f"{name}_{number}"] = words
        return f"s.words @@ {parameter(f'{name}_{number}')}::tsquery"

    equal: LiteralString = f"WHEN {has('equal', unit.equal)} THEN %(equal_share)s::float8" if unit.equal else ""
    # Read or heard with certainty, less certainly or as a prefix, or nearly.
    quality: LiteralString = f"""
        CASE
            WHEN NOT {has("any", unit.any)} THEN 0
            WHEN {has("sure", unit.sure)} THEN 1
            {equal}
            WHEN {has("likely", unit.likely)} THEN %(likely_share)s::float8
            ELSE 0.4
        END"""
    if unit.persons:
        shown = shows(f"persons_{number}", unit.persons)
        quality = f"CASE WHEN {shown.sql} THEN 1 ELSE {quality} END"
        params |= shown.params
    params[f"weight_{number}"] = unit.weight
    return f"{parameter(f'weight_{number}')}::float8 * {quality}", params


def _order(sequence: SequenceConditions) -> tuple[LiteralString, dict[str, object]]:
    """Return 1 for a scene with the whole query in sequence, or else the share of neighbours that are neighbours."""
    params: dict[str, object] = {"whole_sequence": sequence.whole, "pairs": len(sequence.pairs)}
    params |= {f"pair_{number}": pair for number, pair in enumerate(sequence.pairs)}
    pairs: LiteralString = " + ".join(
        [f"(s.words @@ {parameter(f'pair_{number}')}::tsquery)::integer" for number in range(len(sequence.pairs))]
    )
    sql: LiteralString = f"""

            CASE
                WHEN s.words @@ %(whole_sequence)s::tsquery THEN 1
                ELSE 0.9 * ({pairs}) / %(pairs)s::float8
            END"""
    return sql, params
