"""Strict decoding of JSON bodies into the shape of the route, with errors that name the field."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec
from litestar import Request

from scenedex.wire.body_limits import body_too_large, limit_of
from scenedex.wire.errors import FieldProblem, InvalidRequest
from scenedex.wire.nulls import without_nulls

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

_PLACE = re.compile(r" - at `\$\.?([^`]*)`$")
_MISSING = re.compile(r"missing required field `([^`]+)`")


class JsonRequest(Request[Any, Any, Any]):
    """Request whose JSON body is decoded without conversions. Unlike in a query, "1" is not an integer.

    Bodies are small, so that they are decoded in the event loop.
    """

    async def stream(self) -> AsyncGenerator[bytes, None]:
        """Yield the parts of the body.

        Raises:
            GatewayError: the body is larger than the route allows.
        """
        limit, received = limit_of(self.route_handler.opt), 0
        async for part in super().stream():
            received += len(part)
            if limit is not None and received > limit:
                raise body_too_large(limit)
            yield part

    async def json(self) -> Any:  # noqa: ANN401  # the route decides the type
        """Return the body in the shape that the route takes.

        Raises:
            InvalidRequest: the body is not JSON or has another shape.
        """
        field = self.route_handler.parsed_data_field
        body = await self.body()
        shape = Any if field is None else field.annotation
        try:
            return decode_body(body, shape)
        except msgspec.ValidationError as error:
            raise InvalidRequest(_problem(str(error))) from error
        except msgspec.DecodeError as error:
            raise InvalidRequest(FieldProblem("body", "is no valid JSON")) from error
        except UnicodeDecodeError as error:
            raise InvalidRequest(FieldProblem("body", "is no valid UTF-8")) from error
        except RecursionError as error:
            raise InvalidRequest(FieldProblem("body", "is nested too deeply")) from error


def decode_body(body: bytes, shape: Any) -> Any:  # noqa: ANN401  # the route decides the type
    """Decode a body. A null of an optional field equals its absence."""
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.ValidationError as error:
        if b"null" not in body:
            raise
        try:
            pruned = without_nulls(msgspec.json.decode(body), shape)
        except ValueError:  # an unknown field that only a typed decoder skips
            raise error from None
        return msgspec.json.decode(msgspec.json.encode(pruned), type=shape)


def _problem(message: str) -> FieldProblem:
    """Turn a message of the decoder into a clause about a field."""
    place = _PLACE.search(message)
    field = place.group(1) if place else ""
    if missing := _MISSING.search(message):
        return FieldProblem(".".join(filter(None, (field, missing.group(1)))), "is required")
    reason = _PLACE.sub("", message)
    return FieldProblem(field or "body", reason[:1].lower() + reason[1:])
