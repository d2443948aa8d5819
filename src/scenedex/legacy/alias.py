"""Serve a current route under an older path."""

from __future__ import annotations

import copy
import inspect
from dataclasses import replace
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, cast

import msgspec
from litestar.utils import normalize_path

from scenedex.wire.parsing import parse_id

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from litestar.handlers import HTTPRouteHandler
    from litestar.openapi.datastructures import ResponseSpec
    from litestar.types import Method

TAG = "deprecated"
_ASSET_ID, _VIDEO_ASSET_ID = "asset_id", "video_asset_id"


def alias(
    handler: HTTPRouteHandler,
    path: str,
    operation_id: str,
    *,
    method: Method | None = None,
    convert: Callable[[Any], Any] | None = None,
) -> HTTPRouteHandler:
    """Return a deprecated route that answers as another one does and carries all its marks, guards and limits.

    Args:
        handler: route that answers.
        path: older path. It may name the path parameter `asset_id` by its older name `video_asset_id`.
        operation_id: name of the call in the OpenAPI document.
        method: HTTP method of the older path, if it is another one.
        convert: turns the answer of the route into that of the older path.
    """
    older = copy.copy(handler)
    older.paths = {normalize_path(path)}
    older.operation_id = operation_id
    older.opt = dict(handler.opt)
    older.tags = [TAG]
    older.deprecated = True
    if not handler.deprecated:
        older.summary = f"{handler.summary} (older path)"
        older.description = f"Deprecated. Call `{handler.operation_id}` instead."
    if method is not None:
        methods: set[Method] = {method}
        older.http_methods = methods
    if convert is not None and handler.responses is not None:
        older.responses = _converted(handler.responses, convert)
    names = {_ASSET_ID: _VIDEO_ASSET_ID} if f"{{{_VIDEO_ASSET_ID}:" in path else {}
    return older(_function(handler.fn, names, convert))


def _function(
    current: Callable[..., Any], names: Mapping[str, str], convert: Callable[[Any], Any] | None
) -> Callable[..., Any]:
    """Return the function of a route with renamed parameters, each an id, and a converted answer."""

    async def older(**given: Any) -> Any:  # noqa: ANN401  # the signature below is the one of the current function
        for name, older_name in names.items():
            parse_id(older_name, given[older_name])
            given[name] = given.pop(older_name)
        answer = await current(**given)
        return answer if convert is None else convert(answer)

    update_wrapper(older, current)
    signature = inspect.signature(current)
    parameters = [
        parameter.replace(name=names.get(name, name), kind=inspect.Parameter.KEYWORD_ONLY)
        for name, parameter in signature.parameters.items()
    ]
    vars(older)["__signature__"] = signature.replace(parameters=parameters)
    older.__annotations__ = {names.get(name, name): kind for name, kind in current.__annotations__.items()}
    return older


def _converted(responses: Mapping[int, ResponseSpec], convert: Callable[[Any], Any]) -> dict[int, ResponseSpec]:
    """Return the documented answers with the examples of success converted as the answers are."""
    success = responses[200]
    shape = cast("Any", success.data_container)
    examples = [
        replace(example, value=msgspec.to_builtins(convert(msgspec.convert(example.value, shape))))
        for example in success.examples or ()
    ]
    return {**responses, 200: replace(success, examples=examples)}
