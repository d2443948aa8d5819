"""Waits of the stages of one analysis for the machine, combined into one state of the analysis."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from scenedex.media.machine_budget import MachineBudget


class Waits:
    """Turns of the stages of one analysis. It waits if a stage waits and none runs.

    Args:
        turns: turns of the machine.
        on_change: awaited with the stage that the analysis waits for, or with `None` when it waits no longer.
    """

    def __init__(self, turns: MachineBudget, on_change: Callable[[str | None], Awaitable[None]]) -> None:
        self._turns = turns
        self._on_change = on_change
        self._waiting: list[str] = []
        self._at_work = 0
        self._told: str | None = None

    @asynccontextmanager
    async def reserve(self, stage: str, memory_bytes: int) -> AsyncGenerator[None]:
        """See `MachineBudget.reserve`."""

        async def wait() -> None:
            self._waiting.append(stage)
            await self._tell()

        try:
            async with self._turns.reserve(stage, memory_bytes, on_wait=wait):
                self._forget(stage)
                self._at_work += 1
                try:
                    await self._tell()
                    yield
                finally:
                    self._at_work -= 1
            await self._tell()
        finally:
            self._forget(stage)

    def _forget(self, stage: str) -> None:
        if stage in self._waiting:
            self._waiting.remove(stage)

    async def _tell(self) -> None:
        stage = self._waiting[0] if self._waiting and not self._at_work else None
        if stage != self._told:
            self._told = stage
            await self._on_change(stage)
