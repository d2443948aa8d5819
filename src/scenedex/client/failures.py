"""Reading an answer that is no success: two envelopes, and whatever a proxy on the way makes of it."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import Final

import msgspec

from scenedex.client.answers import Answer
from scenedex.client.errors import (
    AuthenticationFailed,
    Conflict,
    Detail,
    GatewayError,
    InvalidRequest,
    NotFound,
    PermissionDenied,
    RateLimited,
    Refusal,
    ServiceError,
    TooLarge,
    Unavailable,
    UnknownRoute,
)

# What decoding raises: no JSON or another shape, no UTF-8, nested without end.
UNREADABLE: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)

# A wrong signature and a missing right are both 401; the gateway's code tells them apart.
_PERMISSION_DENIED: Final = "210"
_SERVER_FAULTS: Final = 500

_EITHER_KINDS: Final[dict[int, type[ServiceError]]] = {
    401: AuthenticationFailed,
    403: PermissionDenied,
    413: TooLarge,
    429: RateLimited,
}
_SERVICE_KINDS: Final = _EITHER_KINDS | {400: InvalidRequest, 404: NotFound, 409: Conflict}
_GATEWAY_KINDS: Final = _EITHER_KINDS | {404: UnknownRoute}


class _Reason(Answer, frozen=True, kw_only=True):
    field: str | None = None
    reason: str = ""


class _ServicePart(Answer, frozen=True, kw_only=True):
    details: object = None


class _GatewayPart(Answer, frozen=True, kw_only=True):
    error_code: str | int = ""
    message: str = ""
    details: object = None


class _Failure(Answer, frozen=True, kw_only=True):
    code: str | int = ""
    message: str = ""
    response_error: _ServicePart | None = None
    error: _GatewayPart | None = None


def failure(status: int, body: bytes, trace_id: str | None, retry_after_s: float | None) -> ServiceError:
    """The error that an answer stands for; never fails itself, whatever the body is."""
    try:
        said = msgspec.json.decode(body, type=_Failure)
    except UNREADABLE:
        said = _Failure()
    if said.code:
        refusal = Refusal(
            status=status,
            code=str(said.code),
            message=said.message,
            details=_details(said.response_error.details if said.response_error else None),
            trace_id=trace_id,
            retry_after_s=retry_after_s,
        )
        return _kind(refusal, is_gateway=False)(refusal)
    gateway = said.error or _GatewayPart()
    refusal = Refusal(
        status=status,
        code=str(gateway.error_code),
        message=gateway.message,
        details=_details(gateway.details),
        trace_id=trace_id,
        retry_after_s=retry_after_s,
    )
    return _kind(refusal, is_gateway=True)(refusal)


def retry_after_s(header: str | None, now: float) -> float | None:
    """Seconds that a Retry-After header asks for, given as seconds or as a date; None when absent or unreadable.

    Args:
        header: value of the header.
        now: seconds since the Unix epoch.
    """
    if header is None:
        return None
    if header.strip().isdecimal():
        return float(header)
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - now)
    except (ValueError, OverflowError):
        return None


def _kind(refusal: Refusal, *, is_gateway: bool) -> type[ServiceError]:
    if refusal.code == _PERMISSION_DENIED and is_gateway:
        return PermissionDenied
    kinds = _GATEWAY_KINDS if is_gateway else _SERVICE_KINDS
    if refusal.status in kinds:
        return kinds[refusal.status]
    if not is_gateway:
        return ServiceError
    return Unavailable if refusal.status >= _SERVER_FAULTS else GatewayError


def _details(value: object) -> tuple[Detail, ...]:
    """Reasons, given as a list of field and reason, as a sentence, or in a form that is not known and left out."""
    if isinstance(value, str):
        return (Detail(None, value),) if value else ()
    try:
        reasons = msgspec.convert(value, tuple[_Reason, ...])
    except msgspec.ValidationError:
        return ()
    return tuple(Detail(reason.field, reason.reason) for reason in reasons)
