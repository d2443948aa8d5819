"""Shapes and parameters in the OpenAPI document: descriptions, examples, bounds and names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

if TYPE_CHECKING:
    from tests.conftest import Service


@pytest.fixture(scope="module")
def schema(service: Service) -> dict[str, Any]:
    return service.client.get("/schema").json()


@pytest.fixture(scope="module")
def operations(schema: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for methods in schema["paths"].values() for operation in methods.values()]


@pytest.fixture(scope="module")
def properties(schema: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{name}.{field}": described
        for name, shape in schema["components"]["schemas"].items()
        for field, described in shape["properties"].items()
    }


def test_every_shape_and_every_property_is_described(
    schema: dict[str, Any], properties: dict[str, dict[str, Any]]
) -> None:
    assert [name for name, shape in schema["components"]["schemas"].items() if not shape["description"]] == []
    assert [name for name, described in properties.items() if not described.get("description")] == []


def test_every_property_has_an_example_of_its_shape(
    schema: dict[str, Any], properties: dict[str, dict[str, Any]]
) -> None:
    wrong = [
        name
        for name, described in properties.items()
        if not described.get("examples")
        or not all(
            jsonschema_rs.validator_for({**described, "components": schema["components"]}).is_valid(example)
            for example in described["examples"]
        )
    ]

    assert wrong == []


def test_every_parameter_is_described_with_an_example(operations: list[dict[str, Any]]) -> None:
    wrong = [
        (operation["operationId"], parameter["name"])
        for operation in operations
        for parameter in operation.get("parameters", [])
        if not parameter["description"] or "examples" not in parameter["schema"]
    ]

    assert wrong == []


def test_names_of_shapes_are_words(schema: dict[str, Any]) -> None:
    assert [name for name in schema["components"]["schemas"] if not re.fullmatch("([A-Z][a-z]+)+", name)] == []
    assert {"AssetAnswer", "AssetPageAnswer", "AssetPage", "AssetObject"} <= schema["components"]["schemas"].keys()


def test_bounds_patterns_and_enums_are_keywords(properties: dict[str, dict[str, Any]]) -> None:
    def keywords(name: str, *names: str) -> tuple[Any, ...]:
        return tuple(properties[name][one] for one in names)

    assert keywords("NameProject.name", "minLength", "maxLength") == (1, 100)
    assert keywords("CreateWorkspace.workspaceName", "pattern") == ("^[a-z0-9-]{3,63}$",)
    assert keywords("RequestAnalysis.analysisPersonCount", "minimum", "maximum") == (0, 10)
    assert keywords("RequestAnalysis.minSceneDurationSec", "minimum", "maximum") == (10, 30)
    assert keywords("RequestAnalysis.tagIdList", "minItems", "maxItems") == (1, 30)
    assert keywords("CreatePerson.thumbnails", "minItems", "maxItems") == (1, 100)
    assert keywords("EditPerson.description", "maxLength") == (700,)
    assert keywords("SearchPersons.pageSize", "minimum", "maximum", "default") == (1, 50, 10)
    assert keywords("ProgressObject.percent", "minimum", "maximum") == (0, 100)
    assert keywords("AssetObject.assetId", "minimum") == (1,)
    with_bounds = [
        name
        for name, described in properties.items()
        if described.keys()
        & {"minimum", "maximum", "pattern", "minLength", "maxLength", "minItems", "maxItems", "enum"}
    ]
    assert len(with_bounds) > 200


def test_an_optional_property_of_a_request_may_be_null_and_that_of_an_answer_is_absent(
    properties: dict[str, dict[str, Any]],
) -> None:
    assert properties["SearchPersons.pageSize"]["type"] == ["integer", "null"]
    assert None in properties["RequestAnalysis.sceneRange"]["enum"]
    assert properties["AssetObject.videoName"]["type"] == "string"
