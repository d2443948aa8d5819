"""Bulk imports: what is registered and skipped, once, whatever interrupts them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bulk_imports import bucket_folder, bulk_handler, put_files, request_bulk_import, run_bulk_import, state_of
from scenedex.auth.keys import Role
from scenedex.storage.errors import StorageUnavailable
from scenedex.storage.memory import MemoryBuckets
from scenedex.workspaces.grants import grant_bucket

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from tests.conftest import Folder, Site

    from scenedex.storage.objects import ListedObject


@pytest.fixture
def bucket(site: Site) -> str:
    return f"films-{site.name}"


@pytest.fixture
def files(site: Site, bucket: str) -> Path:
    return bucket_folder(site.service, bucket)


def imported(folder: Folder, bucket: str, **options: object) -> dict[str, Any]:
    """Request a bulk import, run it and return its state."""
    made = request_bulk_import(folder, bucket, **options)
    run_bulk_import(folder.site.service, made["importId"])
    return state_of(folder, made["importId"])


def keys_of(folder: Folder) -> list[str]:
    rows = folder.site.service.rows("SELECT key FROM assets WHERE project_id = %s ORDER BY key", folder.project_id)
    return [key for (key,) in rows]


def skipped(folder: Folder, import_id: int, query: str = "") -> list[dict[str, Any]]:
    return folder.site.api("GET", f"{folder.path}/imports/{import_id}/skipped{query}").json()["result"]["content"]


def test_what_lies_below_a_prefix_is_registered_and_the_rest_reported(site: Site, bucket: str, files: Path) -> None:
    put_files(files, "a.mp4", "films/b.mp4", "films/x/c.MOV", "films/notes.txt", "films/drafts/d.mp4", "films2/e.mp4")
    put_files(files, "films/empty.mp4", data=b"")
    folder = site.project()

    state = imported(folder, bucket, prefix="films/", exclude=["drafts/**"])

    assert keys_of(folder) == ["films/b.mp4", "films/x/c.MOV"]
    assert (state["status"], state["listed"], state["registered"]) == ("COMPLETED", 5, 2)
    assert state["skipped"] == {"unsupportedFormat": 1, "empty": 1, "excluded": 1}
    report = skipped(folder, state["importId"])
    assert [(one["key"], one["reason"]) for one in report] == [
        ("films/drafts/d.mp4", "excluded"),
        ("films/empty.mp4", "empty"),
        ("films/notes.txt", "unsupportedFormat"),
    ]
    jobs = site.service.rows(
        "SELECT count(*) FROM assets JOIN live_jobs ON id = import_job_id WHERE project_id = %s", folder.project_id
    )
    assert jobs == [(2,)]


def test_only_the_folder_itself_is_imported_unless_recursive(site: Site, bucket: str, files: Path) -> None:
    put_files(files, "films/b.mp4", "films/x/c.mp4")

    state = imported(site.base, bucket, prefix="films/", recursive=False)

    assert keys_of(site.base) == ["films/b.mp4"]
    assert state["listed"] == 1


def test_a_known_version_is_skipped_and_a_changed_one_is_the_same_asset(site: Site, bucket: str, files: Path) -> None:
    put_files(files, "a.mp4", "b.mp4")
    imported(site.base, bucket)
    site.service.rows("UPDATE assets SET import_status = 'INVALID_METADATA' WHERE project_id = %s", site.base_project)
    put_files(files, "b.mp4", data=b"other bytes")

    state = imported(site.base, bucket)

    assert (state["registered"], state["skipped"]) == (1, {"known": 1})
    assert keys_of(site.base) == ["a.mp4", "b.mp4"]
    (known,) = skipped(site.base, state["importId"])
    assert (known["key"], known["assetId"] > 0) == ("a.mp4", True)
    anew = imported(site.base, bucket, skipKnown=False)
    assert anew["registered"] == 2
    assert keys_of(site.base) == ["a.mp4", "a.mp4", "b.mp4", "b.mp4"]


def test_a_single_import_overtakes_those_of_a_bulk_import(site: Site, bucket: str, files: Path) -> None:
    put_files(files, "a.mp4", "b.mp4")
    imported(site.base, bucket)

    single = site.base.register("c.mp4")

    ((first,),) = site.service.rows(
        "SELECT (args ->> 'subject')::bigint FROM procrastinate_jobs JOIN assets ON import_job_id = id "
        "WHERE project_id = %s ORDER BY priority DESC, id LIMIT 1",
        site.base_project,
    )
    assert first == single.asset_id


def test_a_failed_import_is_started_again(site: Site, bucket: str, files: Path) -> None:
    put_files(files, "a.mp4")
    imported(site.base, bucket)
    site.service.rows("UPDATE assets SET import_status = 'FAILED' WHERE project_id = %s", site.base_project)

    state = imported(site.base, bucket)

    assert state["registered"] == 1
    assert site.service.rows("SELECT import_status FROM assets WHERE project_id = %s", site.base_project) == [
        ("IN_PROGRESS",)
    ]


def test_no_more_assets_are_registered_than_a_project_may_have(site: Site, bucket: str, files: Path) -> None:
    put_files(files, "a.mp4", "b.mp4", "c.mp4")
    made = request_bulk_import(site.base, bucket)

    run_bulk_import(site.service, made["importId"], bulk_handler(site.service, max_assets=2))

    assert state_of(site.base, made["importId"])["skipped"] == {"beyondLimit": 1}
    assert keys_of(site.base) == ["a.mp4", "b.mp4"]


class BreakingBuckets(MemoryBuckets):
    """Buckets whose listings break off after some objects."""

    def __init__(self, breaks_after: int) -> None:
        super().__init__()
        self.left = breaks_after
        self.starts: list[str] = []

    async def list(
        self, bucket: str, prefix: str = "", *, start_after: str = "", is_recursive: bool = True
    ) -> AsyncGenerator[ListedObject]:
        self.starts.append(start_after)
        async for item in super().list(bucket, prefix, start_after=start_after, is_recursive=is_recursive):
            if not self.left:
                self.left = 10_000
                raise StorageUnavailable("broken")
            self.left -= 1
            yield item


def test_an_interrupted_import_continues_after_its_last_page(site: Site, bucket: str, files: Path) -> None:
    del files
    buckets = BreakingBuckets(25)
    buckets.create(bucket)
    for number in range(40):
        buckets.put(bucket, f"{number:02}.mp4", b"bytes")
    handler = bulk_handler(site.service, sources=buckets, page_size=10)
    made = request_bulk_import(site.base, bucket)

    with pytest.raises(StorageUnavailable):
        run_bulk_import(site.service, made["importId"], handler)
    halfway = state_of(site.base, made["importId"])
    run_bulk_import(site.service, made["importId"], handler)

    assert (halfway["status"], halfway["registered"]) == ("RUNNING", 20)
    assert state_of(site.base, made["importId"])["registered"] == 40
    assert buckets.starts == ["", "19.mp4"]
    assert keys_of(site.base) == [f"{number:02}.mp4" for number in range(40)]


def test_a_paused_import_registers_nothing_until_it_is_resumed(site: Site, bucket: str, files: Path) -> None:
    put_files(files, "a.mp4")
    made = request_bulk_import(site.base, bucket)
    path = f"{site.base.path}/imports/{made['importId']}"

    paused = site.api("POST", f"{path}/pause").json()["result"]
    run_bulk_import(site.service, made["importId"])

    assert (paused["status"], keys_of(site.base)) == ("PAUSED", [])
    assert site.api("POST", f"{path}/pause").status_code == 409
    assert site.api("POST", f"{path}/resume").json()["result"]["status"] == "WAITING"
    run_bulk_import(site.service, made["importId"])
    assert keys_of(site.base) == ["a.mp4"]
    assert site.api("POST", f"{path}/cancel").json()["code"] == "40940"


def test_a_cancelled_import_has_ended(site: Site, bucket: str, files: Path) -> None:
    put_files(files, "a.mp4")
    made = request_bulk_import(site.base, bucket)

    cancelled = site.api("POST", f"{site.base.path}/imports/{made['importId']}/cancel").json()["result"]
    run_bulk_import(site.service, made["importId"])

    assert (cancelled["status"], keys_of(site.base)) == ("CANCELED", [])


def test_a_bucket_that_vanishes_fails_the_import_in_words(site: Site, bucket: str, files: Path) -> None:
    made = request_bulk_import(site.base, bucket)
    files.rmdir()

    run_bulk_import(site.service, made["importId"])

    state = state_of(site.base, made["importId"])
    assert state["status"] == "FAILED"
    assert f'There is no bucket "{bucket}"' in state["message"]


def test_a_limited_key_imports_what_is_granted(site: Site, bucket: str, files: Path) -> None:
    put_files(files, "a.mp4", "clips/b.mp4")
    limited = site.service.api(Role.MANAGER, site.name)
    path = f"{site.base.path}/imports"
    refused = limited("POST", path, {"bucketName": bucket})
    site.service.transact(lambda tx: grant_bucket(tx, site.name, bucket, "clips/", operator="op"))

    made = limited("POST", path, {"bucketName": bucket}).json()["result"]
    run_bulk_import(site.service, made["importId"])

    assert (refused.status_code, refused.json()["code"]) == (404, "40414")
    assert keys_of(site.base) == ["clips/b.mp4"]
    assert site.service.api(Role.VIEWER)("POST", path, {"bucketName": bucket}).status_code == 401


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"bucketName": "Films"}, "bucketName"),
        ({"bucketName": "films", "prefix": "a/../b"}, "prefix"),
        ({"bucketName": "films", "prefix": "x" * 1025}, "prefix"),
        ({"bucketName": "films", "include": ["a", "b["]}, "include[1]"),
        ({"bucketName": "films", "exclude": ["**.mp4"]}, "exclude[0]"),
        ({"bucketName": "films", "exclude": ["a"] * 101}, "exclude"),
        ({"bucketName": "films", "analysis": {"analysisPersonCount": 11}}, "analysis.analysisPersonCount"),
        ({"bucketName": "films", "analysis": {}}, "analysis.analysisPersonCount"),
        ({"bucketName": "films", "recursive": "yes"}, "recursive"),
        ({}, "bucketName"),
    ],
)
def test_a_bad_request_names_its_field(site: Site, body: dict[str, object], field: str) -> None:
    answer = site.api("POST", f"{site.base.path}/imports", body)

    assert answer.status_code == 400
    assert [one["field"] for one in answer.json()["responseError"]["details"]] == [field]


def test_unknown_tags_and_imports_are_not_found(site: Site, bucket: str, files: Path) -> None:
    del files
    analysis = {"analysisPersonCount": 1, "tagIdList": [77]}

    tag = site.api("POST", f"{site.base.path}/imports", {"bucketName": bucket, "analysis": analysis})

    assert tag.status_code == 404
    assert tag.json()["responseError"]["details"][0]["field"] == "analysis.tagIdList"
    assert site.api("GET", f"{site.base.path}/imports/99").json()["code"] == "40440"


def test_imports_are_listed_and_recorded(site: Site, bucket: str, files: Path) -> None:
    put_files(files, "=a.txt", "b.txt")
    first, last = imported(site.base, bucket), imported(site.base, bucket, prefix="b")

    listed = site.api("GET", f"{site.base.path}/imports?pageSize=1").json()["result"]
    sheet = site.api("GET", f"{site.base.path}/imports/{first['importId']}/skipped?format=csv")

    assert [one["importId"] for one in listed["content"]] == [last["importId"]]
    assert listed["totalCount"] == 2
    assert sheet.headers["content-type"] == "text/csv; charset=utf-8"
    assert [line.partition(",")[0] for line in sheet.text.splitlines()] == ["key", "'=a.txt", "b.txt"]
    assert skipped(site.base, first["importId"], "?reason=known") == []
    events = site.service.rows("SELECT event FROM audit_events WHERE workspace_name = %s ORDER BY event_id", site.name)
    assert [event for (event,) in events][-2:] == ["Request Bulk Import", "Handle Bulk Import Success"]
