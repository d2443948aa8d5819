"""Intake of events: those of concurrent calls are written in one transaction, and a call is answered after it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scenedex.auth.tokens import digest_of
from scenedex.watches import touch_queries
from scenedex.watches.job import defer_jobs
from scenedex.wire.errors import GatewayError, GatewayFault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.db.database import Database, Transaction
    from scenedex.jobs.queue import JobQueue
    from scenedex.watches.notifications import NamedObject
    from scenedex.watches.records import EventSource, WatchId

_MAX_WAITING_OBJECTS: Final = 50_000


@dataclass(frozen=True, slots=True)
class TakenEvents:
    """Numbers of objects of a call that its watch will look at, and of those that it has nothing to do with."""

    accepted: int
    ignored: int


@dataclass(frozen=True, slots=True, eq=False)
class _Call:
    token_hash: bytes
    objects: Sequence[NamedObject]
    answer: asyncio.Future[TakenEvents | None]


class EventIntake:
    """Writes events into the database.

    While a transaction runs, further calls wait and become the next one. So a flood of small calls costs few
    transactions, and a single call does not wait.
    """

    def __init__(self, database: Database, queue: JobQueue) -> None:
        self._database = database
        self._queue = queue
        self._waiting: list[_Call] = []
        self._waiting_objects = 0
        self._writer: asyncio.Task[None] | None = None

    async def take(self, token: str, objects: Sequence[NamedObject]) -> TakenEvents | None:
        """Have the watch of a token look at objects. Return `None` if no watch has the token.

        When this returns, the events are stored.

        Raises:
            GatewayError: too many events wait to be written.
            DatabaseUnavailable: they could not be written.
        """
        if self._waiting_objects + len(objects) > _MAX_WAITING_OBJECTS:
            details = "Too many events wait to be written."
            raise GatewayError(GatewayFault.RATE_LIMITED, details, retry_after_seconds=1)
        call = _Call(digest_of(token), objects, asyncio.get_running_loop().create_future())
        self._waiting.append(call)
        self._waiting_objects += len(objects)
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_all(), name="events")
        return await call.answer

    async def _write_all(self) -> None:
        while self._waiting:
            calls, self._waiting, self._waiting_objects = self._waiting, [], 0
            try:
                async with self._database.transaction() as tx:
                    taken = await self._write(tx, calls)
            except Exception as error:  # noqa: BLE001  # each call raises it
                for call in calls:
                    if not call.answer.done():
                        call.answer.set_exception(error)
            else:
                for call, one in zip(calls, taken, strict=True):
                    if not call.answer.done():
                        call.answer.set_result(one)
        self._writer = None

    async def _write(self, tx: Transaction, calls: Sequence[_Call]) -> list[TakenEvents | None]:
        hashes = list({call.token_hash for call in calls})
        sources = {one.token_hash: one for one in await touch_queries.sources_of(tx, hashes)}
        keys: list[tuple[WatchId, str]] = []
        taken: list[TakenEvents | None] = []
        counts: dict[WatchId, tuple[int, int]] = {}
        for call in calls:
            source = sources.get(call.token_hash)
            if source is None:
                taken.append(None)
                continue
            named = [_keys_of(source, one) for one in call.objects]
            keys += [(source.watch_id, key) for readings in named for key in readings]
            accepted = sum(bool(readings) for readings in named)
            taken.append(TakenEvents(accepted, len(named) - accepted))
            former = counts.get(source.watch_id, (0, 0))
            counts[source.watch_id] = (former[0] + accepted, former[1] + len(named) - accepted)
        if keys:
            await touch_queries.touch(tx, keys)
        if counts:
            works = await touch_queries.count_events(tx, counts)
            await defer_jobs(tx, self._queue, [work for work in works if work.subject])
        return taken


def _keys_of(source: EventSource, named: NamedObject) -> list[str]:
    """Return the readings of a key that a watch looks at."""
    if named.bucket_name != source.bucket_name:
        return []
    return [
        key
        for key in named.keys
        if key.startswith(source.prefix) and (source.is_recursive or "/" not in key.removeprefix(source.prefix))
    ]
