"""Questions to the database whose answer is not awaited for longer than a limit."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")


class Probe(Generic[T]):
    """Question that is asked by one task at a time. All who ask meanwhile wait for its answer.

    A database that hangs so takes one connection, however often it is asked.

    Args:
        ask: asks, and may wait for ever.
        seconds: maximum time to wait for the answer.
    """

    def __init__(self, ask: Callable[[], Awaitable[T]], seconds: float) -> None:
        self._ask = ask
        self._seconds = seconds
        self._asking: asyncio.Task[T | None] | None = None

    async def answer(self) -> T | None:
        """Return the answer, or `None` if there is none in time or asking failed."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._run(), name="probe")
        asking = self._asking
        # The task is not cancelled: the driver would wait for the database again to cancel its statement.
        done, _ = await asyncio.wait((asking,), timeout=self._seconds)
        return asking.result() if done else None

    async def _run(self) -> T | None:
        try:
            return await self._ask()
        except Exception:  # noqa: BLE001  # whatever the reason, there is no answer
            return None
