"""Statements about searches and their hits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import asdict

from scenedex.index.records import IndexedScene, StageEngine
from scenedex.index.service import with_findings
from scenedex.jobs.queue import Work
from scenedex.search.matches import with_matches_only
from scenedex.search.moments import moment_of
from scenedex.search.records import (
    Evidence,
    FoundBy,
    FoundScene,
    HitMoment,
    SearchClaim,
    SearchNumber,
    SearchRequest,
    SearchState,
)
from scenedex.search.weighted_matches import Question

if TYPE_CHECKING:
    from datetime import timedelta

    from scenedex.db.database import Transaction
    from scenedex.jobs.queue import JobId
    from scenedex.search.records import SearchOutcome


@dataclass(frozen=True, slots=True)
class StoredSearch:
    """A search without its hits."""

    number: SearchNumber
    state: SearchState
    message: str | None
    text: str | None
    found_by: FoundBy


@dataclass(frozen=True, slots=True)
class _StoredHit:
    """A hit whose scene has no findings yet, with the evidence and the engines of the index."""

    found: FoundScene
    evidence: tuple[Evidence, ...]
    engines: tuple[StageEngine, ...]


async def insert(
    tx: Transaction, workspace_id: int, user_name: str, search_id: str, request: SearchRequest, lifetime: timedelta
) -> SearchNumber | None:
    """Insert a search that waits for its job. Return `None` if the workspace does not exist."""
    return await tx.value(
        """
        INSERT INTO searches (search_id, workspace_id, user_name, request, expires_time)
        SELECT %(search_id)s, workspace_id, %(user_name)s, %(request)s, now() + %(lifetime)s
        FROM workspaces
        WHERE workspace_id = %(workspace_id)s
        FOR KEY SHARE
        RETURNING search_number
        """,
        search_id=search_id,
        user_name=user_name,
        request=msgspec.json.encode(request).decode(),
        lifetime=lifetime,
        workspace_id=workspace_id,
    )


async def set_job(tx: Transaction, number: int, job: JobId) -> None:
    """Set the job that runs the search."""
    await tx.run("UPDATE searches SET job_id = %(job_id)s WHERE search_number = %(number)s", job_id=job, number=number)


async def find(tx: Transaction, workspace_id: int, search_id: str) -> StoredSearch | None:
    """Return a search of the workspace that has not expired."""

    def make(number: int, state: str, message: str | None, text: str | None, found_by: object) -> StoredSearch:
        parts = msgspec.convert(found_by or {}, FoundBy)
        return StoredSearch(SearchNumber(number), SearchState(state), message, text, parts)

    return await tx.one(
        make,
        """
        SELECT search_number, state, message, request->>'text', found_by
        FROM searches
        WHERE search_id = %(search_id)s AND workspace_id = %(workspace_id)s AND expires_time > now()
        """,
        search_id=search_id,
        workspace_id=workspace_id,
    )


async def count_hits(tx: Transaction, number: SearchNumber) -> int:
    """Count the hits of a search whose scenes still exist."""
    return await tx.value(
        """
        SELECT count(*)
        FROM searches
        CROSS JOIN unnest(index_ids, scene_ids) AS hit (index_id, scene_id)
        JOIN scenes s ON s.index_id = hit.index_id AND s.scene_id = hit.scene_id
        WHERE search_number = %(number)s
        """,
        number=number,
    )


async def hits(tx: Transaction, search: StoredSearch, offset: int, size: int) -> list[FoundScene]:
    """Return hits of a search, best first, in five statements whatever their number."""

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
    ) -> _StoredHit:
        scene = IndexedScene(scene_id, start_ms, end_ms, keyframe_key, ())
        # Stored as 32-bit floats.
        shown = None if score is None else round(score, 2)
        whole = HitMoment(start_ms, end_ms)
        return _StoredHit(
            FoundScene(asset_id, project_id, file_name, kind, index_id, duration_ms, shown, scene, whole),
            msgspec.convert(evidence or (), tuple[Evidence, ...]),
            msgspec.convert(engines, tuple[StageEngine, ...]),
        )

    found = await tx.all(
        make,
        """
        SELECT s.index_id, s.scene_id, hit.score, a.asset_id, a.project_id, a.file_name, i.type,
               s.start_ms, s.end_ms, s.keyframe_key, i.duration_ms, i.engines, hit.evidence
        FROM searches
        CROSS JOIN unnest(index_ids, scene_ids, scores, evidence)
            WITH ORDINALITY AS hit (index_id, scene_id, score, evidence, rank)
        JOIN scenes s ON s.index_id = hit.index_id AND s.scene_id = hit.scene_id
        JOIN indexes i ON i.index_id = s.index_id
        JOIN assets a USING (asset_id)
        WHERE search_number = %(number)s
        ORDER BY hit.rank
        OFFSET %(offset)s
        LIMIT %(size)s
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


async def claim(tx: Transaction, number: int) -> SearchClaim | None:
    """Start an attempt at a search. Return `None` if it has ended."""

    def make(number: int, workspace_id: int, user_name: str, request: object, attempt: int, tries: int) -> SearchClaim:
        wanted = msgspec.convert(request, SearchRequest)
        return SearchClaim(SearchNumber(number), workspace_id, user_name, wanted, attempt, tries)

    return await tx.one(
        make,
        """
        UPDATE searches
        SET attempt = attempt + 1, tries = tries + 1
        WHERE search_number = %(number)s AND state = 'RUNNING'
        RETURNING search_number, workspace_id, user_name, request, attempt, tries
        """,
        number=number,
    )


async def release(tx: Transaction, claim: SearchClaim) -> None:
    """Uncount a try that was interrupted through no fault of the search."""
    await tx.run(
        """
        UPDATE searches
        SET tries = tries - 1
        WHERE search_number = %(number)s AND attempt = %(attempt)s AND state = 'RUNNING'
        """,
        **asdict(claim),
    )


async def complete(tx: Transaction, claim: SearchClaim, outcome: SearchOutcome) -> bool:
    """End a search with its hits. Return `False` if it was deleted or a later attempt has claimed it."""
    changed = await tx.run(
        """
        UPDATE searches
        SET state = 'COMPLETED', message = %(message)s, found_by = %(found_by)s,
            index_ids = %(index_ids)s, scene_ids = %(scene_ids)s, scores = %(scores)s,
            evidence = %(evidence)s::jsonb[]
        WHERE search_number = %(number)s AND attempt = %(attempt)s AND state = 'RUNNING'
        """,
        **asdict(claim),
        message=outcome.message,
        found_by=msgspec.json.encode(outcome.found_by).decode(),
        index_ids=[hit.index_id for hit in outcome.hits],
        scene_ids=[hit.scene_id for hit in outcome.hits],
        scores=[hit.score for hit in outcome.hits if hit.score is not None],
        evidence=[msgspec.json.encode(hit.evidence).decode() for hit in outcome.hits if hit.evidence],
    )
    return changed > 0


async def fail(tx: Transaction, claim: SearchClaim, message: str) -> None:
    """End a search with the reason of its failure, unless it was deleted or a later attempt has claimed it."""
    await tx.run(
        """
        UPDATE searches
        SET state = 'FAILED', message = %(message)s
        WHERE search_number = %(number)s AND attempt = %(attempt)s AND state = 'RUNNING'
        """,
        **asdict(claim),
        message=message,
    )


async def age(tx: Transaction, number: int) -> float | None:
    """Return the seconds since the request of a search, by the clock of the database."""
    return await tx.value(
        """
        SELECT extract(epoch FROM clock_timestamp() - created_time)::double precision
        FROM searches
        WHERE search_number = %(number)s
        """,
        number=number,
    )


async def cancel(tx: Transaction, number: int, message: str) -> JobId | None:
    """Fail a running search. Return its job, 0 if it has none, or `None` if the search is not running."""
    return await tx.value(
        """
        UPDATE searches
        SET state = 'FAILED', message = %(message)s
        WHERE search_number = %(number)s AND state = 'RUNNING'
        RETURNING coalesce(job_id, 0)
        """,
        number=number,
        message=message,
    )


async def searches_without_job(tx: Transaction) -> list[Work]:
    """Return and lock searches that have not ended although no job serves them."""
    return await tx.all(
        Work,
        """
        SELECT search_number, workspace_id
        FROM searches
        WHERE state = 'RUNNING'
          AND NOT EXISTS (SELECT FROM live_jobs WHERE live_jobs.id = job_id)
        ORDER BY search_number
        LIMIT 1000
        FOR UPDATE SKIP LOCKED
        """,
    )


async def drop_expired(tx: Transaction) -> None:
    """Delete expired searches."""
    await tx.run("DELETE FROM searches WHERE expires_time < now()")
