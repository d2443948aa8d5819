"""Watches: new, changed and removed objects, by looks and by events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bulk_imports import bucket_folder, put_files, run_watch
from scenedex.auth.keys import Role
from scenedex.storage.memory import MemoryBuckets
from scenedex.workspaces.grants import grant_bucket, revoke_bucket

if TYPE_CHECKING:
    from pathlib import Path

    import httpx2
    from tests.conftest import Folder, Site


@pytest.fixture
def bucket(site: Site) -> str:
    return f"inbox-{site.name}"


@pytest.fixture
def files(site: Site, bucket: str) -> Path:
    return bucket_folder(site.service, bucket)


@pytest.fixture
def objects(bucket: str, files: Path) -> MemoryBuckets:
    """A bucket whose objects appear as a whole, as on S3."""
    del files
    buckets = MemoryBuckets()
    buckets.create(bucket)
    return buckets


def create(folder: Folder, bucket: str, **options: object) -> dict[str, Any]:
    answer = folder.site.api("POST", f"{folder.path}/watches", {"bucketName": bucket, **options})
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


def state(folder: Folder, watch: dict[str, Any]) -> dict[str, Any]:
    return folder.site.api("GET", f"{folder.path}/watches/{watch['watchId']}").json()["result"]


def make_due(site: Site, watch: dict[str, Any]) -> None:
    """Have all looks of a watch be due."""
    site.service.rows("UPDATE watches SET next_look_time = now() WHERE watch_id = %s", watch["watchId"])
    site.service.rows("UPDATE watch_touches SET due_time = now() WHERE watch_id = %s", watch["watchId"])


def look(site: Site, watch: dict[str, Any], objects: MemoryBuckets | None = None) -> None:
    make_due(site, watch)
    run_watch(site.service, watch["watchId"], objects)


def keys_of(folder: Folder) -> list[str]:
    rows = folder.site.service.rows("SELECT key FROM assets WHERE project_id = %s ORDER BY key", folder.project_id)
    return [key for (key,) in rows]


def complete(folder: Folder) -> None:
    """Complete all imports of a project with the listed versions."""
    folder.site.service.rows(
        "UPDATE assets SET import_status = 'COMPLETED', source_etag = listed_etag, size_bytes = listed_size_bytes, "
        "listed_etag = NULL, managed_key = 'assets/' || asset_id || '/source-1', format = 'mp4' "
        "WHERE project_id = %s AND import_status = 'IN_PROGRESS'",
        folder.project_id,
    )


def event(bucket: str, *keys: str) -> dict[str, Any]:
    return {
        "Records": [{"eventVersion": "2.1", "s3": {"bucket": {"name": bucket}, "object": {"key": key}}} for key in keys]
    }


def send(site: Site, watch: dict[str, Any], body: object) -> httpx2.Response:
    return site.service.client.post(watch["eventUrl"], json=body)


def test_new_objects_become_assets_once(site: Site, bucket: str, objects: MemoryBuckets) -> None:
    objects.put(bucket, "inbox/a.mp4", b"a")
    objects.put(bucket, "inbox/notes.txt", b"n")
    objects.put(bucket, "else/b.mp4", b"b")
    watch = create(site.base, bucket, prefix="inbox/")
    other = create(site.base, bucket)

    for _ in range(2):
        look(site, watch, objects)
        look(site, other, objects)

    assert keys_of(site.base) == ["else/b.mp4", "inbox/a.mp4"]
    found = state(site.base, watch)
    assert found["counts"] == {"objects": 2, "registered": 1, "skipped": {"unsupportedFormat": 1}}
    assert found["lastLookTime"] < found["nextLookTime"]
    assert "eventUrl" not in found


def test_a_file_is_imported_when_it_has_stayed_the_same(site: Site, bucket: str, files: Path) -> None:
    put_files(files, "a.mp4", data=b"begin")
    watch = create(site.base, bucket)

    look(site, watch)
    put_files(files, "a.mp4", data=b"begin and more")
    look(site, watch)
    still_growing = keys_of(site.base), state(site.base, watch)["counts"]["waiting"]
    look(site, watch)

    assert still_growing == ([], 1)
    assert keys_of(site.base) == ["a.mp4"]
    assert "waiting" not in state(site.base, watch)["counts"]


def test_a_changed_object_is_imported_again_as_the_same_asset(site: Site, bucket: str, objects: MemoryBuckets) -> None:
    objects.put(bucket, "a.mp4", b"first")
    watch = create(site.base, bucket)
    look(site, watch, objects)
    objects.put(bucket, "a.mp4", b"second")
    look(site, watch, objects)
    while_importing = state(site.base, watch)["counts"]
    complete(site.base)

    look(site, watch, objects)

    assert while_importing["waiting"] == 1
    assert site.service.rows("SELECT key, import_status FROM assets WHERE project_id = %s", site.base_project) == [
        ("a.mp4", "IN_PROGRESS")
    ]
    assert state(site.base, watch)["counts"]["changed"] == 1


@pytest.mark.parametrize(("rule", "kept"), [("keep", ["a.mp4", "b.mp4"]), ("delete", ["a.mp4"])])
def test_the_asset_of_a_removed_object_is_kept_or_deleted(
    site: Site, bucket: str, objects: MemoryBuckets, rule: str, kept: list[str]
) -> None:
    for key in ("a.mp4", "b.mp4"):
        objects.put(bucket, key, b"x")
    watch = create(site.base, bucket, onRemoved=rule)
    site.base.register("c.mp4")
    look(site, watch, objects)
    objects.remove(bucket, "b.mp4")

    look(site, watch, objects)
    look(site, watch, objects)

    assert keys_of(site.base) == [*kept, "c.mp4"]
    objects.put(bucket, "b.mp4", b"x")
    look(site, watch, objects)
    assert keys_of(site.base) == ["a.mp4", "b.mp4", "c.mp4"]


def test_an_asset_that_a_user_deletes_does_not_come_back(site: Site, bucket: str, objects: MemoryBuckets) -> None:
    objects.put(bucket, "a.mp4", b"x")
    watch = create(site.base, bucket)
    look(site, watch, objects)
    ((asset_id,),) = site.service.rows("SELECT asset_id FROM assets WHERE project_id = %s", site.base_project)
    assert site.api("DELETE", f"{site.base.path}/assets/{asset_id}").status_code == 200

    look(site, watch, objects)
    assert keys_of(site.base) == []

    objects.put(bucket, "a.mp4", b"y")
    look(site, watch, objects)
    assert keys_of(site.base) == ["a.mp4"]


def test_a_bucket_that_vanishes_is_reported_and_ends_nothing(site: Site, bucket: str, files: Path) -> None:
    watch = create(site.base, bucket)
    look(site, watch)
    files.rmdir()

    look(site, watch)

    found = state(site.base, watch)
    assert found["status"] == "ACTIVE"
    assert found["lastError"].startswith(f'There is no bucket "{bucket}", or no permission to read it. Create it')
    files.mkdir()
    look(site, watch)
    assert "lastError" not in state(site.base, watch)


def test_a_revoked_grant_stops_the_looks(site: Site, bucket: str, objects: MemoryBuckets) -> None:
    limited = site.service.api(Role.MANAGER, site.name)
    site.service.transact(lambda tx: grant_bucket(tx, site.name, bucket, "", operator="op"))
    watch = limited("POST", f"{site.base.path}/watches", {"bucketName": bucket}).json()["result"]
    objects.put(bucket, "a.mp4", b"x")
    site.service.transact(lambda tx: revoke_bucket(tx, site.name, bucket, "", operator="op"))

    look(site, watch, objects)

    assert keys_of(site.base) == []
    assert "no permission" in state(site.base, watch)["lastError"]


def test_an_event_has_its_object_looked_at_at_once(site: Site, bucket: str, objects: MemoryBuckets) -> None:
    watch = create(site.base, bucket, prefix="inbox/", analysis={"analysisPersonCount": 0})
    look(site, watch, objects)
    objects.put(bucket, "inbox/a b+c.mp4", b"x")
    objects.put(bucket, "else/d.mp4", b"x")

    answer = send(site, watch, event(bucket, "inbox/a+b%2Bc.mp4", "inbox/absent.mp4", "else/d.mp4"))
    foreign = send(site, watch, event("another", "inbox/a.mp4"))
    run_watch(site.service, watch["watchId"], objects)

    assert answer.json()["result"] == {"accepted": 2, "ignored": 1}
    assert foreign.json()["result"] == {"accepted": 0, "ignored": 1}
    assert keys_of(site.base) == ["inbox/a b+c.mp4"]
    counts = state(site.base, watch)["counts"]
    assert (counts["events"], counts["ignoredEvents"], "waiting" in counts) == (2, 2, False)
    arrivals = site.service.rows(
        "SELECT setting ->> 'analysisPersonCount' FROM arrival_analyses JOIN assets USING (asset_id) "
        "WHERE project_id = %s",
        site.base_project,
    )
    assert arrivals == [("0",)]


def test_an_event_of_a_further_folder_is_ignored_unless_recursive(
    site: Site, bucket: str, objects: MemoryBuckets
) -> None:
    watch = create(site.base, bucket, prefix="inbox/", recursive=False)
    objects.put(bucket, "inbox/more/a.mp4", b"x")

    answer = send(site, watch, event(bucket, "inbox/more/a.mp4", "inbox/more%2Fa.mp4"))
    run_watch(site.service, watch["watchId"], objects)

    assert answer.json()["result"] == {"accepted": 1, "ignored": 1}
    assert keys_of(site.base) == []


def test_events_in_any_order_end_in_the_present_state(site: Site, bucket: str, objects: MemoryBuckets) -> None:
    watch = create(site.base, bucket, onRemoved="delete")
    look(site, watch, objects)
    objects.put(bucket, "a.mp4", b"x")

    for _ in range(3):
        send(site, watch, event(bucket, "a.mp4", "b.mp4", "a.mp4"))
    run_watch(site.service, watch["watchId"], objects)
    assert keys_of(site.base) == ["a.mp4"]

    objects.remove(bucket, "a.mp4")
    send(site, watch, event(bucket, "a.mp4"))
    run_watch(site.service, watch["watchId"], objects)
    assert keys_of(site.base) == []
    ((last,),) = site.service.rows(
        "SELECT event FROM audit_events WHERE workspace_name = %s ORDER BY event_id DESC LIMIT 1", site.name
    )
    assert last == "Handle Watched Object Removal"


def test_an_event_gives_an_idle_watch_a_job(site: Site, bucket: str, objects: MemoryBuckets) -> None:
    watch = create(site.base, bucket)
    job = "SELECT job_id FROM watches WHERE watch_id = %s"
    first = site.service.rows(job, watch["watchId"])
    run_watch(site.service, watch["watchId"], objects)
    idle = site.service.rows(job, watch["watchId"])

    send(site, watch, event(bucket, "a.mp4"))

    assert (first != [(None,)], idle) == (True, [(None,)])
    assert site.service.rows("SELECT count(*) FROM live_jobs JOIN watches ON id = job_id WHERE watch_id = %s", watch["watchId"]) == [(1,)]  # fmt: skip  # noqa: E501


def test_a_token_is_a_secret_that_can_be_replaced(site: Site, bucket: str, objects: MemoryBuckets) -> None:
    del objects
    watch = create(site.base, bucket)
    unknown = site.service.client.post("/no/such/path", json={})

    renewed = site.api("POST", f"{site.base.path}/watches/{watch['watchId']}/token").json()["result"]

    refused = send(site, watch, event(bucket, "a.mp4"))
    assert (refused.status_code, refused.json()) == (unknown.status_code, unknown.json())
    garbage = site.service.client.post(watch["eventUrl"], content=b"{", headers={"content-type": "text/plain"})
    assert garbage.json() == unknown.json()
    assert send(site, renewed, event(bucket, "a.mp4")).status_code == 200
    known = site.service.client.post(renewed["eventUrl"], content=b"{", headers={"content-type": "text/plain"})
    assert (known.status_code, known.json()["code"]) == (400, "10001")
    token = renewed["eventUrl"].rpartition("/")[2]
    assert site.service.rows("SELECT count(*) FROM watches WHERE token_hash = %s", token.encode()) == [(0,)]
    assert site.service.client.post(renewed["eventUrl"], content=b" " * 1_100_000).status_code == 413


def test_a_flood_of_events_is_written_in_few_transactions(site: Site, bucket: str, objects: MemoryBuckets) -> None:
    del objects
    watch = create(site.base, bucket)
    before = len(site.service.statements)
    keys = [f"{number:05}.mp4" for number in range(3000)]

    for start in range(0, len(keys), 1000):
        assert send(site, watch, event(bucket, *keys[start : start + 1000])).status_code == 200
    send(site, watch, event(bucket, *keys[:1000]))

    assert state(site.base, watch)["counts"]["waiting"] == 3000
    assert len(site.service.statements) - before < 40


def test_a_paused_watch_keeps_events_until_it_is_resumed(site: Site, bucket: str, objects: MemoryBuckets) -> None:
    watch = create(site.base, bucket)
    run_watch(site.service, watch["watchId"], objects)
    path = f"{site.base.path}/watches/{watch['watchId']}"
    assert site.api("POST", f"{path}/pause").json()["result"]["status"] == "PAUSED"
    objects.put(bucket, "a.mp4", b"x")

    send(site, watch, event(bucket, "a.mp4"))
    look(site, watch, objects)
    paused = keys_of(site.base)
    assert site.api("POST", f"{path}/resume").json()["result"]["status"] == "ACTIVE"
    run_watch(site.service, watch["watchId"], objects)

    assert (paused, keys_of(site.base)) == ([], ["a.mp4"])
    assert site.api("DELETE", path).json()["code"] == "0"
    assert site.api("GET", path).json()["code"] == "40441"
    assert keys_of(site.base) == ["a.mp4"]
    events = site.service.rows("SELECT event FROM audit_events WHERE workspace_name = %s ORDER BY event_id", site.name)
    wanted = ["Create Watch", "Pause Watch", "Resume Watch", "Delete Watch"]
    assert [name for (name,) in events if name in wanted] == wanted


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"bucketName": "inbox", "everySeconds": 1}, "everySeconds"),
        ({"bucketName": "inbox", "everySeconds": 10_000_000}, "everySeconds"),
        ({"bucketName": "inbox", "settleSeconds": -1}, "settleSeconds"),
        ({"bucketName": "inbox", "onRemoved": "burn"}, "onRemoved"),
        ({"bucketName": "inbox", "include": ["["]}, "include[0]"),
        ({"bucketName": "inbox", "analysis": {"analysisPersonCount": 0, "sceneRange": "HUGE"}}, "analysis.sceneRange"),
    ],
)
def test_a_bad_watch_names_its_field(site: Site, body: dict[str, object], field: str) -> None:
    answer = site.api("POST", f"{site.base.path}/watches", body)

    assert answer.status_code == 400
    assert [one["field"] for one in answer.json()["responseError"]["details"]] == [field]
