"""Answers about webhooks. Only Scenedex has these routes."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003  # msgspec reads the annotations
from enum import StrEnum

from scenedex.client.answers import Answer, OpenEnum


class SignatureScheme(StrEnum):
    """Scheme of signatures. V1: HMAC-SHA256 with a shared secret. V1A: ed25519 with a key pair."""

    V1 = "v1"
    V1A = "v1a"


class DeliveryState(OpenEnum):
    """State of a delivery."""

    WAITING = "WAITING"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"


class DeliveryStateFilter(StrEnum):
    """State by which deliveries are filtered."""

    WAITING = "WAITING"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"


class WebhookEventType(Answer, frozen=True, kw_only=True):
    """A type of events."""

    type: str
    description: str = ""


class WebhookEventTypes(Answer, frozen=True, kw_only=True):
    """All types of events."""

    event_types: tuple[WebhookEventType, ...] = ()


class Webhook(Answer, frozen=True, kw_only=True):
    """An endpoint to which the events of a workspace are sent.

    Attributes:
        event_types: chosen types, or ``*`` for all.
        public_key: key that verifies signatures of `V1A`.
        secret: shared secret of `V1`, in the answers to creation and rotation alone.
        former_secret_until: time until which the former secret signs as well.
        failing_since: first failure since the last success.
        waiting_count: number of deliveries that wait.
    """

    webhook_id: int
    url: str
    event_types: tuple[str, ...] = ()
    description: str | None = None
    signature_scheme: str | None = None
    public_key: str | None = None
    secret: str | None = None
    former_secret_until: datetime | None = None
    enabled: bool = True
    disabled_reason: str | None = None
    disabled_time: datetime | None = None
    failing_since: datetime | None = None
    waiting_count: int = 0
    created_user_name: str | None = None
    created_time: datetime | None = None
    updated_user_name: str | None = None
    updated_time: datetime | None = None


class WebhookList(Answer, frozen=True, kw_only=True):
    """Webhooks of a workspace."""

    webhooks: tuple[Webhook, ...] = ()


class WebhookDelivery(Answer, frozen=True, kw_only=True):
    """An event for a webhook.

    Attributes:
        message_id: header ``webhook-id`` of all attempts.
        reason: why the last attempt failed.
        status: HTTP status of the last answer.
        due_time: time of the next attempt.
    """

    delivery_id: int
    message_id: str
    type: str
    event_time: datetime | None = None
    state: DeliveryState = DeliveryState.UNKNOWN
    reason: str | None = None
    attempt_count: int = 0
    status: int | None = None
    due_time: datetime | None = None
    ended_time: datetime | None = None


class WebhookAttempt(Answer, frozen=True, kw_only=True):
    """An attempt at a delivery. ``answer`` is the beginning of the answer's body."""

    attempt: int
    attempt_time: datetime | None = None
    duration_ms: int = 0
    status: int | None = None
    reason: str | None = None
    answer: str | None = None


class DeliveryDetails(Answer, frozen=True, kw_only=True):
    """A delivery with its attempts."""

    delivery: WebhookDelivery
    attempts: tuple[WebhookAttempt, ...] = ()


class ReplayedDeliveries(Answer, frozen=True, kw_only=True):
    """Number of deliveries that are sent again."""

    replayed_count: int = 0
