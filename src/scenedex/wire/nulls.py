"""Removal of the nulls of optional fields, which clients send for what they do not set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from msgspec import inspect

if TYPE_CHECKING:
    from collections.abc import Mapping


def without_nulls(value: Any, shape: Any) -> Any:  # noqa: ANN401  # any JSON and any type
    """Return a decoded JSON value without the nulls of fields that are optional in its shape.

    A null of a required field, or in a list, remains for the decoder to refuse.
    """
    return _pruned(value, inspect.type_info(shape))


def _pruned(value: Any, kind: inspect.Type) -> Any:  # noqa: ANN401  # as above
    match kind:
        case inspect.StructType() if isinstance(value, dict):
            return _pruned_object(cast("Mapping[str, Any]", value), kind)
        case inspect.ListType() if isinstance(value, list):
            return [_pruned(item, kind.item_type) for item in cast("list[Any]", value)]
        case inspect.UnionType():
            for one in kind.types:
                if isinstance(one, inspect.StructType | inspect.ListType):
                    return _pruned(value, one)
            return value
        case inspect.Metadata():
            return _pruned(value, kind.type)
        case _:
            return value


def _pruned_object(value: Mapping[str, Any], kind: inspect.StructType) -> dict[str, Any]:
    fields = {field.encode_name: field for field in kind.fields}
    return {
        name: _pruned(item, fields[name].type) if name in fields else item
        for name, item in value.items()
        if not (item is None and name in fields and not fields[name].required)
    }
