"""Requests for reindexing, by an operator or because of missing words or vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from scenedex.jobs import JobKind
from scenedex.jobs.queue import Work
from scenedex.search import reindexing_queries as queries

if TYPE_CHECKING:
    from scenedex.db.database import Transaction
    from scenedex.jobs.queue import JobQueue

cancel_reindexing = queries.cancel
reindexing_progress = queries.progress

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.searches")


async def request_reindexing(tx: Transaction, queue: JobQueue, workspace_id: int) -> bool:
    """Request the reindexing of a workspace. Return `False` if one is running or the workspace does not exist."""
    if not await queries.begin(tx, workspace_id):
        return False
    await _defer(tx, queue, workspace_id)
    return True


async def sweep_reindexings(tx: Transaction, queue: JobQueue) -> None:
    """Restore lost jobs of reindexing, and request it where scenes were corrected or were never made searchable."""
    for workspace_id in await queries.without_job(tx):
        _log.warning("reindexing.job_lost", workspace=workspace_id)
        await _defer(tx, queue, workspace_id)
    for workspace_id in await queries.workspaces_behind(tx):
        if await request_reindexing(tx, queue, workspace_id):
            _log.info("reindexing.requested", workspace=workspace_id)


async def _defer(tx: Transaction, queue: JobQueue, workspace_id: int) -> None:
    job = await queue.defer(tx, JobKind.REINDEXING, Work(workspace_id, workspace_id))
    await queries.set_job(tx, workspace_id, job)
