from __future__ import annotations

from typing import Annotated, Any

import pytest
from msgspec import Meta, Struct

from scenedex.wire.nulls import without_nulls


class Inner(Struct, rename="camel"):
    thumbnail_key: str
    is_primary: bool = False


class Outer(Struct, rename="camel"):
    name: str
    page_size: Annotated[int, Meta(ge=1)] = 10
    inner: Inner | None = None
    items: Annotated[list[Inner], Meta(max_length=3)] | None = None


CASES: list[tuple[Any, Any]] = [
    ({"name": "a", "pageSize": None}, {"name": "a"}),
    ({"name": None}, {"name": None}),
    ({"inner": {"thumbnailKey": None, "isPrimary": None}}, {"inner": {"thumbnailKey": None}}),
    ({"items": [{"isPrimary": None}, None]}, {"items": [{}, None]}),
    ({"page_size": None, "unknown": None}, {"page_size": None, "unknown": None}),
    ([None], [None]),
    (None, None),
]


@pytest.mark.parametrize(("given", "kept"), CASES)
def test_only_nulls_of_optional_fields_are_removed(given: Any, kept: Any) -> None:
    assert without_nulls(given, Outer) == kept
