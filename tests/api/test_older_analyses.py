"""Deprecated calls about analyses and indexes, with both names of the asset in the path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from scenedex.analysis import queries
from signed_calls import code

if TYPE_CHECKING:
    import httpx2
    from tests.conftest import Item, Site

KINDS = ["assets", "video-assets"]
OPTIONS = {"analysisPersonCount": 0}


@pytest.fixture
def item(site: Site) -> Item:
    return site.base.imported()


def call(kind: str, item: Item, method: str, below: str, body: object = None) -> httpx2.Response:
    return item.folder.site.api(method, f"{item.folder.path}/{kind}/{item.asset_id}{below}", body)


def indexed(item: Item) -> int:
    """Publish the index of a completed analysis and return its id."""
    index_id = item.request_analysis()
    item.publish(index_id)

    async def end(tx: Any) -> None:
        claimed = await queries.claim(tx, index_id)
        assert claimed is not None
        assert await queries.end(tx, claimed, "ANALYZE_COMPLETED", None)

    item.service.transact(end)
    return index_id


@pytest.mark.parametrize(
    ("kind", "below"), [("assets", "/analyze"), ("video-assets", "/analyze"), ("video-assets", "/index")]
)
def test_an_analysis_is_requested(kind: str, below: str, item: Item) -> None:
    stub = call(kind, item, "POST", below, OPTIONS).json()["result"]

    assert (stub["status"], stub["analysisSetting"]["analysisPersonCount"]) == ("WAIT_ANALYZE", 0)
    assert code(call(kind, item, "POST", below, OPTIONS)) == (409, "40901")
    assert item.call("GET", "/index/status").json()["result"]["indexId"] == stub["indexId"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_answer_to_analyze_also_has_the_index_id_as_id(kind: str, item: Item) -> None:
    stub = call(kind, item, "POST", "/analyze", OPTIONS).json()["result"]

    assert stub["id"] == stub["indexId"]


def test_the_current_path_has_the_index_id_alone(item: Item) -> None:
    assert "id" not in call("assets", item, "POST", "/index", OPTIONS).json()["result"]


def test_deprecated_requests_count_as_analyses_of_the_month(item: Item) -> None:
    call("assets", item, "POST", "/analyze", OPTIONS)

    assert item.folder.site.api("GET", item.folder.site.path).json()["result"]["monthlyAnalysisCount"] == 1


@pytest.mark.parametrize(
    ("kind", "method", "below"),
    [
        ("assets", "DELETE", "/analyze"),
        ("video-assets", "DELETE", "/analyze"),
        ("video-assets", "POST", "/index/cancel"),
    ],
)
def test_an_analysis_is_cancelled(kind: str, method: str, below: str, item: Item) -> None:
    assert code(call(kind, item, method, below)) == (409, "40909")
    item.request_analysis()

    assert call(kind, item, method, below).json() == {"code": "0", "message": "success"}
    assert item.call("GET", "/index/status").json()["result"]["status"] == "ANALYZE_CANCEL"


@pytest.mark.parametrize(
    ("kind", "below"),
    [("assets", "/analyze-status"), ("video-assets", "/analyze-status"), ("video-assets", "/index/status")],
)
def test_the_status_is_that_of_the_current_path(kind: str, below: str, item: Item) -> None:
    item.request_analysis()

    assert call(kind, item, "GET", below).json() == item.call("GET", "/index/status").json()


@pytest.mark.parametrize("kind", KINDS)
def test_the_list_of_an_asset_without_an_index_is_empty(kind: str, item: Item) -> None:
    item.request_analysis()

    assert call(kind, item, "GET", "/indexes").json()["result"] == {"totalCount": 0, "indexes": []}


@pytest.mark.parametrize("kind", KINDS)
def test_the_list_has_the_index_without_its_scenes(kind: str, item: Item) -> None:
    indexed(item)
    whole = item.call("GET", "/index").json()["result"]
    del whole["scenes"]

    assert call(kind, item, "GET", "/indexes").json()["result"] == {"totalCount": 1, "indexes": [whole]}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("level", ["", "?confidence_level=LOW"])
def test_an_index_is_read_by_its_id(kind: str, level: str, item: Item) -> None:
    index_id = indexed(item)

    found = call(kind, item, "GET", f"/indexes/{index_id}{level}").json()["result"]

    assert (found["indexId"], len(found["scenes"])) == (index_id, 2)


def test_an_index_is_read_by_the_older_name_of_its_asset(item: Item) -> None:
    index_id = indexed(item)

    assert call("video-assets", item, "GET", "/index").json()["result"]["indexId"] == index_id


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_an_index_with_another_id_is_not_found(kind: str, method: str, item: Item) -> None:
    index_id = indexed(item)

    assert code(call(kind, item, method, f"/indexes/{index_id + 1}")) == (404, "40405")
    assert call(kind, item, "GET", f"/indexes/{index_id}").status_code == 200


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_no_index_is_found_before_an_analysis_has_completed(kind: str, method: str, item: Item) -> None:
    assert code(call(kind, item, method, "/indexes/1")) == (404, "40405")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_an_index_id_that_is_not_an_integer_is_refused(kind: str, method: str, item: Item) -> None:
    answer = call(kind, item, method, "/indexes/x")

    assert code(answer) == (400, "10001")
    assert answer.json()["responseError"]["details"][0]["field"] == "index_id"


@pytest.mark.parametrize("kind", KINDS)
def test_an_index_is_deleted_by_its_id(kind: str, item: Item) -> None:
    index_id = indexed(item)

    assert call(kind, item, "DELETE", f"/indexes/{index_id}").json() == {"code": "0", "message": "success"}
    assert code(item.call("GET", "/index")) == (409, "40908")


def test_an_index_is_deleted_by_the_older_name_of_its_asset(item: Item) -> None:
    indexed(item)

    assert call("video-assets", item, "DELETE", "/index").status_code == 200
    assert code(item.call("GET", "/index")) == (409, "40908")


@pytest.mark.parametrize("kind", KINDS)
def test_an_index_is_not_deleted_during_an_analysis(kind: str, item: Item) -> None:
    index_id = indexed(item)
    item.request_analysis()

    assert code(call(kind, item, "DELETE", f"/indexes/{index_id}")) == (409, "40906")


@pytest.mark.parametrize(
    ("method", "below"),
    [
        ("POST", "/analyze"),
        ("DELETE", "/analyze"),
        ("GET", "/analyze-status"),
        ("GET", "/indexes"),
        ("GET", "/indexes/1"),
        ("DELETE", "/indexes/1"),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_every_deprecated_path_needs_an_asset(kind: str, method: str, below: str, site: Site) -> None:
    body = OPTIONS if method == "POST" else None

    assert code(site.api(method, f"{site.base.path}/{kind}/999999999{below}", body)) == (404, "40403")
    wrong = site.api(method, f"{site.base.path}/{kind}/x{below}", body)
    assert wrong.json()["responseError"]["details"][0]["field"] == (
        "asset_id" if kind == "assets" else "video_asset_id"
    )
