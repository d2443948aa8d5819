"""Sending of due deliveries by a worker: it leases endpoints, calls their receivers, and writes the results.

An endpoint is held by one worker at a time, which sends its deliveries in order of their lanes. A lease that a killed
worker leaves behind ends by itself. See decision 14.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import psycopg
import structlog

from scenedex.auth.secrets import SecretUnreadable
from scenedex.db.database import DatabaseUnavailable
from scenedex.webhooks import outbox_queries
from scenedex.webhooks.addresses import OwnAddresses
from scenedex.webhooks.calls import USER_AGENT, host_header, is_gone
from scenedex.webhooks.outcomes import EndpointSession, OutcomeWriter
from scenedex.webhooks.payloads import body_of
from scenedex.webhooks.records import DeliveryOutcome
from scenedex.webhooks.retries import EndpointHealth
from scenedex.webhooks.signatures import signature_header

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from scenedex.auth.secrets import SecretBox
    from scenedex.db.database import Database
    from scenedex.metrics import Metrics
    from scenedex.settings import ServerSettings
    from scenedex.webhooks.calls import ReceiverAnswer, ReceiverCalls
    from scenedex.webhooks.records import DueDelivery
    from scenedex.webhooks.retries import RetryPlan

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.webhooks")
_CHANNEL: Final = "scenedex_webhooks"
_SECONDS_BETWEEN_LOOKS: Final = 1.0
_SECONDS_BETWEEN_CONNECTIONS: Final = 1.0
_SECONDS_AFTER_FAULT: Final = 60.0
# No call begins later in a lease. So a lease of this, the time of a call and a reserve is never outlived.
_STARTING_SECONDS: Final = 5.0
_RESERVE_SECONDS: Final = 10.0
_LEASED_AT_ONCE: Final = 64
_SENT_IN_A_LEASE: Final = 64


@dataclass(frozen=True, slots=True)
class DispatchOptions:
    """Options of a worker process.

    Attributes:
        concurrency: calls at a time. Endpoints that fail have a quarter of that for themselves.
        per_endpoint: calls of one endpoint at a time.
        call_seconds: maximum time of a call.
        disable_after: time of failures after which an endpoint is disabled.
        plan: pauses between attempts.
    """

    concurrency: int
    per_endpoint: int
    call_seconds: float
    disable_after: timedelta
    plan: RetryPlan


class _Turns:
    """Calls at a time, and endpoints that are held at a time, of one kind of endpoints."""

    def __init__(self, number: int) -> None:
        self.free = number
        self.calls = asyncio.Semaphore(number)


class Dispatcher:
    """Sends the due deliveries of all workspaces.

    Args:
        database: the database.
        box: decrypts the secrets of endpoints.
        calls: calls of receivers.
        server: settings of the server, for links and so that nothing is sent to the server itself.
        options: limits and pauses.
        metrics: metrics of the process.
    """

    def __init__(
        self,
        database: Database,
        box: SecretBox,
        calls: ReceiverCalls,
        *,
        server: ServerSettings,
        options: DispatchOptions,
        metrics: Metrics,
    ) -> None:
        self._database = database
        self._box = box
        self._calls = calls
        self._server = server
        self._options = options
        self._metrics = metrics
        self._wake = asyncio.Event()
        self._outcomes = OutcomeWriter(database, options.disable_after, self._wake.set)
        self._healthy = _Turns(options.concurrency)
        self._failing = _Turns(max(1, options.concurrency // 4))
        self._held: set[EndpointSession] = set()

    async def run(self) -> None:
        """Send until cancelled. Calls in progress are then broken off, and their deliveries stay due."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._listen(), name="webhook events")
                group.create_task(self._outcomes.run(), name="webhook outcomes")
                await self._dispatch(group)
        finally:
            for session in self._held:
                self._outcomes.end(session)
            with suppress(DatabaseUnavailable):
                await self._outcomes.flush()
            await self._calls.close()

    async def _listen(self) -> None:
        """Wake the dispatcher when a transaction with deliveries has committed."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    self._database.conninfo, autocommit=True
                ) as connection:
                    await connection.execute(f"LISTEN {_CHANNEL}")
                    self._wake.set()
                    async for _ in connection.notifies():
                        self._wake.set()
            except psycopg.OperationalError as error:
                _log.warning("webhooks.not_listening", reason=str(error).strip())
            await asyncio.sleep(_SECONDS_BETWEEN_CONNECTIONS)

    async def _dispatch(self, group: asyncio.TaskGroup) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), _SECONDS_BETWEEN_LOOKS)
            self._wake.clear()
            try:
                while await self._lease(group):
                    pass
                await self._calls.close_idle()
            except DatabaseUnavailable as error:
                _log.warning("webhooks.interrupted", reason=str(error.__cause__ or error))
                await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)

    async def _lease(self, group: asyncio.TaskGroup) -> bool:
        """Lease endpoints and start to send to them. Return whether there may be more."""
        leased = [
            await self._lease_of(group, turns, failing=failing)
            for turns, failing in ((self._healthy, False), (self._failing, True))
        ]
        return any(leased)

    async def _lease_of(self, group: asyncio.TaskGroup, turns: _Turns, *, failing: bool) -> bool:
        limit = min(turns.free, _LEASED_AT_ONCE)
        if limit == 0:
            return False
        seconds = _STARTING_SECONDS + self._options.call_seconds + _RESERVE_SECONDS
        deadline = time.monotonic() + _STARTING_SECONDS
        async with self._database.transaction() as tx:
            endpoints = await outbox_queries.lease(tx, limit, seconds, failing=failing)
            ids = [endpoint.endpoint_id for endpoint in endpoints]
            found = await outbox_queries.due(tx, ids, _SENT_IN_A_LEASE) if ids else []
        for endpoint in endpoints:
            due = [one for one in found if one.endpoint_id == endpoint.endpoint_id]
            session = EndpointSession(endpoint, EndpointHealth(endpoint.failures))
            self._held.add(session)
            turns.free -= 1
            group.create_task(self._serve(session, due, turns, deadline), name=f"webhook {endpoint.endpoint_id}")
        return len(endpoints) == limit

    async def _serve(
        self, session: EndpointSession, due: Sequence[DueDelivery], turns: _Turns, deadline: float
    ) -> None:
        """Send the deliveries of an endpoint, the first alone, so that one that hangs takes a single turn."""
        try:
            sender = _Sender(session, self._box, self._server)
            first, further = due[:1], due[1:]
            for one in first:
                await self._send(sender, one, turns, deadline)
            if further and not session.health.is_probed:
                own = asyncio.Semaphore(self._options.per_endpoint)
                async with asyncio.TaskGroup() as group:
                    for one in further:
                        await own.acquire()
                        if session.health.failures or time.monotonic() > deadline:
                            break
                        task = group.create_task(self._send(sender, one, turns, deadline))
                        task.add_done_callback(lambda _task: own.release())
        except SecretUnreadable as error:
            session.pause_seconds = _SECONDS_AFTER_FAULT
            _log.error("webhook.unsigned", endpoint=session.endpoint.endpoint_id, reason=str(error))
        except Exception:  # noqa: BLE001  # a worker outlives every error, and logs it
            session.pause_seconds = _SECONDS_AFTER_FAULT
            _log.exception("webhook.broken_off", endpoint=session.endpoint.endpoint_id)
        self._held.discard(session)
        turns.free += 1
        self._outcomes.end(session)

    async def _send(self, sender: _Sender, delivery: DueDelivery, turns: _Turns, deadline: float) -> None:
        async with turns.calls:
            if time.monotonic() > deadline:
                return
            session, started, moment = sender.session, time.monotonic(), datetime.now(UTC)
            answer = await sender.send(self._calls, delivery, int(moment.timestamp()))
        seconds = time.monotonic() - started
        succeeded = answer.reason is None
        self._metrics.note_webhook(succeeded=succeeded, seconds=seconds)
        session.health.note(succeeded=succeeded, is_gone=is_gone(answer))
        pause = None
        if not succeeded:
            pause = self._options.plan.pause_after(delivery.tries + 1, answer.retry_after_seconds)
        outcome = DeliveryOutcome(
            delivery.endpoint_id,
            delivery.delivery_id,
            delivery.lane,
            pause,
            moment,
            round(seconds * 1000),
            answer.status,
            answer.reason,
            answer.text,
        )
        self._outcomes.add(session, outcome)


class _Sender:
    """Signs and sends the deliveries of one endpoint."""

    def __init__(self, session: EndpointSession, box: SecretBox, server: ServerSettings) -> None:
        endpoint = session.endpoint
        self.session = session
        self._secrets = [box.open(sealed) for sealed in endpoint.secrets]
        self._server_url = (server.public_url or endpoint.server_url).rstrip("/")
        self._own = OwnAddresses.of(server, endpoint.server_url)
        self._host = host_header(endpoint.url)

    async def send(self, calls: ReceiverCalls, delivery: DueDelivery, timestamp: int) -> ReceiverAnswer:
        endpoint = self.session.endpoint
        body = body_of(delivery, endpoint.workspace_name, self._server_url)
        headers = {
            "host": self._host,
            "user-agent": USER_AGENT,
            "accept": "*/*",
            "accept-encoding": "identity",
            "content-type": "application/json",
            "content-length": str(len(body)),
            "webhook-id": delivery.message_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signature_header(self._secrets, delivery.message_id, timestamp, body),
        }
        return await calls.post(endpoint.endpoint_id, endpoint.url, self._own, headers, body)
