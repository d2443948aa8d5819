"""Options of the handlers, made from settings: engines, limits and folders."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import structlog

from scenedex.analysis.all_stages import STAGES
from scenedex.analysis.child_runner import ChildRunner
from scenedex.analysis.labels import VOCABULARY_TURN
from scenedex.analysis.run import Perception
from scenedex.analysis.stages.visual import VisualOptions
from scenedex.analysis.vectors import VectorMaker, vector_engines
from scenedex.analysis.work_folders import WorkFolders
from scenedex.assets.acceptance import AcceptanceLimits
from scenedex.engines.embeddings import PICTURE_TEXTS, PICTURES
from scenedex.engines.faces import FACES
from scenedex.engines.registry import OFF
from scenedex.engines.selection import NotAnalysed, runnable_engines, select_engines, vocabulary_of
from scenedex.jobs import JobKind
from scenedex.media.child import ChildLimits
from scenedex.media.machine_budget import MachineBudget, default_memory_bytes
from scenedex.pictures.checks import PictureCheckOptions
from scenedex.pictures.examination import StillForm
from scenedex.pictures.records import PicturePurpose
from scenedex.pictures.verdict import PictureRule
from scenedex.playback.proxy_job import ProxyLimits
from scenedex.reconciliation.ownership import MARK
from scenedex.search.code_cache import CodeCache
from scenedex.search.embedding import QueryEmbedder, engine_opener
from scenedex.search.likeness import NearestScenes
from scenedex.search.scene_search import SceneSearchOptions
from scenedex.settings import SettingsInvalid

if TYPE_CHECKING:
    from pathlib import Path

    from scenedex.engines.engine import EngineChoice
    from scenedex.engines.port import Port
    from scenedex.engines.registry import EngineRegistry
    from scenedex.metrics import Metrics
    from scenedex.settings import LimitSettings, MediaSettings, Settings, WorkerSettings
    from scenedex.wiring import Platform

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.worker")
_MAX_QUERY_FACES: Final = 5
# Stills of a six-hour film, two a second, take some gigabytes. Stages declare less for shorter ones.
_MAX_WRITTEN_BYTES: Final = 16 * 1024**3
_MAX_PICTURE_BYTES: Final = 256 * 1024**2
# A search by picture opens several engines, each with networks that have a pool of threads.
_THREADS_OF_LIBRARIES: Final = 64
_POOLS: Final = 16


def acceptance(limits: LimitSettings) -> AcceptanceLimits:
    """Return the limits of accepted files."""
    return AcceptanceLimits(
        min_short_side=limits.min_short_side,
        min_intact_share=limits.min_intact_share,
        max_short_side=limits.max_short_side,
        max_video_seconds=limits.max_video_seconds,
        max_video_bytes=limits.max_video_bytes,
        max_image_bytes=limits.max_image_bytes,
    )


def work_folder(settings: Settings) -> Path:
    """Return the folder for work on this machine."""
    return settings.data_dir / "work"


def written_folders(platform: Platform) -> list[Path]:
    """Make and return the folders that this machine writes to: for work, and of local storage."""
    work, stored = work_folder(platform.settings), platform.managed.local_path(MARK)
    folders = [work] if stored is None else [work, stored.parent]
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    return folders


def require_known_names(workers: WorkerSettings) -> None:
    """Check that the kinds of jobs and the stages of the settings exist.

    Raises:
        SettingsInvalid: one does not. The message names the setting, its value and the choices.
    """
    try:
        JobKind.named(workers.queues)
    except ValueError as error:
        raise SettingsInvalid(f"workers.queues: {error}") from error
    stages = [*(stage.name for stage in STAGES), VOCABULARY_TURN]
    for name in workers.stages_at_a_time:
        if name not in stages:
            raise SettingsInvalid(f"workers.stages_at_a_time: {name!r} is none of {', '.join(stages)}")


def turns(settings: Settings) -> MachineBudget:
    """Return the turns that all workers of this machine take."""
    workers = settings.workers
    return MachineBudget(
        work_folder(settings) / "turns",
        memory_bytes=workers.memory_bytes or default_memory_bytes(),
        max_concurrent={str(stage): maximum for stage, maximum in workers.stages_at_a_time.items()},
    )


def max_analyses(settings: Settings) -> int:
    """Return the maximum number of analyses that a process runs at a time: by default one for each four cores."""
    return settings.workers.analyses or max(1, (os.cpu_count() or 1) // 4)


def perception(settings: Settings, registry: EngineRegistry, metrics: Metrics) -> Perception:
    """Return the engines, limits and folders of analyses."""
    engines, machine_turns = settings.engines, turns(settings)
    return Perception(
        settings=engines,
        registry=registry,
        weights=settings.weights_folder,
        vocabulary=vocabulary_of(engines),
        work=WorkFolders(work_folder(settings)),
        decode_threads=settings.media.decode_threads,
        runner=child_runner(settings, machine_turns, metrics),
        turns=machine_turns,
    )


def child_runner(settings: Settings, machine_turns: MachineBudget, metrics: Metrics) -> ChildRunner:
    """Return what runs the child steps of stages, within the limits of the settings."""
    media = settings.media

    def limits(memory_bytes: int) -> ChildLimits:
        memory = machine_turns.cap(memory_bytes)
        found = child_limits(media, media.analysis_seconds, memory, metrics)
        return replace(found, max_threads=_max_threads(media.decode_threads, settings.engines.threads))

    return ChildRunner(limits(media.memory_bytes), limits(settings.engines.memory_bytes), machine_turns, metrics)


def picture_check_options(settings: Settings, registry: EngineRegistry, metrics: Metrics) -> PictureCheckOptions:
    """Return the engines, rules and limits of picture checks."""
    engines, limits, media = settings.engines, settings.limits, settings.media
    seen = VisualOptions()

    def selected(port: str) -> EngineChoice | NotAnalysed:
        found = select_engines(engines, settings.weights_folder, "ENKO", registry=registry)[port]
        return found if isinstance(found, NotAnalysed) else found.choice

    def embedders() -> tuple[EngineChoice, ...] | NotAnalysed:
        found = selected(PICTURES.name)
        if isinstance(found, NotAnalysed):
            return found
        # Some scenes may have vectors of a former engine only.
        runnable = runnable_engines(PICTURES, settings.weights_folder, registry=registry)
        return found, *(one for one in runnable if one != found)

    return PictureCheckOptions(
        rules={
            PicturePurpose.PERSON_THUMBNAIL: PictureRule(
                formats=("jpg", "png", "webp"),
                min_side=limits.min_thumbnail_side,
                needs_face=True,
                max_faces=1,
                is_embedded=False,
            ),
            PicturePurpose.QUERY_IMAGE: PictureRule(
                formats=("jpg", "png", "webp", "heic"),
                min_side=limits.min_query_side,
                needs_face=False,
                max_faces=_MAX_QUERY_FACES,
                is_embedded=True,
            ),
        },
        faces=lambda: selected(FACES.name),
        embedders=embedders,
        # The form that an analysis gives stills, whose vectors are compared with those of query pictures.
        still=StillForm(seen.picture_height, seen.still_quality),
        threads=engines.threads,
        max_bytes=limits.max_picture_bytes,
        work=work_folder(settings),
        limits=replace(
            child_limits(media, media.probe_seconds, engines.memory_bytes, metrics),
            file_size_bytes=_MAX_PICTURE_BYTES,
            max_threads=_max_threads(engines.threads),
        ),
    )


def proxy_limits(settings: Settings, metrics: Metrics) -> ProxyLimits:
    """Return the limits of proxies."""
    media, machine_turns = settings.media, turns(settings)
    child = child_limits(media, media.analysis_seconds, machine_turns.cap(media.memory_bytes), metrics)
    return ProxyLimits(
        short_side=settings.playback.short_side,
        threads=media.decode_threads,
        probe=child_limits(media, media.probe_seconds, media.memory_bytes, metrics),
        child=child,
        turns=machine_turns,
        work=work_folder(settings),
    )


def selected(port: Port[Any], settings: Settings, registry: EngineRegistry) -> EngineChoice | NotAnalysed:
    """Return the engine of a port whose work is in any language, or the reason that there is none."""
    found = select_engines(settings.engines, settings.weights_folder, "ENKO", registry=registry)[port.name]
    return found if isinstance(found, NotAnalysed) else found.choice


def scene_search_options(settings: Settings, registry: EngineRegistry) -> SceneSearchOptions:
    """Return the engines and limits of searches for scenes."""
    search = settings.search
    return SceneSearchOptions(
        # A query is a few words. More threads would wait for each other longer than they work.
        embedder=QueryEmbedder(engine_opener(registry, settings.weights_folder, threads=1)),
        registry=registry,
        compares_meaning=settings.engines.meaning != OFF,
        selected_engines=lambda: {
            space: str(choice.engine)
            for space, choice in vector_engines(settings.engines, settings.weights_folder, registry).items()
        },
        understands_text=lambda engine: registry.has_name(engine, PICTURE_TEXTS),
        nearest=NearestScenes(CodeCache(search.code_cache_mib * 1024**2), search.exact_scenes),
        max_hits=search.max_hits,
        min_scores={"LOW": search.score_low, "MEDIUM": search.score_medium, "HIGH": search.score_high},
    )


def vector_maker(settings: Settings, metrics: Metrics) -> VectorMaker:
    """Return what makes the vectors of scenes again."""
    runner = child_runner(settings, turns(settings), metrics)
    return VectorMaker(runner, work_folder(settings), settings.engines.threads)


def log_missing_engines(settings: Settings, registry: EngineRegistry) -> None:
    """Log what this worker cannot analyse, and the command that would change it, except missing weights."""
    for plugin in registry.rejected:
        _log.warning("engines.rejected", distribution=plugin.distribution, reason=plugin.reason)
    for engine in select_engines(settings.engines, settings.weights_folder, "ENKO", registry=registry):
        if isinstance(engine, NotAnalysed) and engine.weights is None:
            _log.warning("stage.not_analysed", stage=engine.port, reason=engine.reason, remedy=engine.command)


def child_limits(media: MediaSettings, wall_seconds: float, memory_bytes: int, metrics: Metrics) -> ChildLimits:
    """Return the limits of a process that opens media or runs an engine, whose failures are counted."""
    return replace(_limits(media, wall_seconds, memory_bytes), on_failure=metrics.note_child_failure)


def inspected_limits(settings: Settings) -> ChildLimits:
    """Return the limits of the process by which the walls of this machine are inspected."""
    return _limits(settings.media, settings.media.probe_seconds, settings.media.memory_bytes)


def _max_threads(*wanted: int) -> int:
    """Return the maximum number of threads of a process whose pools have `wanted` threads each. 0: one per core."""
    return _THREADS_OF_LIBRARIES + _POOLS * max(os.cpu_count() or 1, *wanted)


def _limits(media: MediaSettings, wall_seconds: float, memory_bytes: int) -> ChildLimits:
    return ChildLimits(
        memory_bytes=memory_bytes,
        cpu_seconds=int(wall_seconds * 8),
        wall_seconds=wall_seconds,
        stall_seconds=media.stall_seconds,
        file_size_bytes=_MAX_WRITTEN_BYTES,
        max_pixels=media.max_pixels,
        max_threads=_max_threads(media.decode_threads),
        first_user_id=media.first_user_id or None,
    )
