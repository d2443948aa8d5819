"""Conversion of errors into answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import structlog
from litestar import MediaType, Response
from litestar.exceptions import HTTPException

from scenedex.db.database import DatabaseUnavailable
from scenedex.storage.errors import AccessDenied, StorageError, StorageUnavailable
from scenedex.wire.envelope import ErrorDetail, GatewayEnvelope, GatewayErrorBody, error_envelope
from scenedex.wire.errors import FieldProblem, GatewayError, GatewayFault, InvalidRequest, ServiceError
from scenedex.wire.preconditions import NotModified

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from litestar import Request

    from scenedex.wire.envelope import ErrorEnvelope

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.wire")
_TOO_LARGE: Final = 413
# A client that learns it early need not send the rest of a body that is too large.
_ENDING: Final = {"connection": "close"}
# Wire names of the route parameters whose names differ in Python.
_WIRE_NAMES = {"data": "body", "page_num": "pageNum", "page_size": "pageSize"}


def service_answer(error: ServiceError) -> Response[ErrorEnvelope]:
    """Return the answer to a request that the service refuses."""
    details = [ErrorDetail(problem.field, problem.reason) for problem in error.details]
    headers = _ENDING if error.status() == _TOO_LARGE else {}
    envelope = error_envelope(type(error), details)
    return Response(envelope, status_code=error.status(), media_type=MediaType.JSON, headers=headers)


def gateway_answer(error: GatewayError) -> Response[GatewayEnvelope]:
    """Return the answer to a request that does not reach the service."""
    fault = error.fault
    headers = {} if error.retry_after_seconds is None else {"retry-after": str(error.retry_after_seconds)}
    if fault.status == _TOO_LARGE:
        headers |= _ENDING
    body = GatewayEnvelope(GatewayErrorBody(fault.code, fault.message, error.details))
    return Response(body, status_code=fault.status, media_type=MediaType.JSON, headers=headers)


def unknown_route(*, allow: str | None = None) -> Response[GatewayEnvelope]:
    """Return the answer to a method and path of no call.

    Args:
        allow: methods of the path, separated by commas, or `None` if no call has this path.
    """
    answer = gateway_answer(GatewayError(GatewayFault.NOT_FOUND, "There is no such method and path."))
    if allow is not None:
        answer.headers["allow"] = allow
    return answer


def exception_handlers() -> dict[int | type[Exception], Callable[[Request[Any, Any, Any], Any], Response[Any]]]:
    """Return the handler of each family of exceptions."""
    return {
        NotModified: lambda _request, known: _not_modified(known),
        ServiceError: lambda _request, error: service_answer(error),
        GatewayError: lambda _request, error: gateway_answer(error),
        StorageUnavailable: _storage_unavailable,
        AccessDenied: _storage_unavailable,
        HTTPException: _framework_error,
        DatabaseUnavailable: _database_unavailable,
        Exception: _unexpected,
    }


def _not_modified(known: NotModified) -> Response[bytes]:
    headers = {"etag": known.tag, "cache-control": "private, no-cache", "vary": "Accept-Encoding"}
    return Response(b"", status_code=304, media_type=MediaType.TEXT, headers=headers)


def _framework_error(_request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    match error.status_code:
        case 400:
            return service_answer(InvalidRequest(*_problems(error)))
        case 404 | 405:
            return unknown_route(allow=(error.headers or {}).get("allow"))
        case 413:
            return gateway_answer(GatewayError(GatewayFault.TOO_LARGE, "The request body is too large."))
        case _:
            return gateway_answer(GatewayError(GatewayFault.UNEXPECTED, "The request could not be answered."))


def _database_unavailable(_request: Request[Any, Any, Any], error: DatabaseUnavailable) -> Response[GatewayEnvelope]:
    _log.warning("database.unavailable", cause=str(error.__cause__))
    return _unavailable("The database does not answer.")


def _storage_unavailable(_request: Request[Any, Any, Any], error: StorageError) -> Response[GatewayEnvelope]:
    _log.warning("storage.unavailable", cause=str(error))
    return _unavailable("The object storage does not answer.")


def _unavailable(details: str) -> Response[GatewayEnvelope]:
    return gateway_answer(GatewayError(GatewayFault.ENDPOINT_ERROR, details, retry_after_seconds=2))


def _unexpected(request: Request[Any, Any, Any], error: Exception) -> Response[GatewayEnvelope]:
    _log.error("request.failed", method=request.method, path=request.url.path, exc_info=error)
    return gateway_answer(
        GatewayError(GatewayFault.UNEXPECTED, "An unexpected error occurred. The log of the server has the details.")
    )


def _problems(error: HTTPException) -> list[FieldProblem]:
    if not isinstance(error.extra, list):
        named = re.search(r"parameter '?([A-Za-z_]+)'?", error.detail)
        return [FieldProblem(named.group(1) if named else "body", _reason(error.detail))]
    return [_problem(entry) for entry in error.extra]


def _problem(entry: Mapping[str, str]) -> FieldProblem:
    key = str(entry.get("key", "body"))
    return FieldProblem(_WIRE_NAMES.get(key, key), _reason(str(entry.get("message", "is invalid"))))


def _reason(message: str) -> str:
    """Turn a validator's message into a clause about the field."""
    if "issing required" in message or message == "'data'":  # the framework's words for a missing body
        return "is required"
    return message[:1].lower() + message[1:].split(" for ", maxsplit=1)[0]
