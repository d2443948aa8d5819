"""Bodies of events."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.assets.notices import ASSET_DELETED
from scenedex.audit.notices import NoticeSubject
from scenedex.persons.notices import PERSON_DELETED, PERSON_ERASED
from scenedex.wire.deep_links import asset_link, person_link

if TYPE_CHECKING:
    from scenedex.webhooks.records import DueDelivery

_WITHOUT_PAGE: Final = frozenset(one.name for one in (ASSET_DELETED, PERSON_DELETED, PERSON_ERASED))


class EventData(NoticeSubject, frozen=True, kw_only=True):
    """Ids of what has changed, and the page of the console that shows it."""

    workspace_name: str
    user_name: str
    url: str | None = None


class EventBody(msgspec.Struct, frozen=True):
    """Body of an event. The ``timestamp`` is that of the change."""

    type: str
    timestamp: str
    data: EventData


def body_of(delivery: DueDelivery, workspace_name: str, server_url: str) -> bytes:
    """Return the body of a delivery, the same for each attempt.

    ``server_url`` is the address of the server for clients, without a slash at its end.
    """
    subject = msgspec.convert(delivery.subject, NoticeSubject)
    data = EventData(
        workspace_name=workspace_name,
        user_name=delivery.user_name,
        url=_page(delivery.type, subject, workspace_name, server_url),
        **msgspec.structs.asdict(subject),
    )
    timestamp = delivery.event_time.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return msgspec.json.encode(EventBody(delivery.type, timestamp, data))


def _page(type_name: str, subject: NoticeSubject, workspace_name: str, server_url: str) -> str | None:
    if type_name in _WITHOUT_PAGE:
        return None
    if subject.asset_id is not None:
        return asset_link(server_url, workspace_name, subject.asset_id)
    return None if subject.person_id is None else person_link(server_url, workspace_name, subject.person_id)
