"""Statements about searches and their hits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import asdict

from scenedex.jobs.queue import Work
from scenedex.search.records import FoundBy, SearchClaim, SearchNumber, SearchRequest, SearchState

if TYPE_CHECKING:
    from collections.abc import Sequence
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


async def ended_of(tx: Transaction, search_ids: Sequence[str]) -> list[str]:
    """Return those of some searches that have ended or do not exist."""
    return await tx.all(
        str,
        """
        SELECT search_id
        FROM unnest(%(search_ids)s::text[]) AS waiting (search_id)
        WHERE NOT EXISTS (SELECT FROM searches s WHERE s.search_id = waiting.search_id AND state = 'RUNNING')
        """,
        search_ids=list(search_ids),
    )


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
            evidence = %(evidence)s::jsonb[], ranks = %(ranks)s
        WHERE search_number = %(number)s AND attempt = %(attempt)s AND state = 'RUNNING'
        """,
        **asdict(claim),
        message=outcome.message,
        found_by=msgspec.json.encode(outcome.found_by).decode(),
        index_ids=[hit.index_id for hit in outcome.hits],
        scene_ids=[hit.scene_id for hit in outcome.hits],
        scores=[hit.score for hit in outcome.hits if hit.score is not None],
        ranks=list(outcome.ranks),
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
