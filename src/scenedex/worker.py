"""A worker process: runs imports, analyses, checks of pictures and erasures until it is told to stop."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from scenedex.analysis import queries as analysis_queries
from scenedex.analysis.choosing import NotAnalysed, choose, vocabulary_of
from scenedex.analysis.output_queries import delete_left_behind
from scenedex.analysis.run import Analysing, Perception
from scenedex.analysis.vectors import engine_id
from scenedex.analysis.work_folders import WorkFolders
from scenedex.assets import erasure
from scenedex.assets import queries as asset_queries
from scenedex.assets.acceptance import AcceptanceLimits
from scenedex.assets.erasure import Erasing
from scenedex.assets.importing import Importing
from scenedex.assets.uploads import drop_expired
from scenedex.jobs import JobKind
from scenedex.jobs.runner import JobRunner
from scenedex.media.child import ChildLimits
from scenedex.pictures import queries as picture_queries
from scenedex.pictures.checking import Checking, FaceEngine, Looking, NoFaceEngine, remove_left_behind
from scenedex.pictures.records import PicturePurpose
from scenedex.pictures.verdict import PictureRule

if TYPE_CHECKING:
    from pathlib import Path

    from scenedex.settings import MediaSettings, Settings
    from scenedex.wiring import Platform

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.worker")
_SECONDS_BETWEEN_ROUNDS = 20
# Any constant does, as long as every worker of every release uses the same one.
_HOUSEKEEPING_LOCK = 0x5CE9EDF


async def run_worker(platform: Platform) -> None:
    """Run jobs until cancelled; then running ones get their grace and go back into the queue."""
    settings = platform.settings
    _tell_engines(settings)
    await _tidy(platform)
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
        child=_limits(media, media.probe_seconds, media.memory_bytes),
        max_attempts=workers.max_attempts,
    )
    analysing = Analysing(
        platform.database,
        platform.queue,
        platform.managed,
        perception=_perception(settings),
        max_attempts=workers.max_attempts,
    )
    checking = Checking(
        platform.database, platform.managed, looking=looking_at_pictures(settings), max_attempts=workers.max_attempts
    )
    runner = JobRunner(
        platform.queue,
        platform.database,
        {
            JobKind.IMPORT: importing,
            JobKind.ANALYSIS: analysing,
            JobKind.ERASURE: Erasing(platform.database, platform.managed),
            JobKind.PICTURE: checking,
        },
        concurrency={
            JobKind.IMPORT: workers.imports,
            JobKind.ANALYSIS: workers.analyses,
            JobKind.ERASURE: 1,
            JobKind.PICTURE: workers.pictures,
        },
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
        for picture_id in await picture_queries.checks_without_job(tx):
            _log.warning("picture.job_lost", picture=picture_id)
            await picture_queries.set_job(tx, picture_id, await queue.defer(tx, JobKind.PICTURE, picture_id))
        await drop_expired(tx)
        await picture_queries.drop_expired(tx)
        await delete_left_behind(tx)
        if await erasure.has_pending(tx):
            await erasure.request_erasure(tx, queue)


def _work(settings: Settings) -> Path:
    return settings.data_dir / "work"


def _work_folders(settings: Settings) -> WorkFolders:
    return WorkFolders(_work(settings))


async def _tidy(platform: Platform) -> None:
    """Remove what workers of this machine left behind that were killed, where nobody goes on with it."""
    work = _work_folders(platform.settings)
    # In this order: an analysis that begins meanwhile is not among those that are looked up.
    left = await asyncio.to_thread(work.index_ids)
    async with platform.database.transaction() as tx:
        running = await analysis_queries.running(tx)
    await asyncio.to_thread(work.remove, left.difference(running))
    await asyncio.to_thread(remove_left_behind, _work(platform.settings))


def _perception(settings: Settings) -> Perception:
    engines, media = settings.engines, settings.media
    return Perception(
        settings=engines,
        weights=settings.weights_folder,
        vocabulary=vocabulary_of(engines),
        work=_work_folders(settings),
        decode_threads=media.decode_threads,
        limits=_limits(media, media.analysis_seconds, media.memory_bytes),
        engine_limits=_limits(media, media.analysis_seconds, engines.memory_bytes),
    )


def looking_at_pictures(settings: Settings) -> Looking:
    """With what this worker looks at uploaded pictures."""
    engines, limits, media = settings.engines, settings.limits, settings.media

    def faces() -> FaceEngine | NoFaceEngine:
        found = choose(engines, settings.weights_folder, "ENKO").faces
        if isinstance(found, NotAnalysed):
            return NoFaceEngine(found.reason, found.command)
        return FaceEngine(found.choice, engine_id(found.choice))

    return Looking(
        rules={
            PicturePurpose.PERSON_THUMBNAIL: PictureRule(
                formats=("jpg", "png", "webp"), min_side=limits.min_thumbnail_side, needs_face=True
            )
        },
        faces=faces,
        threads=engines.threads,
        max_bytes=limits.max_picture_bytes,
        work=_work(settings),
        limits=_limits(media, media.probe_seconds, engines.memory_bytes),
    )


def _tell_engines(settings: Settings) -> None:
    """Say once what this worker cannot analyse, and what would change it."""
    for in_force in choose(settings.engines, settings.weights_folder, "ENKO"):
        if isinstance(in_force, NotAnalysed):
            _log.warning("stage.not_analysed", stage=in_force.stage, reason=in_force.reason, remedy=in_force.command)


def _limits(media: MediaSettings, wall_seconds: float, memory_bytes: int) -> ChildLimits:
    return ChildLimits(
        memory_bytes=memory_bytes,
        cpu_seconds=int(wall_seconds * 8),
        wall_seconds=wall_seconds,
        stall_seconds=media.stall_seconds,
        # Twice a second a still, six hours long: some gigabytes.
        file_size_bytes=16 * 1024**3,
        max_pixels=media.max_pixels,
    )
