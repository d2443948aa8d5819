"""Strict reading of queries: valid UTF-8, and integers as JSON writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from scenedex.wire.errors import FieldProblem, InvalidRequest
from scenedex.wire.parsing import is_integer

if TYPE_CHECKING:
    from litestar.connection import ASGIConnection
    from litestar.handlers.base import BaseRouteHandler


def require_readable_query(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Refuse a query that the framework would guess the meaning of.

    Raises:
        InvalidRequest: a parameter is not UTF-8, or an integer has a leading zero, a fraction or an exponent.
    """
    query: bytes = connection.scope["query_string"]
    if not query:
        return
    given: dict[str, str] = {}
    for pair in query.split(b"&"):
        name, _, value = pair.partition(b"=")
        field = _text("query", name)
        given[field] = _text(field, value)
    for name in _integers(handler):
        if (value := given.get(name)) and not is_integer(value):
            raise InvalidRequest(FieldProblem(name, "must be an integer"))


def _text(field: str, encoded: bytes) -> str:
    try:
        return unquote_to_bytes(encoded.replace(b"+", b" ")).decode()
    except UnicodeDecodeError as error:
        raise InvalidRequest(FieldProblem(field, "is no valid UTF-8")) from error


def _integers(handler: BaseRouteHandler) -> list[str]:
    """Return the wire names of the parameters of a route that are integers."""
    parameters = handler.parsed_fn_signature.parameters.values()
    return [getattr(one.kwarg_definition, "name", None) or one.name for one in parameters if one.annotation is int]
