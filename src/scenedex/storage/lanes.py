"""A few coroutines side by side."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from types import TracebackType


class Lanes:
    """At most so many coroutines at a time, within an ``async with`` block.

    The first failure is raised, by `start` or at the end of the block. Whichever way the block ends, none of them
    runs any more afterwards.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._running: set[asyncio.Task[None]] = set()

    async def start(self, work: Coroutine[None, None, None]) -> None:
        """Run this beside the others, as soon as there is a free lane."""
        self._running.add(asyncio.create_task(work))
        await self._leave(self._limit - 1)

    async def _leave(self, remaining: int) -> None:
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
                await self._leave(0)
        finally:
            for task in self._running:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)
