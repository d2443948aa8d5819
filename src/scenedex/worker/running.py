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
from scenedex.measures.reporting import Reporter
from scenedex.pictures.checking import Checking
from scenedex.search.reindexing import Reindexing
from scenedex.search.run import Searching
from scenedex.worker import equipment, housekeeping
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
        equipment.folders_written(platform),
        least_free_bytes=settings.workers.free_disk_bytes,
        measures=platform.measures,
    )
    await readiness.begin()
    _log.info("worker.started", queues=settings.workers.queues)
    equipment.tell_engines(settings)
    workers, media, measures = settings.workers, settings.media, platform.measures
    importing = Importing(
        platform.database,
        platform.sources,
        platform.managed,
        acceptance=equipment.acceptance(settings.limits),
        child=equipment.child_limits(media, media.probe_seconds, media.memory_bytes, measures.note_child_failure),
        readiness=readiness,
        max_attempts=workers.max_attempts,
    )
    analysing = Analysing(
        platform.database,
        platform.queue,
        platform.managed,
        perception=equipment.perception(settings, measures.note_child_failure),
        measures=measures,
        readiness=readiness,
        max_attempts=workers.max_attempts,
    )
    checking = Checking(
        platform.database,
        platform.managed,
        looking=equipment.looking_at_pictures(settings, measures.note_child_failure),
        readiness=readiness,
        max_attempts=workers.max_attempts,
    )
    searching = Searching(
        platform.database,
        looking=equipment.looking_for_scenes(settings),
        measures=measures,
        max_attempts=workers.max_attempts,
    )
    reindexing = Reindexing(
        platform.database,
        platform.managed,
        remaking=equipment.remaking(settings, measures.note_child_failure),
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
        {kind: Measured(kind, handlers[kind], measures) for kind in map(JobKind, workers.queues.split(","))},
        readiness=readiness,
        concurrency={
            JobKind.IMPORT: workers.imports,
            JobKind.ANALYSIS: equipment.analyses_at_a_time(settings),
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
        group.create_task(Reporter(platform.database, measures, new_name).go_on(), name="measures")
        group.create_task(housekeeping.go_on_keeping(platform), name="housekeeping")
        group.create_task(housekeeping.go_on_tidying(platform), name="tidying")
        group.create_task(housekeeping.go_on_keeping_vector_indexes(platform), name="vector indexes")
