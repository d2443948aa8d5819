"""Shapes around every answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Generic, TypeVar

import msgspec
from msgspec import Meta

from scenedex.wire import described

if TYPE_CHECKING:
    from scenedex.wire.errors import ServiceError

T = TypeVar("T")
_CODE = r"^\d{5}$"
_ErrorCode = Annotated[str, Meta(pattern=_CODE, description="Code of the error")]
_ErrorMessage = Annotated[str, Meta(description="Message of the error")]


class Wire(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Shape with camelCase names on the wire. Fields with their default value are not sent."""


class Done(msgspec.Struct, frozen=True):
    """Success without a result."""

    code: described.Code = "0"
    message: described.Message = "success"


class Envelope(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """Success with a result."""

    code: described.Code = "0"
    message: described.Message = "success"
    result: Annotated[T, Meta(description="Result of the call")]


class Page(msgspec.Struct, Generic[T], frozen=True, rename="camel"):
    """Page of a list."""

    content: Annotated[list[T], Meta(description="Items of the page")]
    total_count: described.TotalCount
    total_page: described.TotalPage
    page_no: described.PageNo
    page_size: described.PageSize


class ErrorDetail(msgspec.Struct, frozen=True):
    """Invalid field of a request and the reason."""

    field: Annotated[str, Meta(description="Name of the field, parameter or header", examples=["pageNum"])]
    reason: Annotated[str, Meta(description="Reason why it is refused", examples=["must be an integer"])]


class ResponseError(msgspec.Struct, frozen=True, rename="camel"):
    """Refusal by the service. Gateway SDKs of the vendor read `returnCode` and `returnMessage`."""

    code: _ErrorCode
    message: _ErrorMessage
    details: Annotated[list[ErrorDetail], Meta(description="Invalid fields, if the request has any")]
    return_code: Annotated[str, Meta(pattern=_CODE, description="The same as code")]
    return_message: Annotated[str, Meta(description="The same as message")]


class ErrorEnvelope(msgspec.Struct, frozen=True, rename="camel"):
    """Answer to a call that the service refused."""

    code: _ErrorCode
    message: _ErrorMessage
    response_error: Annotated[ResponseError, Meta(description="The error with its details")]


def error_envelope(error: type[ServiceError], details: list[ErrorDetail]) -> ErrorEnvelope:
    """Return the answer to a call that the service refused with an error of this type."""
    code, message = error.code, error.message()
    return ErrorEnvelope(code, message, ResponseError(code, message, details, code, message))


class GatewayErrorBody(msgspec.Struct, frozen=True, rename="camel"):
    """Refusal by the gateway."""

    error_code: Annotated[str, Meta(pattern=r"^\d{3}$", description="Code of the gateway's error")]
    message: Annotated[str, Meta(description="Name of the gateway's error")]
    details: Annotated[str, Meta(description="Reason of the refusal")]


class GatewayEnvelope(msgspec.Struct, frozen=True):
    """Answer to a call that did not reach the service."""

    error: Annotated[GatewayErrorBody, Meta(description="The error")]
