"""Bounds in the OpenAPI document are those of the server: each violation is refused with the name of the field."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Service, Site

REF = "#/components/schemas/"


def violations(schemas: dict[str, Any], name: str, example: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each bound of a shape as the field and a body that violates it."""
    for field, described in schemas[name]["properties"].items():
        for value in wrong_values(described, example.get(field) or described["examples"][0]):
            yield field, {**copy.deepcopy(example), field: value}
        inner = described.get("$ref")
        if inner and field in example:
            for below, body in violations(schemas, inner.removeprefix(REF), example[field]):
                yield f"{field}.{below}", {**copy.deepcopy(example), field: body}


def wrong_values(described: dict[str, Any], example: Any) -> Iterator[Any]:
    if "minimum" in described:
        yield described["minimum"] - 1
    if "maximum" in described:
        yield described["maximum"] + 1
    if "maxLength" in described:
        yield "a" * (described["maxLength"] + 1)
    if described.get("minLength"):
        yield "a" * (described["minLength"] - 1)
    if "pattern" in described:
        yield "A;b"
    if described.get("minItems"):
        yield []
    if "maxItems" in described:
        yield (example * (described["maxItems"] + 1))[: described["maxItems"] + 1]
    if "enum" in described:
        yield "NONE_OF_THEM"


def test_refuses_what_the_document_excludes(service: Service, site: Site) -> None:
    document = service.client.get("/schema").json()
    schemas = document["components"]["schemas"]
    ids = {"workspace_name": site.name, "project_id": str(site.base_project)}
    accepted: list[str] = []
    number = 0

    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            body = operation.get("requestBody")
            if body is None or operation["deprecated"]:
                continue
            content = body["content"]["application/json"]
            shape = content["schema"]["allOf"][0]["$ref"].removeprefix(REF)
            parameters = (
                {one["name"]: one["schema"]["examples"][0] for one in operation["parameters"] or ()}
                if (operation.get("parameters"))
                else {}
            )
            target = path.format(**{**parameters, **ids}).replace(" ", "%20")
            # Bounds of the length of scenes hold together.
            together = {"minSceneDurationSec": 10, "maxSceneDurationSec": 20, "sceneRange": None}
            example = content["example"] | (together if shape == "RequestAnalysis" else {})
            for field, wrong in violations(schemas, shape, example):
                number += 1
                answer = site.api(method.upper(), target, wrong)
                problems = answer.json().get("responseError", {}).get("details", [])
                if answer.status_code != 400 or not any(one["field"].startswith(field) for one in problems):
                    accepted.append(f"{operation['operationId']} {field}: {answer.status_code} {problems}")

    assert "\n".join(accepted) == ""
    assert number > 60


@pytest.mark.parametrize("field", ["pageNum", "pageSize"])
def test_refuses_pages_that_the_document_excludes(field: str, service: Service, site: Site) -> None:
    document = service.client.get("/schema").json()
    for path, methods in document["paths"].items():
        operation = methods.get("get", {})
        found = [one for one in operation.get("parameters", ()) if one["name"] == field]
        if not found or "search_id" in path:
            continue
        names = {"workspace_name": site.name, "project_id": site.base_project, "person_id": 1, "bucket_name": "films"}
        names |= {"import_id": 1, "watch_id": 1, "webhook_id": 1}
        target = path.format(**names)
        good = {one["name"]: 1 for one in operation["parameters"] if one["name"] in {"pageNum", "pageSize"}}
        for value in (found[0]["schema"]["minimum"] - 1, found[0]["schema"]["maximum"] + 1):
            query = "&".join(f"{name}={number}" for name, number in {**good, field: value}.items())
            answer = site.api("GET", f"{target}?{query}")
            assert [one["field"] for one in answer.json()["responseError"]["details"]] == [field], (target, query)
