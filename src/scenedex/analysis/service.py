"""Service of analyses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.analysis import output_queries, queries
from scenedex.analysis.errors import AnalysisAlreadyRunning, AnalysisNotRunning, AssetNotReady
from scenedex.analysis.notices import INDEX_CANCELED, INDEX_DELETED
from scenedex.analysis.records import AnalysisStatus
from scenedex.assets.erasure import request_erasure
from scenedex.assets.errors import AssetBusy
from scenedex.assets.events import record_end
from scenedex.assets.service import remove, visible_asset, workspace_of
from scenedex.assets.stored_media import sound_track_count
from scenedex.audit.events import ANALYSIS_ON_ARRIVAL
from scenedex.audit.notices import Notice, NoticeSubject
from scenedex.audit.service import record
from scenedex.index.records import AnalysisSetting
from scenedex.index.service import delete
from scenedex.jobs import JobKind
from scenedex.jobs.queue import JobId
from scenedex.persons.tags import require_tags
from scenedex.projects.service import create_base_project
from scenedex.summaries.service import stop_of_asset
from scenedex.wire.errors import FieldProblem, InvalidRequest
from scenedex.workspaces.locks import lock_persons
from scenedex.workspaces.records import WorkspaceId
from scenedex.workspaces.service import count_analysis

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from scenedex.analysis.records import Analysis
    from scenedex.assets.records import AssetId
    from scenedex.audit.actor import Actor
    from scenedex.auth.caller import Caller
    from scenedex.db.database import Database, Transaction
    from scenedex.jobs.queue import JobQueue
    from scenedex.projects.records import ProjectId

_SUPERSEDED: Final = "Canceled, since the index of the asset is replaced or deleted."


async def begin(
    tx: Transaction, queue: JobQueue, asset_id: AssetId, setting: AnalysisSetting, user_name: str
) -> Analysis:
    """Replace the former analysis of an asset by a new one, with its job, and cancel a summary of its index."""
    await stop_of_asset(tx, queue, asset_id, _SUPERSEDED, user_name)
    analysis = await queries.replace(tx, asset_id, setting, user_name)
    job = await queue.defer(tx, JobKind.ANALYSIS, await queries.work_of(tx, analysis.index_id))
    await queries.set_job(tx, analysis.index_id, job)
    return analysis


async def begin_on_arrival(
    tx: Transaction,
    queue: JobQueue,
    asset_id: AssetId,
    setting: AnalysisSetting | None,
    user_name: str | None,
    *,
    month: date,
) -> None:
    """Begin an analysis of an asset whose import this transaction completes, and count it in the month.

    Without a setting, an asset that has been analysed as a former version of its object is analysed with the options of
    that analysis, by its user. The former index is served until the new one is published.
    """
    former = await queries.lock(tx, asset_id)
    if former is not None and AnalysisStatus(former.status).is_running:
        # It reads the former copy.
        await stop(tx, queue, former, former.created_user_name)
    if setting is None and former is not None:
        setting, user_name = msgspec.convert(former.options, AnalysisSetting), former.created_user_name
    if setting is None or user_name is None:
        return
    analysis = await begin(tx, queue, asset_id, setting, user_name)
    await count_analysis(tx, WorkspaceId(await workspace_of(tx, asset_id)), month)
    await record_end(tx, ANALYSIS_ON_ARRIVAL, asset_id, user_name, created=analysis.index_id)


async def remove_asset(tx: Transaction, queue: JobQueue, asset_id: AssetId, user_name: str) -> None:
    """Delete an asset with its index, and stop its import and analysis. The caller records it."""
    analysis = await queries.lock(tx, asset_id)
    if analysis is not None and AnalysisStatus(analysis.status).is_running:
        await stop(tx, queue, analysis, user_name)
    await remove(tx, queue, asset_id)


async def stop(tx: Transaction, queue: JobQueue, analysis: Analysis, user_name: str) -> None:
    """Stop a waiting or running analysis, whose row is locked. The former index stays."""
    await queries.cancel(tx, analysis.index_id, user_name)
    await output_queries.delete_made_for(tx, analysis.index_id)
    await request_erasure(tx, queue)
    if analysis.job_id is not None:
        await queue.cancel(tx, JobId(analysis.job_id))


async def requeue_lost_analyses(tx: Transaction, queue: JobQueue) -> None:
    """Give analyses that have lost their job another."""
    await queue.requeue(tx, JobKind.ANALYSIS, await queries.analyses_without_job(tx), queries.set_job)


async def lock_analysis(tx: Transaction, index_id: int) -> Analysis | None:
    """Return and lock the analysis of an index id."""
    return await queries.lock_index(tx, index_id)


async def running_analyses(tx: Transaction) -> list[int]:
    """Return the index ids of analyses that wait or run."""
    return await queries.running(tx)


async def drop_artefacts(tx: Transaction) -> None:
    """Delete artefacts of stages whose analysis has ended or was deleted, and outputs of replaced media."""
    await output_queries.delete_left_behind(tx)
    await output_queries.delete_replaced(tx)


class Analyses:
    """Analyses in the database.

    Calls raise `WorkspaceNotFound` if there is no such workspace that the caller may see, `ProjectNotFound` if the
    project is not in it, and `AssetNotFound` if the asset is not in that.
    """

    def __init__(self, database: Database, queue: JobQueue, *, this_month: Callable[[], date]) -> None:
        self._database = database
        self._queue = queue
        self._this_month = this_month

    async def request(
        self, actor: Actor, workspace_name: str, project_id: int, asset_id: int, setting: AnalysisSetting
    ) -> Analysis:
        """Request an analysis of an asset. The former index is served until the new one is published.

        Raises:
            AssetNotReady: its import has not completed.
            PersonTagNotFound: a tag does not exist in the workspace.
            InvalidRequest: the file has no such sound track.
            AnalysisAlreadyRunning: an analysis waits or runs.
        """
        async with self._database.transaction() as tx:
            asset = await visible_asset(tx, actor, workspace_name, project_id, asset_id, lock=True)
            if asset.format is None:
                raise AssetNotReady
            workspace = WorkspaceId(await workspace_of(tx, asset.asset_id))
            if setting.tag_id_list is not None:
                await require_tags(tx, workspace, setting.tag_id_list, "tagIdList")
            if isinstance(setting.audio_tracks, tuple):
                _require_tracks(setting.audio_tracks, await sound_track_count(tx, asset.asset_id))
            former = await queries.find(tx, asset.asset_id)
            if former is not None and AnalysisStatus(former.status).is_running:
                raise AnalysisAlreadyRunning
            analysis = await begin(tx, self._queue, asset.asset_id, setting, actor.user_name)
            await count_analysis(tx, workspace, self._this_month())
            await record(tx, actor.entry, created=analysis.index_id)
            return analysis

    async def latest(self, caller: Caller, workspace_name: str, project_id: int, asset_id: int) -> Analysis | None:
        """Return the latest analysis of an asset, or `None`."""
        async with self._database.transaction() as tx:
            asset = await visible_asset(tx, caller, workspace_name, project_id, asset_id)
            return await queries.find(tx, asset.asset_id)

    async def cancel(self, actor: Actor, workspace_name: str, project_id: int, asset_id: int) -> None:
        """Stop a waiting or running analysis. The former index stays.

        Raises:
            AnalysisNotRunning: no analysis waits or runs.
        """
        async with self._database.transaction() as tx:
            asset = await visible_asset(tx, actor, workspace_name, project_id, asset_id)
            analysis = await queries.lock(tx, asset.asset_id)
            if analysis is None or not AnalysisStatus(analysis.status).is_running:
                raise AnalysisNotRunning
            await stop(tx, self._queue, analysis, actor.user_name)
            subject = NoticeSubject(project_id=asset.project_id, asset_id=asset.asset_id, index_id=analysis.index_id)
            await record(tx, actor.entry, notice=Notice(INDEX_CANCELED, subject))

    async def delete_index(
        self, actor: Actor, workspace_name: str, project_id: int, asset_id: int, *, index_id: int | None = None
    ) -> None:
        """Remove the index of an asset and its latest analysis. With ``index_id``, the index must have this id.

        Raises:
            AssetBusy: an analysis waits or runs.
            IndexNotFound: there is no index, or it has another id.
        """
        async with self._database.transaction() as tx:
            asset = await visible_asset(tx, actor, workspace_name, project_id, asset_id, lock=True)
            if await queries.is_running(tx, asset.asset_id):
                raise AssetBusy
            await stop_of_asset(tx, self._queue, asset.asset_id, _SUPERSEDED, actor.user_name)
            await lock_persons(tx, await workspace_of(tx, asset.asset_id))
            await delete(tx, asset.asset_id, index_id)
            await queries.delete_of(tx, asset.asset_id)
            await output_queries.delete_unused_of(tx, asset.asset_id)
            await request_erasure(tx, self._queue)
            subject = NoticeSubject(project_id=asset.project_id, asset_id=asset.asset_id)
            await record(tx, actor.entry, notice=Notice(INDEX_DELETED, subject))


class _Objects:
    """Objects in storage of the rows below a workspace or project."""

    def __init__(self, queue: JobQueue) -> None:
        self._queue = queue

    async def removed(self, tx: Transaction) -> None:
        """Request the erasure of the objects of rows that this transaction removed."""
        await request_erasure(tx, self._queue)


class WorkspaceAnalyses(_Objects):
    """Answers of analyses to workspaces."""

    async def created(self, tx: Transaction, workspace: WorkspaceId, user_name: str) -> None:
        """Create the base project of a new workspace."""
        await create_base_project(tx, workspace, user_name)

    async def is_busy(self, tx: Transaction, workspace: WorkspaceId) -> bool:
        """Return whether an analysis waits or runs in the workspace."""
        return await queries.is_workspace_running(tx, workspace)


class ProjectAnalyses(_Objects):
    """Answers of analyses to projects."""

    async def is_busy(self, tx: Transaction, project: ProjectId) -> bool:
        """Return whether an analysis waits or runs in the project."""
        return await queries.is_project_running(tx, project)


class AssetAnalyses:
    """Answers of analyses to assets."""

    async def is_analysing(self, tx: Transaction, asset: AssetId) -> bool:
        """Return whether an analysis of the asset waits or runs."""
        return await queries.is_running(tx, asset)


def _require_tracks(wanted: tuple[int, ...], count: int | None) -> None:
    if count is not None and max(wanted) > count:
        has = "no sound track" if count == 0 else f"{count} sound track{'s' if count > 1 else ''}"
        raise InvalidRequest(FieldProblem("audioTracks", f"there is no track {max(wanted)}: the file has {has}"))
