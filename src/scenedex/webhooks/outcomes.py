"""Writing of the results of attempts, many in one transaction."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import structlog

from scenedex.audit.events import WEBHOOK_DISABLED
from scenedex.audit.records import AuditEntry
from scenedex.audit.service import record
from scenedex.db.database import DatabaseUnavailable
from scenedex.webhooks import outbox_queries
from scenedex.webhooks.records import DeliveryState, EndpointOutcome

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from scenedex.db.database import Database, Transaction
    from scenedex.webhooks.records import DeliveryOutcome, EndpointId, LeasedEndpoint
    from scenedex.webhooks.retries import EndpointHealth

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.webhooks")
_GATHERING_SECONDS: Final = 0.01
_SECONDS_BETWEEN_TRIES: Final = 1.0
_MAX_AT_ONCE: Final = 500
_GONE: Final = "It answered that it is gone (410)."


@dataclass(slots=True, eq=False)
class EndpointSession:
    """Time for which a worker holds an endpoint.

    Attributes:
        pause_seconds: time in which nothing is sent to the endpoint because of a fault of this worker.
        has_ended: true if the lease can end.
    """

    endpoint: LeasedEndpoint
    health: EndpointHealth
    pause_seconds: float = 0.0
    has_ended: bool = False

    def outcome(self) -> EndpointOutcome:
        """Return what the worker has learned so far."""
        health = self.health
        return EndpointOutcome(
            self.endpoint.endpoint_id,
            self.endpoint.lease,
            self.endpoint.revision,
            health.failures,
            health.has_succeeded,
            max(health.pause_seconds, self.pause_seconds),
            health.is_gone,
            self.has_ended,
        )


class OutcomeWriter:
    """Writes results in batches.

    Args:
        database: the database.
        disable_after: time of failures after which an endpoint is disabled.
        on_released: called when leases have ended.
    """

    def __init__(self, database: Database, disable_after: timedelta, on_released: Callable[[], None]) -> None:
        self._database = database
        self._disable_after = disable_after
        self._on_released = on_released
        self._outcomes: list[DeliveryOutcome] = []
        self._sessions: dict[EndpointId, EndpointSession] = {}
        self._pending = asyncio.Event()

    def add(self, session: EndpointSession, outcome: DeliveryOutcome) -> None:
        """Have the result of an attempt written."""
        self._outcomes.append(outcome)
        self._note(session)

    def end(self, session: EndpointSession) -> None:
        """Have the lease ended, after the results of its attempts."""
        session.has_ended = True
        self._note(session)

    async def run(self) -> None:
        """Write until cancelled. Wait for a database that is away."""
        while True:
            await self._pending.wait()
            await asyncio.sleep(_GATHERING_SECONDS)
            try:
                await self.flush()
            except DatabaseUnavailable as error:
                _log.warning("webhooks.unwritten", reason=str(error.__cause__ or error))
                await asyncio.sleep(_SECONDS_BETWEEN_TRIES)

    async def flush(self) -> None:
        """Write all results so far."""
        self._pending.clear()
        sessions, outcomes = self._sessions, self._outcomes
        self._sessions, self._outcomes = {}, []
        try:
            while sessions:
                await self._write(sessions, outcomes[:_MAX_AT_ONCE], is_last=len(outcomes) <= _MAX_AT_ONCE)
                outcomes = outcomes[_MAX_AT_ONCE:]
                if not outcomes:
                    break
        except BaseException:
            self._sessions = {**sessions, **self._sessions}
            self._outcomes = [*outcomes, *self._outcomes]
            self._pending.set()
            raise
        if any(session.has_ended for session in sessions.values()):
            self._on_released()

    def _note(self, session: EndpointSession) -> None:
        self._sessions[session.endpoint.endpoint_id] = session
        self._pending.set()

    async def _write(
        self, sessions: dict[EndpointId, EndpointSession], outcomes: list[DeliveryOutcome], *, is_last: bool
    ) -> None:
        learned = [session.outcome() for session in sessions.values()]
        if not is_last:
            learned = [replace(one, is_released=False) for one in learned]
        async with self._database.transaction() as tx:
            held = dict(await outbox_queries.note_endpoints(tx, learned, self._disable_after))
            valid = [one for one in outcomes if one.endpoint_id in held]
            if valid:
                await outbox_queries.note_attempts(tx, valid)
            again = [one for one in valid if one.state is DeliveryState.WAITING]
            if again:
                await outbox_queries.hold_back(tx, again)
            disabled = [
                (one.endpoint_id, reason)
                for one in learned
                if (reason := self._reason_to_disable(one, has_lapsed=held.get(one.endpoint_id, False))) is not None
            ]
            for endpoint_id, reason in disabled:
                await _disable(tx, endpoint_id, reason)

    def _reason_to_disable(self, learned: EndpointOutcome, *, has_lapsed: bool) -> str | None:
        if learned.is_gone:
            return _GONE
        if has_lapsed and learned.failures:
            return f"It has failed for {self._disable_after.total_seconds() / 3600:g} hours."
        return None


async def _disable(tx: Transaction, endpoint_id: EndpointId, reason: str) -> None:
    found = await outbox_queries.disable(tx, endpoint_id, reason)
    if found is None:
        return
    workspace_name, user_name = found
    resource = f"/api/v1/workspaces/{workspace_name}/webhooks/{endpoint_id}"
    await record(tx, AuditEntry(WEBHOOK_DISABLED, user_name, workspace_name=workspace_name, resource=resource))
    _log.warning("webhook.disabled", endpoint=endpoint_id, workspace=workspace_name, reason=reason)
