"""Bounded concurrency of coroutines."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from types import TracebackType


class TaskPool:
    """Run at most ``limit`` coroutines at a time within an ``async with`` block.

    `start` or the end of the block raises the first failure. No coroutine runs after the block, however it ends.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._running: set[asyncio.Task[None]] = set()

    async def start(self, work: Coroutine[None, None, None]) -> None:
        """Start a coroutine, and wait until another one may start."""
        self._running.add(asyncio.create_task(work))
        await self._wait_until_running(self._limit - 1)

    async def _wait_until_running(self, remaining: int) -> None:
        while len(self._running) > remaining:
            done, self._running = await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
            failed = [error for task in done if (error := task.exception())]
            if failed:
                raise failed[0]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                await self._wait_until_running(0)
        finally:
            for task in self._running:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)
