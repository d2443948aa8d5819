"""Requesting, following and controlling bulk imports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scenedex.audit.service import record
from scenedex.imports import queries
from scenedex.imports.errors import BulkImportEnded, BulkImportNotFound
from scenedex.imports.records import BulkImportStatus
from scenedex.jobs import JobKind
from scenedex.persons.tags import require_tags
from scenedex.projects.service import place_of_project, visible_project

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from scenedex.assets.source_listing import SourceListing
    from scenedex.audit.actor import Actor
    from scenedex.auth.caller import Caller
    from scenedex.db.database import Database, Transaction
    from scenedex.imports.records import BulkImport, BulkImportId, BulkImportOptions, SkippedObject
    from scenedex.imports.selection import SkipReason
    from scenedex.index.records import AnalysisSetting
    from scenedex.jobs.queue import JobQueue
    from scenedex.projects.records import ProjectId
    from scenedex.wire.parsing import PageRequest

_LIVE: Final = (BulkImportStatus.WAITING, BulkImportStatus.RUNNING)
_RESUMABLE: Final = (BulkImportStatus.PAUSED, BulkImportStatus.FAILED)
_SKIPS_AT_ONCE: Final = 1000


delete_old_reports = queries.delete_old_skips


async def cancel_bulk_import(tx: Transaction, import_id: int, message: str, user_name: str) -> int | None:
    """End a bulk import that waits or runs. Return its job, 0 if it has none, or `None` if there is no such import."""
    status = BulkImportStatus.CANCELED
    if not await queries.set_status(tx, import_id, status, former=_LIVE, user_name=user_name, message=message):
        return None
    return await queries.job_of(tx, import_id) or 0


async def resume_bulk_import(tx: Transaction, queue: JobQueue, import_id: int, user_name: str) -> bool:
    """Continue a paused or failed bulk import after its last page. Return `False` if there is none."""
    status = BulkImportStatus.WAITING
    if not await queries.set_status(tx, import_id, status, former=_RESUMABLE, user_name=user_name):
        return False
    job = await queue.defer(tx, JobKind.BULK_IMPORT, await queries.work_of(tx, import_id))
    await queries.set_job(tx, import_id, job)
    return True


class BulkImports:
    """Bulk imports in the database.

    Calls raise `WorkspaceNotFound` or `ProjectNotFound` if a part of the path does not exist, and `BulkImportNotFound`
    if the bulk import is not in the project.
    """

    def __init__(self, database: Database, queue: JobQueue, listing: SourceListing) -> None:
        self._database = database
        self._queue = queue
        self._listing = listing

    async def request(
        self, actor: Actor, workspace_name: str, project_id: int, options: BulkImportOptions
    ) -> BulkImport:
        """Request the import of what lies below a prefix.

        Raises:
            BucketUnknown: there is no such bucket, or no import of the caller may read any of its objects.
            PersonTagNotFound: a tag of the analysis does not exist in the workspace.
        """
        await self._listing.require_readable(actor, workspace_name, options.bucket_name)
        async with self._database.transaction() as tx:
            project = await visible_project(tx, actor, workspace_name, project_id, hold=True)
            await require_analysis_tags(tx, project, options.analysis)
            new = await queries.insert(
                tx, project, options, actor.user_name, reads_open_buckets=actor.workspaces is None
            )
            await self._defer(tx, new)
            await record(tx, actor.entry, created=new)
            return await _found(tx, project, new)

    async def page(
        self, caller: Caller, workspace_name: str, project_id: int, page: PageRequest
    ) -> tuple[list[BulkImport], int]:
        """Return a page of the bulk imports of a project, the latest first, and their number."""
        async with self._database.snapshot() as tx:
            project = await visible_project(tx, caller, workspace_name, project_id)
            return await queries.page(tx, project, page.offset, page.size), await queries.count(tx, project)

    async def get(self, caller: Caller, workspace_name: str, project_id: int, import_id: int) -> BulkImport:
        """Return a bulk import."""
        async with self._database.transaction() as tx:
            return await _found(tx, await visible_project(tx, caller, workspace_name, project_id), import_id)

    async def pause(self, actor: Actor, workspace_name: str, project_id: int, import_id: int) -> BulkImport:
        """Pause a bulk import after the page that it is at. Imports of registered assets go on.

        Raises:
            BulkImportEnded: it neither waits nor runs.
        """
        return await self._stop(actor, workspace_name, project_id, import_id, BulkImportStatus.PAUSED, _LIVE)

    async def cancel(self, actor: Actor, workspace_name: str, project_id: int, import_id: int) -> BulkImport:
        """End a bulk import. Assets that it has registered stay, and so do their imports.

        Raises:
            BulkImportEnded: it has completed or was cancelled.
        """
        former = (*_LIVE, *_RESUMABLE)
        return await self._stop(actor, workspace_name, project_id, import_id, BulkImportStatus.CANCELED, former)

    async def resume(self, actor: Actor, workspace_name: str, project_id: int, import_id: int) -> BulkImport:
        """Continue a paused or failed bulk import after its last page.

        Raises:
            BulkImportEnded: it is neither paused nor failed.
        """
        async with self._database.transaction() as tx:
            project = await visible_project(tx, actor, workspace_name, project_id, hold=True)
            await _found(tx, project, import_id)
            if not await resume_bulk_import(tx, self._queue, import_id, actor.user_name):
                raise BulkImportEnded
            await record(tx, actor.entry)
            return await _found(tx, project, import_id)

    async def skipped(  # each part of its path and query
        self,
        caller: Caller,
        workspace_name: str,
        project_id: int,
        import_id: int,
        reason: SkipReason | None,
        page: PageRequest,
    ) -> tuple[list[SkippedObject], int]:
        """Return a page of the objects that a bulk import has skipped, in the order of their keys, and their number."""
        async with self._database.snapshot() as tx:
            found = await _found(tx, await visible_project(tx, caller, workspace_name, project_id), import_id)
            skips = await queries.skips(tx, import_id, reason, after=None, offset=page.offset, limit=page.size)
            return skips, found.skipped.of(reason)

    async def all_skipped(self, import_id: BulkImportId, reason: SkipReason | None) -> AsyncGenerator[SkippedObject]:
        """Yield all objects that a bulk import has skipped, in the order of their keys."""
        after: str | None = ""
        while after is not None:
            async with self._database.transaction() as tx:
                skips = await queries.skips(tx, import_id, reason, after=after, offset=0, limit=_SKIPS_AT_ONCE)
            for one in skips:
                yield one
            after = skips[-1].key if skips else None

    async def _stop(  # each part of its path, and the change
        self,
        actor: Actor,
        workspace_name: str,
        project_id: int,
        import_id: int,
        status: BulkImportStatus,
        former: tuple[BulkImportStatus, ...],
    ) -> BulkImport:
        async with self._database.transaction() as tx:
            project = await visible_project(tx, actor, workspace_name, project_id)
            await _found(tx, project, import_id)
            if not await queries.set_status(tx, import_id, status, former=former, user_name=actor.user_name):
                raise BulkImportEnded
            job = await queries.job_of(tx, import_id)
            if job is not None:
                await self._queue.cancel(tx, job)
            await record(tx, actor.entry)
            return await _found(tx, project, import_id)

    async def _defer(self, tx: Transaction, import_id: BulkImportId) -> None:
        job = await self._queue.defer(tx, JobKind.BULK_IMPORT, await queries.work_of(tx, import_id))
        await queries.set_job(tx, import_id, job)


async def require_analysis_tags(tx: Transaction, project: ProjectId, setting: AnalysisSetting | None) -> None:
    """Check that the tags of an analysis on arrival exist.

    Raises:
        PersonTagNotFound: one of them does not exist in the workspace.
    """
    place = await place_of_project(tx, project)
    if place is not None and setting is not None and setting.tag_id_list is not None:
        await require_tags(tx, place.workspace_id, setting.tag_id_list, "analysis.tagIdList")


async def _found(tx: Transaction, project: ProjectId, import_id: int) -> BulkImport:
    found = await queries.find(tx, project, import_id)
    if found is None:
        raise BulkImportNotFound
    return found
