"""Endpoints, their deliveries, and the attempts at each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # msgspec reads the annotations
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scenedex.webhooks.signatures import SignatureScheme

EndpointId = NewType("EndpointId", int)


class DeliveryState(StrEnum):
    """State of a delivery.

    WAITING: it is sent as soon as it is due. DELIVERED: the receiver accepted it. FAILED: no further attempt is made.
    """

    WAITING = "WAITING"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"


class WebhookEndpoint(msgspec.Struct, frozen=True):
    """An endpoint.

    Attributes:
        event_types: chosen types. `None`: all.
        public_key: key that verifies its signatures. `None` if they are made with a shared secret.
        former_until: time until which the former secret signs as well.
        failing_since: first failure since the last success.
        waiting_count: number of its deliveries that wait.
    """

    endpoint_id: EndpointId
    url: str
    description: str | None
    event_types: list[str] | None
    public_key: str | None
    former_until: datetime | None
    is_enabled: bool
    disabled_reason: str | None
    disabled_time: datetime | None
    failing_since: datetime | None
    waiting_count: int
    created_user_name: str
    created_time: datetime
    updated_user_name: str
    updated_time: datetime


@dataclass(frozen=True, slots=True)
class EndpointChoice:
    """Wishes for a new endpoint.

    Attributes:
        event_types: chosen types. `None`: all.
        scheme: scheme of its signatures.
        secret: shared secret, made by the server if `None`.
    """

    url: str
    description: str | None
    event_types: list[str] | None
    scheme: SignatureScheme
    secret: str | None


@dataclass(frozen=True, slots=True)
class EndpointChanges:
    """Changes of an endpoint. `None`: as it is. An empty ``event_types`` is all."""

    url: str | None = None
    description: str | None = None
    event_types: list[str] | None = None
    is_enabled: bool | None = None


@dataclass(frozen=True, slots=True)
class SealedSecret:
    """Encrypted secret, with the public key if it is a private one."""

    sealed: bytes
    public_key: str | None


class WebhookDelivery(msgspec.Struct, frozen=True):
    """An event for an endpoint.

    Attributes:
        message_id: header ``webhook-id`` of all attempts.
        state: value of a `DeliveryState`.
        reason: why the last attempt failed, or why there is no further one.
        attempt: number of attempts.
        due_time: time of the next attempt, if it waits.
        status: HTTP status of the last answer.
    """

    delivery_id: int
    message_id: str
    type: str
    event_time: datetime
    state: str
    reason: str | None
    attempt: int
    due_time: datetime | None
    ended_time: datetime | None
    status: int | None


class WebhookAttempt(msgspec.Struct, frozen=True):
    """An attempt at a delivery.

    Attributes:
        status: HTTP status of the answer, `None` without one.
        reason: why it failed.
        answer: first bytes of the answer's body as text.
    """

    attempt: int
    attempt_time: datetime
    duration_ms: int
    status: int | None
    reason: str | None
    answer: str | None


@dataclass(frozen=True, slots=True)
class DeliveryFilter:
    """Conditions on deliveries. `None`: any. Events at ``since`` are included, events at ``until`` are not."""

    state: DeliveryState | None = None
    type: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class LeasedEndpoint:
    """Endpoint that a worker holds for some seconds. Its writes count while the number of the lease is the latest.

    Attributes:
        secrets: encrypted secrets that sign, the latest first.
        failures: failures since the last success.
        revision: number of changes by managers. What the worker learns about the endpoint counts while it is the same.
    """

    endpoint_id: EndpointId
    workspace_name: str
    url: str
    server_url: str
    secrets: list[bytes]
    failures: int
    revision: int
    lease: int


@dataclass(frozen=True, slots=True)
class DueDelivery:
    """Delivery that is due, the oldest waiting one of its lane.

    Attributes:
        subject: stored `NoticeSubject`.
        tries: attempts since it was written or replayed.
    """

    endpoint_id: EndpointId
    delivery_id: int
    message_id: str
    type: str
    subject: Mapping[str, object]
    user_name: str
    lane: str
    event_time: datetime
    tries: int


@dataclass(frozen=True, slots=True)
class DeliveryOutcome:
    """Result of an attempt.

    Attributes:
        pause_seconds: time until the next attempt. `None`: there is none.
        attempt_time: start of the attempt.
        reason: why it failed. `None`: it was delivered.
    """

    endpoint_id: EndpointId
    delivery_id: int
    lane: str
    pause_seconds: float | None
    attempt_time: datetime
    duration_ms: int
    status: int | None
    reason: str | None
    answer: str | None

    @property
    def state(self) -> DeliveryState:
        """State of the delivery after the attempt."""
        if self.reason is None:
            return DeliveryState.DELIVERED
        return DeliveryState.FAILED if self.pause_seconds is None else DeliveryState.WAITING


@dataclass(frozen=True, slots=True)
class EndpointOutcome:
    """What a worker has learned about an endpoint.

    Attributes:
        failures: failures since the last success.
        has_succeeded: true if an attempt succeeded.
        pause_seconds: time in which nothing is sent to it.
        is_gone: true if it answered that it is gone.
        is_released: true if the lease ends.
    """

    endpoint_id: EndpointId
    lease: int
    revision: int
    failures: int
    has_succeeded: bool
    pause_seconds: float
    is_gone: bool
    is_released: bool
