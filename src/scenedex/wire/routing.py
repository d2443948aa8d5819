"""What routes share: their parameters, what they are given, and the refusals that they document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import msgspec
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import Body, PathParameter, QueryParameter, SkipValidation

from scenedex.wire.envelope import ErrorEnvelope, GatewayEnvelope
from scenedex.wire.errors import FieldProblem, GatewayFault, InvalidRequest, ServiceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from litestar.connection import ASGIConnection
    from litestar.handlers.base import BaseRouteHandler

    from scenedex.wire.envelope import Wire

T = TypeVar("T")
# What the application provides to a route: already of its type, so it is passed on as it is.
Injected = NamedDependency[SkipValidation[T]]
PageNum = Annotated[int, QueryParameter(name="pageNum", ge=1, le=2**31, description="Page number, from 1.")]
WorkspaceName = Annotated[str, PathParameter(description="Workspace name.")]
ProjectIdText = Annotated[str, PathParameter(description="Project ID, an integer.")]
AssetIdText = Annotated[str, PathParameter(description="Asset ID, an integer.")]

# Mark on route handlers, in their ``opt``: the body is no JSON.
ANY_CONTENT = "any_content"

_ALWAYS = (
    GatewayFault.BAD_REQUEST,
    GatewayFault.AUTHENTICATION_FAILED,
    GatewayFault.PERMISSION_DENIED,
    GatewayFault.NOT_FOUND,
    GatewayFault.TOO_LARGE,
    GatewayFault.RATE_LIMITED,
    GatewayFault.UNEXPECTED,
    GatewayFault.ENDPOINT_ERROR,
)
# Answers after which a call may be made again.
_LATER = dict.fromkeys(
    (GatewayFault.RATE_LIMITED.status, GatewayFault.ENDPOINT_ERROR.status),
    ("the header Retry-After says in how many seconds to call again",),
)


def json_body(example: Wire) -> Any:  # noqa: ANN401  # a mark, for the framework
    """Marks the body of a route, with an example."""
    return Body(examples=[NamedExample(value=msgspec.to_builtins(example))])


class NamedExample(Example):
    """An example under its name. The framework writes the name into the example as well, where OpenAPI has no place."""

    @property
    def _exclude_fields(self) -> set[str]:
        return {"id"}


def answers(shape: Any, example: msgspec.Struct, *errors: type[ServiceError]) -> dict[int, ResponseSpec]:  # noqa: ANN401  # a type, for the framework
    """All answers of a route, with an example of each: success, the given errors, and those that any route may give.

    Args:
        shape: what the route returns.
        example: one of that shape.
        errors: what the service may refuse.
    """
    shown = NamedExample(id="Success", summary="Success", value=msgspec.to_builtins(example))
    success = ResponseSpec(shape, generate_examples=False, description="Success", examples=[shown])
    return {200: success, **_refusals(errors)}


def _refusals(errors: Sequence[type[ServiceError]]) -> dict[int, ResponseSpec]:
    examples: dict[int, list[Example]] = {}
    for error in (InvalidRequest, *errors):
        examples.setdefault(error.status(), []).append(
            NamedExample(id=error.__name__, summary=error.message(), value=_service_example(error))
        )
    service = set(examples)
    for fault in _ALWAYS:
        examples.setdefault(fault.status, []).append(
            NamedExample(id=f"Gateway{fault.code}", summary=fault.message, value=_gateway_example(fault))
        )
    gateway = {fault.status for fault in _ALWAYS}
    return {
        status: ResponseSpec(
            data_container=_body(status in service, status in gateway),
            generate_examples=False,
            description=" · ".join([*(str(example.summary) for example in shown), *_LATER.get(status, ())]),
            examples=shown,
        )
        for status, shown in sorted(examples.items())
    }


def require_json(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Refuse a body that does not say it is JSON."""
    if handler.opt.get(ANY_CONTENT):
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
    inner = {"code": error.code, "message": error.message(), "details": list[object]()}
    return {"code": error.code, "message": error.message(), "responseError": inner}


def _gateway_example(fault: GatewayFault) -> dict[str, object]:
    return {"error": {"errorCode": fault.code, "message": fault.message, "details": "…"}}
