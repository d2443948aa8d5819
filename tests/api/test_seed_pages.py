"""Facts of the vendor's public pages, which the server matches to the letter."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import httpx2
    from tests.conftest import Service, Site

ISO_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?")
FORMATS = {"mp4", "mkv", "mov", "webm", "png", "jpg", "heic"}
STATUSES = {"IN_PROGRESS", "COMPLETED", "FAILED", "FILE_NOT_EXIST", "INVALID_METADATA"}
TYPES: Mapping[str, type] = {"String": str, "Integer": int, "Boolean": bool, "Object": dict, "Array": list}
META_DATA = {"resolution": "String", "durationMs": "Integer", "size": "Integer", "format": "String"}
ASSET = {
    "assetId": "Integer",
    "fileName": "String",
    "projectId": "Integer",
    "metaData": "Object",
    "key": "String",
    "createUserName": "String",
    "createdTime": "String",
    "updateUserName": "String",
    "updatedTime": "String",
}


@dataclass(frozen=True)
class Page:
    """Page about one call: its parameters, and the ``result`` of its answer."""

    source: str
    method: str
    path: str
    call: Callable[[Site], httpx2.Response]
    result: Mapping[str, str]
    required_body: Mapping[str, str] = field(default_factory=dict[str, str])
    query: Mapping[str, bool] = field(default_factory=dict[str, bool])
    example: Callable[[Site], tuple[Mapping[str, str], dict[str, Any]]] | None = None


PROJECTS = "/api/v1/workspaces/{workspace_name}/projects"
ASSETS = PROJECTS + "/{project_id}/assets"


def list_assets(site: Site) -> httpx2.Response:
    site.base.imported()
    return site.api("GET", f"{site.base.path}/assets?pageNum=1&pageSize=100")


def move(site: Site) -> httpx2.Response:
    return site.base.imported().call("PATCH", f"?new_project_id={site.project('other').project_id}")


PAGES = [
    Page(
        "Create project",
        "post",
        PROJECTS,
        lambda site: site.api("POST", f"{site.path}/projects", {"name": "project_name"}),
        {
            "projectId": "Integer",
            "name": "String",
            "isBaseProject": "Boolean",
            "createdUserName": "String",
            "createdTime": "String",
            "updatedUserName": "String",
            "updatedTime": "String",
        },
        required_body={"name": "String"},
    ),
    Page(
        "Register media asset",
        "post",
        ASSETS + "/import/object-storage",
        lambda site: site.api(
            "POST",
            f"{site.base.path}/assets/import/object-storage",
            {"key": "sample-video.mp4", "bucketName": "my-storage-bucket"},
        ),
        {
            "assetId": "Integer",
            "createUserName": "String",
            "createdTime": "String",
            "updateUserName": "String",
            "updatedTime": "String",
        },
        required_body={"key": "String", "bucketName": "String"},
    ),
    Page(
        "Get media asset list",
        "get",
        ASSETS,
        list_assets,
        {
            "content": "Array",
            "totalCount": "Integer",
            "totalPage": "Integer",
            "pageNo": "Integer",
            "pageSize": "Integer",
        },
        query={"pageNum": True, "pageSize": False},
    ),
    Page(
        "Get media asset registration status",
        "get",
        ASSETS + "/{asset_id}/import-status",
        lambda site: site.base.imported().call("GET", "/import-status"),
        {"assetId": "Integer", "uploadStatus": "String", "uploadResult": "String", "metaData": "Object"},
    ),
    Page(
        "Move media asset project",
        "patch",
        ASSETS + "/{asset_id}",
        move,
        # The page's table has assetId and fileName, its example videoId and videoName: both are served.
        {**ASSET, "videoId": "Integer", "videoName": "String"},
        query={"new_project_id": True},
    ),
]
pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.source)


def is_of(kind: str, value: object) -> bool:
    return type(value) is TYPES[kind]


@pytest.fixture(scope="module")
def schema(service: Service) -> dict[str, Any]:
    return service.client.get("/schema").json()


@pages
def test_answers_with_the_envelope_of_the_page(page: Page, site: Site) -> None:
    answer = page.call(site)

    assert answer.status_code == 200, answer.text
    assert answer.json().keys() == {"code", "message", "result"}
    assert (answer.json()["code"], answer.json()["message"]) == ("0", "success")


@pages
def test_answers_with_the_fields_and_types_of_the_page(page: Page, site: Site) -> None:
    result = page.call(site).json()["result"]

    assert {name for name in page.result if not is_of(page.result[name], result.get(name))} == set()


@pages
def test_writes_times_in_iso_8601_without_a_zone(page: Page, site: Site) -> None:
    result = page.call(site).json()["result"]

    times = [value for name, value in result.items() if name.endswith("Time")]
    assert [time for time in times if not ISO_TIME.fullmatch(time)] == []


def test_writes_times_of_assets_in_whole_seconds_as_the_examples_do(site: Site) -> None:
    item = site.base.imported()
    answers = [
        item.call("GET").json()["result"],
        *list_assets(site).json()["result"]["content"],
        *site.api("GET", f"{site.base.path}/video-assets?pageNum=1").json()["result"]["content"],
        move(site).json()["result"],
    ]

    times = [asset[name] for asset in answers for name in ("createdTime", "updatedTime")]
    assert [time for time in times if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", time)] == []


@pages
def test_documents_the_call_under_the_page_s_title(page: Page, schema: dict[str, Any]) -> None:
    operation = schema["paths"][page.path][page.method]

    assert operation["summary"] == {"Create project": "Create a project"}.get(
        page.source, page.source.replace("Register media", "Register a media")
    )


@pages
def test_documents_the_required_fields_of_the_body(page: Page, schema: dict[str, Any]) -> None:
    operation = schema["paths"][page.path][page.method]

    if not page.required_body:
        assert "requestBody" not in operation
        return
    shape = resolve(schema, operation["requestBody"]["content"]["application/json"]["schema"])
    assert {name: shape["properties"][name]["type"] for name in shape["required"]} == dict.fromkeys(
        page.required_body, "string"
    )


@pages
def test_documents_the_query_parameters(page: Page, schema: dict[str, Any]) -> None:
    parameters = schema["paths"][page.path][page.method]["parameters"]

    assert {entry["name"]: entry["required"] for entry in parameters if entry["in"] == "query"} == dict(page.query)


def test_bounds_the_page_size_of_the_list_as_the_page_does(schema: dict[str, Any]) -> None:
    parameters = {entry["name"]: entry["schema"] for entry in schema["paths"][ASSETS]["get"]["parameters"]}

    size = parameters["pageSize"]
    assert (size["type"], size["minimum"], size["maximum"], size["default"]) == ("integer", 1, 1000, 1000)
    assert (parameters["pageNum"]["type"], parameters["pageNum"]["minimum"]) == ("integer", 1)


def test_lists_items_with_the_fields_and_types_of_the_page(site: Site) -> None:
    item = list_assets(site).json()["result"]["content"][0]

    assert item.keys() == ASSET.keys()
    assert {name for name, kind in ASSET.items() if not is_of(kind, item[name])} == set()


def test_gives_metadata_with_the_fields_types_and_values_of_the_page(site: Site) -> None:
    found = site.base.imported().call("GET", "/import-status").json()["result"]["metaData"]

    assert {name: is_of(kind, found[name]) for name, kind in META_DATA.items()} == dict.fromkeys(META_DATA, True)
    assert found == {"resolution": "1280x720", "durationMs": 91565, "size": 101176289, "format": "mp4"}


def test_documents_the_formats_and_states_of_the_pages(schema: dict[str, Any]) -> None:
    shapes = schema["components"]["schemas"]

    assert set(shapes["MetaData"]["properties"]["format"]["enum"]) == FORMATS
    assert set(shapes["ImportStatusObject"]["properties"]["uploadStatus"]["enum"]) == STATUSES


def test_the_example_call_of_the_register_page_goes_to_the_older_path(site: Site) -> None:
    body = {"key": "sample-video.mp4", "bucketName": "my-storage-bucket"}

    answer = site.api("POST", f"{site.base.path}/video-assets/import/object-storage", body)

    assert answer.json()["result"].keys() >= {"assetId", "createUserName", "createdTime", "updateUserName"}


def test_moves_the_asset_to_the_project_of_the_query(site: Site) -> None:
    target = site.project("other")
    item = site.base.imported()

    moved = item.call("PATCH", f"?new_project_id={target.project_id}").json()["result"]

    assert (moved["projectId"], moved["assetId"], moved["videoId"]) == (target.project_id, item.asset_id, item.asset_id)


def resolve(schema: dict[str, Any], shape: dict[str, Any]) -> dict[str, Any]:
    reference = shape.get("$ref") or shape["allOf"][0]["$ref"]
    return schema["components"]["schemas"][reference.rsplit("/", 1)[1]]
