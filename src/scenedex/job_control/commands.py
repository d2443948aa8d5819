"""Cancelling and retrying a job of any kind, in the transaction of the caller."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.analysis.notices import INDEX_CANCELED
from scenedex.analysis.records import AnalysisStatus
from scenedex.analysis.service import AssetAnalyses, begin, lock_analysis, stop
from scenedex.assets.events import notice_of_asset
from scenedex.assets.import_control import cancel_import, retry_import
from scenedex.assets.notices import ASSET_IMPORT_FAILED
from scenedex.assets.records import AssetId
from scenedex.imports.service import cancel_bulk_import, resume_bulk_import
from scenedex.index.records import AnalysisSetting
from scenedex.job_control.records import JobControlRefused, JobName, NoSuchJob
from scenedex.jobs import JobKind
from scenedex.jobs.queue import JobId
from scenedex.playback.notices import PROXY_FAILED
from scenedex.playback.requests import cancel_proxy, retry_proxy
from scenedex.questions.service import cancel_question
from scenedex.search.reindex_requests import cancel_reindexing, request_reindexing
from scenedex.search.service import cancel_search
from scenedex.summaries.notices import SUMMARY_CANCELED
from scenedex.summaries.service import asset_of_run, cancel_run, retry_run

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from scenedex.audit.notices import Notice
    from scenedex.db.database import Transaction
    from scenedex.jobs.queue import JobQueue


_CANCELS: Final[Mapping[JobKind, Callable[[Transaction, int, str], Awaitable[int | None]]]] = {
    JobKind.IMPORT: cancel_import,
    JobKind.SEARCH: cancel_search,
    JobKind.QUESTION: cancel_question,
    JobKind.REINDEXING: cancel_reindexing,
    JobKind.PROXY: cancel_proxy,
}


async def cancel_job(tx: Transaction, queue: JobQueue, name: JobName, user_name: str) -> Notice | None:
    """End a waiting or running job. The row that it serves names the user. Return the notice of it, if there is one.

    Raises:
        NoSuchJob: no job of that name waits or runs.
        JobControlRefused: jobs of this kind cannot be cancelled.
    """
    because = f"Canceled by {user_name}."
    if name.kind is JobKind.ANALYSIS:
        return await _cancel_analysis(tx, queue, name, user_name)
    if name.kind is JobKind.SUMMARY:
        job = await cancel_run(tx, name.subject, because, user_name)
    elif name.kind is JobKind.BULK_IMPORT:
        job = await cancel_bulk_import(tx, name.subject, because, user_name)
    elif name.kind in _CANCELS:
        job = await _CANCELS[name.kind](tx, name.subject, because)
    else:
        raise JobControlRefused(f"{name}: a job of this kind takes a moment and cannot be cancelled")
    if job is None:
        raise _missing(name)
    if job:
        await queue.cancel(tx, JobId(job))
    return await _notice_of_cancel(tx, name)


async def _cancel_analysis(tx: Transaction, queue: JobQueue, name: JobName, user_name: str) -> Notice | None:
    analysis = await lock_analysis(tx, name.subject)
    if analysis is None or not AnalysisStatus(analysis.status).is_running:
        raise _missing(name)
    await stop(tx, queue, analysis, user_name)
    return await notice_of_asset(tx, INDEX_CANCELED, analysis.asset_id, index_id=analysis.index_id)


async def _notice_of_cancel(tx: Transaction, name: JobName) -> Notice | None:
    match name.kind:
        case JobKind.IMPORT:
            return await notice_of_asset(tx, ASSET_IMPORT_FAILED, name.subject)
        case JobKind.PROXY:
            return await notice_of_asset(tx, PROXY_FAILED, name.subject)
        case JobKind.SUMMARY:
            asset_id = await asset_of_run(tx, name.subject)
            if asset_id is None:
                return None
            return await notice_of_asset(tx, SUMMARY_CANCELED, asset_id, scene_summary_id=name.subject)
        case _:
            return None


async def retry_job(  # noqa: C901  # one case a kind
    tx: Transaction, queue: JobQueue, name: JobName, user_name: str
) -> JobName:
    """Start a failed job again. Return the name of the job that does it.

    Raises:
        NoSuchJob: no job of that name failed.
        JobControlRefused: jobs of this kind cannot be retried.
    """
    match name.kind:
        case JobKind.ANALYSIS:
            return await _analyse_again(tx, queue, name, user_name)
        case JobKind.IMPORT:
            if not await retry_import(tx, queue, name.subject):
                raise NoSuchJob(
                    f"{name}: no import of that id failed, or its upload was removed. Upload the file again"
                )
        case JobKind.REINDEXING:
            if not await request_reindexing(tx, queue, name.subject):
                raise NoSuchJob(f"{name}: there is no such workspace, or it is being reindexed")
        case JobKind.PROXY:
            if not await retry_proxy(tx, queue, name.subject, user_name):
                raise NoSuchJob(f"{name}: no proxy of that asset failed")
        case JobKind.BULK_IMPORT:
            if not await resume_bulk_import(tx, queue, name.subject, user_name):
                raise NoSuchJob(f"{name}: no bulk import of that id is paused or has failed")
        case JobKind.SUMMARY:
            return await _summarise_again(tx, queue, name, user_name)
        case _:
            raise JobControlRefused(f"{name}: jobs of this kind cannot be retried")
    return name


async def _analyse_again(tx: Transaction, queue: JobQueue, name: JobName, user_name: str) -> JobName:
    failed = await lock_analysis(tx, name.subject)
    if failed is None or AnalysisStatus(failed.status) not in (
        AnalysisStatus.ANALYZE_FAIL,
        AnalysisStatus.ANALYZE_CANCEL,
    ):
        raise NoSuchJob(f"{name}: no analysis of that id failed")
    setting = msgspec.convert(failed.options, AnalysisSetting)
    again = await begin(tx, queue, AssetId(failed.asset_id), setting, user_name)
    return JobName(JobKind.ANALYSIS, again.index_id)


async def _summarise_again(tx: Transaction, queue: JobQueue, name: JobName, user_name: str) -> JobName:
    asset_id = await asset_of_run(tx, name.subject)
    if asset_id is not None and await AssetAnalyses().is_analysing(tx, AssetId(asset_id)):
        raise NoSuchJob(f"{name}: an analysis of its asset waits or runs")
    again = await retry_run(tx, queue, name.subject, user_name)
    if again is None:
        raise NoSuchJob(f"{name}: no scene summary of that id failed, or a later one has replaced it")
    return JobName(JobKind.SUMMARY, again)


def _missing(name: JobName) -> NoSuchJob:
    return NoSuchJob(f"{name}: no such job waits or runs")
