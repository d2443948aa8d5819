"""Comparing the parts of an installation, and repairing what does not fit."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from scenedex.analysis.service import running_analyses
from scenedex.analysis.work_folders import WorkFolders
from scenedex.assets.erasure import request_erasure
from scenedex.index.search_entries import recount_terms
from scenedex.jobs import JobKind
from scenedex.jobs.state import is_any_live, jobs_of_dead_workers, waiting_jobs
from scenedex.reconciliation import machine, object_queries, row_queries
from scenedex.reconciliation.objects import Objects
from scenedex.reconciliation.records import MAX_EXAMPLES, FindingKind, Report, Tally
from scenedex.workspaces.locks import lock_persons

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

    from scenedex.db.database import Database, Transaction
    from scenedex.jobs.queue import JobQueue
    from scenedex.jobs.state import JobRef
    from scenedex.reconciliation.records import ReconcileOptions
    from scenedex.storage.objects import UnfinishedWrite
    from scenedex.storage.store import ManagedStore

_JOBS_AT_ONCE: Final = 1000
_MAX_ROUNDS: Final = 1000
# Workers look for jobs of dead workers three times within the time after which a worker counts as dead.
_PATIENCE: Final = 2
_MAX_WRITE_TIME: Final = timedelta(days=1)

# Kinds of findings about rows, and whether a worker's sweep repairs them, in the order of comparison: jobs before the
# rows that may need another.
_ROW_KINDS: Final = {
    FindingKind.JOB_WITHOUT_ROW: False,
    FindingKind.JOB_OF_DEAD_WORKER: False,
    FindingKind.IMPORT_WITHOUT_JOB: True,
    FindingKind.ANALYSIS_WITHOUT_JOB: True,
    FindingKind.PICTURE_WITHOUT_JOB: True,
    FindingKind.PROXY_WITHOUT_JOB: True,
    FindingKind.SEARCH_WITHOUT_JOB: True,
    FindingKind.REINDEXING_WITHOUT_JOB: True,
    FindingKind.STUCK_ERASURE: True,
    FindingKind.LEFT_OUTPUT: False,
    FindingKind.SCENE_WITHOUT_WORDS: True,
    FindingKind.STRAY_VECTOR: False,
    FindingKind.MISCOUNTED_WORD: False,
}


@dataclass(frozen=True, slots=True)
class Installation:
    """Parts of an installation that are compared.

    Attributes:
        work: folder of this machine in which workers work.
        stalled_after_seconds: age of a heartbeat at which a worker counts as dead.
        sweep: one sweep of a worker.
    """

    database: Database
    queue: JobQueue
    managed: ManagedStore
    work: Path
    stalled_after_seconds: float
    sweep: Callable[[], Awaitable[None]]


class Reconciler:
    """Compares rows, objects, jobs and folders."""

    def __init__(self, installation: Installation, options: ReconcileOptions) -> None:
        self._database = installation.database
        self._installation = installation
        self._options = options
        self._report = Report()

    async def run(self) -> Report:
        """Compare everything, and repair what the options allow.

        Raises:
            DatabaseUnavailable: the database does not answer.
            StorageError: the storage does not answer.
        """
        await self._rows()
        if self._options.has_objects:
            await Objects(self._database, self._installation.managed, self._options, self._report).compare()
            await self._writes()
        await self._machine()
        if self._options.repair:
            async with self._database.transaction() as tx:
                await request_erasure(tx, self._installation.queue)
        return self._report

    async def _rows(self) -> None:
        for kind in _ROW_KINDS:
            found, examples = await self._find(kind)
            self._report.tallies[kind] = tally = Tally(found, 0, examples)
            if self._options.repair:
                tally.repaired = found - await self._repair_all(kind, found)

    async def _find(self, kind: FindingKind) -> tuple[int, list[str]]:
        async with self._database.transaction() as tx:
            found: Sequence[object]
            match kind:
                case FindingKind.JOB_WITHOUT_ROW:
                    found = await self._jobs_without_row(tx)
                case FindingKind.JOB_OF_DEAD_WORKER:
                    last_heartbeat = datetime.now(UTC) - timedelta(seconds=self._patience_seconds)
                    found = await jobs_of_dead_workers(tx, last_heartbeat)
                case FindingKind.STUCK_ERASURE:
                    is_erasing = await is_any_live(tx, JobKind.ERASURE)
                    found = [] if is_erasing else await row_queries.stuck_erasures(tx, self._options.cutoff)
                case _:
                    return await row_queries.find(tx, kind, self._options.cutoff)
        return len(found), [str(one) for one in found[:MAX_EXAMPLES]]

    async def _jobs_without_row(self, tx: Transaction) -> list[JobRef]:
        found: list[JobRef] = []
        after = 0
        while jobs := await waiting_jobs(tx, self._options.cutoff, after, _JOBS_AT_ONCE):
            without = await row_queries.jobs_without_row(tx, jobs)
            found += [job for job in jobs if job.id in without]
            after = jobs[-1].id
        return found

    @property
    def _patience_seconds(self) -> float:
        return _PATIENCE * self._installation.stalled_after_seconds

    async def _repair_all(self, kind: FindingKind, found: int) -> int:
        """Repair until nothing is left or a round changes nothing. Return how many of the findings are left."""
        for _ in range(_MAX_ROUNDS):
            if not found:
                break
            await self._repair(kind)
            left, _examples = await self._find(kind)
            if left >= found:
                break
            found = left
        return found

    async def _repair(self, kind: FindingKind) -> None:
        if _ROW_KINDS[kind]:
            await self._installation.sweep()
        elif kind is FindingKind.JOB_OF_DEAD_WORKER:
            await self._installation.queue.retry_stalled_jobs(self._patience_seconds)
        elif kind is FindingKind.MISCOUNTED_WORD:
            async with self._database.transaction() as tx:
                workspaces = await row_queries.workspaces_miscounted(tx)
            for workspace_id in workspaces:
                async with self._database.transaction() as tx:
                    await lock_persons(tx, workspace_id)
                    await recount_terms(tx, workspace_id)
        else:
            async with self._database.transaction() as tx:
                if kind is FindingKind.JOB_WITHOUT_ROW:
                    for job in await self._jobs_without_row(tx):
                        await self._installation.queue.cancel(tx, job.id)
                elif kind is FindingKind.LEFT_OUTPUT:
                    await row_queries.delete_left_outputs(tx, self._options.cutoff)
                elif kind is FindingKind.STRAY_VECTOR:
                    await row_queries.delete_stray_vectors(tx)

    async def _writes(self) -> None:
        async with aclosing(self._installation.managed.unfinished()) as writes:
            async for write in writes:
                if write.started < self._options.cutoff and not await self._is_being_written(write):
                    if self._options.repair:
                        await self._installation.managed.abort(write)
                    example = f"{write.key or 'a file'} since {write.started:%Y-%m-%d %H:%M} ({write.token})"
                    self._report.tallies[FindingKind.UNFINISHED_WRITE].add(example, repaired=self._options.repair)

    async def _is_being_written(self, write: UnfinishedWrite) -> bool:
        if write.key is None or write.started < datetime.now(UTC) - _MAX_WRITE_TIME:
            return False
        async with self._database.transaction() as tx:
            return await object_queries.is_being_written(tx, write.key)

    async def _machine(self) -> None:
        work, tallies = self._installation.work, self._report.tallies
        # The folders are listed first: the folder of an analysis that starts meanwhile is not among them.
        with_folders = await asyncio.to_thread(WorkFolders(work).index_ids)
        async with self._database.transaction() as tx:
            over = with_folders.difference(await running_analyses(tx))
        for folder in await asyncio.to_thread(machine.left_folders, work, over):
            tallies[FindingKind.LEFT_FOLDER].add(str(folder), repaired=self._options.repair)
        if self._options.repair:
            await asyncio.to_thread(machine.remove_folders, work, over)
        for process in await asyncio.to_thread(machine.left_processes):
            tallies[FindingKind.LEFT_PROCESS].add(process)
