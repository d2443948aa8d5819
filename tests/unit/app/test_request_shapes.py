"""Bodies of all calls: a null of an optional field equals its absence."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, cast

import msgspec
import pytest
from msgspec import inspect

from scenedex.app.application import HANDLERS
from scenedex.wire.bodies import decode_body

if TYPE_CHECKING:
    from collections.abc import Iterator


def bodies() -> Iterator[Any]:
    """Shape and example of the body of each call."""
    for handler in HANDLERS:
        if (field := handler.parsed_fn_signature.parameters.get("data")) is not None:
            definition: Any = field.kwarg_definition
            yield pytest.param(field.annotation, definition.examples[0].value, id=str(handler.operation_id))


def optional_places(value: Any, shape: inspect.Type, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the place of each optional field in a value."""
    match shape:
        case inspect.StructType() if isinstance(value, dict):
            for field in shape.fields:
                here = (*place, field.encode_name)
                if not field.required:
                    yield here
                if field.encode_name in value:
                    yield from optional_places(value[field.encode_name], field.type, here)
        case inspect.ListType() if isinstance(value, list):
            for number, item in enumerate(cast("list[Any]", value)):
                yield from optional_places(item, shape.item_type, (*place, number))
        case inspect.UnionType():
            for one in shape.types:
                yield from optional_places(value, one, place)
        case inspect.Metadata():
            yield from optional_places(value, shape.type, place)
        case _:
            return


@pytest.mark.parametrize(("shape", "example"), list(bodies()))
def test_a_null_of_an_optional_field_equals_its_absence(shape: Any, example: Any) -> None:
    for place in optional_places(example, inspect.type_info(shape)):
        given, absent = copy.deepcopy(example), copy.deepcopy(example)
        *above, name = place
        for one in above:
            given, absent = given[one], absent[one]
        given[name] = None
        absent.pop(name, None)
        roots = [copy.deepcopy(example), copy.deepcopy(example)]
        for root, changed in zip(roots, (given, absent), strict=True):
            _put(root, above, changed)
        assert decode_body(msgspec.json.encode(roots[0]), shape) == decode_body(msgspec.json.encode(roots[1]), shape)


def _put(root: Any, above: list[Any], changed: dict[str, Any]) -> None:
    target = root
    for one in above:
        target = target[one]
    target.clear()
    target.update(changed)
