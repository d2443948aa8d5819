"""Creating, reading and controlling watches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.audit.service import record
from scenedex.auth.tokens import digest_of, new_token
from scenedex.imports.service import require_analysis_tags
from scenedex.jobs import JobKind
from scenedex.jobs.queue import Work
from scenedex.projects.service import place_of_project, visible_project
from scenedex.watches import queries
from scenedex.watches.errors import TooManyWatches, WatchNotFound
from scenedex.watches.records import WatchStatus

if TYPE_CHECKING:
    from scenedex.assets.source_listing import SourceListing
    from scenedex.audit.actor import Actor
    from scenedex.auth.caller import Caller
    from scenedex.db.database import Database, Transaction
    from scenedex.jobs.queue import JobQueue
    from scenedex.projects.records import ProjectId
    from scenedex.watches.records import Watch, WatchId, WatchOptions
    from scenedex.wire.parsing import PageRequest


class Watches:
    """Watches in the database.

    Calls raise `WorkspaceNotFound` or `ProjectNotFound` if a part of the path does not exist, and `WatchNotFound` if
    the watch is not in the project.
    """

    def __init__(self, database: Database, queue: JobQueue, listing: SourceListing, *, max_watches: int) -> None:
        self._database = database
        self._queue = queue
        self._listing = listing
        self._max_watches = max_watches

    async def create(
        self, actor: Actor, workspace_name: str, project_id: int, options: WatchOptions
    ) -> tuple[Watch, str]:
        """Create a watch, whose first look is at once. Return it with its token for events, of which only a hash stays.

        Raises:
            BucketUnknown: there is no such bucket, or no import of the caller may read any of its objects.
            PersonTagNotFound: a tag of the analysis does not exist in the workspace.
            TooManyWatches: the project has the maximum number of watches.
        """
        await self._listing.require_readable(actor, workspace_name, options.bucket_name)
        token = new_token()
        async with self._database.transaction() as tx:
            project = await visible_project(tx, actor, workspace_name, project_id, hold=True)
            await require_analysis_tags(tx, project, options.analysis)
            if await queries.count(tx, project) >= self._max_watches:
                raise TooManyWatches
            new = await queries.insert(
                tx, project, options, digest_of(token), actor.user_name, reads_open_buckets=actor.workspaces is None
            )
            await self._defer(tx, project, new)
            await record(tx, actor.entry, created=new)
            return await _found(tx, project, new), token

    async def page(
        self, caller: Caller, workspace_name: str, project_id: int, page: PageRequest
    ) -> tuple[list[Watch], int]:
        """Return a page of the watches of a project, oldest first, and their number."""
        async with self._database.snapshot() as tx:
            project = await visible_project(tx, caller, workspace_name, project_id)
            return await queries.page(tx, project, page.offset, page.size), await queries.count(tx, project)

    async def get(self, caller: Caller, workspace_name: str, project_id: int, watch_id: int) -> Watch:
        """Return a watch."""
        async with self._database.transaction() as tx:
            return await _found(tx, await visible_project(tx, caller, workspace_name, project_id), watch_id)

    async def pause(self, actor: Actor, workspace_name: str, project_id: int, watch_id: int) -> Watch:
        """Look at nothing for now. Events are stored until the watch is resumed."""
        async with self._database.transaction() as tx:
            project = await visible_project(tx, actor, workspace_name, project_id)
            await _found(tx, project, watch_id)
            job = await queries.set_status(tx, watch_id, WatchStatus.PAUSED, actor.user_name)
            if job is not None:
                await self._queue.cancel(tx, job)
            await record(tx, actor.entry)
            return await _found(tx, project, watch_id)

    async def resume(self, actor: Actor, workspace_name: str, project_id: int, watch_id: int) -> Watch:
        """Look at once, and go on. An active watch looks at once, too."""
        async with self._database.transaction() as tx:
            project = await visible_project(tx, actor, workspace_name, project_id)
            found = await _found(tx, project, watch_id)
            former = await queries.set_status(tx, watch_id, WatchStatus.ACTIVE, actor.user_name)
            if former is not None:
                await self._queue.cancel(tx, former)
            await self._defer(tx, project, found.watch_id)
            await record(tx, actor.entry)
            return await _found(tx, project, watch_id)

    async def renew_token(self, actor: Actor, workspace_name: str, project_id: int, watch_id: int) -> tuple[Watch, str]:
        """Replace the token for events. The former one is unknown from then on."""
        token = new_token()
        async with self._database.transaction() as tx:
            project = await visible_project(tx, actor, workspace_name, project_id)
            await _found(tx, project, watch_id)
            await queries.set_token(tx, watch_id, digest_of(token), actor.user_name)
            await record(tx, actor.entry)
            return await _found(tx, project, watch_id), token

    async def delete(self, actor: Actor, workspace_name: str, project_id: int, watch_id: int) -> None:
        """Delete a watch. Its assets stay."""
        async with self._database.transaction() as tx:
            project = await visible_project(tx, actor, workspace_name, project_id)
            await _found(tx, project, watch_id)
            job = await queries.delete(tx, watch_id)
            if job is not None:
                await self._queue.cancel(tx, job)
            await record(tx, actor.entry)

    async def _defer(self, tx: Transaction, project: ProjectId, watch_id: WatchId) -> None:
        place = await place_of_project(tx, project)
        work = Work(watch_id, 0 if place is None else place.workspace_id)
        await queries.set_job(tx, watch_id, await self._queue.defer(tx, JobKind.WATCH, work))


async def _found(tx: Transaction, project: ProjectId, watch_id: int) -> Watch:
    found = await queries.find(tx, project, watch_id)
    if found is None:
        raise WatchNotFound
    return found
