"""Readiness of this machine: its storage can be written to, and its disks have room."""

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
from scenedex.reconciliation import ownership
from scenedex.storage.errors import StorageError, StorageUnavailable
from scenedex.storage.store import check_store

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

    from scenedex.db.database import Database
    from scenedex.metrics import Metrics
    from scenedex.storage.store import ManagedStore

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.worker")
_STORAGE_TIMEOUT_SECONDS: Final = 30
_SECONDS_BETWEEN_CHECKS: Final = 5.0
_MAX_PAUSE_SECONDS: Final = 30.0


async def _no_problem() -> str | None:
    return None


class MachineReadiness:
    """`Readiness` that checks the disks all the time, and the storage from an error of a job until it serves again.

    Args:
        database: database that the storage must belong to.
        managed: managed storage.
        folders: existing folders that this machine writes to.
        min_free_bytes: minimum of free bytes on the disk of each folder, 0 for no check.
        metrics: records the time for which the machine is not ready.
        inspect_walls: returns the reason why this machine may open no media, or `None`. Called until there is none.
    """

    def __init__(
        self,
        database: Database,
        managed: ManagedStore,
        folders: Sequence[Path],
        *,
        min_free_bytes: int,
        metrics: Metrics,
        inspect_walls: Callable[[], Awaitable[str | None]] = _no_problem,
    ) -> None:
        self._database = database
        self._managed = managed
        self._folders = folders
        self._min_free_bytes = min_free_bytes
        self._metrics = metrics
        self._inspect_walls = inspect_walls
        self._wall_problem: str | None = None
        self._checking = asyncio.Lock()
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
        async with self._checking:
            return await self._check()

    async def start(self) -> None:
        """Check for the first time.

        Raises:
            StorageOfAnother: the storage belongs to another database.
            DatabaseUnavailable: the database does not answer.
        """
        async with self._checking:
            self._wall_problem = await self._inspect_walls()
            try:
                await self._require_storage()
            except ownership.StorageOfAnother:
                raise
            except StorageError as error:
                self._set_problem(str(error))
            else:
                self._set_problem(await asyncio.to_thread(self._local_problem))

    async def watch(self) -> None:
        """Check from time to time until cancelled."""
        pause, last = _SECONDS_BETWEEN_CHECKS, time.monotonic()
        while True:
            await asyncio.sleep(pause)
            async with self._checking:
                if self._problem is None:
                    self._set_problem(await asyncio.to_thread(self._local_problem))
                    pause = _SECONDS_BETWEEN_CHECKS
                else:
                    self._metrics.note_not_ready(time.monotonic() - last)
                    try:
                        await self._check()
                    except DatabaseUnavailable:
                        _log.debug("worker.not_checked")
                    pause = min(2 * pause, _MAX_PAUSE_SECONDS)
            last = time.monotonic()

    async def _check(self) -> str | None:
        if self._wall_problem is not None:
            self._wall_problem = await self._inspect_walls()
        problem = await asyncio.to_thread(self._local_problem)
        if problem is None:
            try:
                await self._require_storage()
            except StorageError as error:
                problem = str(error)
        self._set_problem(problem)
        return problem

    def _set_problem(self, problem: str | None) -> None:
        if problem is not None and problem != self._problem:
            _log.warning("worker.not_ready", reason=problem)
        if problem is None and self._problem is not None:
            _log.info("worker.ready")
        self._problem = problem

    def _local_problem(self) -> str | None:
        return self._wall_problem or self._disk_problem()

    def _disk_problem(self) -> str | None:
        for folder in self._folders:
            try:
                free = shutil.disk_usage(folder).free
            except OSError as error:
                return f"The folder {folder} on {socket.gethostname()} cannot be used: {error.strerror}."
            if free < self._min_free_bytes:
                return (
                    f"The disk of {folder} on {socket.gethostname()} has {free >> 20} MiB left. workers.free_disk_bytes"
                    f" requires {self._min_free_bytes >> 20} MiB."
                )
        return None

    async def _require_storage(self) -> None:
        try:
            async with asyncio.timeout(_STORAGE_TIMEOUT_SECONDS):
                await ownership.mark(self._database, self._managed)
                await check_store(self._managed)
        except TimeoutError as error:
            raise StorageUnavailable(f"no answer within {_STORAGE_TIMEOUT_SECONDS} s") from error
