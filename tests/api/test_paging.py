"""Paging: pages are a partition of a list, and the number of statements does not grow with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenedex.auth.keys import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Service, Serving, Site

NUMBER = 23


@pytest.fixture(scope="module", params=["workspaces", "assets", "video-assets"])
def pages(request: pytest.FixtureRequest, serving: Serving, new_site: Callable[[Service], Site]) -> Any:
    with serving() as service:
        site = new_site(service)
        if request.param == "workspaces":
            for _ in range(NUMBER - 1):
                new_site(service)
        else:
            for _ in range(NUMBER):
                site.base.register()
            # No page contains the assets of other projects.
            site.project("other").register()
        path = "/api/v1/workspaces" if request.param == "workspaces" else f"{site.base.path}/{request.param}"
        name = "workspaceName" if request.param == "workspaces" else "assetId"

        def page(number: int, size: int) -> dict[str, Any]:
            result = site.api("GET", f"{path}?pageNum={number}&pageSize={size}").json()["result"]
            return {**result, "content": [item[name] for item in result["content"]]}

        yield page


@pytest.fixture(scope="module")
def everything(pages: Callable[[int, int], dict[str, Any]]) -> list[object]:
    return pages(1, 1000)["content"]


@settings(max_examples=12, deadline=None)
@given(size=st.integers(1, NUMBER + 3))
def test_pages_are_a_partition_of_the_list(
    size: int, pages: Callable[[int, int], dict[str, Any]], everything: list[object]
) -> None:
    total = pages(1, size)["totalPage"]

    found = [pages(number, size)["content"] for number in range(1, total + 1)]

    assert [item for page in found for item in page] == everything
    assert [len(page) for page in found[:-1]] == [size] * (total - 1)


@settings(max_examples=12, deadline=None)
@given(number=st.integers(1, 2**31), size=st.integers(1, 1000))
def test_totals_are_the_same_on_every_page(number: int, size: int, pages: Callable[[int, int], dict[str, Any]]) -> None:
    page = pages(number, size)

    del page["content"]
    assert page == {"totalCount": NUMBER, "totalPage": -(-NUMBER // size), "pageNo": number, "pageSize": size}


@pytest.mark.parametrize(("number", "size"), [(2, 1000), (24, 1), (2**31, 1000), (3, 12)])
def test_a_page_past_the_end_is_empty(number: int, size: int, pages: Callable[[int, int], dict[str, Any]]) -> None:
    assert pages(number, size)["content"] == []


def test_a_page_of_an_empty_list_is_empty(site: Site) -> None:
    result = site.api("GET", f"{site.base.path}/assets?pageNum=1").json()["result"]

    assert result == {"content": [], "totalCount": 0, "totalPage": 0, "pageNo": 1, "pageSize": 1000}


def test_assets_are_listed_oldest_first(site: Site) -> None:
    registered = [site.base.register(str(number)).asset_id for number in range(5)]

    listed = site.api("GET", f"{site.base.path}/assets?pageNum=1").json()["result"]["content"]

    assert [item["assetId"] for item in listed] == registered


def test_workspaces_are_listed_oldest_first(service: Service, new_site: Callable[[Service], Site]) -> None:
    names = [new_site(service).name for _ in range(3)]
    api = service.api(Role.VIEWER, *reversed(names))

    listed = api("GET", "/api/v1/workspaces?pageNum=1").json()["result"]["content"]

    assert [item["workspaceName"] for item in listed] == names


def test_a_moved_asset_is_listed_once(site: Site) -> None:
    items = [site.base.register() for _ in range(3)]
    target = site.project("other")

    items[1].call("PATCH", f"?new_project_id={target.project_id}")

    listed = site.api("GET", f"{site.base.path}/assets?pageNum=1&pageSize=1000").json()["result"]
    assert ([item["assetId"] for item in listed["content"]], listed["totalCount"]) == (
        [items[0].asset_id, items[2].asset_id],
        2,
    )


@pytest.mark.parametrize(
    ("path", "number"),
    [
        pytest.param("/api/v1/workspaces?pageNum=1", 3, id="workspaces"),
        pytest.param("{workspace}/projects", 3, id="projects"),
        pytest.param("{project}/assets?pageNum=1", 3, id="assets"),
        pytest.param("{project}/assets?pageNum=1&pageSize=3", 3, id="a page of assets"),
        pytest.param("{project}/video-assets?pageNum=1", 3, id="video-assets"),
        pytest.param("{asset}/index", 14, id="index"),
        pytest.param("{asset}/index/export?format=vtt", 13, id="export"),
        pytest.param("{asset}/indexes", 4, id="indexes"),
        pytest.param("{asset}", 3, id="asset"),
        pytest.param("{asset}/import-status", 3, id="import status"),
        pytest.param("{asset}/index/status", 4, id="analysis status"),
    ],
)
def test_the_number_of_statements_does_not_depend_on_the_size_of_an_answer(path: str, number: int, site: Site) -> None:
    item = site.base.imported()
    item.publish(item.request_analysis(), scenes=40)
    for name in map(str, range(10)):
        site.project(name)
        site.base.register(name)
    target = path.format(workspace=site.path, project=site.base.path, asset=item.path)
    site.service.statements.clear()

    answer = site.api("GET", target)

    assert answer.status_code == 200, answer.text
    assert len(site.service.statements) == number, site.service.statements
