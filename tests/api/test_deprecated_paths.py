"""Deprecated calls in the OpenAPI document: each takes and answers what the current call behind it does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conftest import Service

WORKSPACE = "/api/v1/workspaces/{workspace_name}"
# Operation id, method and path of each deprecated call, and the current call that it equals. P is a project.
TWINS = {
    "registerVideoAsset": ("post P/video-assets/import/object-storage", "registerAsset"),
    "listVideoAssets": ("get P/video-assets", "listAssets"),
    "getVideoAsset": ("get P/video-assets/{video_asset_id}", "getAsset"),
    "getVideoImportStatus": ("get P/video-assets/{video_asset_id}/import-status", "getImportStatus"),
    "moveVideoAsset": ("patch P/video-assets/{video_asset_id}", "moveAsset"),
    "deleteVideoAsset": ("delete P/video-assets/{video_asset_id}", "deleteAsset"),
    "openVideoUpload": ("post P/video-assets/uploads/presigned-url", "openUpload"),
    "completeVideoUpload": ("post P/video-assets/uploads/complete", "completeUpload"),
    "analyzeAsset": ("post P/assets/{asset_id}/analyze", "requestAnalysis"),
    "cancelAssetAnalysis": ("delete P/assets/{asset_id}/analyze", "cancelAnalysis"),
    "getAnalyzeStatus": ("get P/assets/{asset_id}/analyze-status", "getAnalysisStatus"),
    "analyzeVideoAsset": ("post P/video-assets/{video_asset_id}/analyze", "requestAnalysis"),
    "cancelVideoAnalyze": ("delete P/video-assets/{video_asset_id}/analyze", "cancelAnalysis"),
    "getVideoAnalyzeStatus": ("get P/video-assets/{video_asset_id}/analyze-status", "getAnalysisStatus"),
    "requestVideoAnalysis": ("post P/video-assets/{video_asset_id}/index", "requestAnalysis"),
    "getVideoIndex": ("get P/video-assets/{video_asset_id}/index", "getIndex"),
    "getVideoAnalysisStatus": ("get P/video-assets/{video_asset_id}/index/status", "getAnalysisStatus"),
    "cancelVideoAnalysis": ("post P/video-assets/{video_asset_id}/index/cancel", "cancelAnalysis"),
    "deleteVideoIndex": ("delete P/video-assets/{video_asset_id}/index", "deleteIndex"),
    "listVideoIndexes": ("get P/video-assets/{video_asset_id}/indexes", "listIndexes"),
    "getVideoIndexById": ("get P/video-assets/{video_asset_id}/indexes/{index_id}", "getIndexById"),
    "deleteVideoIndexById": ("delete P/video-assets/{video_asset_id}/indexes/{index_id}", "deleteIndexById"),
    "presignThumbnail": (f"post {WORKSPACE}/person-thumbnail/presign", "openThumbnailUpload"),
    "completeThumbnail": (f"post {WORKSPACE}/person-thumbnail/complete", "completeThumbnailUpload"),
    "getSceneSearch": (f"get {WORKSPACE}/scene-search/{{search_id}}", "getSearch"),
}
CODES_OF_PATH = ["10001", "40401", "40402", "40403"]
ID = {"type": "string", "pattern": r"^(0|-?[1-9]\d*)$"}
PATH_OF_ASSET = {"workspace_name": {"type": "string", "pattern": "^[a-z0-9-]{3,63}$"}, "project_id": ID, "asset_id": ID}
# Deprecated calls that equal no current one: method and path, parameters, body, result and codes of the service.
OWN: dict[str, tuple[str, dict[str, Any], str | None, str, list[str]]] = {
    "listIndexes": ("get P/assets/{asset_id}/indexes", PATH_OF_ASSET, None, "IndexListAnswer", CODES_OF_PATH),
    "getIndexById": (
        "get P/assets/{asset_id}/indexes/{index_id}",
        PATH_OF_ASSET
        | {
            "index_id": ID,
            "confidence_level": {"type": "string", "enum": ["LOW", "MEDIUM", "HIGH"], "default": "MEDIUM"},
        },
        None,
        "IndexAnswer",
        [*CODES_OF_PATH, "40405"],
    ),
    "deleteIndexById": (
        "delete P/assets/{asset_id}/indexes/{index_id}",
        PATH_OF_ASSET | {"index_id": ID},
        None,
        "Done",
        [*CODES_OF_PATH, "40405", "40906"],
    ),
    "requestSceneSummaryOfIndex": (
        "post P/assets/{asset_id}/indexes/{index_id}/scene-summaries",
        PATH_OF_ASSET | {"index_id": ID},
        "RequestSummary",
        "SummaryRunAnswer",
        ["10001", "40004", *CODES_OF_PATH[1:], "40405", "40906", "40908", "40920", "40921"],
    ),
    "getSceneSummaryOfIndex": (
        "get P/assets/{asset_id}/indexes/{index_id}/scene-summaries",
        PATH_OF_ASSET | {"index_id": ID},
        None,
        "SummariesAnswer",
        [*CODES_OF_PATH, "40420"],
    ),
    "getSceneSummaryStatusById": (
        "get P/assets/{asset_id}/indexes/{index_id}/scene-summaries/{scene_summary_id}/status",
        PATH_OF_ASSET | {"index_id": ID, "scene_summary_id": ID},
        None,
        "SummaryStatusAnswer",
        [*CODES_OF_PATH, "40421"],
    ),
    "cancelSceneSummaryById": (
        "delete P/assets/{asset_id}/indexes/{index_id}/scene-summaries/{scene_summary_id}",
        PATH_OF_ASSET | {"index_id": ID, "scene_summary_id": ID},
        None,
        "Done",
        [*CODES_OF_PATH, "40421", "40922"],
    ),
    "requestSceneSearch": (
        "post /api/v1/scene-search",
        {},
        "RequestSceneSearch",
        "SearchStubAnswer",
        [*CODES_OF_PATH, "40407"],
    ),
}


def parameters(operation: dict[str, Any]) -> dict[str, Any]:
    """Schemas of the parameters by their names, without descriptions."""
    return {
        entry["name"]: {key: value for key, value in entry["schema"].items() if key not in ("description", "examples")}
        for entry in operation.get("parameters", [])
    }


def body(operation: dict[str, Any]) -> str | None:
    content = operation.get("requestBody", {}).get("content")
    return content and shape_name(content["application/json"]["schema"]["allOf"][0])


def shape_name(reference: dict[str, str]) -> str:
    """The name of a shape."""
    return reference["$ref"].rpartition("/")[2]


def shapes(operation: dict[str, Any]) -> dict[str, Any]:
    answers = operation["responses"].items()
    return {status: answer["content"]["application/json"]["schema"] for status, answer in answers}


def codes(operation: dict[str, Any]) -> list[str]:
    return sorted(
        example["value"]["code"]
        for status, answer in operation["responses"].items()
        if status != "200"
        for example in answer["content"]["application/json"]["examples"].values()
        if "responseError" in example["value"]
    )


@pytest.fixture(scope="module")
def paths(service: Service) -> dict[str, tuple[str, dict[str, Any]]]:
    """Method and path, and description, of each operation by its id."""
    project = WORKSPACE + "/projects/{project_id}"
    return {
        operation["operationId"]: (f"{method} {path.replace(project, 'P')}", operation)
        for path, methods in service.client.get("/schema").json()["paths"].items()
        for method, operation in methods.items()
    }


def test_the_deprecated_calls_are_these(paths: dict[str, tuple[str, dict[str, Any]]]) -> None:
    found = {name: place for name, (place, operation) in paths.items() if operation["deprecated"]}

    listed = {name: row[0] for name, row in TWINS.items()} | {name: row[0] for name, row in OWN.items()}
    assert found == listed


@pytest.mark.parametrize(("name", "current"), [(name, current) for name, (_, current) in TWINS.items()])
def test_a_deprecated_call_takes_and_answers_what_its_current_call_does(
    name: str, current: str, paths: dict[str, tuple[str, dict[str, Any]]]
) -> None:
    older, newer = paths[name][1], paths[current][1]

    assert {re.sub("^video_", "", key): schema for key, schema in parameters(older).items()} == parameters(newer)
    assert (body(older), shapes(older), codes(older)) == (body(newer), shapes(newer), codes(newer))
    assert older["tags"] == ["deprecated"]


@pytest.mark.parametrize("name", OWN)
def test_a_deprecated_call_of_its_own_takes_and_answers_what_the_vendor_documents(
    name: str, paths: dict[str, tuple[str, dict[str, Any]]]
) -> None:
    operation = paths[name][1]
    result = shape_name(shapes(operation)["200"])

    assert (parameters(operation), body(operation), result, codes(operation)) == OWN[name][1:]
