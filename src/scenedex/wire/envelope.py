"""Shapes around every answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

import msgspec

if TYPE_CHECKING:
    from scenedex.wire.errors import ServiceError

T = TypeVar("T")


class Wire(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Shape with camelCase names on the wire. Fields with their default value are not sent."""


class Done(msgspec.Struct, frozen=True):
    """Success without a result."""

    code: str = "0"
    message: str = "success"


class Envelope(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """Success with a result."""

    code: str = "0"
    message: str = "success"
    result: T


class Page(msgspec.Struct, Generic[T], frozen=True, rename="camel"):
    """Page of a list."""

    content: list[T]
    total_count: int
    total_page: int
    page_no: int
    page_size: int


class ErrorDetail(msgspec.Struct, frozen=True):
    """Invalid field of a request and the reason."""

    field: str
    reason: str


class ResponseError(msgspec.Struct, frozen=True, rename="camel"):
    """Refusal by the service. Gateway SDKs of the vendor read `returnCode` and `returnMessage`."""

    code: str
    message: str
    details: list[ErrorDetail]
    return_code: str
    return_message: str


class ErrorEnvelope(msgspec.Struct, frozen=True, rename="camel"):
    """Answer to a call that the service refused."""

    code: str
    message: str
    response_error: ResponseError


def error_envelope(error: type[ServiceError], details: list[ErrorDetail]) -> ErrorEnvelope:
    """Return the answer to a call that the service refused with an error of this type."""
    code, message = error.code, error.message()
    return ErrorEnvelope(code, message, ResponseError(code, message, details, code, message))


class GatewayErrorBody(msgspec.Struct, frozen=True, rename="camel"):
    """Refusal by the gateway."""

    error_code: str
    message: str
    details: str


class GatewayEnvelope(msgspec.Struct, frozen=True):
    """Answer to a call that did not reach the service."""

    error: GatewayErrorBody
