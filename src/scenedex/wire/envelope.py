"""The shapes around every answer."""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")


class Wire(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A shape on the wire: camelCase there, snake_case here; fields left at None are not sent."""


class Done(msgspec.Struct, frozen=True):
    """A call that succeeded and has nothing more to say."""

    code: str = "0"
    message: str = "success"


class Envelope(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """A call that succeeded, with its result."""

    code: str = "0"
    message: str = "success"
    result: T


class Page(msgspec.Struct, Generic[T], frozen=True, rename="camel"):
    """One page of a list."""

    content: list[T]
    total_count: int
    total_page: int
    page_no: int
    page_size: int


class ErrorDetail(msgspec.Struct, frozen=True):
    """A field that is wrong, and why."""

    field: str
    reason: str


class ResponseError(msgspec.Struct, frozen=True):
    """A refusal by the service."""

    code: str
    message: str
    details: list[ErrorDetail]


class ErrorEnvelope(msgspec.Struct, frozen=True, rename="camel"):
    """A call that the service refused."""

    code: str
    message: str
    response_error: ResponseError


class GatewayErrorBody(msgspec.Struct, frozen=True, rename="camel"):
    """A refusal by the gateway."""

    error_code: str
    message: str
    details: str


class GatewayEnvelope(msgspec.Struct, frozen=True):
    """A call that did not reach the service."""

    error: GatewayErrorBody
