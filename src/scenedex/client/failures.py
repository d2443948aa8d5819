"""Errors from answers that are not a success: two envelopes, or the answer of a proxy."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import Final

import msgspec

from scenedex.client import errors
from scenedex.client.answers import Answer

# Raised by decoding: invalid JSON or another shape, invalid UTF-8, deep nesting.
UNREADABLE: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)

# A wrong signature and a missing permission are both 401. The gateway's code distinguishes them.
_PERMISSION_DENIED: Final = "210"
_SERVER_FAULTS: Final = 500

_COMMON_KINDS: Final[dict[int, type[errors.ServiceError]]] = {
    401: errors.AuthenticationFailed,
    403: errors.PermissionDenied,
    413: errors.TooLarge,
    429: errors.RateLimited,
}
_SERVICE_KINDS: Final = _COMMON_KINDS | {400: errors.InvalidRequest, 404: errors.NotFound, 409: errors.Conflict}
_GATEWAY_KINDS: Final = _COMMON_KINDS | {404: errors.UnknownRoute}


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


def is_of_api(body: bytes) -> bool:
    """Return whether a body has the form of an answer of this API."""
    try:
        answer = msgspec.json.decode(body, type=_Failure)
    except UNREADABLE:
        return False
    return bool(answer.code) or answer.error is not None


def failure(status: int, body: bytes, trace_id: str | None, retry_after_s: float | None) -> errors.ServiceError:
    """Return the error for an answer with any body."""
    try:
        answer = msgspec.json.decode(body, type=_Failure)
    except UNREADABLE:
        answer = _Failure()
    if answer.code:
        code, message, part = answer.code, answer.message, answer.response_error or _ServicePart()
    else:
        part = answer.error or _GatewayPart()
        code, message = part.error_code, part.message
    refusal = errors.Refusal(
        status=status,
        code=str(code),
        message=message,
        details=_details(part.details),
        trace_id=trace_id,
        retry_after_s=retry_after_s,
    )
    return _kind(refusal, is_gateway=not answer.code)(refusal)


def retry_after_s(header: str | None, now: float) -> float | None:
    """Return the seconds until the time of a Retry-After header, or None if it is absent or unreadable."""
    if header is None:
        return None
    if header.strip().isdecimal():
        return float(header)
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - now)
    except (ValueError, OverflowError):
        return None


def _kind(refusal: errors.Refusal, *, is_gateway: bool) -> type[errors.ServiceError]:
    if refusal.code == _PERMISSION_DENIED and is_gateway:
        return errors.PermissionDenied
    kinds = _GATEWAY_KINDS if is_gateway else _SERVICE_KINDS
    if refusal.status in kinds:
        return kinds[refusal.status]
    if not is_gateway:
        return errors.ServiceError
    return errors.Unavailable if refusal.status >= _SERVER_FAULTS else errors.GatewayError


def _details(value: object) -> tuple[errors.Detail, ...]:
    """Read reasons from a list of fields and reasons or from a sentence. Other forms are ignored."""
    if isinstance(value, str):
        return (errors.Detail(None, value),) if value else ()
    try:
        return msgspec.convert(value, tuple[errors.Detail, ...])
    except msgspec.ValidationError:
        return ()
