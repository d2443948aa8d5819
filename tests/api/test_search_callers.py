"""Permissions and rates of searches, and their deprecated paths."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from scenedex.auth.keys import Role
from scenedex.settings import RateSettings, Settings
from search_samples import Archive, Content
from signed_calls import code, fields, result

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import httpx2
    from tests.conftest import Service, Serving, Site

SHIP = {"textQuery": "ship"}
OLDER = "/api/v1/scene-search"


@pytest.fixture
def archive(site: Site) -> Archive:
    return Archive(site)


@pytest.fixture
def other(service: Service, new_site: Callable[[Service], Site]) -> Site:
    """Another workspace."""
    return new_site(service)


def without_url(hit: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer without its URLs, which differ from answer to answer."""
    return {name: value for name, value in hit.items() if name != "keyframeUrl"}


class TestCallers:
    def test_a_key_that_may_only_read_may_search(self, archive: Archive) -> None:
        film = archive.film(Content(said=["ship"]))
        viewer = archive.service.api(Role.VIEWER)
        search_id = result(viewer("POST", archive.path, archive.request("ship")))["searchId"]
        archive.run(search_id)

        assert [hit["assetId"] for hit in result(viewer("GET", f"{archive.path}/{search_id}"))["results"]] == [
            film.asset_id
        ]
        assert viewer("POST", OLDER, archive.request("ship")).status_code == 200

    def test_a_key_that_may_only_read_may_not_delete(self, archive: Archive) -> None:
        film = archive.film(Content(said=["ship"]))
        viewer = archive.service.api(Role.VIEWER)

        for target in (f"{film.path}/index", film.path, archive.site.path):
            answer = viewer("DELETE", target)
            assert (answer.status_code, answer.json()["error"]["errorCode"]) == (401, "210")

    @pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
    def test_a_search_cannot_be_deleted(self, role: Role, archive: Archive) -> None:
        search_id = archive.requested("ship")

        answer = archive.service.api(role)("DELETE", f"{archive.path}/{search_id}")

        assert (answer.status_code, answer.json()["error"]["errorCode"]) == (404, "300")

    @pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
    def test_a_key_of_another_workspace_finds_no_workspace(self, role: Role, archive: Archive, other: Site) -> None:
        search_id = archive.requested("ship")
        limited = archive.service.api(role, other.name)
        body = archive.request("ship")

        assert code(limited("POST", archive.path, body)) == (404, "40401")
        assert code(limited("GET", f"{archive.path}/{search_id}")) == (404, "40401")
        assert code(limited("GET", f"{archive.site.path}/scene-search/{search_id}")) == (404, "40401")
        assert code(limited("POST", OLDER, body)) == (404, "40401")
        assert code(limited("POST", OLDER, {**body, "workspaceName": archive.site.name})) == (404, "40401")
        assert code(limited("POST", f"{other.path}/assets/search", body)) == (404, "40402")

    def test_an_unsigned_search_is_refused(self, archive: Archive) -> None:
        for method, target in (("POST", archive.path), ("GET", f"{archive.path}/x"), ("POST", OLDER)):
            answer = archive.service.client.request(method, target, json=archive.request("ship"))
            assert (answer.status_code, answer.json()["error"]["errorCode"]) == (401, "200")


def test_searches_beyond_the_rate_are_refused_on_all_paths_and_hits_are_not(
    serving: Serving, new_site: Callable[[Service], Site]
) -> None:
    with serving(Settings(rates=RateSettings(search_per_minute=2))) as service:
        archive = Archive(new_site(service))
        search_id = archive.requested("ship")
        older = archive.site.api("POST", OLDER, archive.request("ship"))
        refusals = [archive.ask("ship"), archive.site.api("POST", OLDER, archive.request("ship"))]
        got = [archive.get(search_id) for _ in range(5)]
        another = archive.service.api()("POST", archive.path, archive.request("ship"))

    assert older.status_code == 200
    for answer in refusals:
        assert (answer.status_code, answer.json()["error"]["errorCode"]) == (429, "420")
        assert int(answer.headers["retry-after"]) > 0
    assert [found["status"] for found in got] == ["RUNNING"] * 5
    assert another.status_code == 200


class TestOlderPaths:
    def older(self, archive: Archive, **body: Any) -> httpx2.Response:
        return archive.site.api("POST", OLDER, {**archive.request("ship"), **body})

    def test_they_search_alike(self, archive: Archive) -> None:
        film = archive.film(Content(said=["ship"]))
        search_id = result(self.older(archive, workspaceName=archive.site.name))["searchId"]
        archive.run(search_id)

        older = result(archive.site.api("GET", f"{archive.site.path}/scene-search/{search_id}?pageNum=1&pageSize=10"))

        newer = archive.get(search_id, "?pageSize=10")
        assert [hit["assetId"] for hit in older["results"]] == [film.asset_id]
        assert {**older, "results": [without_url(hit) for hit in older["results"]]} == {
            **newer,
            "results": [without_url(hit) for hit in newer["results"]],
        }

    @pytest.mark.parametrize("name", [{}, {"workspaceName": None}, {"workspaceName": ""}], ids=repr)
    def test_the_workspace_is_that_of_the_filter_by_default(
        self, name: dict[str, Any], archive: Archive, other: Site
    ) -> None:
        film = archive.film(Content(said=["ship"]))
        Archive(other).film(Content(said=["ship"]))

        for where in ({"projectIds": [archive.site.base_project]}, {"assetIds": [film.asset_id]}):
            search_id = result(self.older(archive, filter=where, **name))["searchId"]
            archive.run(search_id)
            assert [hit["assetId"] for hit in archive.get(search_id)["results"]] == [film.asset_id]

    @pytest.mark.parametrize(
        "where", [{"projectIds": [999_999_999]}, {"assetIds": [0]}, {"projectIds": [2**63], "assetIds": [-1]}], ids=repr
    )
    def test_a_filter_of_no_workspace_is_not_found(self, where: dict[str, Any], archive: Archive) -> None:
        assert code(self.older(archive, filter=where)) == (404, "40401")

    def test_a_filter_of_two_workspaces_is_refused(self, archive: Archive, other: Site) -> None:
        both = [archive.site.base_project, other.base_project]

        for order in (both, both[::-1]):
            answer = self.older(archive, filter={"projectIds": order})
            assert (code(answer), fields(answer)) == ((404, "40402"), ["filter.projectIds"])

    def test_a_key_of_one_workspace_learns_nothing_of_others(self, archive: Archive, other: Site) -> None:
        limited = archive.service.api(Role.VIEWER, other.name)
        answers = [
            limited("POST", OLDER, {"query": SHIP, "filter": {"projectIds": [other.base_project, number]}})
            for number in (archive.site.base_project, 999_999_999)
        ]

        assert [code(answer) for answer in answers] == [(404, "40402")] * 2

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"workspaceName": 7}, "workspaceName"),
            ({"query": {}}, "query"),
            ({"filter": {}}, "filter"),
            ({"query": {"textQuery": "a;b"}}, "query.textQuery"),
        ],
    )
    def test_they_refuse_alike(self, body: dict[str, Any], field: str, archive: Archive) -> None:
        answer = self.older(archive, **body)

        assert (code(answer), fields(answer)) == ((400, "10001"), [field])

    @pytest.mark.parametrize("name", ["no-such-workspace", "a\x00b", "a" * 5000])
    def test_an_unknown_workspace_is_not_found(self, name: str, archive: Archive) -> None:
        assert code(self.older(archive, workspaceName=name)) == (404, "40401")
