"""Handlers of the kinds of jobs, made from settings. A kind that a worker can run has one row in `KINDS`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, TypeVar
from zoneinfo import ZoneInfo

from scenedex.analysis.run import AnalysisHandler
from scenedex.analysis.service import requeue_lost_analyses
from scenedex.analysis.vectors import vector_engines
from scenedex.assets.erasure import ErasureHandler, request_due_erasures
from scenedex.assets.import_control import requeue_lost_imports
from scenedex.assets.import_job import ImportHandler
from scenedex.assets.source_listing import ReadableSources
from scenedex.engines.answers import ANSWERS
from scenedex.engines.loader import open_engine
from scenedex.engines.summaries import SUMMARIES
from scenedex.imports.arrivals import request_arrived
from scenedex.imports.bulk_job import BulkImportHandler, requeue_lost_bulk_imports
from scenedex.jobs import JobKind
from scenedex.jobs.attempts import Attempts, Claim
from scenedex.jobs.readiness import AlwaysReady
from scenedex.pictures.checks import PictureCheckHandler, requeue_lost_checks
from scenedex.playback.proxy_job import ProxyHandler
from scenedex.playback.requests import request_after_import, requeue_lost_proxies
from scenedex.questions.run import QuestionHandler
from scenedex.questions.service import requeue_lost_questions
from scenedex.search.reindex_requests import sweep_reindexings
from scenedex.search.reindexing import ReindexHandler
from scenedex.search.run import SearchHandler
from scenedex.search.service import requeue_lost_searches
from scenedex.summaries.run import SummaryHandler
from scenedex.summaries.service import requeue_lost_summaries
from scenedex.summaries.use import MonthlyLimits
from scenedex.watches.arrivals import WatchArrivals
from scenedex.watches.job import WatchHandler, request_due_watches
from scenedex.worker import options
from scenedex.worker.model_service import model_service

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from scenedex.assets.records import AssetId
    from scenedex.db.database import Transaction
    from scenedex.engines.registry import EngineRegistry
    from scenedex.jobs.attempts import AttemptHandler
    from scenedex.jobs.queue import JobQueue
    from scenedex.jobs.readiness import Readiness
    from scenedex.jobs.runner import JobHandler
    from scenedex.search.scene_search import SceneSearchOptions
    from scenedex.settings import Settings
    from scenedex.wiring import Platform

ClaimT = TypeVar("ClaimT", bound=Claim)


@dataclass(frozen=True, slots=True)
class WorkerParts:
    """Parts of a worker process that its handlers share."""

    platform: Platform
    readiness: Readiness
    registry: EngineRegistry
    scene_search: SceneSearchOptions


@dataclass(frozen=True, slots=True)
class WorkerKind:
    """A kind of job as a worker runs it.

    Attributes:
        make_handler: makes the handler of a process.
        concurrency: returns the maximum number of such jobs that one process runs at a time.
        requeue_lost: gives rows that have lost their job another, and requests jobs that are due.
    """

    make_handler: Callable[[WorkerParts], JobHandler]
    concurrency: Callable[[Settings], int]
    requeue_lost: Callable[[Transaction, JobQueue], Awaitable[None]]


def _attempts(parts: WorkerParts, handler: AttemptHandler[ClaimT], *, readiness: Readiness | None = None) -> JobHandler:
    max_attempts = parts.platform.settings.workers.max_attempts
    ready = readiness or parts.readiness
    return Attempts(handler, parts.platform.database, readiness=ready, max_attempts=max_attempts)


def _imports(parts: WorkerParts) -> JobHandler:
    platform = parts.platform
    settings, media = platform.settings, platform.settings.media
    handler = ImportHandler(
        platform.database,
        platform.sources,
        platform.managed,
        acceptance=options.acceptance(settings.limits),
        child=options.child_limits(media, media.probe_seconds, media.memory_bytes, platform.metrics),
        open_buckets=settings.storage.open_buckets,
        on_completed=_after_import(platform),
    )
    return _attempts(parts, handler)


def _after_import(platform: Platform) -> Callable[[Transaction, AssetId], Awaitable[None]]:
    """Return what follows a completed import, in its transaction."""
    queue, settings = platform.queue, platform.settings
    zone = ZoneInfo(settings.server.time_zone)

    async def request_rest(tx: Transaction, asset_id: AssetId) -> None:
        await request_after_import(queue, settings.playback.proxies, tx, asset_id)
        await request_arrived(queue, lambda: datetime.now(zone).date().replace(day=1), tx, asset_id)

    return request_rest


def _bulk_imports(parts: WorkerParts) -> JobHandler:
    platform, settings = parts.platform, parts.platform.settings
    handler = BulkImportHandler(
        platform.database,
        platform.queue,
        ReadableSources(platform.database, platform.sources, open_buckets=settings.storage.open_buckets),
        acceptance=options.acceptance(settings.limits),
        max_assets=settings.limits.max_assets,
    )
    return _attempts(parts, handler)


def _analyses(parts: WorkerParts) -> JobHandler:
    platform = parts.platform
    handler = AnalysisHandler(
        platform.database,
        platform.queue,
        platform.managed,
        perception=options.perception(platform.settings, parts.registry, platform.metrics),
    )
    return _attempts(parts, handler)


def _erasures(parts: WorkerParts) -> JobHandler:
    # An erasure is tried until it succeeds.
    return ErasureHandler(parts.platform.database, parts.platform.managed)


def _picture_checks(parts: WorkerParts) -> JobHandler:
    platform = parts.platform
    checks = options.picture_check_options(platform.settings, parts.registry, platform.metrics)
    return _attempts(parts, PictureCheckHandler(platform.database, platform.managed, checks))


def _searches(parts: WorkerParts) -> JobHandler:
    platform = parts.platform
    handler = SearchHandler(platform.database, options=parts.scene_search, metrics=platform.metrics)
    # A search needs the database alone, so it is always ready.
    return _attempts(parts, handler, readiness=AlwaysReady())


def _reindexings(parts: WorkerParts) -> JobHandler:
    platform, settings = parts.platform, parts.platform.settings
    handler = ReindexHandler(
        platform.database,
        platform.managed,
        engines=lambda: vector_engines(settings.engines, settings.weights_folder, parts.registry),
        vectors=options.vector_maker(settings, platform.metrics),
    )
    return _attempts(parts, handler)


def _proxies(parts: WorkerParts) -> JobHandler:
    platform = parts.platform
    limits = options.proxy_limits(platform.settings, platform.metrics)
    return _attempts(parts, ProxyHandler(platform.database, platform.managed, limits))


def _summaries(parts: WorkerParts) -> JobHandler:
    platform, settings = parts.platform, parts.platform.settings
    service = model_service(settings, platform.metrics)
    handler = SummaryHandler(
        platform.database,
        platform.managed,
        select=lambda: options.selected(SUMMARIES, settings, parts.registry),
        open_summariser=lambda choice: open_engine(SUMMARIES, choice, service=service),
        metrics=platform.metrics,
        limits=MonthlyLimits.of(settings.summaries),
    )
    return _attempts(parts, handler)


def _questions(parts: WorkerParts) -> JobHandler:
    platform, settings = parts.platform, parts.platform.settings
    service = model_service(settings, platform.metrics)
    handler = QuestionHandler(
        platform.database,
        search=parts.scene_search,
        select=lambda: options.selected(ANSWERS, settings, parts.registry),
        open_answerer=lambda choice: open_engine(ANSWERS, choice, service=service),
        limits=MonthlyLimits.of(settings.summaries),
    )
    # As for a search, the database is enough.
    return _attempts(parts, handler, readiness=AlwaysReady())


def _watches(parts: WorkerParts) -> JobHandler:
    platform, settings = parts.platform, parts.platform.settings
    arrivals = WatchArrivals(
        platform.queue,
        acceptance=options.acceptance(settings.limits),
        max_assets=settings.limits.max_assets,
        writes_whole=platform.sources.writes_whole,
    )
    sources = ReadableSources(platform.database, platform.sources, open_buckets=settings.storage.open_buckets)
    return _attempts(parts, WatchHandler(platform.database, sources, arrivals))


KINDS: Final[Mapping[JobKind, WorkerKind]] = {
    JobKind.IMPORT: WorkerKind(_imports, lambda settings: settings.workers.imports, requeue_lost_imports),
    JobKind.ANALYSIS: WorkerKind(_analyses, options.max_analyses, requeue_lost_analyses),
    JobKind.ERASURE: WorkerKind(_erasures, lambda _settings: 1, request_due_erasures),
    JobKind.PICTURE: WorkerKind(_picture_checks, lambda settings: settings.workers.pictures, requeue_lost_checks),
    JobKind.SEARCH: WorkerKind(_searches, lambda settings: settings.workers.searches, requeue_lost_searches),
    JobKind.REINDEXING: WorkerKind(_reindexings, lambda _settings: 1, sweep_reindexings),
    JobKind.PROXY: WorkerKind(_proxies, lambda settings: settings.workers.proxies, requeue_lost_proxies),
    JobKind.SUMMARY: WorkerKind(_summaries, lambda settings: settings.workers.summaries, requeue_lost_summaries),
    JobKind.QUESTION: WorkerKind(_questions, lambda settings: settings.workers.questions, requeue_lost_questions),
    JobKind.BULK_IMPORT: WorkerKind(
        _bulk_imports, lambda settings: settings.workers.bulk_imports, requeue_lost_bulk_imports
    ),
    JobKind.WATCH: WorkerKind(_watches, lambda settings: settings.workers.watches, request_due_watches),
}
