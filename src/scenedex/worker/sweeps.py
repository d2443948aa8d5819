"""Periodic sweeps: rows that have lost their job, expired rows, and leftovers of killed workers."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import structlog
from psycopg import OperationalError

from scenedex.analysis.service import drop_artefacts, running_analyses
from scenedex.analysis.work_folders import WorkFolders
from scenedex.assets.uploads import drop_expired
from scenedex.audit import service as audit
from scenedex.auth.openid.accounts import delete_idle_accounts
from scenedex.auth.replays import delete_expired_calls
from scenedex.auth.sessions import delete_ended_sessions
from scenedex.auth.sign_in_links import delete_expired_links
from scenedex.db.database import DatabaseUnavailable
from scenedex.imports.service import delete_old_reports
from scenedex.jobs.state import delete_old_jobs
from scenedex.media.work_folder import remove_abandoned_folders
from scenedex.metrics.reports import fold_reports
from scenedex.pictures.uploads import delete_expired_pictures
from scenedex.questions.service import delete_expired_questions
from scenedex.search import code_sets
from scenedex.search.service import delete_expired_searches
from scenedex.search.warming import warm_up
from scenedex.watches.job import request_due_watches
from scenedex.webhooks.retention import keep_bounds
from scenedex.worker import options
from scenedex.worker.handlers import KINDS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from scenedex.search.scene_search import SceneSearchOptions
    from scenedex.wiring import Platform

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.worker")
_SECONDS_BETWEEN_SWEEPS: Final = 20
_SECONDS_BETWEEN_LOOKS: Final = 1
_SECONDS_BETWEEN_FOLDER_SWEEPS: Final = 300
_MAX_PAUSE_SECONDS: Final = 3600
# Many reports. A worker that continues after such a silence reports under another name.
_SILENT: Final = timedelta(minutes=5)
# An arbitrary constant, the same in every release.
_SWEEP_LOCK: Final = 0x5CE9EDF


async def sweep_periodically(platform: Platform) -> None:
    """Sweep the database from time to time until cancelled."""
    await _repeat(lambda: sweep(platform), _SECONDS_BETWEEN_SWEEPS, "sweep.interrupted")


async def request_looks_periodically(platform: Platform) -> None:
    """Give watches that have something to do a job, each second until cancelled."""

    async def request() -> None:
        async with platform.database.transaction() as tx:
            await request_due_watches(tx, platform.queue)

    await _repeat(request, _SECONDS_BETWEEN_LOOKS, "watches.interrupted")


async def sweep_work_folders_periodically(platform: Platform) -> None:
    """Sweep the work folders of this machine from time to time until cancelled."""
    await _repeat(lambda: sweep_work_folders(platform), _SECONDS_BETWEEN_FOLDER_SWEEPS, "work_folder_sweep.interrupted")


async def maintain_code_sets(platform: Platform) -> None:
    """Maintain the sign codes of vectors until cancelled. Retry a failed build at growing intervals."""
    await _repeat(
        lambda: code_sets.maintain(platform.database),
        _SECONDS_BETWEEN_SWEEPS,
        "search.codes_failed",
        max_seconds=_MAX_PAUSE_SECONDS,
    )


async def keep_warm(platform: Platform, scene_search: SceneSearchOptions) -> None:
    """Prepare for searches of large archives, at the start and from time to time until cancelled."""
    await _repeat(
        lambda: warm_up(platform.database, scene_search),
        _SECONDS_BETWEEN_SWEEPS,
        "search.warming_failed",
        max_seconds=_MAX_PAUSE_SECONDS,
    )


async def _repeat(do: Callable[[], Awaitable[None]], seconds: int, event: str, *, max_seconds: int = 0) -> None:
    """Run again and again. The pause doubles with each failure, up to `max_seconds`."""
    pause = seconds
    while True:
        try:
            await do()
            pause = seconds
        except (DatabaseUnavailable, OperationalError) as error:
            _log.warning(event, reason=next(iter(str(error.__cause__ or error).splitlines()), type(error).__name__))
            pause = max(seconds, min(2 * pause, max_seconds))
        except Exception:  # noqa: BLE001  # a worker outlives every error, and logs it
            _log.exception(event)
            pause = max(seconds, min(2 * pause, max_seconds))
        await asyncio.sleep(pause)


async def sweep(platform: Platform) -> None:
    """Delete expired rows and give rows that have lost their job another. Only one worker does so at a time."""
    async with platform.database.transaction() as tx:
        if not await tx.value("SELECT pg_try_advisory_xact_lock(%(lock)s)", lock=_SWEEP_LOCK):
            return
        await delete_old_jobs(tx)
        await fold_reports(tx, _SILENT)
        await keep_bounds(tx, platform.settings.webhooks)
        await audit.expire(tx, timedelta(days=platform.settings.audit.days))
        await delete_expired_searches(tx)
        await delete_expired_questions(tx)
        await delete_expired_calls(tx)
        await delete_ended_sessions(tx)
        await delete_idle_accounts(tx, timedelta(days=platform.settings.audit.days))
        await delete_expired_links(tx)
        await drop_expired(tx)
        await delete_expired_pictures(tx)
        await delete_old_reports(tx, platform.settings.imports.report_days)
        await drop_artefacts(tx)
        for kind in KINDS.values():
            await kind.requeue_lost(tx, platform.queue)


async def sweep_work_folders(platform: Platform) -> None:
    """Remove leftovers of killed workers of this machine that no worker continues."""
    folder = options.work_folder(platform.settings)
    work = WorkFolders(folder)
    # The folders are listed first: the folder of an analysis that starts meanwhile is not among them.
    left = await asyncio.to_thread(work.index_ids)
    async with platform.database.transaction() as tx:
        running = await running_analyses(tx)
    await asyncio.to_thread(work.remove, left.difference(running))
    await asyncio.to_thread(remove_abandoned_folders, folder)
