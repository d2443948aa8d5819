"""Running the jobs of one worker process."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from scenedex.analysis.run import Analysing
from scenedex.assets.erasure import Erasing
from scenedex.assets.importing import Importing
from scenedex.jobs import JobKind
from scenedex.jobs.runner import JobRunner
from scenedex.metrics.reporting import Reporter
from scenedex.pictures.checking import Checking
from scenedex.search.reindexing import Reindexing
from scenedex.search.run import Searching
from scenedex.worker import options, sweeps
from scenedex.worker.measuring import Measured, new_name
from scenedex.worker.readiness import MachineReadiness

if TYPE_CHECKING:
    from scenedex.jobs.runner import JobHandler
    from scenedex.wiring import Platform

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.worker")


async def run_worker(platform: Platform) -> None:
    """Run jobs until cancelled; then running ones get their grace and go back into the queue.

    Raises:
        StorageOfAnother: the managed storage is not that of the database.
    """
    settings = platform.settings
    readiness = MachineReadiness(
        platform.database,
        platform.managed,
        options.folders_written(platform),
        least_free_bytes=settings.workers.free_disk_bytes,
        metrics=platform.metrics,
    )
    await readiness.begin()
    _log.info("worker.started", queues=settings.workers.queues)
    options.tell_engines(settings)
    workers, media, metrics = settings.workers, settings.media, platform.metrics
    importing = Importing(
        platform.database,
        platform.sources,
        platform.managed,
        acceptance=options.acceptance(settings.limits),
        child=options.child_limits(media, media.probe_seconds, media.memory_bytes, metrics.note_child_failure),
        readiness=readiness,
        max_attempts=workers.max_attempts,
    )
    analysing = Analysing(
        platform.database,
        platform.queue,
        platform.managed,
        perception=options.perception(settings, metrics.note_child_failure),
        metrics=metrics,
        readiness=readiness,
        max_attempts=workers.max_attempts,
    )
    checking = Checking(
        platform.database,
        platform.managed,
        looking=options.looking_at_pictures(settings, metrics.note_child_failure),
        readiness=readiness,
        max_attempts=workers.max_attempts,
    )
    searching = Searching(
        platform.database,
        looking=options.looking_for_scenes(settings),
        metrics=metrics,
        max_attempts=workers.max_attempts,
    )
    reindexing = Reindexing(
        platform.database,
        platform.managed,
        remaking=options.remaking(settings, metrics.note_child_failure),
        readiness=readiness,
        max_attempts=workers.max_attempts,
    )
    handlers: dict[JobKind, JobHandler] = {
        JobKind.IMPORT: importing,
        JobKind.ANALYSIS: analysing,
        JobKind.ERASURE: Erasing(platform.database, platform.managed),
        JobKind.PICTURE: checking,
        JobKind.SEARCH: searching,
        JobKind.REINDEXING: reindexing,
    }
    runner = JobRunner(
        platform.queue,
        platform.database,
        {kind: Measured(kind, handlers[kind], metrics) for kind in map(JobKind, workers.queues.split(","))},
        readiness=readiness,
        concurrency={
            JobKind.IMPORT: workers.imports,
            JobKind.ANALYSIS: options.analyses_at_a_time(settings),
            JobKind.ERASURE: 1,
            JobKind.PICTURE: workers.pictures,
            JobKind.SEARCH: workers.searches,
            JobKind.REINDEXING: 1,
        },
        stalled_after_seconds=workers.stalled_after_seconds,
        shutdown_grace_seconds=workers.shutdown_grace_seconds,
    )
    async with asyncio.TaskGroup() as group:
        group.create_task(runner.run(), name="jobs")
        group.create_task(readiness.keep(), name="readiness")
        group.create_task(Reporter(platform.database, metrics, new_name).go_on(), name="metrics")
        group.create_task(sweeps.sweep_periodically(platform), name="sweep")
        group.create_task(sweeps.sweep_work_folders_periodically(platform), name="work folders")
        group.create_task(sweeps.maintain_vector_indexes(platform), name="vector indexes")
