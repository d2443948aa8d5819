"""Declarations common to routes: parameters, dependencies, bodies and documented answers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

import litestar
import msgspec
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import Body, PathParameter, QueryParameter, SkipValidation

from scenedex.wire.envelope import Done, Envelope, ErrorEnvelope, GatewayEnvelope, Page, error_envelope
from scenedex.wire.errors import FieldProblem, GatewayFault, InvalidRequest, ServiceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from litestar.connection import ASGIConnection
    from litestar.handlers.base import BaseRouteHandler

    from scenedex.wire.envelope import Wire

T = TypeVar("T")
# Dependency that the application provides to a route. It has the right type, so it is not validated.
Injected = NamedDependency[SkipValidation[T]]
PageNum = Annotated[
    int,
    QueryParameter(name="pageNum", ge=1, le=2**31, description="Page number, from 1.", schema_extra={"examples": [1]}),
]
PageSize = Annotated[
    int,
    QueryParameter(
        name="pageSize", ge=1, le=1000, description="Items per page, 1-1000.", schema_extra={"examples": [100]}
    ),
]
WorkspaceName = Annotated[
    str,
    PathParameter(
        description="Workspace name.", schema_extra={"pattern": "^[a-z0-9-]{3,63}$", "examples": ["my-workspace"]}
    ),
]


def id_parameter(description: str, example: str) -> PathParameter:
    """Describe an id in a path. The route parses it, so that an error names it and unknown ids are not found."""
    return PathParameter(description=description, schema_extra={"pattern": r"^(0|-?[1-9]\d*)$", "examples": [example]})


ProjectIdText = Annotated[str, id_parameter("Project ID, an integer.", "1234")]
AssetIdText = Annotated[str, id_parameter("Asset ID, an integer.", "1001")]

# Every success is answered with 200.
post, delete = partial(litestar.post, status_code=200), partial(litestar.delete, status_code=200)
# Header of answers with users' content: browsers take it for nothing but its content type.
NO_SNIFFING: Final = {"x-content-type-options": "nosniff"}

# Marks in the `opt` of a route handler: the body need not be JSON, or is JSON under any content type.
ANY_CONTENT = "any_content"
ANY_TYPE = "any_type"

_COMMON_FAULTS = (
    GatewayFault.BAD_REQUEST,
    GatewayFault.AUTHENTICATION_FAILED,
    GatewayFault.PERMISSION_DENIED,
    GatewayFault.NOT_FOUND,
    GatewayFault.TOO_LARGE,
    GatewayFault.RATE_LIMITED,
    GatewayFault.UNEXPECTED,
    GatewayFault.ENDPOINT_ERROR,
)
# Notes on the answers after which a call can be repeated.
_RETRY_NOTES = dict.fromkeys(
    (GatewayFault.RATE_LIMITED.status, GatewayFault.ENDPOINT_ERROR.status),
    ("retry after the seconds in the header Retry-After",),
)


def json_body(example: Wire) -> Any:  # noqa: ANN401  # a mark, for the framework
    """Declare the body of a route by an example."""
    return Body(examples=[NamedExample(value=msgspec.to_builtins(example))])


class NamedExample(Example):
    """Example without the field `id`, which the framework writes and OpenAPI does not know."""

    @property
    def _exclude_fields(self) -> set[str]:
        return {"id"}


def answers(
    example: msgspec.Struct,
    *errors: type[ServiceError],
    shape: Any = None,  # noqa: ANN401  # a type, for the framework
    other: msgspec.Struct | None = None,
) -> dict[int, ResponseSpec]:
    """Return the documented answers of a route, each with examples: success, its errors, and those of all routes.

    Args:
        example: result on success, or the whole answer if that is `Done` or has a `shape`.
        errors: errors of the service that are particular to the route.
        shape: type of the answer on success. By default an `Envelope` of the example's type.
        other: whole answer of the other type, if `shape` is a union.
    """
    answer: Any = example
    if shape is None and not isinstance(example, Done):
        kind: Any = Page[type(answer.content[0])] if isinstance(example, Page) else type(example)
        shape, answer = Envelope[kind], Envelope(result=answer)
    shown: list[Example] = [
        NamedExample(id=name, summary=name, value=msgspec.to_builtins(one))
        for name, one in (("Success", answer), ("Other", other))
        if one is not None
    ]
    success = ResponseSpec(shape or Done, generate_examples=False, description="Success", examples=shown)
    return {200: success, **_refusals(errors)}


def _refusals(errors: Sequence[type[ServiceError]]) -> dict[int, ResponseSpec]:
    examples: dict[int, list[Example]] = {}
    for error in (InvalidRequest, *errors):
        examples.setdefault(error.status(), []).append(
            NamedExample(id=error.__name__, summary=error.message(), value=_service_example(error))
        )
    service = set(examples)
    for fault in _COMMON_FAULTS:
        examples.setdefault(fault.status, []).append(
            NamedExample(id=f"Gateway{fault.code}", summary=fault.message, value=_gateway_example(fault))
        )
    gateway = {fault.status for fault in _COMMON_FAULTS}
    return {
        status: ResponseSpec(
            data_container=_body(status in service, status in gateway),
            generate_examples=False,
            description=" · ".join([*(str(example.summary) for example in shown), *_RETRY_NOTES.get(status, ())]),
            examples=shown,
        )
        for status, shown in sorted(examples.items())
    }


def require_json(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Refuse a body whose content type is not JSON.

    Raises:
        InvalidRequest: the header Content-Type names another type or is missing.
    """
    if handler.opt.get(ANY_CONTENT) or handler.opt.get(ANY_TYPE):
        return
    headers = connection.headers
    has_body = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
    kind = headers.get("content-type", "").split(";")[0].strip().lower()
    if has_body and kind != "application/json":
        raise InvalidRequest(FieldProblem("Content-Type", "must be application/json"))


def _body(service: bool, gateway: bool) -> Any:  # noqa: ANN401, FBT001  # a type, for the framework
    if service and gateway:
        return ErrorEnvelope | GatewayEnvelope
    return ErrorEnvelope if service else GatewayEnvelope


def _service_example(error: type[ServiceError]) -> dict[str, object]:
    return msgspec.to_builtins(error_envelope(error, []))


def _gateway_example(fault: GatewayFault) -> dict[str, object]:
    return {"error": {"errorCode": fault.code, "message": fault.message, "details": "…"}}
