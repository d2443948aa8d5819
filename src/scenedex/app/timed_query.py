"""Queries of the database with a limit on the wait for their result."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")


class TimedQuery(Generic[T]):
    """Query that one task runs at a time. Concurrent callers wait for the same result.

    So a database that hangs takes one connection, however often the query is requested.

    Args:
        ask: runs the query.
        seconds: maximum time to wait for the result.
    """

    def __init__(self, ask: Callable[[], Awaitable[T]], seconds: float) -> None:
        self._ask = ask
        self._seconds = seconds
        self._asking: asyncio.Task[T | None] | None = None

    async def answer(self) -> T | None:
        """Return the result, or `None` if there is none in time or the query failed."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._run(), name="timed query")
        asking = self._asking
        # The task is not cancelled: the driver would wait for the database again to cancel its statement.
        done, _ = await asyncio.wait((asking,), timeout=self._seconds)
        return asking.result() if done else None

    async def _run(self) -> T | None:
        try:
            return await self._ask()
        except Exception:  # noqa: BLE001  # whatever the reason, there is no result
            return None
