"""OpenAPI document: the calls as the framework describes them, and the shapes as msgspec describes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast, get_args

import msgspec
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.plugins import JsonRenderPlugin

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from litestar import Litestar, Request

Json: TypeAlias = "dict[str, Any]"

_REF: Final = "#/components/schemas/"
_MODULES: Final = re.compile(r"scenedex(?:\.[a-z_]+)+\.")
_TYPES: Final = {str: "string", int: "integer", bool: "boolean"}


def openapi_document(application: Litestar, document: Json) -> Json:
    """Return the OpenAPI document of an application, made of that of the framework."""
    shapes = msgspec.json.schema_components(_shapes(application), ref_template=_REF + "{name}")[1]
    named = {_clean(name): shape for name, shape in shapes.items()}
    document["components"]["schemas"] = {name: named[name] for name in sorted(named)}
    _rename(document)
    schemas: Json = document["components"]["schemas"]
    for name, schema in schemas.items():
        schema["title"] = name
    given = _given(document)
    for name, schema in schemas.items():
        _tidy(schema, is_given=name in given)
    for body in _bodies(document):
        body["example"] = body["schema"]["examples"][0]
    _add_examples(document)
    return document


class DocumentPlugin(JsonRenderPlugin):
    """Serves the document as JSON. It is written once."""

    _written: bytes | None = None

    def render(self, request: Request[Any, Any, Any], openapi_schema: Json) -> bytes:
        """Return the document."""
        if self._written is None:
            self._written = msgspec.json.encode(openapi_document(request.app, openapi_schema), enc_hook=str)
        return self._written


def _shapes(application: Litestar) -> list[Any]:
    """Return the shapes of all bodies and answers that the document describes."""
    found: dict[Any, None] = {}
    for handler in (one for route in application.routes for one in getattr(route, "route_handlers", ())):
        if isinstance(handler, HTTPRouteHandler) and handler.include_in_schema is not False:
            answers = cast("Mapping[int, Any]", handler.responses or {}).values()
            kinds: list[Any] = [answer.data_container for answer in answers]
            if handler.parsed_data_field is not None:
                kinds.append(handler.parsed_data_field.annotation)
            for kind in kinds:
                found.update(dict.fromkeys([kind] if _is_struct(kind) else get_args(kind)))
    return [kind for kind in found if _is_struct(kind)]


def _is_struct(kind: Any) -> bool:  # noqa: ANN401  # any annotation
    origin = getattr(kind, "__origin__", kind)
    return isinstance(origin, type) and issubclass(origin, msgspec.Struct)


def _clean(name: str) -> str:
    """Return the name of a schema without modules and type arguments: AssetPageAnswer for a page of assets."""
    plain = _MODULES.sub("", name).strip("_")
    if plain.startswith("Envelope_"):
        return f"{_stem(plain.removeprefix('Envelope_'))}Answer"
    return _stem(plain) if plain.startswith("Page_") else plain


def _stem(name: str) -> str:
    if name.startswith("Page_"):
        return f"{_stem(name.removeprefix('Page_'))}Page"
    return name.removesuffix("Object")


def _rename(node: Any) -> None:  # noqa: ANN401  # any JSON
    for one in _objects(node):
        if isinstance(reference := one.get("$ref"), str):
            one["$ref"] = _REF + _clean(reference.removeprefix(_REF))


def _objects(node: Any) -> Iterator[Json]:  # noqa: ANN401  # any JSON
    """Yield all objects of a document, except those of examples."""
    if isinstance(node, dict):
        here = cast("Json", node)
        yield here
        for name, value in here.items():
            if name not in {"examples", "example", "default"}:
                yield from _objects(value)
    elif isinstance(node, list):
        for value in cast("list[Any]", node):
            yield from _objects(value)


def _bodies(document: Json) -> Iterator[Json]:
    for operation in _operations(document):
        yield from operation.get("requestBody", {}).get("content", {}).values()


def _operations(document: Json) -> Iterator[Json]:
    for methods in document["paths"].values():
        yield from methods.values()


def _given(document: Json) -> set[str]:
    """Return the names of the schemas of requests."""
    schemas = document["components"]["schemas"]
    found: set[str] = set()
    pending = [name for body in _bodies(document) for name in _references(body)]
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending.extend(_references(schemas[name]))
    return found


def _references(node: Any) -> Iterable[str]:  # noqa: ANN401  # any JSON
    return [str(one["$ref"]).removeprefix(_REF) for one in _objects(node) if "$ref" in one]


def _tidy(schema: Json, *, is_given: bool) -> None:
    """Write the optional properties of a schema without alternatives where that is possible.

    Args:
        schema: schema of an object.
        is_given: True for a request, in which a null equals absence. Answers leave out what they do not have.
    """
    required = schema.get("required", [])
    for name, property_schema in schema.get("properties", {}).items():
        is_optional = name not in required
        if is_optional and property_schema.get("default", ...) is None:
            del property_schema["default"]
        members: list[Json] = property_schema.get("anyOf", [])
        rest = [member for member in members if member != {"type": "null"}]
        if len(rest) == 1 < len(members):
            del property_schema["anyOf"]
            for key, value in rest[0].items():
                property_schema.setdefault(key, value)
            if is_given or not is_optional:
                _allow_null(property_schema)
        elif is_given and is_optional and not members:
            _allow_null(property_schema)
    for one in _objects(schema):
        if "enum" in one and "type" not in one:
            one["type"] = _TYPES[type(one["enum"][0])]


def _allow_null(schema: Json) -> None:
    if "$ref" in schema:
        schema["anyOf"] = [{"$ref": schema.pop("$ref")}, {"type": "null"}]
    elif "enum" in schema:
        schema["type"] = [_TYPES[type(schema["enum"][0])], "null"]
        schema["enum"] = [*schema["enum"], None]
    elif isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]


def _add_examples(document: Json) -> None:
    """Give each property without examples the value that it has in the example of a call."""
    schemas = document["components"]["schemas"]
    for operation in _operations(document):
        for answer in operation["responses"].values():
            for content in answer.get("content", {}).values():
                for example in content.get("examples", {}).values():
                    _take_examples(schemas, content["schema"], example["value"])
    for body in _bodies(document):
        _take_examples(schemas, body["schema"], body["example"])


def _take_examples(schemas: Mapping[str, Json], schema: Json, value: Any) -> None:  # noqa: ANN401  # any JSON
    for reference in (one["$ref"] for one in [schema, *_alternatives(schema)] if "$ref" in one):
        target = schemas[reference.removeprefix(_REF)]
        if _fits(schemas, target, value):
            for name, inner in value.items():
                target["properties"][name].setdefault("examples", [inner])
                _take_examples(schemas, target["properties"][name], inner)
    if isinstance(value, list) and "items" in schema:
        for item in cast("list[Any]", value):
            _take_examples(schemas, schema["items"], item)


def _fits(schemas: Mapping[str, Json], schema: Json, value: Any) -> bool:  # noqa: ANN401  # any JSON
    """Return whether a value has the properties of a schema of an object, and so on below it."""
    if not isinstance(value, dict):
        return False
    given = cast("Json", value)
    if not set(schema.get("required", [])) <= given.keys() <= schema["properties"].keys():
        return False
    below = {name: schema["properties"][name].get("$ref") for name in given}
    return all(
        _fits(schemas, schemas[reference.removeprefix(_REF)], given[name])
        for name, reference in below.items()
        if reference is not None
    )


def _alternatives(schema: Json) -> list[Json]:
    return [*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())]
