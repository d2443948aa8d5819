"""Running the jobs of one worker process."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from scenedex.engines.registry import EngineRegistry
from scenedex.jobs import JobKind
from scenedex.jobs.runner import JobRunner
from scenedex.metrics.reporting import Reporter
from scenedex.worker import options, sweeps
from scenedex.worker.handlers import KINDS
from scenedex.worker.measuring import Measured, new_name
from scenedex.worker.readiness import MachineReadiness

if TYPE_CHECKING:
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
    options.tell_engines(settings, EngineRegistry.installed())
    workers, metrics = settings.workers, platform.metrics
    kinds = {kind: KINDS[kind] for kind in map(JobKind, workers.queues.split(","))}
    runner = JobRunner(
        platform.queue,
        platform.database,
        {kind: Measured(kind, row.make_handler(platform, readiness), metrics) for kind, row in kinds.items()},
        readiness=readiness,
        concurrency={kind: row.concurrency(settings) for kind, row in kinds.items()},
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
