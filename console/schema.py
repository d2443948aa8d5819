"""Prints the schemas of the API for the types of the page: without calls, descriptions and examples."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, cast

sys.path.insert(0, str(Path(__file__).parents[1] / "docs"))
from generate import openapi_document

_PROSE = ("description", "example", "examples", "title")


def _shape(part: object) -> object:
    """Return a part of the document without its prose. A property may have the name of a keyword."""
    if isinstance(part, list):
        return [_shape(one) for one in cast("list[object]", part)]
    if not isinstance(part, dict):
        return part
    named = cast("dict[str, object]", part)
    return {
        name: {key: _shape(value) for key, value in cast("dict[str, object]", content).items()}
        if name == "properties" and isinstance(content, dict)
        else _shape(content)
        for name, content in named.items()
        if name not in _PROSE
    }


document: dict[str, Any] = openapi_document()
schemas = {name: _shape(one) for name, one in document["components"]["schemas"].items()}
head = {"openapi": document["openapi"], "info": {"title": "Scenedex", "version": "1"}, "paths": {}}
print(json.dumps({**head, "components": {"schemas": schemas}}, sort_keys=True))  # noqa: T201  # its result
