"""Requests for searches, and their hits."""

from __future__ import annotations

import secrets
import string
from typing import TYPE_CHECKING, Final

from scenedex.assets.errors import AssetNotFound
from scenedex.jobs import JobKind
from scenedex.jobs.queue import Work
from scenedex.persons.lookup import existing_person, roots_of
from scenedex.pictures.service import query_picture
from scenedex.projects.errors import ProjectNotFound
from scenedex.search import hit_queries, queries, scope_queries
from scenedex.search.errors import SearchNotCompleted, SearchNotFound
from scenedex.search.records import SearchPage, SearchState
from scenedex.search.waiting import SearchWaits
from scenedex.wire.errors import FieldProblem
from scenedex.workspaces.errors import WorkspaceNotFound
from scenedex.workspaces.service import visible_workspace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from scenedex.auth.caller import Caller
    from scenedex.db.database import Database, Transaction
    from scenedex.jobs.queue import JobQueue
    from scenedex.search.queries import StoredSearch
    from scenedex.search.records import FoundScene, Scope, SearchRequest
    from scenedex.wire.parsing import PageRequest
    from scenedex.workspaces.records import WorkspaceId

_ID_LENGTH: Final = 20
_ID_CHARACTERS: Final = string.ascii_letters + string.digits
_EXPORT_BATCH_SIZE: Final = 50
# Time that a search may take before it is said to be running.
_WAIT_SECONDS: Final = 0.25

cancel_search = queries.cancel
delete_expired_searches = queries.drop_expired


class Searches:
    """Searches of all workspaces. Each is deleted when its lifetime has passed since its request.

    A method raises `WorkspaceNotFound` if the workspace does not exist or the caller may not see it.
    """

    def __init__(self, database: Database, queue: JobQueue, *, lifetime: timedelta, max_hits: int) -> None:
        self._database = database
        self._queue = queue
        self._lifetime = lifetime
        self._max_hits = max_hits
        self._waits = SearchWaits(database)

    async def request(self, caller: Caller, workspace_name: str, request: SearchRequest) -> str:
        """Request a search and return its id.

        Raises:
            ProjectNotFound: a project is not in the workspace.
            AssetNotFound: an asset is not in the workspace.
            PersonNotFound: a person is not in the workspace, was deleted or was merged into another.
            InvalidRequest: the picture does not exist, is not usable or has expired.
        """
        search_id = random_id()
        async with self._database.transaction() as tx:
            workspace = await visible_workspace(tx, caller, workspace_name)
            await _check(tx, workspace, request)
            if request.picture_key is not None:
                await query_picture(tx, caller.user_name, workspace_name, request.picture_key, "query.imageQuery")
            number = await queries.insert(tx, workspace, caller.user_name, search_id, request, self._lifetime)
            if number is None:
                raise WorkspaceNotFound
            job = await self._queue.defer(tx, JobKind.SEARCH, Work(number, workspace))
            await queries.set_job(tx, number, job)
        return search_id

    async def workspace_of(self, caller: Caller, scope: Scope) -> str:
        """Return the name of the workspace that contains the projects or assets of a scope."""
        async with self._database.transaction() as tx:
            name = await scope_queries.workspace_of_scope(
                tx, caller.workspaces, scope.project_ids or (), scope.asset_ids or ()
            )
        if name is None:
            raise WorkspaceNotFound
        return name

    async def get(self, caller: Caller, workspace_name: str, search_id: str, page: PageRequest) -> SearchPage:
        """Return a search and, once it has completed, a page of its hits.

        Waits a moment for a running search, since most take less time than the next request of the caller.

        Raises:
            SearchNotFound: the search is not in the workspace or has expired.
        """
        found = await self._get(caller, workspace_name, search_id, page)
        if found.state is SearchState.RUNNING and await self._waits.ends(search_id, _WAIT_SECONDS):
            return await self._get(caller, workspace_name, search_id, page)
        return found

    async def _get(self, caller: Caller, workspace_name: str, search_id: str, page: PageRequest) -> SearchPage:
        async with self._database.snapshot() as tx:
            search = await _find(tx, caller, workspace_name, search_id)
            if search.state is not SearchState.COMPLETED:
                return SearchPage(search_id, search.state, search.message, 0, ())
            total = await hit_queries.count_hits(tx, search.number)
            hits = await hit_queries.hits(tx, search, page.offset, page.size)
        return SearchPage(search_id, search.state, search.message, total, hits)

    async def all_hits(self, caller: Caller, workspace_name: str, search_id: str) -> Sequence[FoundScene]:
        """Return all hits of a search, best first.

        Raises:
            SearchNotFound: the search is not in the workspace or has expired.
            SearchNotCompleted: the search is running or has failed.
        """
        async with self._database.snapshot() as tx:
            search = await _find(tx, caller, workspace_name, search_id)
            if search.state is not SearchState.COMPLETED:
                raise SearchNotCompleted
            hits: list[FoundScene] = []
            # In batches, so that other requests are served in between.
            for offset in range(0, self._max_hits, _EXPORT_BATCH_SIZE):
                part = await hit_queries.hits(tx, search, offset, min(_EXPORT_BATCH_SIZE, self._max_hits - offset))
                hits += part
                if len(part) < _EXPORT_BATCH_SIZE:
                    break
        return hits


def random_id() -> str:
    """Return a public id that nobody guesses."""
    return "".join(secrets.choice(_ID_CHARACTERS) for _ in range(_ID_LENGTH))


async def requeue_lost_searches(tx: Transaction, queue: JobQueue) -> None:
    """Give searches that have lost their job another."""
    await queue.requeue(tx, JobKind.SEARCH, await queries.searches_without_job(tx), queries.set_job)


async def _find(tx: Transaction, caller: Caller, workspace_name: str, search_id: str) -> StoredSearch:
    workspace = await visible_workspace(tx, caller, workspace_name)
    found = None if "\x00" in search_id else await queries.find(tx, workspace, search_id)
    if found is None:
        raise SearchNotFound
    return found


async def check_scope(tx: Transaction, workspace: WorkspaceId, scope: Scope) -> None:
    """Require that the projects and assets of a scope are in a workspace.

    Raises:
        ProjectNotFound: a project is not.
        AssetNotFound: an asset is not.
    """
    if missing := await scope_queries.missing_projects(tx, workspace, scope.project_ids or ()):
        raise ProjectNotFound(FieldProblem("filter.projectIds", f"there is no {_named('project', missing[0])}"))
    if missing := await scope_queries.missing_assets(tx, workspace, scope.asset_ids or ()):
        raise AssetNotFound(FieldProblem("filter.assetIds", f"there is no {_named('asset', missing[0])}"))


async def _check(tx: Transaction, workspace: WorkspaceId, request: SearchRequest) -> None:
    """Require that the projects, assets and persons that a request names exist."""
    await check_scope(tx, workspace, request.scope)
    persons = request.persons
    named = {"must": persons.must, "any": persons.any, "not": persons.none}
    roots = await roots_of(tx, workspace, [person_id for ids in named.values() for person_id in ids])
    for kind, ids in named.items():
        for person_id in ids:
            if roots.get(person_id) != person_id:
                await existing_person(tx, workspace, person_id, f"query.personQuery.{kind}")


def _named(kind: str, number: int) -> str:
    # Every integer that is no id was parsed as 0.
    return f"{kind} {number}" if number else f"such {kind}"
