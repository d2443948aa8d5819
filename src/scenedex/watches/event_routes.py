"""Route that takes notifications of storage services. Its token is its only credential."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import structlog
from litestar import Request
from litestar.params import FromPath

from scenedex.auth.middleware import PUBLIC, RATE
from scenedex.watches.intake import EventIntake
from scenedex.watches.notifications import parse_notification
from scenedex.watches.schemas import TakenEventsObject
from scenedex.wire.body_limits import BODY_LIMIT
from scenedex.wire.envelope import Envelope
from scenedex.wire.errors import GatewayError, GatewayFault, InvalidRequest
from scenedex.wire.routing import ANY_TYPE, Injected, post

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.watches.intake import TakenEvents
    from scenedex.watches.notifications import NamedObject

EVENTS: Final = "/events/s3"
_MAX_BODY: Final = 1024 * 1024  # over a thousand events
_MAX_TOKEN_LENGTH: Final = 100
_UNKNOWN: Final = "There is no such method and path."

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.watches")


@post(
    EVENTS + "/{token:str}",
    include_in_schema=False,
    opt={PUBLIC: True, RATE: "events", BODY_LIMIT: _MAX_BODY, ANY_TYPE: True},
)
async def take_events(
    request: Request[Any, Any, Any], event_intake: Injected[EventIntake], token: FromPath[str]
) -> Envelope[TakenEventsObject]:
    """Have the watch of a token look at the objects that events name. The events are stored before the answer."""
    try:
        notification = parse_notification(await request.body())
    except InvalidRequest:
        # An unknown token is answered like an unknown path, whatever the body.
        await _take(event_intake, token, ())
        raise
    taken = await _take(event_intake, token, notification.objects)
    if notification.subscription_url is not None:
        _log.warning("watch.subscription_offered", url=notification.subscription_url[:2000])
    return Envelope(result=TakenEventsObject(accepted=taken.accepted, ignored=taken.ignored))


async def _take(event_intake: EventIntake, token: str, objects: Sequence[NamedObject]) -> TakenEvents:
    taken = await event_intake.take(token, objects) if len(token) <= _MAX_TOKEN_LENGTH else None
    if taken is None:
        raise GatewayError(GatewayFault.NOT_FOUND, _UNKNOWN)
    return taken


routes = [take_events]
