"""Calls about the deliveries of a webhook."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from litestar import get
from litestar.di import Provide
from litestar.params import QueryParameter

from scenedex.audit.actor import Actor
from scenedex.audit.marks import event
from scenedex.auth.caller import Caller
from scenedex.webhooks.errors import WebhookDeliveryNotFound, WebhookIsDisabled, WebhookNotFound
from scenedex.webhooks.event_types import EVENT_TYPES, TEST_EVENT
from scenedex.webhooks.records import DeliveryFilter, DeliveryState
from scenedex.webhooks.routes import ONE, RATED, WebhookIdText, webhook_path
from scenedex.webhooks.schemas import (
    ATTEMPT,
    DELIVERY,
    REPLAY,
    AttemptObject,
    DeliveryDetails,
    DeliveryObject,
    ReplayDeliveries,
    ReplayedDeliveries,
)
from scenedex.webhooks.service import Webhooks
from scenedex.wire.envelope import Envelope, Page
from scenedex.wire.errors import FieldProblem, InvalidRequest
from scenedex.wire.parsing import PageRequest, WireTime, parse_id
from scenedex.wire.routing import Injected, PageNum, PageSize, WorkspaceName, answers, id_parameter, json_body, post
from scenedex.workspaces.errors import WorkspaceNotFound

_LOG: Final = ONE + "/deliveries"
_DELIVERY: Final = _LOG + "/{delivery_id:str}"
_ANY: Final = ReplayDeliveries()
DeliveryIdText = Annotated[str, id_parameter("Delivery ID, an integer.", "4711")]
From = Annotated[
    str | None,
    QueryParameter(
        name="from",
        description="ISO 8601. Events of this time and later.",
        schema_extra={"examples": ["2025-04-01T00:00:00"]},
    ),
]
To = Annotated[
    str | None,
    QueryParameter(
        name="to", description="ISO 8601. Events before this time.", schema_extra={"examples": ["2025-05-01T00:00:00"]}
    ),
]
State = Annotated[
    Literal["WAITING", "DELIVERED", "FAILED"] | None,
    QueryParameter(name="state", description="State of the deliveries.", schema_extra={"examples": ["FAILED"]}),
]
TypeName = Annotated[
    str | None,
    QueryParameter(name="type", description="Type of the events.", schema_extra={"examples": ["index.completed"]}),
]


def _filter(
    times: Injected[WireTime],
    since: From = None,
    until: To = None,
    state_filter: State = None,
    type_name: TypeName = None,
) -> DeliveryFilter:
    return _made_filter(times, since, until, state_filter, type_name)


def _made_filter(
    times: WireTime, since: str | None, until: str | None, state: str | None, type_name: str | None
) -> DeliveryFilter:
    if type_name is not None and type_name not in {TEST_EVENT.name, *(one.name for one in EVENT_TYPES)}:
        known = ", ".join((*(one.name for one in EVENT_TYPES), TEST_EVENT.name))
        raise InvalidRequest(FieldProblem("type", f"there is no such type. The types are {known}"))
    return DeliveryFilter(
        None if state is None else DeliveryState(state),
        type_name,
        None if since is None else times.parse("from", since),
        None if until is None else times.parse("to", until),
    )


@get(
    _LOG,
    tags=["webhooks"],
    operation_id="listWebhookDeliveries",
    summary="List the deliveries of a webhook",
    dependencies={"wanted_deliveries": Provide(_filter, sync_to_thread=False)},
    responses=answers(Page([DELIVERY], 1, 1, 1, 100), WorkspaceNotFound, WebhookNotFound),
)
async def list_deliveries(
    webhooks: Injected[Webhooks],
    caller: Injected[Caller],
    times: Injected[WireTime],
    wanted_deliveries: Injected[DeliveryFilter],
    workspace_name: WorkspaceName,
    webhook_id: WebhookIdText,
    page_num: PageNum = 1,
    page_size: PageSize = 100,
) -> Envelope[Page[DeliveryObject]]:
    """List deliveries, the latest first. Ended ones are kept for 30 days by default. An addition of Scenedex."""
    page = PageRequest(page_num, page_size)
    found, total = await webhooks.deliveries(caller, workspace_name, webhook_path(webhook_id), wanted_deliveries, page)
    content = [DeliveryObject.of(one, times) for one in found]
    return Envelope(result=Page(content, total, page.pages_of(total), page.number, page.size))


@get(
    _DELIVERY,
    tags=["webhooks"],
    operation_id="getWebhookDelivery",
    summary="Get a delivery with its attempts",
    responses=answers(
        DeliveryDetails(delivery=DELIVERY, attempts=[ATTEMPT]),
        WorkspaceNotFound,
        WebhookNotFound,
        WebhookDeliveryNotFound,
    ),
)
async def get_delivery(
    webhooks: Injected[Webhooks],
    caller: Injected[Caller],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    webhook_id: WebhookIdText,
    delivery_id: DeliveryIdText,
) -> Envelope[DeliveryDetails]:
    """Return a delivery with time, status, duration and answer of each attempt. An addition of Scenedex to the API."""
    ids = webhook_path(webhook_id), parse_id("delivery_id", delivery_id)
    found, attempts = await webhooks.delivery(caller, workspace_name, *ids)
    return Envelope(
        result=DeliveryDetails(
            delivery=DeliveryObject.of(found, times), attempts=[AttemptObject.of(one, times) for one in attempts]
        )
    )


@post(
    _DELIVERY + "/replay",
    tags=["webhooks"],
    operation_id="replayWebhookDelivery",
    summary="Send a delivery again",
    opt=RATED | event("Replay Webhook"),
    responses=answers(DELIVERY, WorkspaceNotFound, WebhookNotFound, WebhookDeliveryNotFound, WebhookIsDisabled),
)
async def replay_delivery(
    webhooks: Injected[Webhooks],
    actor: Injected[Actor],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    webhook_id: WebhookIdText,
    delivery_id: DeliveryIdText,
) -> Envelope[DeliveryObject]:
    """Send a delivery again at once, under the same `webhook-id`. An addition of Scenedex to the API."""
    ids = webhook_path(webhook_id), parse_id("delivery_id", delivery_id)
    return Envelope(result=DeliveryObject.of(await webhooks.replay_one(actor, workspace_name, *ids), times))


@post(
    ONE + "/replay",
    tags=["webhooks"],
    operation_id="replayWebhookDeliveries",
    summary="Send deliveries again",
    opt=RATED | event("Replay Webhook"),
    responses=answers(ReplayedDeliveries(replayed_count=12), WorkspaceNotFound, WebhookNotFound, WebhookIsDisabled),
)
async def replay_deliveries(
    webhooks: Injected[Webhooks],
    actor: Injected[Actor],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    webhook_id: WebhookIdText,
    data: Annotated[ReplayDeliveries, json_body(REPLAY)] = _ANY,
) -> Envelope[ReplayedDeliveries]:
    """Send the deliveries of a time range, of a state or of a type again. An addition of Scenedex to the API.

    Each of them is sent at once, under the same `webhook-id`, with all of its tries.
    """
    wanted = _made_filter(times, data.from_, data.to, data.state, data.type)
    if wanted == DeliveryFilter():
        raise InvalidRequest(FieldProblem("body", "must have at least one of from, to, state and type"))
    found = await webhooks.replay(actor, workspace_name, webhook_path(webhook_id), wanted)
    return Envelope(result=ReplayedDeliveries(replayed_count=found))


routes = [list_deliveries, get_delivery, replay_delivery, replay_deliveries]
