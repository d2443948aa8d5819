"""Whether this machine can do jobs: its storage lets us write, and its disks have room."""

from __future__ import annotations

import asyncio
import shutil
import socket
import time
from typing import TYPE_CHECKING, Final

import structlog

from scenedex.analysis.child_runner import StageFailed
from scenedex.db.database import DatabaseUnavailable
from scenedex.media.errors import ChildFailed
from scenedex.reconciling import ownership
from scenedex.storage.errors import StorageError, StorageUnavailable
from scenedex.storage.health import check_store

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scenedex.db.database import Database
    from scenedex.metrics import Metrics
    from scenedex.storage.store import ManagedStore

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.worker")
_SECONDS_FOR_STORAGE: Final = 30
_SECONDS_BETWEEN_LOOKS: Final = 5.0
_LONGEST_PAUSE_SECONDS: Final = 30.0


class MachineReadiness:
    """`Readiness` by looking: at the disks all the time, at the storage where a job broke off, until it serves again.

    Args:
        database: whose storage it has to be.
        managed: the storage.
        folders: where this machine writes; each exists.
        least_free_bytes: room that each of them needs; 0: no matter.
        metrics: records how long the machine was not ready.
    """

    def __init__(
        self,
        database: Database,
        managed: ManagedStore,
        folders: Sequence[Path],
        *,
        least_free_bytes: int,
        metrics: Metrics,
    ) -> None:
        self._database = database
        self._managed = managed
        self._folders = folders
        self._least_free_bytes = least_free_bytes
        self._metrics = metrics
        self._looking = asyncio.Lock()
        self._problem: str | None = None

    @property
    def is_ready(self) -> bool:
        """See `Readiness`."""
        return self._problem is None

    async def explain(self, error: Exception) -> str | None:
        """See `Readiness`."""
        if not isinstance(error, (StorageError, OSError, ChildFailed, StageFailed)):
            return None
        # An earlier problem may have been the job's own doing, such as a disk that it filled and has left.
        async with self._looking:
            return await self._look()

    async def begin(self) -> None:
        """Look for the first time.

        Raises:
            StorageOfAnother: it is not the storage of this database.
            DatabaseUnavailable: the database does not answer.
        """
        async with self._looking:
            try:
                await self._require_storage()
            except ownership.StorageOfAnother:
                raise
            except StorageError as error:
                self._note(str(error))
            else:
                self._note(await asyncio.to_thread(self._disk_problem))

    async def keep(self) -> None:
        """Look from time to time until cancelled."""
        pause, last = _SECONDS_BETWEEN_LOOKS, time.monotonic()
        while True:
            await asyncio.sleep(pause)
            async with self._looking:
                if self._problem is None:
                    self._note(await asyncio.to_thread(self._disk_problem))
                    pause = _SECONDS_BETWEEN_LOOKS
                else:
                    self._metrics.note_not_ready(time.monotonic() - last)
                    try:
                        await self._look()
                    except DatabaseUnavailable:
                        _log.debug("worker.not_looked_at")
                    pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
            last = time.monotonic()

    async def _look(self) -> str | None:
        problem = await asyncio.to_thread(self._disk_problem)
        if problem is None:
            try:
                await self._require_storage()
            except StorageError as error:
                problem = str(error)
        self._note(problem)
        return problem

    def _note(self, problem: str | None) -> None:
        if problem is not None and problem != self._problem:
            _log.warning("worker.not_ready", reason=problem)
        if problem is None and self._problem is not None:
            _log.info("worker.ready")
        self._problem = problem

    def _disk_problem(self) -> str | None:
        for folder in self._folders:
            try:
                free = shutil.disk_usage(folder).free
            except OSError as error:
                return f"The folder {folder} on {socket.gethostname()} cannot be used: {error.strerror}."
            if free < self._least_free_bytes:
                return (
                    f"The disk of {folder} on {socket.gethostname()} has {free >> 20} MiB left; workers.free_disk_bytes"
                    f" asks for {self._least_free_bytes >> 20} MiB."
                )
        return None

    async def _require_storage(self) -> None:
        try:
            async with asyncio.timeout(_SECONDS_FOR_STORAGE):
                await ownership.mark(self._database, self._managed)
                await check_store(self._managed)
        except TimeoutError as error:
            raise StorageUnavailable(f"no answer within {_SECONDS_FOR_STORAGE} s") from error
