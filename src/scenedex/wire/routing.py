"""What routes share: their parameters, what they are given, and the refusals that they document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import Dependency, Parameter

from scenedex.wire.envelope import ErrorEnvelope, GatewayEnvelope
from scenedex.wire.errors import FieldProblem, GatewayFault, InvalidRequest, ServiceError

if TYPE_CHECKING:
    from litestar.connection import ASGIConnection
    from litestar.handlers.base import BaseRouteHandler

T = TypeVar("T")
# What the application provides to a route: already of its type, so it is passed on as it is.
Injected = Annotated[T, Dependency(skip_validation=True)]
PageNum = Annotated[int, Parameter(query="pageNum", ge=1, le=2**31, description="Page number, from 1.")]
WorkspaceName = Annotated[str, Parameter(description="Workspace name.")]
ProjectIdText = Annotated[str, Parameter(description="Project ID, an integer.")]
AssetIdText = Annotated[str, Parameter(description="Asset ID, an integer.")]

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


def refusals(*errors: type[ServiceError]) -> dict[int, ResponseSpec]:
    """The error answers of a route, with an example of each: the given ones and those that any route may give."""
    examples: dict[int, list[Example]] = {}
    for error in (InvalidRequest, *errors):
        examples.setdefault(error.status(), []).append(
            Example(id=f"{error.__name__}", summary=error.message(), value=_service_example(error))
        )
    service = set(examples)
    for fault in _ALWAYS:
        examples.setdefault(fault.status, []).append(
            Example(id=f"Gateway{fault.code}", summary=fault.message, value=_gateway_example(fault))
        )
    gateway = {fault.status for fault in _ALWAYS}
    return {
        status: ResponseSpec(
            data_container=_body(status in service, status in gateway),
            generate_examples=False,
            description=" · ".join(str(example.summary) for example in shown),
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


def success_example(result: object | None = None, **beside: object) -> list[Example]:
    """The example of a successful answer."""
    value: dict[str, object] = {"code": "0", "message": "success", **beside}
    if result is not None:
        value["result"] = result
    return [Example(id="Success", summary="Success", value=value)]


def _body(service: bool, gateway: bool) -> Any:  # noqa: ANN401, FBT001  # a type, for the framework
    if service and gateway:
        return ErrorEnvelope | GatewayEnvelope
    return ErrorEnvelope if service else GatewayEnvelope


def _service_example(error: type[ServiceError]) -> dict[str, object]:
    inner = {"code": error.code, "message": error.message(), "details": list[object]()}
    return {"code": error.code, "message": error.message(), "responseError": inner}


def _gateway_example(fault: GatewayFault) -> dict[str, object]:
    return {"error": {"errorCode": fault.code, "message": fault.message, "details": "…"}}
