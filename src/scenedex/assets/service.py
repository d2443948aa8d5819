"""Registering, reading, moving and deleting assets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from scenedex.assets import page_queries, queries
from scenedex.assets.erasure import request_erasure
from scenedex.assets.errors import AssetBusy, AssetNotFound
from scenedex.assets.notices import ASSET_DELETED, ASSET_MOVED
from scenedex.assets.records import AssetId
from scenedex.audit.notices import Notice, NoticeSubject
from scenedex.audit.service import record
from scenedex.jobs import JobKind
from scenedex.jobs.queue import Work
from scenedex.projects.service import visible_project
from scenedex.workspaces.locks import lock_persons

if TYPE_CHECKING:
    from datetime import datetime

    from scenedex.assets.records import Asset, AssetDetail, AssetPage, AssetPlace, ImportState
    from scenedex.audit.actor import Actor
    from scenedex.auth.caller import Caller
    from scenedex.db.database import Database, Transaction
    from scenedex.jobs.queue import JobQueue
    from scenedex.projects.records import ProjectId
    from scenedex.wire.parsing import PageRequest


class AssetContent(Protocol):
    """Facts about an asset that the slices above know."""

    async def is_analysing(self, tx: Transaction, asset: AssetId) -> bool:
        """Return whether an analysis of the asset waits or runs."""
        ...


async def visible_asset(
    tx: Transaction, caller: Caller, workspace_name: str, project_id: int, asset_id: int, *, lock: bool = False
) -> Asset:
    """Return the asset that a request names, with ``lock`` locked until the end of the transaction.

    Raises:
        WorkspaceNotFound: there is no such workspace, or the caller may not see it.
        ProjectNotFound: there is no such project in it.
        AssetNotFound: there is no such asset in that.
    """
    project = await visible_project(tx, caller, workspace_name, project_id)
    read = queries.lock if lock else queries.find
    found = await read(tx, project, AssetId(asset_id))
    if found is None:
        raise AssetNotFound
    return found


async def workspace_of(tx: Transaction, asset: AssetId) -> int:
    """Return the workspace of an asset."""
    return await queries.workspace_of(tx, asset)


async def place_of(tx: Transaction, asset: AssetId) -> AssetPlace | None:
    """Return the owner, place and file name of an asset, or `None` if it has been deleted."""
    return await queries.place(tx, asset)


async def register(
    tx: Transaction,
    queue: JobQueue,
    project: ProjectId,
    actor: Actor,
    *,
    key: str,
    bucket_name: str | None = None,
    upload_key: str | None = None,
) -> tuple[AssetId, datetime]:
    """Insert an asset, the job that imports it and the event of the call, in one transaction."""
    new = await queries.insert(
        tx,
        project,
        file_name=key.rsplit("/", 1)[-1],
        key=key,
        bucket_name=bucket_name,
        upload_key=upload_key,
        user_name=actor.user_name,
        reads_open_buckets=actor.workspaces is None,
    )
    job = await queue.defer(tx, JobKind.IMPORT, Work(new.asset_id, new.workspace_id))
    await queries.set_import_job(tx, new.asset_id, job)
    await record(tx, actor.entry, created=new.asset_id)
    return new.asset_id, new.created_time


async def remove(tx: Transaction, queue: JobQueue, asset_id: AssetId) -> None:
    """Delete an asset with its index, and cancel its import. No analysis of it waits or runs."""
    await lock_persons(tx, await queries.workspace_of(tx, asset_id))
    job = await queries.delete(tx, asset_id)
    if job is not None:
        await queue.cancel(tx, job)
    await request_erasure(tx, queue)


class Assets:
    """The assets in the database.

    Calls raise `WorkspaceNotFound` if there is no such workspace that the caller may see, `ProjectNotFound` if the
    project is not in it, and `AssetNotFound` if the asset is not in that.
    """

    def __init__(self, database: Database, queue: JobQueue, content: AssetContent) -> None:
        self._database = database
        self._queue = queue
        self._content = content

    async def register(
        self, actor: Actor, workspace_name: str, project_id: int, *, key: str, bucket_name: str
    ) -> tuple[AssetId, datetime]:
        """Register an object of a bucket, which a worker then imports. Return the id and time of creation."""
        async with self._database.transaction() as tx:
            project = await visible_project(tx, actor, workspace_name, project_id, hold=True)
            return await register(tx, self._queue, project, actor, key=key, bucket_name=bucket_name)

    async def page(
        self, caller: Caller, workspace_name: str, project_id: int, page: PageRequest, zone: str
    ) -> AssetPage:
        """Return a page of a project's assets, oldest first, with times of that time zone."""
        async with self._database.reading() as tx:
            project = await visible_project(tx, caller, workspace_name, project_id)
            return await page_queries.page(tx, project, page.offset, page.size, zone)

    async def get(self, caller: Caller, workspace_name: str, project_id: int, asset_id: int) -> AssetDetail:
        """Return an asset with further facts about its content."""
        async with self._database.transaction() as tx:
            project = await visible_project(tx, caller, workspace_name, project_id)
            found = await queries.find_detail(tx, project, AssetId(asset_id))
            if found is None:
                raise AssetNotFound
            return found

    async def import_state(self, caller: Caller, workspace_name: str, project_id: int, asset_id: int) -> ImportState:
        """Return the progress and result of an import."""
        async with self._database.transaction() as tx:
            project = await visible_project(tx, caller, workspace_name, project_id)
            found = await queries.import_state(tx, project, AssetId(asset_id))
            if found is None:
                raise AssetNotFound
            return found

    async def move(
        self, actor: Actor, workspace_name: str, project_id: int, asset_id: int, new_project_id: int
    ) -> Asset:
        """Move an asset with its index to another project of its workspace.

        Raises:
            ProjectNotFound: one of the two projects is not in the workspace.
        """
        async with self._database.transaction() as tx:
            asset = await visible_asset(tx, actor, workspace_name, project_id, asset_id, lock=True)
            target = await visible_project(tx, actor, workspace_name, new_project_id, hold=True)
            if target == asset.project_id:
                return asset
            subject = NoticeSubject(project_id=target, asset_id=asset.asset_id)
            await record(tx, actor.entry, notice=Notice(ASSET_MOVED, subject))
            moved = await queries.move(tx, asset.asset_id, target, actor.user_name)
            return moved or asset

    async def delete(self, actor: Actor, workspace_name: str, project_id: int, asset_id: int) -> None:
        """Delete an asset with its index. A running import is cancelled. The user's object is not touched.

        Raises:
            AssetBusy: an analysis of the asset waits or runs.
        """
        async with self._database.transaction() as tx:
            asset = await visible_asset(tx, actor, workspace_name, project_id, asset_id, lock=True)
            if await self._content.is_analysing(tx, asset.asset_id):
                raise AssetBusy
            await remove(tx, self._queue, asset.asset_id)
            subject = NoticeSubject(project_id=asset.project_id, asset_id=asset.asset_id)
            await record(tx, actor.entry, notice=Notice(ASSET_DELETED, subject))
