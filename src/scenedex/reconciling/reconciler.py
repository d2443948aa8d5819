"""All comparisons, one after the other, and the repair of what they find."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from scenedex.analysis.queries import running
from scenedex.assets.erasure import request_erasure
from scenedex.index.search_entries import recount_terms
from scenedex.reconciling import machine, object_queries, row_queries
from scenedex.reconciling.objects import Objects
from scenedex.reconciling.records import Kind, Report, Tally
from scenedex.workspaces.locks import lock_persons

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from scenedex.db.database import Database
    from scenedex.jobs import JobQueue
    from scenedex.reconciling.records import Options
    from scenedex.storage.objects import UnfinishedWrite
    from scenedex.storage.store import ManagedStore

_MENDED_AT_ONCE: Final = 1000  # of a kind, by one round of housekeeping
_MOST_ROUNDS: Final = 1000
# Workers look for jobs of dead ones three times within the time after which these count as dead.
_PATIENCE: Final = 2
_LONGEST_WRITE: Final = timedelta(days=1)

_BY_HOUSEKEEPING: Final = frozenset(
    {
        Kind.IMPORT_WITHOUT_JOB,
        Kind.ANALYSIS_WITHOUT_JOB,
        Kind.PICTURE_WITHOUT_JOB,
        Kind.SEARCH_WITHOUT_JOB,
        Kind.REINDEXING_WITHOUT_JOB,
        Kind.STUCK_ERASURE,
        Kind.SCENE_WITHOUT_WORDS,
    }
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is compared.

    Attributes:
        database: the rows.
        queue: the jobs.
        managed: the objects.
        work: folder of this machine in which workers work.
        stalled_after_seconds: age of a heartbeat at which a worker counts as dead.
        sweep: one round of what workers do for rows that have lost their jobs.
    """

    database: Database
    queue: JobQueue
    managed: ManagedStore
    work: Path
    stalled_after_seconds: float
    sweep: Callable[[], Awaitable[None]]


class Reconciler:
    """Compares everything that should fit together.

    Args:
        around: what is compared.
        options: how.
    """

    def __init__(self, around: Surroundings, options: Options) -> None:
        self._around = around
        self._options = options
        self._report = Report()
        stalled = timedelta(seconds=_PATIENCE * around.stalled_after_seconds)
        self._moments = row_queries.Moments(options.cutoff, datetime.now(UTC) - stalled)

    async def run(self) -> Report:
        """What was found, and repaired where that is wanted.

        Raises:
            DatabaseUnavailable: the database does not answer.
            StorageError: the storage does not.
        """
        await self._rows()
        if self._options.has_objects:
            await Objects(self._around.database, self._around.managed, self._options, self._report).compare()
            await self._writes()
        await self._machine()
        if self._options.repair:
            async with self._around.database.transaction() as tx:
                await request_erasure(tx, self._around.queue)
        return self._report

    async def _rows(self) -> None:
        for kind in row_queries.KINDS:
            found, examples = await self._find(kind)
            self._report.tallies[kind] = tally = Tally(found, 0, examples)
            if self._options.repair:
                tally.repaired = found - await self._repair_all(kind, found)

    async def _find(self, kind: Kind) -> tuple[int, list[str]]:
        async with self._around.database.transaction() as tx:
            return await row_queries.find(tx, kind, self._moments)

    async def _repair_all(self, kind: Kind, found: int) -> int:
        """Repair until nothing is left or nothing helps; how many are left of those that were found."""
        for _ in range(_MOST_ROUNDS):
            if not found:
                break
            await self._repair(kind)
            left, _examples = await self._find(kind)
            if left >= found:
                break
            found = left
        return found

    async def _repair(self, kind: Kind) -> None:
        database, queue = self._around.database, self._around.queue
        if kind in _BY_HOUSEKEEPING:
            await self._around.sweep()
        elif kind is Kind.JOB_OF_DEAD_WORKER:
            manager = queue.engine.job_manager
            for job in await manager.get_stalled_jobs(
                seconds_since_heartbeat=_PATIENCE * self._around.stalled_after_seconds
            ):
                await manager.retry_job(job)
        elif kind is Kind.MISCOUNTED_WORD:
            async with database.transaction() as tx:
                workspaces = await row_queries.workspaces_miscounted(tx)
            for workspace_id in workspaces:
                async with database.transaction() as tx:
                    await lock_persons(tx, workspace_id)
                    await recount_terms(tx, workspace_id)
        else:
            async with database.transaction() as tx:
                if kind is Kind.JOB_WITHOUT_ROW:
                    for job in await row_queries.jobs_without_row(tx, self._moments):
                        await queue.cancel(tx, job)
                elif kind is Kind.LEFT_OUTPUT:
                    await row_queries.delete_left_outputs(tx, self._moments)
                elif kind is Kind.STRAY_VECTOR:
                    await row_queries.delete_stray_vectors(tx)

    async def _writes(self) -> None:
        async with aclosing(self._around.managed.unfinished()) as writes:
            async for write in writes:
                if write.started < self._options.cutoff and not await self._goes_on(write):
                    if self._options.repair:
                        await self._around.managed.abort(write)
                    example = f"{write.key or 'a file'} since {write.started:%Y-%m-%d %H:%M} ({write.token})"
                    self._report.tallies[Kind.UNFINISHED_WRITE].add(example, repaired=self._options.repair)

    async def _goes_on(self, write: UnfinishedWrite) -> bool:
        if write.key is None or write.started < datetime.now(UTC) - _LONGEST_WRITE:
            return False
        async with self._around.database.transaction() as tx:
            return await object_queries.is_being_written(tx, write.key)

    async def _machine(self) -> None:
        work, tallies = self._around.work, self._report.tallies
        # In this order: an analysis that begins meanwhile is not among those that are looked up.
        with_folders = await asyncio.to_thread(machine.analyses_with_folders, work)
        async with self._around.database.transaction() as tx:
            over = with_folders.difference(await running(tx))
        for folder in await asyncio.to_thread(machine.left_folders, work, over):
            tallies[Kind.LEFT_FOLDER].add(str(folder), repaired=self._options.repair)
        if self._options.repair:
            await asyncio.to_thread(machine.remove_folders, work, over)
        for process in await asyncio.to_thread(machine.left_processes):
            tallies[Kind.LEFT_PROCESS].add(process)
