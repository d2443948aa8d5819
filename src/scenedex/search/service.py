"""The verbs of searches: asking, and coming back for the hits."""

from __future__ import annotations

import secrets
import string
from typing import TYPE_CHECKING, Final

from scenedex.assets.errors import AssetNotFound
from scenedex.jobs import JobKind, Work
from scenedex.persons.lookup import existing_person, roots_of
from scenedex.pictures.service import query_picture
from scenedex.projects.errors import ProjectNotFound
from scenedex.search import queries, scope_queries
from scenedex.search.errors import SearchNotCompleted, SearchNotFound
from scenedex.search.records import SearchPage, SearchState
from scenedex.wire.errors import FieldProblem
from scenedex.workspaces.errors import WorkspaceNotFound
from scenedex.workspaces.service import visible_workspace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from scenedex.auth.caller import Caller
    from scenedex.db.database import Database, Transaction
    from scenedex.jobs import JobQueue
    from scenedex.search.queries import StoredSearch
    from scenedex.search.records import FoundScene, Scope, SearchRequest
    from scenedex.wire.parsing import PageRequest
    from scenedex.workspaces.records import WorkspaceId

_ID_LENGTH: Final = 20
_ID_CHARACTERS: Final = string.ascii_letters + string.digits
_AT_ONCE: Final = 50


class Searches:
    """The searches in the database.

    Args:
        database: where they are.
        queue: where a worker is asked for.
        life: how long a search and its hits are kept.
        most: hits of a search at most.
    """

    def __init__(self, database: Database, queue: JobQueue, *, life: timedelta, most: int) -> None:
        self._database = database
        self._queue = queue
        self._life = life
        self._most = most

    async def request(self, caller: Caller, workspace_name: str, request: SearchRequest) -> str:
        """Ask for a search; its id.

        Raises:
            WorkspaceNotFound: there is no such workspace, or the caller may not see it.
            ProjectNotFound: there is no such project in it.
            AssetNotFound: there is no such asset in it.
            PersonNotFound: there is no such person in it, or it was deleted or merged into another.
            InvalidRequest: there is no such picture, it is of no use, or its time is over.
        """
        search_id = "".join(secrets.choice(_ID_CHARACTERS) for _ in range(_ID_LENGTH))
        async with self._database.transaction() as tx:
            workspace = await visible_workspace(tx, caller, workspace_name)
            await _check(tx, caller, workspace, request)
            number = await queries.insert(tx, workspace, caller.user_name, search_id, request, self._life)
            if number is None:
                raise WorkspaceNotFound
            job = await self._queue.defer(tx, JobKind.SEARCH, Work(number, workspace))
            await queries.set_job(tx, number, job)
        return search_id

    async def workspace_of(self, caller: Caller, scope: Scope) -> str:
        """The name of the workspace that a request means by where it wants to look.

        Raises:
            WorkspaceNotFound: there is none of these projects and assets, or the caller may not see it.
        """
        async with self._database.transaction() as tx:
            name = await scope_queries.workspace_of_scope(
                tx, caller.workspaces, scope.project_ids or (), scope.asset_ids or ()
            )
        if name is None:
            raise WorkspaceNotFound
        return name

    async def get(self, caller: Caller, workspace_name: str, search_id: str, page: PageRequest) -> SearchPage:
        """A search and, once it has completed, a page of its hits.

        Raises:
            WorkspaceNotFound: there is no such workspace, or the caller may not see it.
            SearchNotFound: there is no such search in it, or its time is over.
        """
        async with self._database.snapshot() as tx:
            search = await _find(tx, caller, workspace_name, search_id)
            if search.state is not SearchState.COMPLETED:
                return SearchPage(search_id, search.state, search.message, 0, ())
            total = await queries.count_hits(tx, search.number)
            hits = await queries.hits(tx, search, page.offset, page.size)
        return SearchPage(search_id, search.state, search.message, total, hits)

    async def all_hits(self, caller: Caller, workspace_name: str, search_id: str) -> Sequence[FoundScene]:
        """All hits of a search, best first.

        Raises:
            WorkspaceNotFound: there is no such workspace, or the caller may not see it.
            SearchNotFound: there is no such search in it, or its time is over.
            SearchNotCompleted: it runs or has failed.
        """
        async with self._database.snapshot() as tx:
            search = await _find(tx, caller, workspace_name, search_id)
            if search.state is not SearchState.COMPLETED:
                raise SearchNotCompleted
            hits: list[FoundScene] = []
            # In parts, between which others are served.
            for offset in range(0, self._most, _AT_ONCE):
                part = await queries.hits(tx, search, offset, min(_AT_ONCE, self._most - offset))
                hits += part
                if len(part) < _AT_ONCE:
                    break
        return hits


async def _find(tx: Transaction, caller: Caller, workspace_name: str, search_id: str) -> StoredSearch:
    workspace = await visible_workspace(tx, caller, workspace_name)
    found = None if "\x00" in search_id else await queries.find(tx, workspace, search_id)
    if found is None:
        raise SearchNotFound
    return found


async def _check(tx: Transaction, caller: Caller, workspace: WorkspaceId, request: SearchRequest) -> None:
    """Everything that a request names is there."""
    scope = request.scope
    if missing := await scope_queries.missing_projects(tx, workspace, scope.project_ids or ()):
        raise ProjectNotFound(FieldProblem("filter.projectIds", f"there is no {_named('project', missing[0])}"))
    if missing := await scope_queries.missing_assets(tx, workspace, scope.asset_ids or ()):
        raise AssetNotFound(FieldProblem("filter.assetIds", f"there is no {_named('asset', missing[0])}"))
    persons = request.persons
    named = {"must": persons.must, "any": persons.any, "not": persons.none}
    roots = await roots_of(tx, workspace, [person_id for ids in named.values() for person_id in ids])
    for kind, ids in named.items():
        for person_id in ids:
            if roots.get(person_id) != person_id:
                await existing_person(tx, workspace, person_id, f"query.personQuery.{kind}")
    if request.picture_key is not None:
        await query_picture(tx, caller.user_name, request.picture_key, "query.imageQuery")


def _named(kind: str, number: int) -> str:
    # 0 stands for every integer that is no id.
    return f"{kind} {number}" if number else f"such {kind}"
