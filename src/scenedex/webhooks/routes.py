"""Calls about webhooks."""

from __future__ import annotations

from typing import Annotated, Final

from litestar import get, patch

from scenedex.audit.actor import Actor
from scenedex.audit.marks import event
from scenedex.auth.caller import Caller
from scenedex.auth.middleware import RATE
from scenedex.webhooks.errors import TooManyWebhooks, WebhookIsDisabled, WebhookNotFound
from scenedex.webhooks.event_types import ALL, EVENT_TYPES, unknown_types
from scenedex.webhooks.records import EndpointChanges, EndpointChoice
from scenedex.webhooks.schemas import (
    CHANGE_WEBHOOK,
    CREATE_WEBHOOK,
    DEFAULT_OVERLAP_HOURS,
    DELIVERY,
    EVENT_TYPE,
    MAX_DESCRIPTION,
    MAX_EVENT_TYPES,
    MAX_OVERLAP_HOURS,
    ROTATE_SECRET,
    WEBHOOK,
    WEBHOOK_WITH_SECRET,
    ChangeWebhook,
    CreateWebhook,
    DeliveryObject,
    EventTypeList,
    EventTypeObject,
    RotateSecret,
    WebhookList,
    WebhookObject,
)
from scenedex.webhooks.service import Webhooks
from scenedex.webhooks.signatures import SignatureScheme, problem_of_secret
from scenedex.wire.envelope import Done, Envelope
from scenedex.wire.errors import FieldProblem, InvalidRequest
from scenedex.wire.parsing import WireTime, check_name, parse_id
from scenedex.wire.routing import Injected, WorkspaceName, answers, delete, id_parameter, json_body, post
from scenedex.workspaces.errors import WorkspaceNotFound

WEBHOOKS: Final = "/api/v1/workspaces/{workspace_name:str}/webhooks"
ONE: Final = WEBHOOKS + "/{webhook_id:str}"
RATED: Final = {RATE: "webhook"}
_NOT_STORED: Final = {"cache-control": "no-store"}
_NO_BODY: Final = RotateSecret()
WebhookIdText = Annotated[str, id_parameter("Webhook ID, an integer.", "7")]


def webhook_path(webhook_id: str) -> int:
    """Return the id of a path."""
    return parse_id("webhook_id", webhook_id)


@get(
    "/api/v1/webhook-event-types",
    tags=["webhooks"],
    operation_id="listWebhookEventTypes",
    summary="List the types of events",
    responses=answers(EventTypeList(event_types=[EVENT_TYPE])),
)
async def list_event_types() -> Envelope[EventTypeList]:
    """List the types of events that webhooks can choose. An addition of Scenedex to the API."""
    found = [EventTypeObject(type=one.name, description=one.description) for one in EVENT_TYPES]
    return Envelope(result=EventTypeList(event_types=found))


@get(
    WEBHOOKS,
    tags=["webhooks"],
    operation_id="listWebhooks",
    summary="List webhooks",
    responses=answers(WebhookList(webhooks=[WEBHOOK]), WorkspaceNotFound),
)
async def list_webhooks(
    webhooks: Injected[Webhooks], caller: Injected[Caller], times: Injected[WireTime], workspace_name: WorkspaceName
) -> Envelope[WebhookList]:
    """List all webhooks of a workspace, oldest first. For managers only. An addition of Scenedex to the API."""
    found = await webhooks.all(caller, workspace_name)
    return Envelope(result=WebhookList(webhooks=[WebhookObject.of(one, times) for one in found]))


@post(
    WEBHOOKS,
    tags=["webhooks"],
    operation_id="createWebhook",
    summary="Create a webhook",
    opt=RATED | event("Create Webhook"),
    response_headers=_NOT_STORED,
    responses=answers(WEBHOOK_WITH_SECRET, WorkspaceNotFound, TooManyWebhooks),
)
async def create_webhook(
    webhooks: Injected[Webhooks],
    actor: Injected[Actor],
    times: Injected[WireTime],
    server_url: Injected[str],
    workspace_name: WorkspaceName,
    data: Annotated[CreateWebhook, json_body(CREATE_WEBHOOK)],
) -> Envelope[WebhookObject]:
    """Create a webhook. Its secret is in this answer alone. An addition of Scenedex to the API."""
    wanted = EndpointChoice(
        data.url,
        _description(data.description) or None,
        _event_types(data.event_types) or None,
        *_key(data.signature_scheme, data.secret),
    )
    made, secret = await webhooks.create(actor, workspace_name, wanted, server_url)
    return Envelope(result=WebhookObject.of(made, times, secret))


@get(
    ONE,
    tags=["webhooks"],
    operation_id="getWebhook",
    summary="Get a webhook",
    responses=answers(WEBHOOK, WorkspaceNotFound, WebhookNotFound),
)
async def get_webhook(
    webhooks: Injected[Webhooks],
    caller: Injected[Caller],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    webhook_id: WebhookIdText,
) -> Envelope[WebhookObject]:
    """Return a webhook, without its secret. An addition of Scenedex to the API."""
    found = await webhooks.get(caller, workspace_name, webhook_path(webhook_id))
    return Envelope(result=WebhookObject.of(found, times))


@patch(
    ONE,
    tags=["webhooks"],
    operation_id="changeWebhook",
    summary="Change a webhook",
    opt=RATED | event("Update Webhook"),
    responses=answers(WEBHOOK, WorkspaceNotFound, WebhookNotFound),
)
async def change_webhook(
    webhooks: Injected[Webhooks],
    actor: Injected[Actor],
    times: Injected[WireTime],
    server_url: Injected[str],
    workspace_name: WorkspaceName,
    webhook_id: WebhookIdText,
    data: Annotated[ChangeWebhook, json_body(CHANGE_WEBHOOK)],
) -> Envelope[WebhookObject]:
    """Change a webhook. Enabled again, it gets what has waited. An addition of Scenedex to the API."""
    changes = EndpointChanges(data.url, _description(data.description), _event_types(data.event_types), data.enabled)
    changed = await webhooks.change(actor, workspace_name, webhook_path(webhook_id), changes, server_url)
    return Envelope(result=WebhookObject.of(changed, times))


@delete(
    ONE,
    tags=["webhooks"],
    operation_id="deleteWebhook",
    summary="Delete a webhook",
    opt=event("Delete Webhook"),
    responses=answers(Done(), WorkspaceNotFound, WebhookNotFound),
)
async def delete_webhook(
    webhooks: Injected[Webhooks], actor: Injected[Actor], workspace_name: WorkspaceName, webhook_id: WebhookIdText
) -> Done:
    """Delete a webhook with its delivery log. What waits is not sent. An addition of Scenedex to the API."""
    await webhooks.delete(actor, workspace_name, webhook_path(webhook_id))
    return Done()


@post(
    ONE + "/rotate-secret",
    tags=["webhooks"],
    operation_id="rotateWebhookSecret",
    summary="Replace the secret of a webhook",
    opt=RATED | event("Rotate Webhook Secret"),
    response_headers=_NOT_STORED,
    responses=answers(WEBHOOK_WITH_SECRET, WorkspaceNotFound, WebhookNotFound),
)
async def rotate_secret(
    webhooks: Injected[Webhooks],
    actor: Injected[Actor],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    webhook_id: WebhookIdText,
    data: Annotated[RotateSecret, json_body(ROTATE_SECRET)] = _NO_BODY,
) -> Envelope[WebhookObject]:
    """Replace the secret. For some hours events carry the signatures of both. An addition of Scenedex to the API."""
    scheme, secret = _key(data.signature_scheme, data.secret)
    hours = DEFAULT_OVERLAP_HOURS if data.overlap_hours is None else data.overlap_hours
    if not 0 <= hours <= MAX_OVERLAP_HOURS:
        raise InvalidRequest(FieldProblem("overlapHours", f"must be between 0 and {MAX_OVERLAP_HOURS}"))
    rotated, secret = await webhooks.rotate(
        actor, workspace_name, webhook_path(webhook_id), scheme=scheme, secret=secret, overlap_seconds=hours * 3600
    )
    return Envelope(result=WebhookObject.of(rotated, times, secret))


@post(
    ONE + "/test",
    tags=["webhooks"],
    operation_id="testWebhook",
    summary="Send a test event",
    opt=RATED | event("Test Webhook"),
    responses=answers(DELIVERY, WorkspaceNotFound, WebhookNotFound, WebhookIsDisabled),
)
async def test_webhook(
    webhooks: Injected[Webhooks],
    actor: Injected[Actor],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    webhook_id: WebhookIdText,
) -> Envelope[DeliveryObject]:
    """Send an event of the type `webhook.test`. Its delivery shows the result. An addition of Scenedex to the API."""
    made = await webhooks.test(actor, workspace_name, webhook_path(webhook_id))
    return Envelope(result=DeliveryObject.of(made, times))


def _description(text: str | None) -> str | None:
    return text and check_name("description", text, max_length=MAX_DESCRIPTION)


def _event_types(chosen: list[str] | None) -> list[str] | None:
    """Return the chosen types, none for all."""
    if chosen is None:
        return None
    if not 1 <= len(chosen) <= MAX_EVENT_TYPES:
        raise InvalidRequest(FieldProblem("eventTypes", f'must have 1 to {MAX_EVENT_TYPES} types. ["{ALL}"] is all'))
    if unknown := unknown_types(chosen):
        known = ", ".join((ALL, *(one.name for one in EVENT_TYPES)))
        raise InvalidRequest(FieldProblem("eventTypes", f"{unknown[0][:80]!r} is no type. The types are {known}"))
    return [] if ALL in chosen else list(dict.fromkeys(chosen))


def _key(scheme: str | None, secret: str | None) -> tuple[SignatureScheme, str | None]:
    chosen = SignatureScheme(scheme or SignatureScheme.V1)
    if secret is None:
        return chosen, None
    if chosen is SignatureScheme.V1A:
        raise InvalidRequest(FieldProblem("secret", "is for v1 alone. The server makes the key pair of v1a"))
    if (problem := problem_of_secret(secret)) is not None:
        raise InvalidRequest(FieldProblem("secret", problem))
    return chosen, secret


routes = [
    list_event_types,
    list_webhooks,
    create_webhook,
    get_webhook,
    change_webhook,
    delete_webhook,
    rotate_secret,
    test_webhook,
]
