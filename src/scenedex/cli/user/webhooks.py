"""``scenedex webhooks``."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Group

from scenedex.cli.user.rendering import facts, table, yes
from scenedex.cli.user.session import WorkspaceSession, Yes, sub_app, workspace_command
from scenedex.client import (
    DeliveryDetails,
    DeliveryQuery,
    DeliveryStateFilter,
    SignatureScheme,
    Webhook,
    WebhookDelivery,
    WebhookEventType,
)
from scenedex.client.paging import MAX_PAGE_SIZE

if TYPE_CHECKING:
    from rich.console import RenderableType

_DEFAULT_DELIVERIES: Final = 50
_TIMES: Final = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]
_KEPT: Final = "The secret is shown only once. Give it to the receiver."

app = sub_app("Webhooks: events of a workspace that are sent to a URL. For managers.")

WebhookId = Annotated[int, typer.Argument(metavar="WEBHOOK", help="Id of the webhook.", show_default=False)]
EventTypes = Annotated[
    list[str] | None,
    typer.Option("--event", "-e", help="Type of events to send, any number of times. Default: all.", metavar="TYPE"),
]
Description = Annotated[str | None, typer.Option(help="Description.", metavar="TEXT")]
Scheme = Annotated[
    SignatureScheme, typer.Option("--signature", help="v1: HMAC with a shared secret. v1a: ed25519 with a key pair.")
]
Secret = Annotated[
    str | None,
    typer.Option(envvar="SCENEDEX_WEBHOOK_SECRET", help="Shared secret of v1. Default: one is made.", metavar="WHSEC"),
]
State = Annotated[DeliveryStateFilter | None, typer.Option(help="Only deliveries in this state.", metavar="STATE")]
Since = Annotated[
    datetime | None,
    typer.Option("--from", help="Only events since this time, in the time zone of the service.", formats=_TIMES),
]
Until = Annotated[datetime | None, typer.Option("--to", help="Only events before this time.", formats=_TIMES)]
EventType = Annotated[str | None, typer.Option("--event", "-e", help="Only events of this type.", metavar="TYPE")]


@workspace_command(app, "types")
def show_types(session: WorkspaceSession) -> None:
    """List the types of events."""
    session.screen.many(session.client.webhooks(session.workspace).event_types(), _render_types)


@workspace_command(app, "list")
def list_webhooks(session: WorkspaceSession) -> None:
    """List all webhooks, oldest first."""
    session.screen.many(session.client.webhooks(session.workspace).list(), _render_list)


@workspace_command(app, "show")
def show(session: WorkspaceSession, webhook_id: WebhookId) -> None:
    """Show a webhook."""
    session.screen.one(session.client.webhooks(session.workspace).get(webhook_id), _render)


@workspace_command(app, "create")
def create(
    session: WorkspaceSession,
    url: Annotated[str, typer.Argument(metavar="URL", help="URL of the receiver.", show_default=False)],
    events: EventTypes = None,
    description: Description = None,
    scheme: Scheme = SignatureScheme.V1,
    secret: Secret = None,
) -> None:
    """Create a webhook, and show its secret."""
    made = session.client.webhooks(session.workspace).create(
        url, event_types=events or None, description=description, signature_scheme=scheme, secret=secret
    )
    session.screen.one(made, _render)
    if made.secret is not None:
        session.screen.remark(_KEPT)


@workspace_command(app, "update")
def update(
    session: WorkspaceSession,
    webhook_id: WebhookId,
    url: Annotated[str | None, typer.Option(help="URL of the receiver.", metavar="URL")] = None,
    events: Annotated[
        list[str] | None,
        typer.Option("--event", "-e", help="Type of events to send, any number of times. * is all.", metavar="TYPE"),
    ] = None,
    description: Annotated[
        str | None, typer.Option(help="Description. An empty one removes it.", metavar="TEXT")
    ] = None,
    *,
    enable: Annotated[
        bool | None, typer.Option("--enable/--disable", help="Send events or not.", show_default=False)
    ] = None,
) -> None:
    """Change a webhook. Enabled again, it gets what has waited."""
    changed = session.client.webhooks(session.workspace).change(
        webhook_id, url=url, event_types=events or None, description=description, enabled=enable
    )
    session.screen.one(changed, _render)


@workspace_command(app, "delete")
def delete(session: WorkspaceSession, webhook_id: WebhookId, *, yes: Yes = False) -> None:
    """Delete a webhook with its delivery log. What waits is not sent."""
    session.confirm(f"Delete webhook {webhook_id}?", is_sure=yes)
    session.client.webhooks(session.workspace).delete(webhook_id)
    session.screen.note(f"Deleted webhook {webhook_id}.")


@workspace_command(app, "rotate")
def rotate(
    session: WorkspaceSession,
    webhook_id: WebhookId,
    scheme: Scheme = SignatureScheme.V1,
    secret: Secret = None,
    overlap_hours: Annotated[
        int | None, typer.Option(help="Hours for which both secrets sign. Default: 24.", min=0, metavar="H")
    ] = None,
) -> None:
    """Replace the secret, and show the other one."""
    rotated = session.client.webhooks(session.workspace).rotate_secret(
        webhook_id, signature_scheme=scheme, secret=secret, overlap_hours=overlap_hours
    )
    session.screen.one(rotated, _render)
    if rotated.secret is not None:
        session.screen.remark(_KEPT)


@workspace_command(app, "test")
def send_test(session: WorkspaceSession, webhook_id: WebhookId) -> None:
    """Send a test event."""
    sent = session.client.webhooks(session.workspace).test(webhook_id)
    session.screen.one(sent, _render_delivery)
    hint = session.hint(f"webhooks log {webhook_id} {sent.delivery_id}")
    session.screen.note(f"Its attempts: {hint}")


@workspace_command(app, "log")
def show_log(
    session: WorkspaceSession,
    webhook_id: WebhookId,
    delivery_id: Annotated[
        int | None, typer.Argument(metavar="DELIVERY", help="Delivery to show with its attempts.", show_default=False)
    ] = None,
    state: State = None,
    event: EventType = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[
        int | None,
        typer.Option(min=1, help="Maximum number of deliveries. Default: 50, or all with --json.", metavar="N"),
    ] = None,
) -> None:
    """List deliveries, the latest first, or show one with its attempts."""
    webhooks = session.client.webhooks(session.workspace)
    if delivery_id is not None:
        session.screen.one(webhooks.delivery(webhook_id, delivery_id), _render_details)
        return
    shown = limit or (None if session.screen.as_json else _DEFAULT_DELIVERIES)
    query = DeliveryQuery(state, since, until, event)
    found = webhooks.deliveries(webhook_id, query, page_size=min(shown or MAX_PAGE_SIZE, MAX_PAGE_SIZE))
    session.screen.many(islice(found, shown), _render_log)


@workspace_command(app, "replay")
def replay(
    session: WorkspaceSession,
    webhook_id: WebhookId,
    delivery_id: Annotated[
        int | None, typer.Argument(metavar="DELIVERY", help="Delivery to send again.", show_default=False)
    ] = None,
    state: State = None,
    event: EventType = None,
    since: Since = None,
    until: Until = None,
) -> None:
    """Send a delivery again, or all of a state, type or time."""
    webhooks, query = session.client.webhooks(session.workspace), DeliveryQuery(state, since, until, event)
    if delivery_id is not None:
        if query != DeliveryQuery():
            raise typer.BadParameter("is not for a single delivery", param_hint="--state, --event, --from, --to")
        session.screen.one(webhooks.replay(webhook_id, delivery_id), _render_delivery)
        return
    if query == DeliveryQuery():
        raise typer.BadParameter("give one, or --state, --event, --from or --to", param_hint="DELIVERY")
    session.screen.note(f"Sending {webhooks.replay_all(webhook_id, query)} deliveries again.")


def _render_types(types: Sequence[WebhookEventType]) -> "RenderableType":
    return table(("Type", "Sent when"), [(one.type, one.description) for one in types])


def _render_list(webhooks: Sequence[Webhook]) -> "RenderableType":
    rows = [
        (one.webhook_id, one.url, " ".join(one.event_types), yes(one.enabled), one.failing_since, one.waiting_count)
        for one in webhooks
    ]
    return table(("Webhook", "URL", "Events", "Enabled", "Failing since", "Waiting"), rows)


def _render(webhook: Webhook) -> "RenderableType":
    return facts(
        ("Webhook", webhook.webhook_id),
        ("URL", webhook.url),
        ("Description", webhook.description),
        ("Events", " ".join(webhook.event_types)),
        ("Secret", webhook.secret),
        ("Public key", webhook.public_key),
        ("Signature", webhook.signature_scheme),
        ("Former secret until", webhook.former_secret_until),
        ("Enabled", yes(webhook.enabled) or "no"),
        ("Disabled because", webhook.disabled_reason),
        ("Disabled", webhook.disabled_time),
        ("Failing since", webhook.failing_since),
        ("Waiting", webhook.waiting_count),
        ("Created", webhook.created_time),
        ("Updated", webhook.updated_time),
    )


def _render_delivery(delivery: WebhookDelivery) -> "RenderableType":
    return facts(
        ("Delivery", delivery.delivery_id),
        ("webhook-id", delivery.message_id),
        ("Event", delivery.type),
        ("Time", delivery.event_time),
        ("State", delivery.state.value),
        ("Reason", delivery.reason),
        ("Attempts", delivery.attempt_count),
        ("Next attempt", delivery.due_time),
        ("Ended", delivery.ended_time),
    )


def _render_details(details: DeliveryDetails) -> "RenderableType":
    rows = [
        (one.attempt, one.attempt_time, f"{one.duration_ms} ms", one.status, one.reason, one.answer)
        for one in details.attempts
    ]
    names = ("Attempt", "Time", "Took", "Status", "Reason", "Answer")
    return Group(_render_delivery(details.delivery), "", table(names, rows))


def _render_log(deliveries: Sequence[WebhookDelivery]) -> "RenderableType":
    rows = [
        (one.delivery_id, one.event_time, one.type, one.state.value, one.attempt_count, one.status, one.reason)
        for one in deliveries
    ]
    return table(("Delivery", "Time", "Event", "State", "Attempts", "Status", "Reason"), rows)
