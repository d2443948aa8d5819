"""Imports as operators and sweeps control them: cancel, retry, and restore lost jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.assets import queries
from scenedex.assets.records import ImportStatus
from scenedex.jobs import JobKind

if TYPE_CHECKING:
    from scenedex.db.database import Transaction
    from scenedex.jobs.queue import JobId, JobQueue


async def cancel_import(tx: Transaction, asset_id: int, reason: str) -> JobId | None:
    """Fail an import in progress. Return its job, 0 if it has none, or `None` if no import is in progress."""
    return await queries.cancel_import(tx, asset_id, ImportStatus.FAILED.result, reason)


async def retry_import(tx: Transaction, queue: JobQueue, asset_id: int) -> bool:
    """Restart a failed import with a job of its own. Return `False` if none failed, or its upload was removed."""
    work = await queries.restart_import(tx, asset_id)
    if work is None:
        return False
    await queries.set_import_job(tx, work.subject, await queue.defer(tx, JobKind.IMPORT, work))
    return True


async def requeue_lost_imports(tx: Transaction, queue: JobQueue) -> None:
    """Give imports in progress that have lost their job another."""
    await queue.requeue(tx, JobKind.IMPORT, await queries.imports_without_job(tx), queries.set_import_job)
