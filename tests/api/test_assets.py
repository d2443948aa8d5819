"""Assets: registration, reading, moving and deletion, under the current path and the older one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signed_calls import code

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2
    from tests.conftest import Service, Site

NO_PROJECT = (404, "40402", list[str]())
BODY = {"key": "sample-video.mp4", "bucketName": "my-storage-bucket"}
KEYS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=200)


def refusal(answer: httpx2.Response) -> tuple[int, str, list[str]]:
    body = answer.json()
    return answer.status_code, body["code"], [entry["field"] for entry in body["responseError"]["details"]]


def register(site: Site, body: object, kind: str = "assets") -> httpx2.Response:
    return site.api("POST", f"{site.base.path}/{kind}/import/object-storage", body)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"bucketName": "abc"}, "key"),
        ({"key": "a"}, "bucketName"),
        ({**BODY, "key": ""}, "key"),
        ({**BODY, "key": None}, "key"),
        ({**BODY, "key": 1}, "key"),
        ({**BODY, "key": "a" * 1025}, "key"),
        ({**BODY, "key": "é" * 513}, "key"),
        ({**BODY, "key": "a\x00b"}, "key"),
        ({**BODY, "bucketName": ""}, "bucketName"),
        ({**BODY, "bucketName": "ab"}, "bucketName"),
        ({**BODY, "bucketName": "a" * 64}, "bucketName"),
        ({**BODY, "bucketName": "My-Bucket"}, "bucketName"),
        ({**BODY, "bucketName": "../etc"}, "bucketName"),
        ({**BODY, "bucketName": "10.0.0.1"}, "bucketName"),
        ({**BODY, "bucketName": ["abc"]}, "bucketName"),
    ],
    ids=str,
)
@pytest.mark.parametrize("kind", ["assets", "video-assets"])
def test_refuses_an_object_that_cannot_be_named(kind: str, body: dict[str, Any], field: str, site: Site) -> None:
    assert refusal(register(site, body, kind)) == (400, "10001", [field])


@pytest.mark.parametrize("key", ["folder/", "/", "a/b/"])
def test_refuses_a_folder_in_the_vendor_s_words(key: str, site: Site) -> None:
    answer = register(site, {**BODY, "key": key})

    assert refusal(answer) == (400, "10016", ["key"])
    assert answer.json()["message"] == "Select the bucket to integrate (folder selection not available)."


@settings(max_examples=30, deadline=None)
@given(key=KEYS)
def test_keeps_any_key_as_it_is(key: str, module_site: Site) -> None:
    made = register(module_site, {**BODY, "key": key})

    if key.endswith("/"):
        assert made.json()["code"] == "10016"
        return
    found = module_site.api("GET", f"{module_site.base.path}/assets/{made.json()['result']['assetId']}").json()[
        "result"
    ]
    assert (found["key"], found["fileName"]) == (key, key.rsplit("/", 1)[-1])


@pytest.mark.parametrize("key", ["a" * 1024, "é" * 512, ".", "..", "a//b", "../../etc/passwd", ";|`"])
def test_accepts_a_key_that_only_the_storage_can_judge(key: str, site: Site) -> None:
    assert register(site, {**BODY, "key": key}).status_code == 200


def test_an_object_registered_twice_makes_two_assets(site: Site) -> None:
    assert site.base.register().asset_id != site.base.register().asset_id


def test_each_of_many_registrations_at_once_makes_one_asset(site: Site) -> None:
    call = ("POST", f"{site.base.path}/assets/import/object-storage", BODY)

    made = [answer.json()["result"]["assetId"] for answer in site.api.at_once(*[call] * 20)]

    listed = site.api("GET", f"{site.base.path}/assets?pageNum=1").json()["result"]
    assert sorted(made) == [item["assetId"] for item in listed["content"]]


def test_an_import_begins_in_progress_and_without_metadata(site: Site) -> None:
    item = site.base.register()

    status = item.call("GET", "/import-status").json()["result"]

    assert status == {
        "assetId": item.asset_id,
        "uploadStatus": "IN_PROGRESS",
        "uploadResult": "Upload in progress",
        "progressPercent": 0,
    }


def test_an_asset_has_metadata_once_its_import_has_completed(site: Site) -> None:
    before, after = site.base.register(), site.base.imported()

    assert "metaData" not in before.call("GET").json()["result"]
    assert after.call("GET").json()["result"]["metaData"]["resolution"] == "1280x720"


def test_moving_takes_an_asset_out_of_its_project(site: Site) -> None:
    item, target = site.base.imported(), site.project("other")

    item.call("PATCH", f"?new_project_id={target.project_id}")

    assert code(item.call("GET")) == (404, "40403")
    assert site.api("GET", f"{target.path}/assets/{item.asset_id}").status_code == 200


def test_moving_says_who_did_it(site: Site) -> None:
    item, target = site.base.imported(), site.project("other")

    moved = site.service.api(user="bob")("PATCH", f"{item.path}?new_project_id={target.project_id}").json()["result"]

    assert (moved["createUserName"], moved["updateUserName"]) == ("alice", "bob")


def test_the_index_moves_along(site: Site) -> None:
    item, target = site.base.imported(), site.project("other")
    item.publish(item.request_analysis())

    item.call("PATCH", f"?new_project_id={target.project_id}")

    assert site.api("GET", f"{target.path}/assets/{item.asset_id}/index").status_code == 200


def test_moving_to_its_own_project_changes_nothing(site: Site) -> None:
    item = site.base.imported()
    before = item.call("GET").json()["result"]

    moved = site.service.api(user="bob")("PATCH", f"{item.path}?new_project_id={site.base_project}").json()["result"]

    assert {name: moved[name] for name in before} == before


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", (400, "10001", ["new_project_id"])),
        ("?new_project_id=", (400, "10001", ["new_project_id"])),
        ("?new_project_id=x", (400, "10001", ["new_project_id"])),
        ("?new_project_id=1.0", (400, "10001", ["new_project_id"])),
        ("?newProjectId=1", (400, "10001", ["new_project_id"])),
        ("?new_project_id=0", NO_PROJECT),
        ("?new_project_id=999999999", NO_PROJECT),
        ("?new_project_id=9223372036854775808", NO_PROJECT),
    ],
)
@pytest.mark.parametrize("kind", ["assets", "video-assets"])
def test_refuses_to_move_to_no_project(kind: str, query: str, expected: object, site: Site) -> None:
    item = site.base.register()

    assert refusal(site.api("PATCH", f"{site.base.path}/{kind}/{item.asset_id}{query}")) == expected


def test_refuses_to_move_into_another_workspace(
    service: Service, site: Site, new_site: Callable[[Service], Site]
) -> None:
    foreign = new_site(service)

    assert code(site.base.register().call("PATCH", f"?new_project_id={foreign.base_project}")) == (404, "40402")


@pytest.mark.parametrize(
    ("method", "below", "body"),
    [
        ("GET", "", None),
        ("GET", "/import-status", None),
        ("PATCH", "?new_project_id=1", None),
        ("DELETE", "", None),
        ("GET", "/index", None),
        ("GET", "/index/status", None),
        ("POST", "/index", {"analysisPersonCount": 0}),
        ("POST", "/index/cancel", None),
        ("DELETE", "/index", None),
    ],
)
class TestAddressOfAnAsset:
    def test_unknown_asset(self, method: str, below: str, body: object, site: Site) -> None:
        assert code(site.api(method, f"{site.base.path}/assets/999999999{below}", body)) == (404, "40403")

    def test_asset_of_another_project(self, method: str, below: str, body: object, site: Site) -> None:
        foreign = site.project("other").register()

        assert code(site.api(method, f"{site.base.path}/assets/{foreign.asset_id}{below}", body)) == (404, "40403")

    def test_unknown_project(self, method: str, below: str, body: object, site: Site) -> None:
        item = site.base.register()

        answer = site.api(method, f"{site.path}/projects/999999999/assets/{item.asset_id}{below}", body)

        assert code(answer) == (404, "40402")


def test_deleting_answers_without_a_result(site: Site) -> None:
    assert site.base.register().call("DELETE").json() == {"code": "0", "message": "success"}


def test_a_deleted_asset_is_gone(site: Site) -> None:
    item = site.base.imported()
    item.call("DELETE")

    assert code(item.call("GET")) == (404, "40403")
    assert code(item.call("DELETE")) == (404, "40403")


def test_an_asset_is_not_deleted_while_it_is_analysed(site: Site) -> None:
    item = site.base.imported()
    item.request_analysis()

    assert code(item.call("DELETE")) == (409, "40906")
    assert item.call("GET").status_code == 200


def test_deleting_during_the_import_takes_its_job_out_of_the_queue(site: Site) -> None:
    item = site.base.register()
    job = site.service.rows("SELECT import_job_id FROM assets WHERE asset_id = %s", item.asset_id)[0][0]

    item.call("DELETE")

    assert site.service.rows("SELECT status::text FROM procrastinate_jobs WHERE id = %s", job) == [("cancelled",)]


def test_registering_writes_asset_and_job_in_one(site: Site) -> None:
    item = site.base.register()

    found = site.service.rows(
        "SELECT j.task_name, j.args->>'subject' FROM procrastinate_jobs j JOIN assets ON j.id = import_job_id"
        " WHERE asset_id = %s",
        item.asset_id,
    )
    assert found == [("import", str(item.asset_id))]


@pytest.mark.parametrize("call", ["register", "upload", "move"])
def test_a_project_that_goes_meanwhile_is_not_found(call: str, site: Site) -> None:
    project, item = site.project("other"), site.base.register()
    targets: dict[str, tuple[str, str, object]] = {
        "register": ("POST", f"{project.path}/assets/import/object-storage", BODY),
        "upload": ("POST", f"{project.path}/assets/uploads/presigned-url", {"assetFileName": "a.mp4"}),
        "move": ("PATCH", f"{item.path}?new_project_id={project.project_id}", None),
    }

    with psycopg.connect(site.service.platform.database.conninfo) as connection, ThreadPoolExecutor(1) as pool:
        connection.execute("DELETE FROM projects WHERE project_id = %s", (project.project_id,))
        answer = pool.submit(site.api, *targets[call])
        site.service.wait_for_a_blocked_statement()
        connection.commit()

        assert code(answer.result()) == (404, "40402")


def test_a_workspace_that_goes_meanwhile_is_not_found(site: Site) -> None:
    with psycopg.connect(site.service.platform.database.conninfo) as connection, ThreadPoolExecutor(1) as pool:
        connection.execute("DELETE FROM workspaces WHERE workspace_name = %s", (site.name,))
        answer = pool.submit(site.api, "POST", f"{site.path}/projects", {"name": "a"})
        site.service.wait_for_a_blocked_statement()
        connection.commit()

        assert code(answer.result()) == (404, "40401")


class TestOlderPath:
    def test_registers_with_both_names(self, site: Site) -> None:
        made = register(site, BODY, "video-assets").json()["result"]

        assert made["videoId"] == made["assetId"]

    def test_lists_with_both_names(self, site: Site) -> None:
        item = site.base.imported()

        found = site.api("GET", f"{site.base.path}/video-assets?pageNum=1").json()["result"]["content"]

        assert [(entry["videoId"], entry["videoName"], entry["assetId"]) for entry in found] == [
            (item.asset_id, "sample-video.mp4", item.asset_id)
        ]

    def test_reads_what_the_present_path_reads(self, site: Site) -> None:
        item = site.base.imported()

        older = site.api("GET", f"{site.base.path}/video-assets/{item.asset_id}").json()["result"]

        present = item.call("GET").json()["result"]
        assert older == {**present, "videoId": item.asset_id, "videoName": present["fileName"]}

    def test_reads_the_import_status_with_both_names(self, site: Site) -> None:
        item = site.base.imported()

        older = site.api("GET", f"{site.base.path}/video-assets/{item.asset_id}/import-status").json()["result"]

        assert older == {**item.call("GET", "/import-status").json()["result"], "videoId": item.asset_id}

    def test_moves(self, site: Site) -> None:
        item, target = site.base.imported(), site.project("other")

        moved = site.api("PATCH", f"{site.base.path}/video-assets/{item.asset_id}?new_project_id={target.project_id}")

        assert (moved.json()["result"]["videoId"], moved.json()["result"]["projectId"]) == (
            item.asset_id,
            target.project_id,
        )

    def test_deletes(self, site: Site) -> None:
        item = site.base.imported()

        gone = site.api("DELETE", f"{site.base.path}/video-assets/{item.asset_id}")

        assert gone.json() == {"code": "0", "message": "success"}
        assert code(item.call("GET")) == (404, "40403")

    @pytest.mark.parametrize(("method", "below"), [("GET", ""), ("GET", "/import-status"), ("DELETE", "")])
    def test_says_that_an_asset_is_not_found(self, method: str, below: str, site: Site) -> None:
        assert code(site.api(method, f"{site.base.path}/video-assets/999999999{below}")) == (404, "40403")
