"""Turns that the processes of one machine take, so that their children together use no more memory than there is.

A turn is a lock on files, which the system lets go with the process that holds it, however that ends.
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
_NEARLY_ALL: Final = 0.8
# Where a container is told how much it may use: cgroup version 2, and 1.
_LIMITS: Final = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


class Turns:
    """Who may work at a time.

    Args:
        folder: where the locks are; the same for all processes of the machine that share its memory.
        memory_bytes: what all work together may use.
        at_a_time: how many of a stage may work at a time; no limit where a stage is missing.
    """

    def __init__(self, folder: Path, *, memory_bytes: int, at_a_time: Mapping[str, int]) -> None:
        self._folder = folder
        self._units = max(1, memory_bytes // _UNIT_BYTES)
        self._at_a_time = at_a_time

    def most_bytes(self, wanted: int) -> int:
        """What one piece of work may use that wants so much."""
        return min(wanted, self._units * _UNIT_BYTES)

    @asynccontextmanager
    async def turn(
        self, stage: str, memory_bytes: int, *, on_wait: Callable[[], Awaitable[None]] | None = None
    ) -> AsyncGenerator[None]:
        """Wait until a stage may work that uses so much; it may as long as the block.

        Args:
            stage: its name.
            memory_bytes: what it may use.
            on_wait: called once where it may not begin at once.
        """
        units = min(self._units, -(-memory_bytes // _UNIT_BYTES))
        self._folder.mkdir(parents=True, exist_ok=True)
        told = False

        async def wait() -> None:
            nonlocal told
            if not told and on_wait is not None:
                told = True
                await on_wait()
            await asyncio.sleep(_SECONDS_BETWEEN_TRIES)

        with ExitStack() as held:
            if (most := self._at_a_time.get(stage, 0)) > 0:
                await self._take(held, [f"stage-{stage}-{number}" for number in range(most)], 1, wait)
            with ExitStack() as gate:
                # Whoever is first in line collects what it needs, however much that is; the others wait behind it.
                await self._take(gate, ["gate"], 1, wait)
                await self._take(held, [f"memory-{number}" for number in range(self._units)], units, wait)
            yield

    async def _take(self, held: ExitStack, names: list[str], number: int, wait: Callable[[], Awaitable[None]]) -> None:
        """Lock so many of these files; what is had is kept while the rest is waited for."""
        taken: set[str] = set()
        while True:
            for name in names:
                if len(taken) == number:
                    return
                if name not in taken and self._lock(held, name):
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


def memory_for_work() -> int:
    """Four fifths of the memory that this machine, or this container, has, in bytes."""
    found = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for limit in _LIMITS:
        # There need be none, and "max" is none.
        with suppress(OSError, ValueError):
            found.append(int(limit.read_text().strip()))
    return int(min(found) * _NEARLY_ALL)
