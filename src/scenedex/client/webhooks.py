"""Webhooks of a workspace. Only Scenedex has these routes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scenedex.client.connection import Call, WorkspaceCalls, given, target
from scenedex.client.paging import MAX_PAGE_SIZE, Page, all_items
from scenedex.client.webhook_answers import (
    DeliveryDetails,
    DeliveryStateFilter,
    ReplayedDeliveries,
    SignatureScheme,
    Webhook,
    WebhookDelivery,
    WebhookEventType,
    WebhookEventTypes,
    WebhookList,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

ALL_EVENTS: Final = "*"


@dataclass(frozen=True, slots=True)
class DeliveryQuery:
    """Conditions on deliveries. None matches all.

    Attributes:
        since: earliest time of the event, inclusive. Times without a zone are in the time zone of the service.
        until: latest time of the event, exclusive.
        type: type of the event.
    """

    state: DeliveryStateFilter | None = None
    since: datetime | None = None
    until: datetime | None = None
    type: str | None = None

    def values(self) -> dict[str, str | int | None]:
        """Return the conditions by their names on the wire."""
        return {
            "state": self.state and self.state.value,
            "from": self.since and self.since.isoformat(),
            "to": self.until and self.until.isoformat(),
            "type": self.type,
        }


class Webhooks(WorkspaceCalls):
    """Webhooks of one workspace, for managers.

    Methods raise PermissionDenied for others, and NotFound if the workspace, webhook or delivery does not exist.
    """

    _path = ("webhooks",)

    def event_types(self) -> tuple[WebhookEventType, ...]:
        """Return all types of events."""
        return self.connection.result(Call("GET", target("webhook-event-types")), WebhookEventTypes).event_types

    def list(self) -> tuple[Webhook, ...]:
        """Return all webhooks, oldest first."""
        return self._call("GET", WebhookList).webhooks

    def get(self, webhook_id: int) -> Webhook:
        """Return a webhook."""
        return self._call("GET", Webhook, webhook_id)

    def create(
        self,
        url: str,
        *,
        event_types: Sequence[str] | None = None,
        description: str | None = None,
        signature_scheme: SignatureScheme | None = None,
        secret: str | None = None,
    ) -> Webhook:
        """Create a webhook. The answer alone has its secret.

        Args:
            url: URL of the receiver.
            event_types: types of events that are sent. None is all.
            description: description of up to 200 characters.
            signature_scheme: scheme of its signatures. None is `V1`.
            secret: shared secret of `V1`. None has the service make one.

        Raises:
            InvalidRequest: the service does not reach the URL, or a type is unknown.
        """
        body = given(
            url=url,
            eventTypes=None if event_types is None else list(event_types),
            description=description,
            signatureScheme=signature_scheme,
            secret=secret,
        )
        return self._call("POST", Webhook, body=body, is_repeatable=False)

    def change(
        self,
        webhook_id: int,
        *,
        url: str | None = None,
        event_types: Sequence[str] | None = None,
        description: str | None = None,
        enabled: bool | None = None,
    ) -> Webhook:
        """Change a webhook. None leaves a value as it is, and an empty description removes it.

        Raises:
            InvalidRequest: the service does not reach the URL, or a type is unknown.
        """
        types = None if event_types is None else list(event_types)
        body = given(url=url, eventTypes=types, description=description, enabled=enabled)
        return self._call("PATCH", Webhook, webhook_id, body=body)

    def delete(self, webhook_id: int) -> None:
        """Delete a webhook with its delivery log."""
        self.connection.run(Call("DELETE", self._target(webhook_id)))

    def rotate_secret(
        self,
        webhook_id: int,
        *,
        signature_scheme: SignatureScheme | None = None,
        secret: str | None = None,
        overlap_hours: int | None = None,
    ) -> Webhook:
        """Replace the secret. Both sign for ``overlap_hours``, by default 24. The answer alone has the new secret."""
        body = given(signatureScheme=signature_scheme, secret=secret, overlapHours=overlap_hours)
        return self._call("POST", Webhook, webhook_id, "rotate-secret", body=body, is_repeatable=False)

    def test(self, webhook_id: int) -> WebhookDelivery:
        """Send a test event.

        Raises:
            Conflict: the webhook is disabled.
        """
        return self._call("POST", WebhookDelivery, webhook_id, "test", is_repeatable=False)

    def deliveries(
        self, webhook_id: int, query: DeliveryQuery | None = None, *, page_size: int = MAX_PAGE_SIZE
    ) -> Iterator[WebhookDelivery]:
        """Iterate over matching deliveries, the latest first. Pages of 1-1000 are fetched on demand."""
        wanted = query or DeliveryQuery()
        return all_items(lambda number: self._page(webhook_id, wanted, number, page_size))

    def delivery(self, webhook_id: int, delivery_id: int) -> DeliveryDetails:
        """Return a delivery with its attempts."""
        return self._call("GET", DeliveryDetails, webhook_id, "deliveries", delivery_id)

    def replay(self, webhook_id: int, delivery_id: int) -> WebhookDelivery:
        """Send a delivery again at once, under the same id.

        Raises:
            Conflict: the webhook is disabled.
        """
        return self._call("POST", WebhookDelivery, webhook_id, "deliveries", delivery_id, "replay", is_repeatable=False)

    def replay_all(self, webhook_id: int, query: DeliveryQuery) -> int:
        """Send all matching deliveries again at once, under the same ids. Return how many.

        Raises:
            InvalidRequest: the query has no condition.
            Conflict: the webhook is disabled.
        """
        body = given(**query.values())
        found = self._call("POST", ReplayedDeliveries, webhook_id, "replay", body=body, is_repeatable=False)
        return found.replayed_count

    def _page(self, webhook_id: int, query: DeliveryQuery, number: int, page_size: int) -> Page[WebhookDelivery]:
        values = {"pageNum": number, "pageSize": page_size, **query.values()}
        return self._call("GET", Page[WebhookDelivery], webhook_id, "deliveries", query=values)
