"""OpenAPI document: calls, answers and errors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from scenedex.assets.errors import UploadLinkInvalid, UploadSpent, UploadTooLarge
from scenedex.console.errors import AccessKeyNotFound, SessionNotFound
from scenedex.playback.browsers import CONTENT_TYPES
from scenedex.wire.errors import GatewayFault, error_table

if TYPE_CHECKING:
    from tests.conftest import Service

# Errors of presigned URLs and of the console's sessions, which are not calls of the API.
OF_OTHERS = {UploadSpent, UploadLinkInvalid, UploadTooLarge, SessionNotFound, AccessKeyNotFound}
DEPRECATED = "/(video-assets|analyze|analyze-status|indexes|scene-search|person-thumbnail/(presign|complete))(/|$)"
CONTRACT = {
    "/api/v1/audit-events": {"get"},
    "/api/v1/query-assets/uploads/complete": {"post"},
    "/api/v1/query-assets/uploads/presigned-url": {"post"},
    "/api/v1/scene-search": {"post"},
    "/api/v1/workspaces": {"get", "post"},
    "/api/v1/workspaces/{workspace_name}": {"get", "delete"},
    "W/ask": {"post"},
    "W/ask/{ask_id}": {"get"},
    "W/assets/search": {"post"},
    "W/assets/search/{search_id}": {"get"},
    "W/assets/search/{search_id}/export": {"get"},
    "W/buckets/{bucket_name}/objects": {"get"},
    "W/projects": {"get", "post"},
    "W/projects/{project_id}": {"get", "patch", "delete"},
    "P/asset-states": {"get"},
    "P/asset-states/counts": {"get"},
    "P/assets": {"get"},
    "P/assets/import/object-storage": {"post"},
    "P/assets/uploads/presigned-url": {"post"},
    "P/assets/uploads/complete": {"post"},
    "P/assets/{asset_id}": {"get", "patch", "delete"},
    "P/assets/{asset_id}/import-status": {"get"},
    "P/assets/{asset_id}/playback": {"delete", "get", "post"},
    "P/assets/{asset_id}/media": {"get"},
    "P/assets/{asset_id}/index": {"get", "post", "delete"},
    "P/assets/{asset_id}/index/status": {"get"},
    "P/assets/{asset_id}/index/cancel": {"post"},
    "P/assets/{asset_id}/index/export": {"get"},
    "P/assets/{asset_id}/analyze": {"post", "delete"},
    "P/assets/{asset_id}/analyze-status": {"get"},
    "P/assets/{asset_id}/indexes": {"get"},
    "P/assets/{asset_id}/indexes/{index_id}": {"get", "delete"},
    "P/video-assets": {"get"},
    "P/video-assets/import/object-storage": {"post"},
    "P/video-assets/uploads/presigned-url": {"post"},
    "P/video-assets/uploads/complete": {"post"},
    "P/video-assets/{video_asset_id}": {"get", "patch", "delete"},
    "P/video-assets/{video_asset_id}/import-status": {"get"},
    "P/video-assets/{video_asset_id}/index": {"get", "post", "delete"},
    "P/video-assets/{video_asset_id}/index/status": {"get"},
    "P/video-assets/{video_asset_id}/index/cancel": {"post"},
    "P/video-assets/{video_asset_id}/analyze": {"post", "delete"},
    "P/video-assets/{video_asset_id}/analyze-status": {"get"},
    "P/video-assets/{video_asset_id}/indexes": {"get"},
    "P/video-assets/{video_asset_id}/indexes/{index_id}": {"get", "delete"},
    "P/assets/{asset_id}/index/scenes/{scene_id}/persons/{person_id}": {"patch"},
    "P/assets/{asset_id}/index/scripts/{script_id}": {"patch"},
    "P/assets/{asset_id}/index/speakers/{speaker}": {"patch"},
    "W/person-tags": {"get", "post"},
    "W/person-tags/{tag_id}": {"delete"},
    "W/person-thumbnail/complete": {"post"},
    "W/person-thumbnail/presign": {"post"},
    "W/person-thumbnail/uploads/complete": {"post"},
    "W/person-thumbnail/uploads/presigned-url": {"post"},
    "W/persons": {"get", "post"},
    "W/persons/recommend-by-thumbnail": {"post"},
    "W/persons/search": {"post"},
    "W/persons/{person_id}": {"get", "patch", "delete"},
    "W/persons/{person_id}/history": {"get"},
    "W/persons/suggestions": {"get"},
    "W/persons/suggestions/{suggestion_id}/accept": {"post"},
    "W/persons/suggestions/{suggestion_id}/reject": {"post"},
    "W/persons/{person_id}/merge": {"post"},
    "W/persons/{person_id}/person-tags": {"post", "delete"},
    "W/persons/{person_id}/person-tags/remove": {"post"},
    "W/persons/{person_id}/person-thumbnail": {"post", "delete"},
    "W/persons/{person_id}/person-thumbnail/remove": {"post"},
    "W/persons/{person_id}/reject": {"post"},
    "W/persons/{person_id}/similar": {"get"},
    "W/persons/{person_id}/split": {"post"},
    "W/scene-search/{search_id}": {"get"},
    "W/asset-states/{asset_id}": {"get"},
    "W/jobs": {"get"},
    "W/jobs/{job_name}/cancel": {"post"},
    "W/jobs/{job_name}/retry": {"post"},
    "W/statistics": {"get"},
    "P/imports": {"get", "post"},
    "P/imports/{import_id}": {"get"},
    "P/imports/{import_id}/cancel": {"post"},
    "P/imports/{import_id}/pause": {"post"},
    "P/imports/{import_id}/resume": {"post"},
    "P/imports/{import_id}/skipped": {"get"},
    "P/watches": {"get", "post"},
    "P/watches/{watch_id}": {"delete", "get"},
    "P/watches/{watch_id}/pause": {"post"},
    "P/watches/{watch_id}/resume": {"post"},
    "P/watches/{watch_id}/token": {"post"},
    "/api/v1/webhook-event-types": {"get"},
    "W/webhooks": {"get", "post"},
    "W/webhooks/{webhook_id}": {"get", "patch", "delete"},
    "W/webhooks/{webhook_id}/deliveries": {"get"},
    "W/webhooks/{webhook_id}/deliveries/{delivery_id}": {"get"},
    "W/webhooks/{webhook_id}/deliveries/{delivery_id}/replay": {"post"},
    "W/webhooks/{webhook_id}/replay": {"post"},
    "W/webhooks/{webhook_id}/rotate-secret": {"post"},
    "W/webhooks/{webhook_id}/test": {"post"},
    "P/assets/{asset_id}/scene-summary": {"post", "get"},
    "P/assets/{asset_id}/scene-summary/status": {"get"},
    "P/assets/{asset_id}/scene-summary/cancel": {"post"},
    "P/assets/{asset_id}/scene-summary/estimate": {"get"},
    "P/assets/{asset_id}/indexes/{index_id}/scene-summaries": {"post", "get"},
    "P/assets/{asset_id}/indexes/{index_id}/scene-summaries/{scene_summary_id}": {"delete"},
    "P/assets/{asset_id}/indexes/{index_id}/scene-summaries/{scene_summary_id}/status": {"get"},
}


def written_out(path: str) -> str:
    workspace = "/api/v1/workspaces/{workspace_name}"
    return re.sub("^P", f"{workspace}/projects/{{project_id}}", re.sub("^W", workspace, path))


@pytest.fixture(scope="module")
def schema(service: Service) -> dict[str, Any]:
    return service.client.get("/schema").json()


@pytest.fixture(scope="module")
def operations(schema: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for methods in schema["paths"].values() for operation in methods.values()]


def test_is_of_version_3_1(schema: dict[str, Any]) -> None:
    assert schema["openapi"].startswith("3.1.")


def test_has_the_calls_of_the_contract_and_no_others(schema: dict[str, Any]) -> None:
    found = {path: set(methods) for path, methods in schema["paths"].items()}

    assert found == {written_out(path): methods for path, methods in CONTRACT.items()}


def test_names_every_operation_once(operations: list[dict[str, Any]]) -> None:
    names = [operation["operationId"] for operation in operations]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("part", ["summary", "description", "tags"])
def test_every_operation_has_a(part: str, operations: list[dict[str, Any]]) -> None:
    assert [operation["operationId"] for operation in operations if not operation.get(part)] == []


def test_every_tag_is_explained(schema: dict[str, Any], operations: list[dict[str, Any]]) -> None:
    assert {tag for operation in operations for tag in operation["tags"]} == {tag["name"] for tag in schema["tags"]}


def test_deprecated_paths_are_marked(schema: dict[str, Any]) -> None:
    marks = {
        (re.search(DEPRECATED, path) is not None, operation["deprecated"])
        for path, methods in schema["paths"].items()
        for operation in methods.values()
    }

    assert marks == {(True, True), (False, False)}


def test_every_answer_has_examples_of_its_shape(schema: dict[str, Any], operations: list[dict[str, Any]]) -> None:
    wrong: list[str] = []
    for operation in operations:
        for status, answer in operation["responses"].items():
            for kind, content in answer.get("content", {}).items():
                if content["schema"].get("format") == "binary":
                    continue
                validator = jsonschema_rs.validator_for({**content["schema"], "components": schema["components"]})
                examples = [example["value"] for example in content["examples"].values()]
                if not examples or not all(validator.is_valid(example) for example in examples):
                    wrong.append(f"{operation['operationId']} {status} {kind}")

    assert wrong == []


def test_every_answer_can_be_json_except_exported_searches_and_media(operations: list[dict[str, Any]]) -> None:
    without = {
        (operation["operationId"], status): set(answer.get("content", {}))
        for operation in operations
        for status, answer in operation["responses"].items()
        if "application/json" not in answer.get("content", {})
    }
    media = set(CONTENT_TYPES.values())

    assert without == {
        ("exportSearch", "200"): {"text/csv", "text/plain", "application/x-otio+json", "application/xml"},
        ("getMedia", "200"): media,
        ("getMedia", "206"): media,
        ("getMedia", "302"): set(),
        ("getMedia", "304"): set(),
        ("getMedia", "416"): set(),
    }


def test_every_body_has_an_example_of_its_shape(schema: dict[str, Any], operations: list[dict[str, Any]]) -> None:
    for operation in operations:
        if body := operation.get("requestBody"):
            content = body["content"]["application/json"]["schema"]
            assert content["examples"], operation["operationId"]
            jsonschema_rs.validate({**content, "components": schema["components"]}, content["examples"][0])


def test_every_operation_documents_the_errors_of_all_calls(operations: list[dict[str, Any]]) -> None:
    always = {"200", "400", "401", "404", "413", "429", "500", "503"}

    assert [operation["operationId"] for operation in operations if not always <= operation["responses"].keys()] == []


def test_every_operation_needs_a_signature(schema: dict[str, Any], operations: list[dict[str, Any]]) -> None:
    headers = {name: scheme["name"] for name, scheme in schema["components"]["securitySchemes"].items()}
    assert headers == {
        "timestamp": "x-ncp-apigw-timestamp",
        "accessKey": "x-ncp-iam-access-key",
        "signature": "x-ncp-apigw-signature-v2",
    }
    all_three: list[dict[str, list[str]]] = [{name: [] for name in headers}]
    assert [operation["operationId"] for operation in operations if operation["security"] != all_three] == []


def test_every_code_is_documented_where_it_occurs(operations: list[dict[str, Any]]) -> None:
    documented = {
        example["value"]["code"]
        for operation in operations
        for status, answer in operation["responses"].items()
        if status != "200"
        for example in answer.get("content", {}).get("application/json", {}).get("examples", {}).values()
        if "responseError" in example["value"]
    }

    assert {error.code for error in error_table()} - documented == {error.code for error in OF_OTHERS}


def test_a_code_is_a_status_and_a_serial_or_a_code_of_the_vendor() -> None:
    form = re.compile(r"(10\d{3})|((400|403|404|409|413)\d\d)")

    assert [error.code for error in error_table() if not form.fullmatch(error.code)] == []
    assert {error.code: error.status() for error in error_table()} == {
        error.code: 400 if error.code.startswith("1") else int(error.code[:3]) for error in error_table()
    }


def test_no_two_errors_have_the_same_code() -> None:
    codes = [error.code for error in error_table()]

    assert len(codes) == len(set(codes))


def test_the_table_of_gateway_errors_is_that_of_the_contract() -> None:
    assert {(fault.status, fault.code, fault.message) for fault in GatewayFault} == {
        (400, "100", "Bad Request Exception"),
        (401, "200", "Authentication Failed"),
        (401, "210", "Permission Denied"),
        (404, "300", "Not Found Exception"),
        (413, "430", "Request Entity Too Large"),
        (429, "400", "Quota Exceeded"),
        (429, "410", "Throttle Limited"),
        (429, "420", "Rate Limited"),
        (503, "500", "Endpoint Error"),
        (504, "510", "Endpoint Timeout"),
        (500, "900", "Unexpected Error"),
    }


def test_the_document_is_valid_openapi_3_1(service: Service) -> None:
    document = service.client.get("/schema").json()

    assert [str(error)[:200] for error in OPENAPI_31_VALIDATOR.iter_errors(document)] == []


@pytest.mark.parametrize("page", ["swagger", "redoc", "elements", "rapidoc", "nothing"])
def test_the_document_has_no_other_pages(page: str, service: Service) -> None:
    answer = service.client.get(f"/schema/{page}")

    assert (answer.status_code, answer.json()["error"]["errorCode"]) == (404, "300")
