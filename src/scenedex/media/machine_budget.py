"""Memory budget that the processes of one machine share, so that their children never need more than there is.

A reservation is a set of locks on files, which the system releases when the holding process ends.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
from contextlib import ExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping

_UNIT_BYTES: Final = 256 * 1024**2
_SECONDS_BETWEEN_TRIES: Final = 0.1
_USABLE_SHARE: Final = 0.8
# Memory limits of a container: cgroup version 2, and 1.
_LIMITS: Final = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


class MachineBudget:
    """Budget of memory and of concurrent stages.

    Args:
        folder: folder of the locks, shared by all processes that share the machine's memory.
        memory_bytes: memory of all children together.
        max_concurrent: maximum number of concurrent runs by stage, unlimited for missing stages.
    """

    def __init__(self, folder: Path, *, memory_bytes: int, max_concurrent: Mapping[str, int]) -> None:
        self._folder = folder
        self._units = max(1, memory_bytes // _UNIT_BYTES)
        self._at_a_time = max_concurrent

    def cap(self, requested_bytes: int) -> int:
        """Cap a request at the machine's memory budget, in bytes."""
        return min(requested_bytes, self._units * _UNIT_BYTES)

    @asynccontextmanager
    async def reserve(
        self, stage: str, memory_bytes: int, *, on_wait: Callable[[], Awaitable[None]] | None = None
    ) -> AsyncGenerator[None]:
        """Wait until a stage may run with so much memory, and reserve it for the block.

        Args:
            stage: name of the stage.
            memory_bytes: memory limit of its child process. 0: it has none.
            on_wait: called once if the stage has to wait.
        """
        units = min(self._units, -(-memory_bytes // _UNIT_BYTES))
        self._folder.mkdir(parents=True, exist_ok=True)
        has_waited = False

        async def wait() -> None:
            nonlocal has_waited
            if not has_waited and on_wait is not None:
                has_waited = True
                await on_wait()
            await asyncio.sleep(_SECONDS_BETWEEN_TRIES)

        with ExitStack() as held:
            if (limit := self._at_a_time.get(stage, 0)) > 0:
                await self._take(held, [f"stage-{stage}-{number}" for number in range(limit)], 1, wait)
            if units:
                with ExitStack() as gate:
                    # Only the holder of the gate collects memory, so that a large request is not starved by small ones.
                    await self._take(gate, ["gate"], 1, wait)
                    await self._take(held, [f"memory-{number}" for number in range(self._units)], units, wait)
            yield

    async def _take(self, held: ExitStack, names: list[str], number: int, wait: Callable[[], Awaitable[None]]) -> None:
        """Lock the given number of these files, keeping acquired locks while waiting for more."""
        taken: set[str] = set()
        while True:
            for name in names:
                if len(taken) < number and name not in taken and self._lock(held, name):
                    taken.add(name)
            if len(taken) == number:
                return
            await wait()

    def _lock(self, held: ExitStack, name: str) -> bool:
        descriptor = os.open(self._folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        held.callback(os.close, descriptor)
        return True


def default_memory_bytes() -> int:
    """Return four fifths of the memory of this machine or container, in bytes."""
    found = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for limit in _LIMITS:
        # The file may be absent, or hold "max" for no limit.
        with suppress(OSError, ValueError):
            found.append(int(limit.read_text().strip()))
    return int(min(found) * _USABLE_SHARE)
