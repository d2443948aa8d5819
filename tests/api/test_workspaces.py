"""Workspaces, roles of keys, and keys that are limited to some workspaces."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from scenedex.auth.keys import Role
from scenedex.settings import LimitSettings, RateSettings, ServerSettings, Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2
    from tests.conftest import Service, Serving, Site

WORKSPACES = "/api/v1/workspaces"


def code(answer: httpx2.Response) -> tuple[int, str]:
    body = answer.json()
    return answer.status_code, body["code"] if "code" in body else body["error"]["errorCode"]


def test_a_new_workspace_names_its_creator(site: Site) -> None:
    made = site.api("POST", WORKSPACES, {"workspaceName": f"{site.name}-2", "bucketName": "my-bucket"}).json()["result"]

    assert made.keys() == {
        "workspaceName",
        "bucketName",
        "createdUserName",
        "createdTime",
        "updatedUserName",
        "updatedTime",
    }
    assert (made["createdUserName"], made["bucketName"]) == ("alice", "my-bucket")


def test_a_workspace_has_its_address_and_its_count_of_analyses(site: Site) -> None:
    found = site.api("GET", site.path).json()["result"]

    assert (found["workspaceUrl"], found["monthlyAnalysisCount"]) == (f"{site.service.url}{site.path}", 0)


def test_counts_the_analyses_of_this_month(site: Site) -> None:
    for _ in range(2):
        site.base.imported().request_analysis()

    assert site.api("GET", site.path).json()["result"]["monthlyAnalysisCount"] == 2


def test_analyses_of_deleted_assets_are_counted(site: Site) -> None:
    item = site.base.imported()
    item.request_analysis()
    item.call("POST", "/index/cancel")
    item.call("DELETE")

    assert site.api("GET", site.path).json()["result"]["monthlyAnalysisCount"] == 1


@pytest.mark.parametrize("name", ["abc", "a" * 63, "0-9", "---", "a-b-c"])
def test_accepts_a_name_within_bounds(name: str, serving: Serving) -> None:
    with serving() as service:
        assert service.api()("POST", WORKSPACES, {"workspaceName": name}).status_code == 200


@pytest.mark.parametrize(
    "name", ["", "ab", "a" * 64, "Abc", "a_b", "a.b", "a b", "abc\n", "äbc", "a/b", "a;b", "a\x00b", "\u0660" * 3]
)
def test_refuses_a_name_out_of_bounds(name: str, site: Site) -> None:
    answer = site.api("POST", WORKSPACES, {"workspaceName": name})

    assert code(answer) == (400, "10001")
    assert answer.json()["responseError"]["details"][0]["field"] == "workspaceName"


@pytest.mark.parametrize("bucket", ["", "ab", "Upper", "a..b", "192.168.0.1", "a_b", "a/b", "-ab"])
def test_refuses_an_invalid_bucket_name(bucket: str, site: Site) -> None:
    answer = site.api("POST", WORKSPACES, {"workspaceName": f"{site.name}-2", "bucketName": bucket})

    assert answer.json()["responseError"]["details"][0]["field"] == "bucketName"


def test_refuses_a_name_that_is_taken(site: Site) -> None:
    assert code(site.api("POST", WORKSPACES, {"workspaceName": site.name})) == (409, "40902")


def test_an_unknown_workspace_is_not_found(site: Site) -> None:
    answers = [
        site.api("GET", f"{WORKSPACES}/none-such"),
        site.api("DELETE", f"{WORKSPACES}/none-such"),
        site.api("GET", f"{WORKSPACES}/none-such/projects"),
        site.api("POST", f"{WORKSPACES}/none-such/projects", {"name": "a"}),
        site.api("GET", f"{WORKSPACES}/none-such/projects/1/assets?pageNum=1"),
        site.api("GET", f"{WORKSPACES}/none-such/projects/1/assets/1/index"),
    ]

    assert {code(answer) for answer in answers} == {(404, "40401")}


def test_a_workspace_is_deleted_with_everything_below_it(site: Site) -> None:
    item = site.base.imported()

    gone = site.api("DELETE", site.path)

    assert gone.json()["result"] == {"workspaceName": site.name}
    assert code(item.call("GET")) == (404, "40401")
    assert site.service.rows("SELECT 1 FROM assets WHERE asset_id = %s", item.asset_id) == []


def test_a_workspace_with_a_running_analysis_cannot_be_deleted(site: Site) -> None:
    item = site.base.imported()
    item.request_analysis()

    assert code(site.api("DELETE", site.path)) == (409, "40903")
    assert item.call("GET").status_code == 200


def test_the_name_of_a_deleted_workspace_can_be_used_again(site: Site) -> None:
    site.api("DELETE", site.path)

    assert site.api("POST", WORKSPACES, {"workspaceName": site.name}).status_code == 200


def test_a_workspace_over_the_limit_is_refused(serving: Serving) -> None:
    with serving(Settings(limits=LimitSettings(max_workspaces=2))) as service:
        api = service.api()
        made = [code(api("POST", WORKSPACES, {"workspaceName": f"work-{number}"})) for number in range(3)]

    assert made == [(200, "0"), (200, "0"), (400, "40002")]


def test_of_twenty_creations_of_one_workspace_one_succeeds(site: Site) -> None:
    answers = site.api.at_once(*[("POST", WORKSPACES, {"workspaceName": f"{site.name}-2"})] * 20)

    assert sorted(map(code, answers)) == [(200, "0"), *[(409, "40902")] * 19]


def test_concurrent_creations_keep_to_the_limit(serving: Serving) -> None:
    with serving(Settings(limits=LimitSettings(max_workspaces=3))) as service:
        calls = [("POST", WORKSPACES, {"workspaceName": f"work-{number}"}) for number in range(10)]
        answers = service.api().at_once(*calls)

    assert [answer.status_code for answer in answers].count(200) == 3


@pytest.mark.parametrize(
    ("method", "below", "body"),
    [
        ("POST", "/projects", {"name": "a"}),
        ("PATCH", "/projects/1", {"name": "a"}),
        ("DELETE", "", None),
        ("DELETE", "/projects/1", None),
        ("POST", "/projects/1/assets/import/object-storage", {"key": "a", "bucketName": "abc"}),
        ("POST", "/projects/1/assets/uploads/presigned-url", {"assetFileName": "a"}),
        ("POST", "/projects/1/assets/1/index", {"analysisPersonCount": 0}),
        ("POST", "/projects/1/assets/1/index/cancel", None),
        ("DELETE", "/projects/1/video-assets/1", None),
    ],
)
def test_a_viewer_can_change_nothing(method: str, below: str, body: object, site: Site) -> None:
    viewer = site.service.api(Role.VIEWER)

    answer = viewer(method, site.path + below, body)

    assert code(answer) == (401, "210")
    assert answer.json()["error"]["message"] == "Permission Denied"


def test_a_viewer_can_read(site: Site) -> None:
    viewer = site.service.api(Role.VIEWER)

    assert viewer("GET", f"{site.base.path}/assets?pageNum=1").status_code == 200


class TestKeyLimitedToWorkspaces:
    def test_lists_only_its_workspaces(self, service: Service, new_site: Callable[[Service], Site]) -> None:
        one, _other = new_site(service), new_site(service)

        found = service.api(Role.MANAGER, one.name)("GET", f"{WORKSPACES}?pageNum=1").json()["result"]

        assert ([item["workspaceName"] for item in found["content"]], found["totalCount"]) == ([one.name], 1)

    def test_finds_no_other_workspaces(self, service: Service, site: Site) -> None:
        limited = service.api(Role.MANAGER, "another")

        known, unknown = limited("GET", site.path), limited("GET", f"{WORKSPACES}/none-such")

        assert known.json() == unknown.json()
        assert code(known) == (404, "40401")

    @pytest.mark.parametrize(
        "below", ["/projects", "/projects/1", "/projects/1/assets?pageNum=1", "/projects/1/assets/1"]
    )
    def test_finds_nothing_below_other_workspaces(self, below: str, service: Service, site: Site) -> None:
        assert code(service.api(Role.MANAGER, "another")("GET", site.path + below)) == (404, "40401")

    def test_cannot_delete_other_workspaces(self, service: Service, site: Site) -> None:
        assert code(service.api(Role.MANAGER, "another")("DELETE", site.path)) == (404, "40401")

    def test_a_refused_creation_does_not_reveal_that_a_workspace_exists(self, service: Service, site: Site) -> None:
        limited = service.api(Role.MANAGER, "another")

        taken = limited("POST", WORKSPACES, {"workspaceName": site.name})
        free = limited("POST", WORKSPACES, {"workspaceName": f"{site.name}-2"})

        assert taken.json() == free.json()
        assert code(taken) == (404, "40401")

    def test_can_create_its_workspace(self, service: Service, site: Site) -> None:
        name = f"{site.name}-2"

        assert service.api(Role.MANAGER, name)("POST", WORKSPACES, {"workspaceName": name}).status_code == 200

    def test_cannot_move_an_asset_into_another_workspace(self, service: Service, site: Site) -> None:
        other = site.api("POST", WORKSPACES, {"workspaceName": f"{site.name}-2"})
        assert other.status_code == 200
        foreign = site.api("GET", f"{WORKSPACES}/{site.name}-2/projects").json()["result"]["projects"][0]["projectId"]
        limited = service.api(Role.MANAGER, site.name)

        answer = limited("PATCH", f"{site.base.register().path}?new_project_id={foreign}")

        assert code(answer) == (404, "40402")


def test_writes_times_in_the_configured_zone(serving: Serving) -> None:
    with serving(Settings(server=ServerSettings(time_zone="Asia/Seoul"))) as service:
        made = service.api()("POST", WORKSPACES, {"workspaceName": "seoul"}).json()["result"]

    written = datetime.fromisoformat(made["createdTime"]).replace(tzinfo=UTC) - timedelta(hours=9)
    assert abs(datetime.now(UTC) - written) < timedelta(minutes=1)


@pytest.mark.parametrize("given", ["https://media.example.com", "https://media.example.com/"])
def test_puts_the_configured_address_into_answers(given: str, serving: Serving) -> None:
    with serving(Settings(server=ServerSettings(public_url=given))) as service:
        api = service.api()
        api("POST", WORKSPACES, {"workspaceName": "seoul"})
        found = api("GET", f"{WORKSPACES}/seoul").json()["result"]

    assert found["workspaceUrl"] == "https://media.example.com/api/v1/workspaces/seoul"


def test_calls_over_the_rate_are_refused_with_a_wait(serving: Serving, new_site: Callable[[Service], Site]) -> None:
    with serving(Settings(rates=RateSettings(presigned_per_second=1, complete_per_minute=2))) as service:
        site = new_site(service)
        complete = f"{site.base.path}/assets/uploads/complete"
        answers = [site.api("POST", complete, {"assetKey": "none"}) for _ in range(3)]

    assert [code(answer) for answer in answers] == [(404, "40404"), (404, "40404"), (429, "420")]
    assert re.fullmatch(r"[1-9]\d?", answers[2].headers["retry-after"])
    assert answers[2].json()["error"]["message"] == "Rate Limited"
