"""Statements that read the hits of searches."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import msgspec

from scenedex.exports.content import FilmFacts
from scenedex.index.records import IndexedScene, StageEngine
from scenedex.index.service import with_findings
from scenedex.search.matches import with_matches_only
from scenedex.search.moments import moment_of
from scenedex.search.records import Evidence, FoundScene, HitMoment, HitPlace
from scenedex.search.weighted_matches import Question

if TYPE_CHECKING:
    from scenedex.db.database import Transaction
    from scenedex.search.queries import StoredSearch
    from scenedex.search.records import SearchNumber


@dataclass(frozen=True, slots=True)
class _StoredHit:
    """A hit whose scene has no findings yet, with the evidence and the engines of the index."""

    found: FoundScene
    evidence: tuple[Evidence, ...]
    engines: tuple[StageEngine, ...]


async def count_hits(tx: Transaction, number: SearchNumber) -> int:
    """Count the hits of a search whose scenes still exist, the same moment of the same bytes once."""
    return await tx.value(
        """
        SELECT count(DISTINCT coalesce(hit.rank, hit.number))
        FROM searches
        CROSS JOIN unnest(index_ids, scene_ids, ranks) WITH ORDINALITY AS hit (index_id, scene_id, rank, number)
        JOIN scenes USING (index_id, scene_id)
        WHERE search_number = %(number)s
        """,
        number=number,
    )


async def hits(tx: Transaction, search: StoredSearch, offset: int, size: int) -> list[FoundScene]:
    """Return hits of a search, best first, in six statements whatever their number.

    Of the same moment of the same bytes, the first hit whose scene still exists is returned with the places of all.
    """

    def make(  # noqa: PLR0913, PLR0917  # one argument for each column
        index_id: int,
        scene_id: int,
        score: float | None,
        asset_id: int,
        project_id: int,
        file_name: str,
        kind: str,
        start_ms: int,
        end_ms: int,
        keyframe_key: str,
        duration_ms: int,
        engines: object,
        evidence: object,
        places: object,
        *film: Any,  # noqa: ANN401  # the columns of `FilmFacts`
    ) -> _StoredHit:
        scene = IndexedScene(scene_id, start_ms, end_ms, keyframe_key, ())
        # Stored as 32-bit floats.
        shown = None if score is None else round(score, 2)
        whole = HitMoment(start_ms, end_ms)
        found_in = tuple(HitPlace(*place) for place in msgspec.convert(places, list[tuple[int, int, str]]))
        return _StoredHit(
            FoundScene(
                asset_id,
                project_id,
                file_name,
                kind,
                index_id,
                duration_ms,
                shown,
                scene,
                whole,
                found_in,
                FilmFacts(*film),
            ),
            msgspec.convert(evidence or (), tuple[Evidence, ...]),
            msgspec.convert(engines, tuple[StageEngine, ...]),
        )

    found = await tx.all(
        make,
        """
        WITH hit AS MATERIALIZED (
            SELECT hit.*
            FROM searches
            CROSS JOIN unnest(index_ids, scene_ids, scores, evidence, ranks)
                WITH ORDINALITY AS hit (index_id, scene_id, score, evidence, rank, number)
            WHERE search_number = %(number)s
        ), shown AS MATERIALIZED (
            SELECT min(number) AS number, array_agg(index_id ORDER BY number) AS index_ids
            FROM hit
            JOIN scenes USING (index_id, scene_id)
            GROUP BY coalesce(rank, number)
            ORDER BY 1
            OFFSET %(offset)s
            LIMIT %(size)s
        )
        SELECT s.index_id, s.scene_id, hit.score, a.asset_id, a.project_id, a.file_name, i.type,
               s.start_ms, s.end_ms, s.keyframe_key, i.duration_ms, i.engines, hit.evidence, places.assets,
               a.frame_rate, a.start_timecode, a.reel, a.video_codec IS NULL OR a.audio_codec IS NOT NULL, a.width,
               a.height
        FROM shown
        JOIN hit USING (number)
        JOIN scenes s ON s.index_id = hit.index_id AND s.scene_id = hit.scene_id
        JOIN indexes i ON i.index_id = s.index_id
        JOIN assets a USING (asset_id)
        CROSS JOIN LATERAL (
            SELECT jsonb_agg(jsonb_build_array(o.asset_id, o.project_id, o.file_name) ORDER BY place.number) AS assets
            FROM unnest(shown.index_ids) WITH ORDINALITY AS place (index_id, number)
            JOIN indexes USING (index_id)
            JOIN assets o USING (asset_id)
        ) places
        ORDER BY number
        """,
        number=search.number,
        offset=offset,
        size=size,
    )
    if not found:
        return []
    scenes = await with_findings(tx, [(one.found.index_id, one.found.scene) for one in found])
    question = Question(search.found_by, search.text)
    return [
        replace(
            one.found,
            scene=with_matches_only(scene, search.found_by),
            moment=moment_of(scene, question, one.evidence, one.engines),
        )
        for one, scene in zip(found, scenes, strict=True)
    ]
