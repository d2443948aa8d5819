"""The statements about searches and their hits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, LiteralString

import msgspec

from scenedex.index.records import IndexedScene
from scenedex.index.service import with_findings
from scenedex.jobs import Work
from scenedex.search.matches import answering
from scenedex.search.records import FoundBy, FoundScene, SearchClaim, SearchNumber, SearchRequest, SearchState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from scenedex.db.database import Transaction
    from scenedex.jobs import JobId
    from scenedex.search.records import Outcome

_OF_CLAIM: LiteralString = "WHERE search_number = %s AND attempt = %s AND state = 'RUNNING'"
# Hits whose scenes have gone with their index are no hits any more.
_LIVE: LiteralString = (
    "(SELECT hit.* FROM searches, unnest(index_ids, scene_ids, scores) WITH ORDINALITY"
    " AS hit (index_id, scene_id, score, rank) WHERE search_number = %s) hits"
    " JOIN scenes s USING (index_id, scene_id)"
)


@dataclass(frozen=True, slots=True)
class StoredSearch:
    """A search without its hits."""

    number: SearchNumber
    state: SearchState
    message: str | None
    found_by: FoundBy


async def insert(
    tx: Transaction, workspace_id: int, user_name: str, search_id: str, request: SearchRequest, life: timedelta
) -> SearchNumber | None:
    """A search that waits for its job; None where the workspace is gone."""
    return await tx.value(
        "INSERT INTO searches (search_id, workspace_id, user_name, request, expires_time)"
        " SELECT %s, workspace_id, %s, %s, now() + %s FROM workspaces WHERE workspace_id = %s FOR KEY SHARE"
        " RETURNING search_number",
        search_id,
        user_name,
        msgspec.json.encode(request).decode(),
        life,
        workspace_id,
    )


async def set_job(tx: Transaction, number: int, job: JobId) -> None:
    """Let a job run the search."""
    await tx.run("UPDATE searches SET job_id = %s WHERE search_number = %s", job, number)


async def find(tx: Transaction, workspace_id: int, search_id: str) -> StoredSearch | None:
    """A search of the workspace whose time is not over."""

    def make(number: int, state: str, message: str | None, found_by: object) -> StoredSearch:
        return StoredSearch(SearchNumber(number), SearchState(state), message, msgspec.convert(found_by or {}, FoundBy))

    return await tx.one(
        make,
        "SELECT search_number, state, message, found_by FROM searches"
        " WHERE search_id = %s AND workspace_id = %s AND expires_time > now()",
        search_id,
        workspace_id,
    )


async def count_hits(tx: Transaction, number: SearchNumber) -> int:
    """How many hits of a search are still there."""
    return await tx.value(f"SELECT count(*) FROM {_LIVE}", number)


async def hits(tx: Transaction, search: StoredSearch, offset: int, size: int) -> list[FoundScene]:
    """Hits of a search, best first, in five statements whatever their number."""

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
    ) -> FoundScene:
        scene = IndexedScene(scene_id, start_ms, end_ms, keyframe_key, ())
        # Stored as 32-bit floats.
        shown = None if score is None else round(score, 2)
        return FoundScene(asset_id, project_id, file_name, kind, index_id, shown, scene)

    found = await tx.all(
        make,
        "SELECT index_id, s.scene_id, hits.score, a.asset_id, a.project_id, a.file_name, i.type,"
        f" s.start_ms, s.end_ms, s.keyframe_key FROM {_LIVE} JOIN indexes i USING (index_id)"
        " JOIN assets a USING (asset_id) ORDER BY hits.rank OFFSET %s LIMIT %s",
        search.number,
        offset,
        size,
    )
    return await _with_matches(tx, found, search.found_by)


async def _with_matches(tx: Transaction, found: Sequence[FoundScene], found_by: FoundBy) -> list[FoundScene]:
    if not found:
        return []
    scenes = await with_findings(tx, [(one.index_id, one.scene) for one in found])
    return [
        FoundScene(
            one.asset_id,
            one.project_id,
            one.file_name,
            one.type,
            one.index_id,
            one.score,
            answering(scene, found_by),
        )
        for one, scene in zip(found, scenes, strict=True)
    ]


async def claim(tx: Transaction, number: int) -> SearchClaim | None:
    """Begin a try of a search that is not over."""

    def make(number: int, workspace_id: int, user_name: str, request: object, attempt: int, tries: int) -> SearchClaim:
        wanted = msgspec.convert(request, SearchRequest)
        return SearchClaim(SearchNumber(number), workspace_id, user_name, wanted, attempt, tries)

    return await tx.one(
        make,
        "UPDATE searches SET attempt = attempt + 1, tries = tries + 1 WHERE search_number = %s AND state = 'RUNNING'"
        " RETURNING search_number, workspace_id, user_name, request, attempt, tries",
        number,
    )


async def release(tx: Transaction, claim: SearchClaim) -> None:
    """Give a try back that was interrupted through no fault of the search."""
    await tx.run(f"UPDATE searches SET tries = tries - 1 {_OF_CLAIM}", claim.number, claim.attempt)


async def complete(tx: Transaction, claim: SearchClaim, outcome: Outcome) -> bool:
    """End a search with its hits; False where it is gone or claimed by a later try."""
    scores = [hit.score for hit in outcome.hits if hit.score is not None]
    changed = await tx.run(
        "UPDATE searches SET state = 'COMPLETED', message = %s, found_by = %s,"
        f" index_ids = %s, scene_ids = %s, scores = %s {_OF_CLAIM}",
        outcome.message,
        msgspec.json.encode(outcome.found_by).decode(),
        [hit.index_id for hit in outcome.hits],
        [hit.scene_id for hit in outcome.hits],
        scores,
        claim.number,
        claim.attempt,
    )
    return changed > 0


async def fail(tx: Transaction, claim: SearchClaim, message: str) -> None:
    """End a search with what went wrong, unless it is gone or claimed by a later try."""
    await tx.run(
        f"UPDATE searches SET state = 'FAILED', message = %s {_OF_CLAIM}", message, claim.number, claim.attempt
    )


async def age(tx: Transaction, number: int) -> float | None:
    """Seconds since a search was asked for, by the clock of the database; None where it is gone."""
    return await tx.value(
        "SELECT extract(epoch FROM clock_timestamp() - created_time)::double precision"
        " FROM searches WHERE search_number = %s",
        number,
    )


async def cancel(tx: Transaction, number: int, message: str) -> JobId | None:
    """End a search that goes on; the job that serves it, or None where it is over or gone."""
    return await tx.value(
        "UPDATE searches SET state = 'FAILED', message = %s WHERE search_number = %s AND state = 'RUNNING'"
        " RETURNING coalesce(job_id, 0)",
        message,
        number,
    )


async def searches_without_job(tx: Transaction) -> list[Work]:
    """Searches that are not over although no job serves them, locked until the end of the transaction."""
    return await tx.all(
        Work,
        "SELECT search_number, workspace_id FROM searches WHERE state = 'RUNNING' AND NOT EXISTS"
        " (SELECT FROM procrastinate_jobs j WHERE j.id = job_id AND j.status IN ('todo', 'doing'))"
        " ORDER BY search_number LIMIT 1000 FOR UPDATE SKIP LOCKED",
    )


async def drop_expired(tx: Transaction) -> int:
    """Forget searches whose time is over; how many there were."""
    return await tx.run("DELETE FROM searches WHERE expires_time < now()")
