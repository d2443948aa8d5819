"""Imports as operators and sweeps steer them: cancel, retry, and restore lost jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from scenedex.assets import queries
from scenedex.assets.lifecycle import ImportStatus
from scenedex.jobs import JobKind

if TYPE_CHECKING:
    from scenedex.db.database import Transaction
    from scenedex.jobs import JobId, JobQueue, Work

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.worker")


async def cancel_import(tx: Transaction, asset_id: int, reason: str) -> JobId | None:
    """Fail an import in progress. Return its job, 0 if it has none, or `None` if no import is in progress."""
    return await queries.cancel_import(tx, asset_id, ImportStatus.FAILED.result, reason)


async def retry_import(tx: Transaction, queue: JobQueue, asset_id: int) -> bool:
    """Restart a failed import with a job of its own. Return `False` if none failed, or its upload was removed."""
    work = await queries.restart_import(tx, asset_id)
    if work is None:
        return False
    await _defer(tx, queue, work)
    return True


async def restore_import_jobs(tx: Transaction, queue: JobQueue) -> None:
    """Defer a job for each import in progress that has lost its own."""
    for work in await queries.imports_without_job(tx):
        _log.warning("import.job_lost", asset=work.subject)
        await _defer(tx, queue, work)


async def _defer(tx: Transaction, queue: JobQueue, work: Work) -> None:
    await queries.set_import_job(tx, work.subject, await queue.defer(tx, JobKind.IMPORT, work))
