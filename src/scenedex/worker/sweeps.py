"""What no job is responsible for: lost jobs, what has expired, what killed workers left behind."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from scenedex.analysis import queries as analysis_queries
from scenedex.analysis.output_queries import delete_left_behind
from scenedex.assets import erasure
from scenedex.assets.imports import restore_import_jobs
from scenedex.assets.uploads import drop_expired
from scenedex.audit import service as audit
from scenedex.jobs import JobKind
from scenedex.jobs.queries import forget_old_jobs
from scenedex.media.work_folder import remove_abandoned_folders
from scenedex.metrics import queries as metric_queries
from scenedex.pictures import queries as picture_queries
from scenedex.search import queries as search_queries
from scenedex.search import vector_index
from scenedex.search.reindex_requests import reindex_again
from scenedex.worker import options

if TYPE_CHECKING:
    from scenedex.wiring import Platform

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.worker")
_SECONDS_BETWEEN_ROUNDS = 20
_SECONDS_BETWEEN_TIDYINGS = 300
_LONGEST_PAUSE_SECONDS = 3600
# Many reports of a worker: one that goes on after so long goes on as another.
_SILENT = timedelta(minutes=5)
# Any constant does, as long as every worker of every release uses the same one.
_HOUSEKEEPING_LOCK = 0x5CE9EDF


async def sweep_periodically(platform: Platform) -> None:
    """Mend what no job is responsible for; one worker at a time does it."""
    while True:
        try:
            await sweep(platform)
        except Exception:  # noqa: BLE001  # a worker outlives whatever happens, and says so
            _log.exception("housekeeping.interrupted")
        await asyncio.sleep(_SECONDS_BETWEEN_ROUNDS)


async def maintain_vector_indexes(platform: Platform) -> None:
    """Keep the database indexes of vectors; what cannot be built is tried more and more seldom."""
    pause = _SECONDS_BETWEEN_ROUNDS
    while True:
        try:
            await vector_index.maintain(platform.database)
            pause = _SECONDS_BETWEEN_ROUNDS
        except Exception:  # noqa: BLE001  # as above; without them, vectors are compared one by one
            _log.exception("search.vector_index_failed")
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
        await asyncio.sleep(pause)


async def sweep_work_folders_periodically(platform: Platform) -> None:
    """Remove from time to time what killed workers of this machine left behind."""
    while True:
        try:
            await sweep_work_folders(platform)
        except Exception:  # noqa: BLE001  # as above
            _log.exception("tidying.interrupted")
        await asyncio.sleep(_SECONDS_BETWEEN_TIDYINGS)


async def sweep(platform: Platform) -> None:
    """One round: rows whose job was lost get another, expired uploads and objects without rows go."""
    queue = platform.queue
    async with platform.database.transaction() as tx:
        if not await tx.value("SELECT pg_try_advisory_xact_lock(%s)", _HOUSEKEEPING_LOCK):
            return
        await restore_import_jobs(tx, queue)
        for lost in await analysis_queries.analyses_without_job(tx):
            _log.warning("analysis.job_lost", index=lost.subject)
            await analysis_queries.set_job(tx, lost.subject, await queue.defer(tx, JobKind.ANALYSIS, lost))
        for lost in await picture_queries.checks_without_job(tx):
            _log.warning("picture.job_lost", picture=lost.subject)
            await picture_queries.set_job(tx, lost.subject, await queue.defer(tx, JobKind.PICTURE, lost))
        for lost in await search_queries.searches_without_job(tx):
            _log.warning("search.job_lost", search=lost.subject)
            await search_queries.set_job(tx, lost.subject, await queue.defer(tx, JobKind.SEARCH, lost))
        await forget_old_jobs(tx)
        await metric_queries.fold(tx, _SILENT)
        await audit.expire(tx, timedelta(days=platform.settings.audit.days))
        await reindex_again(tx, queue)
        await search_queries.drop_expired(tx)
        await drop_expired(tx)
        await picture_queries.drop_expired(tx)
        await delete_left_behind(tx)
        if await erasure.has_pending(tx):
            await erasure.request_erasure(tx, queue)


async def sweep_work_folders(platform: Platform) -> None:
    """Remove what workers of this machine left behind that were killed, where nobody goes on with it."""
    work = options.work_folders(platform.settings)
    # In this order: an analysis that begins meanwhile is not among those that are looked up.
    left = await asyncio.to_thread(work.index_ids)
    async with platform.database.transaction() as tx:
        running = await analysis_queries.running(tx)
    await asyncio.to_thread(work.remove, left.difference(running))
    await asyncio.to_thread(remove_abandoned_folders, options.work_folder(platform.settings))
