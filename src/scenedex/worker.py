"""A worker process: runs imports, analyses and erasures until it is told to stop."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from scenedex.analysis import queries as analysis_queries
from scenedex.analysis.run import Analysing
from scenedex.assets import erasure
from scenedex.assets import queries as asset_queries
from scenedex.assets.acceptance import AcceptanceLimits
from scenedex.assets.erasure import Erasing
from scenedex.assets.importing import Importing
from scenedex.assets.uploads import drop_expired
from scenedex.jobs import JobKind
from scenedex.jobs.runner import JobRunner
from scenedex.media.child import ChildLimits

if TYPE_CHECKING:
    from scenedex.settings import MediaSettings
    from scenedex.wiring import Platform

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.worker")
_SECONDS_BETWEEN_ROUNDS = 20
# Any constant does, as long as every worker of every release uses the same one.
_HOUSEKEEPING_LOCK = 0x5CE9EDF


async def run_worker(platform: Platform) -> None:
    """Run jobs until cancelled; then running ones get their grace and go back into the queue."""
    settings = platform.settings
    limits, workers, media = settings.limits, settings.workers, settings.media
    importing = Importing(
        platform.database,
        platform.sources,
        platform.managed,
        acceptance=AcceptanceLimits(
            min_short_side=limits.min_short_side,
            max_short_side=limits.max_short_side,
            max_video_seconds=limits.max_video_seconds,
            max_video_bytes=limits.max_video_bytes,
            max_image_bytes=limits.max_image_bytes,
        ),
        child=_limits(media, media.probe_seconds),
        max_attempts=workers.max_attempts,
    )
    analysing = Analysing(
        platform.database,
        platform.queue,
        platform.managed,
        child=_limits(media, media.analysis_seconds),
        threads=media.decode_threads,
        max_attempts=workers.max_attempts,
    )
    runner = JobRunner(
        platform.queue,
        platform.database,
        {
            JobKind.IMPORT: importing,
            JobKind.ANALYSIS: analysing,
            JobKind.ERASURE: Erasing(platform.database, platform.managed),
        },
        concurrency={JobKind.IMPORT: workers.imports, JobKind.ANALYSIS: workers.analyses, JobKind.ERASURE: 1},
        stalled_after_seconds=workers.stalled_after_seconds,
        shutdown_grace_seconds=workers.shutdown_grace_seconds,
    )
    async with asyncio.TaskGroup() as group:
        group.create_task(runner.run(), name="jobs")
        group.create_task(_keep_house(platform), name="housekeeping")


async def _keep_house(platform: Platform) -> None:
    """Mend what no job is responsible for; one worker at a time does it."""
    while True:
        try:
            await keep_house(platform)
        except Exception:  # noqa: BLE001  # a worker outlives whatever happens, and says so
            _log.exception("housekeeping.interrupted")
        await asyncio.sleep(_SECONDS_BETWEEN_ROUNDS)


async def keep_house(platform: Platform) -> None:
    """One round: rows whose job was lost get another, expired uploads and objects without rows go."""
    queue = platform.queue
    async with platform.database.transaction() as tx:
        if not await tx.value("SELECT pg_try_advisory_xact_lock(%s)", _HOUSEKEEPING_LOCK):
            return
        for asset_id in await asset_queries.imports_without_job(tx):
            _log.warning("import.job_lost", asset=asset_id)
            await asset_queries.set_import_job(tx, asset_id, await queue.defer(tx, JobKind.IMPORT, asset_id))
        for index_id in await analysis_queries.analyses_without_job(tx):
            _log.warning("analysis.job_lost", index=index_id)
            await analysis_queries.set_job(tx, index_id, await queue.defer(tx, JobKind.ANALYSIS, index_id))
        await drop_expired(tx)
        if await erasure.has_pending(tx):
            await erasure.request_erasure(tx, queue)


def _limits(media: MediaSettings, wall_seconds: float) -> ChildLimits:
    return ChildLimits(
        memory_bytes=media.memory_bytes,
        cpu_seconds=int(wall_seconds * 8),
        wall_seconds=wall_seconds,
        stall_seconds=media.stall_seconds,
        file_size_bytes=256 * 1024**2,
        max_pixels=media.max_pixels,
    )
