"""Shapes around every answer."""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec

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


class ResponseError(msgspec.Struct, frozen=True):
    """Refusal by the service."""

    code: str
    message: str
    details: list[ErrorDetail]


class ErrorEnvelope(msgspec.Struct, frozen=True, rename="camel"):
    """Answer to a call that the service refused."""

    code: str
    message: str
    response_error: ResponseError


class GatewayErrorBody(msgspec.Struct, frozen=True, rename="camel"):
    """Refusal by the gateway."""

    error_code: str
    message: str
    details: str


class GatewayEnvelope(msgspec.Struct, frozen=True):
    """Answer to a call that did not reach the service."""

    error: GatewayErrorBody
