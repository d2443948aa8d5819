"""Running the jobs of one worker process."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from scenedex.engines.registry import EngineRegistry
from scenedex.jobs import JobKind
from scenedex.jobs.runner import JobRunner
from scenedex.metrics.reports import Reporter
from scenedex.worker import options, sweeps
from scenedex.worker.handlers import KINDS, WorkerParts
from scenedex.worker.isolation import WallInspection
from scenedex.worker.readiness import MachineReadiness
from scenedex.worker.webhooks import send_webhooks

if TYPE_CHECKING:
    from collections.abc import Callable

    from scenedex.wiring import Platform

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.worker")


async def run_worker(platform: Platform, *, on_start: Callable[[], None] = lambda: None) -> None:
    """Run jobs until cancelled. Running jobs then get their grace and go back into the queue.

    ``on_start`` is called once the storage is known to be that of the database.

    Raises:
        StorageOfAnother: the managed storage belongs to another database.
    """
    settings, workers = platform.settings, platform.settings.workers
    readiness = MachineReadiness(
        platform.database,
        platform.managed,
        options.written_folders(platform),
        min_free_bytes=workers.free_disk_bytes,
        metrics=platform.metrics,
        inspect_walls=WallInspection(settings.media.isolation, options.inspected_limits(settings)),
    )
    await readiness.start()
    _log.info("worker.started", queues=workers.queues)
    on_start()
    registry = EngineRegistry.installed()
    options.log_missing_engines(settings, registry)
    scene_search = options.scene_search_options(settings, registry)
    parts = WorkerParts(platform, readiness, registry, scene_search)
    kinds = {kind: KINDS[kind] for kind in JobKind.named(workers.queues)}
    runner = JobRunner(
        platform.queue,
        platform.database,
        {kind: row.make_handler(parts) for kind, row in kinds.items()},
        readiness=readiness,
        metrics=platform.metrics,
        concurrency={kind: row.concurrency(settings) for kind, row in kinds.items()},
        stalled_after_seconds=workers.stalled_after_seconds,
        shutdown_grace_seconds=workers.shutdown_grace_seconds,
    )
    async with asyncio.TaskGroup() as group:
        group.create_task(runner.run(), name="jobs")
        group.create_task(readiness.watch(), name="readiness")
        group.create_task(Reporter(platform.database, platform.metrics).run(), name="metrics")
        group.create_task(sweeps.sweep_periodically(platform), name="sweep")
        group.create_task(sweeps.sweep_work_folders_periodically(platform), name="work folders")
        group.create_task(sweeps.maintain_code_sets(platform), name="sign codes")
        if JobKind.WATCH in kinds:
            group.create_task(sweeps.request_looks_periodically(platform), name="watches")
        if settings.webhooks.concurrency:
            group.create_task(send_webhooks(platform), name="webhooks")
        if JobKind.SEARCH in kinds:
            group.create_task(sweeps.keep_warm(platform, scene_search), name="warm-up")
