"""Wire shapes of webhooks. They are additions of Scenedex to the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from msgspec import Meta, structs

from scenedex.webhooks.signatures import SignatureScheme
from scenedex.wire import described
from scenedex.wire.envelope import Wire

if TYPE_CHECKING:
    from scenedex.webhooks.records import WebhookAttempt, WebhookDelivery, WebhookEndpoint
    from scenedex.wire.parsing import WireTime

MAX_DESCRIPTION = 200
MAX_EVENT_TYPES = 100
MAX_OVERLAP_HOURS = 168
DEFAULT_OVERLAP_HOURS = 24
_SCHEME = (
    "Scheme of the signatures. v1: HMAC-SHA256 with a shared secret. v1a: ed25519, which receivers verify by a public "
    "key"
)
_SECRET = "Shared secret of v1: `whsec_` and 24 to 64 bytes in base64. The server makes one if it is left out"  # noqa: S105  # a description
_TYPES = "Types of events that are sent, or `*` alone for all, also for those of later releases"
_Time = Annotated[str, Meta(description="Date and time, ISO 8601 in the server's time zone")]
WebhookId = Annotated[int, Meta(ge=1, description="Webhook ID", examples=[7])]
DeliveryId = Annotated[int, Meta(ge=1, description="Delivery ID", examples=[4711])]
EventTypeName = Annotated[str, Meta(description="Type of the event", examples=["index.completed"])]
DeliveryStateName = Annotated[
    Literal["WAITING", "DELIVERED", "FAILED"],
    Meta(
        description="WAITING: it is sent as soon as it is due. DELIVERED: the receiver accepted it. FAILED: no further "
        "attempt is made"
    ),
]


class EventTypeObject(Wire, frozen=True, kw_only=True):
    """A type of events."""

    type: EventTypeName
    description: Annotated[str, Meta(description="What has happened", examples=["An analysis has completed."])]


class EventTypeList(Wire, frozen=True, kw_only=True):
    """All types of events."""

    event_types: Annotated[list[EventTypeObject], Meta(description="Types of events")]


class CreateWebhook(Wire, frozen=True, kw_only=True):
    """A webhook to create."""

    url: Annotated[
        str, described.text("URL of the receiver", longest=2000), Meta(examples=["https://newsroom.example/hooks"])
    ]
    event_types: (
        Annotated[
            list[str],
            described.items(_TYPES, min_count=1, max_count=MAX_EVENT_TYPES),
            Meta(examples=[["index.completed"]]),
        ]
        | None
    ) = None
    description: (
        Annotated[
            str, described.text("Description", longest=MAX_DESCRIPTION, shortest=0), Meta(examples=["Editing system"])
        ]
        | None
    ) = None
    signature_scheme: Annotated[Literal["v1", "v1a"], Meta(description=_SCHEME, examples=["v1"])] | None = None
    secret: Annotated[str, Meta(description=_SECRET, examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])] | None = None


class ChangeWebhook(Wire, frozen=True, kw_only=True):
    """Changes of a webhook. Fields that are left out stay as they are."""

    url: (
        Annotated[
            str, described.text("URL of the receiver", longest=2000), Meta(examples=["https://newsroom.example/hooks"])
        ]
        | None
    ) = None
    event_types: (
        Annotated[
            list[str],
            described.items(_TYPES, min_count=1, max_count=MAX_EVENT_TYPES),
            Meta(examples=[["index.completed"]]),
        ]
        | None
    ) = None
    description: (
        Annotated[
            str,
            described.text("Description. An empty one removes it", longest=MAX_DESCRIPTION, shortest=0),
            Meta(examples=["Editing system"]),
        ]
        | None
    ) = None
    enabled: Annotated[bool, Meta(description="False: nothing is recorded or sent", examples=[True])] | None = None


class RotateSecret(Wire, frozen=True, kw_only=True):
    """A secret to replace that of a webhook."""

    signature_scheme: Annotated[Literal["v1", "v1a"], Meta(description=_SCHEME, examples=["v1"])] | None = None
    secret: Annotated[str, Meta(description=_SECRET, examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])] | None = None
    overlap_hours: (
        Annotated[
            int,
            described.number(
                "Hours for which both secrets sign, 24 by default. 0: the former one ends at once",
                minimum=0,
                maximum=MAX_OVERLAP_HOURS,
            ),
            Meta(examples=[24]),
        ]
        | None
    ) = None


class WebhookObject(Wire, frozen=True, kw_only=True):
    """A webhook: an endpoint to which the events of a workspace are sent."""

    webhook_id: WebhookId
    url: Annotated[str, Meta(description="URL of the receiver")]
    event_types: Annotated[list[str], Meta(description="Types of events that are sent. `*`: all")]
    description: Annotated[str, Meta(description="Description")] | None = None
    signature_scheme: Annotated[Literal["v1", "v1a"], Meta(description=_SCHEME)]
    public_key: (
        Annotated[
            str,
            Meta(
                description="Public key of v1a: `whpk_` and 32 bytes in base64",
                examples=["whpk_5nJ1qyv1dQZ3c0Wn9i4y0Q1l8b7Xy2rPqk3m4n5o6p8="],
            ),
        ]
        | None
    ) = None
    secret: Annotated[str, Meta(description="Shared secret of v1, in this answer alone")] | None = None
    former_secret_until: (
        Annotated[
            str,
            Meta(
                description="Time until which the former secret signs as well", examples=["2025-04-23T17:14:11.482913"]
            ),
        ]
        | None
    ) = None
    enabled: Annotated[bool, Meta(description="True if events are recorded and sent")]
    disabled_reason: (
        Annotated[str, Meta(description="Why it is disabled", examples=["Disabled by username."])] | None
    ) = None
    disabled_time: (
        Annotated[str, Meta(description="Time at which it was disabled", examples=["2025-04-23T17:14:11.482913"])]
        | None
    ) = None
    failing_since: (
        Annotated[
            str, Meta(description="First failure since the last success", examples=["2025-04-23T17:14:11.482913"])
        ]
        | None
    ) = None
    waiting_count: Annotated[int, Meta(ge=0, description="Deliveries that wait")]
    created_user_name: described.CreatedUserName
    created_time: described.CreatedTime
    updated_user_name: described.UpdatedUserName
    updated_time: described.UpdatedTime

    @classmethod
    def of(cls, endpoint: WebhookEndpoint, times: WireTime, secret: str | None = None) -> Self:
        """Return the shape of an endpoint. ``secret`` is shown if it is a shared one."""
        scheme = SignatureScheme.V1 if endpoint.public_key is None else SignatureScheme.V1A
        shape = times.shape(
            cls,
            endpoint,
            webhook_id=endpoint.endpoint_id,
            event_types=endpoint.event_types or ["*"],
            signature_scheme=scheme.value,
            secret=secret if scheme is SignatureScheme.V1 else None,
            enabled=endpoint.is_enabled,
        )
        until = endpoint.former_until
        return shape if until is None else structs.replace(shape, former_secret_until=times(until))


class WebhookList(Wire, frozen=True, kw_only=True):
    """Webhooks of a workspace."""

    webhooks: Annotated[list[WebhookObject], Meta(description="Webhooks, oldest first")]


class DeliveryObject(Wire, frozen=True, kw_only=True):
    """An event for a webhook."""

    delivery_id: DeliveryId
    message_id: Annotated[str, Meta(description="Header `webhook-id` of all attempts")]
    type: EventTypeName
    event_time: Annotated[str, Meta(description="Time of the change")]
    state: DeliveryStateName
    reason: (
        Annotated[str, Meta(description="Why the last attempt failed", examples=["There was no answer within 15 s."])]
        | None
    ) = None
    attempt_count: Annotated[int, Meta(ge=0, description="Number of attempts")]
    status: Annotated[int, Meta(description="HTTP status of the last answer")] | None = None
    due_time: (
        Annotated[str, Meta(description="Time of the next attempt", examples=["2025-04-23T17:14:11.482913"])] | None
    ) = None
    ended_time: Annotated[str, Meta(description="Time of the last attempt, or at which it was given up")] | None = None

    @classmethod
    def of(cls, delivery: WebhookDelivery, times: WireTime) -> Self:
        """Return the shape of a delivery."""
        return times.shape(cls, delivery, attempt_count=delivery.attempt)


class AttemptObject(Wire, frozen=True, kw_only=True):
    """An attempt at a delivery."""

    attempt: Annotated[int, Meta(ge=1, description="Number of the attempt")]
    attempt_time: _Time
    duration_ms: Annotated[int, Meta(ge=0, description="Duration in milliseconds")]
    status: Annotated[int, Meta(description="HTTP status of the answer, if there was one")] | None = None
    reason: Annotated[str, Meta(description="Why it failed", examples=["It answered with the status 500."])] | None = (
        None
    )
    answer: Annotated[str, Meta(description="First 4 KiB of the body of the answer")] | None = None

    @classmethod
    def of(cls, attempt: WebhookAttempt, times: WireTime) -> Self:
        """Return the shape of an attempt."""
        return times.shape(cls, attempt)


class DeliveryDetails(Wire, frozen=True, kw_only=True):
    """A delivery with its attempts."""

    delivery: Annotated[DeliveryObject, Meta(description="The delivery")]
    attempts: Annotated[list[AttemptObject], Meta(description="Its attempts, the first one first")]


class ReplayDeliveries(Wire, frozen=True, kw_only=True, rename={"from_": "from"}):
    """Deliveries to send again. Those that match all conditions are sent."""

    from_: (
        Annotated[str, Meta(description="ISO 8601. Events of this time and later", examples=["2025-04-23T00:00:00"])]
        | None
    ) = None
    to: (
        Annotated[str, Meta(description="ISO 8601. Events before this time", examples=["2025-04-24T00:00:00"])] | None
    ) = None
    state: (
        Annotated[
            Literal["FAILED", "DELIVERED", "WAITING"],
            Meta(description="State of the deliveries, any if it is left out", examples=["FAILED"]),
        ]
        | None
    ) = None
    type: EventTypeName | None = None


class ReplayedDeliveries(Wire, frozen=True, kw_only=True):
    """Number of deliveries that are sent again."""

    replayed_count: Annotated[int, Meta(ge=0, description="Number of deliveries that are sent again", examples=[12])]


WEBHOOK = WebhookObject(
    webhook_id=7,
    url="https://newsroom.example/hooks",
    event_types=["index.completed", "index.failed"],
    description="Editing system",
    signature_scheme="v1",
    enabled=True,
    waiting_count=0,
    created_user_name="username",
    created_time="2025-04-23T17:14:11.482913",
    updated_user_name="username",
    updated_time="2025-04-23T17:14:11.482913",
)
WEBHOOK_WITH_SECRET = structs.replace(WEBHOOK, secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")  # noqa: S106  # an example
CREATE_WEBHOOK = CreateWebhook(url=WEBHOOK.url, event_types=WEBHOOK.event_types, description=WEBHOOK.description)
CHANGE_WEBHOOK = ChangeWebhook(event_types=["*"])
ROTATE_SECRET = RotateSecret(overlap_hours=24)
DELIVERY = DeliveryObject(
    delivery_id=4711,
    message_id="msg_0f6a3f0f8d1c4a52a9a3c1d7a0b1c2d3",
    type="index.completed",
    event_time="2025-04-23T17:14:11.482913",
    state="DELIVERED",
    attempt_count=1,
    status=204,
    ended_time="2025-04-23T17:14:11.913482",
)
ATTEMPT = AttemptObject(attempt=1, attempt_time="2025-04-23T17:14:11.682913", duration_ms=182, status=204, answer="")
REPLAY = ReplayDeliveries(state="FAILED")
EVENT_TYPE = EventTypeObject(type="index.completed", description="An analysis has completed.")
