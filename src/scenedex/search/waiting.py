"""Waiting for searches to end, since most take less time than the next request of a caller."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from scenedex.search import queries

if TYPE_CHECKING:
    from scenedex.db.database import Database

# Between two looks, while the latest of the searches has just been requested, and later.
_FIRST_PAUSE_SECONDS: Final = 0.01
_PAUSE_SECONDS: Final = 0.03
_FIRST_SECONDS: Final = 0.15


@dataclass(slots=True, eq=False)
class _Wait:
    started: float
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class SearchWaits:
    """Waits of all callers of a process. One statement looks at all of their searches, on one connection."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waits: dict[str, set[_Wait]] = {}
        self._looking: asyncio.Task[None] | None = None

    async def ends(self, search_id: str, within_seconds: float) -> bool:
        """Return whether a search ends in time.

        Raises:
            DatabaseUnavailable: there was no connection, or it broke.
        """
        loop = asyncio.get_running_loop()
        wait, until = _Wait(loop.time()), loop.time() + within_seconds
        self._waits.setdefault(search_id, set()).add(wait)
        ended = asyncio.create_task(wait.ended.wait())
        try:
            while not wait.ended.is_set() and loop.time() < until:
                looking = self._looking_task()
                await asyncio.wait((ended, looking), timeout=until - loop.time(), return_when=asyncio.FIRST_COMPLETED)
                if looking.done():
                    looking.result()
        finally:
            ended.cancel()
            self._forget(search_id, wait)
        return wait.ended.is_set()

    def _looking_task(self) -> asyncio.Task[None]:
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look(), name="waits for searches")
        return self._looking

    def _forget(self, search_id: str, wait: _Wait) -> None:
        with suppress(KeyError):
            self._waits[search_id].discard(wait)
            if not self._waits[search_id]:
                del self._waits[search_id]

    async def _look(self) -> None:
        loop = asyncio.get_running_loop()
        async with self._database.reading() as tx:
            while self._waits:
                latest = max(wait.started for waits in self._waits.values() for wait in waits)
                await asyncio.sleep(_FIRST_PAUSE_SECONDS if loop.time() - latest < _FIRST_SECONDS else _PAUSE_SECONDS)
                for search_id in await queries.ended_of(tx, list(self._waits)):
                    for wait in self._waits.pop(search_id, ()):
                        wait.ended.set()
