"""Erasure of objects: the objects of a deleted row are erased after it, and no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scenedex.assets.erasure import ErasureHandler, request_due_erasures
from scenedex.assets.uploads import drop_expired
from scenedex.storage.errors import AccessDenied
from scenedex.storage.local_store import LocalStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Folder, Item, Service, Serving, Site


@pytest.fixture(scope="module")
def quiet(serving: Serving) -> Iterator[Service]:
    """Service whose erasures are only those of these tests."""
    with serving() as service:
        yield service


@pytest.fixture
def site(quiet: Service, new_site: Callable[[Service], Site]) -> Site:
    quiet.rows("DELETE FROM erasures")
    return new_site(quiet)


@pytest.fixture
def folder(site: Site) -> Folder:
    return site.project("other")


@pytest.fixture
def item(folder: Folder) -> Item:
    item = folder.imported()
    item.put(f"assets/{item.asset_id}/source-1")
    return item


def prefixes(site: Site) -> set[str]:
    return {row[0] for row in site.service.rows("SELECT prefix FROM erasures")}


def objects(site: Site) -> list[str]:
    managed = site.service.platform.managed

    async def keys() -> list[str]:
        return [entry.key async for entry in managed.list("")]

    return site.service.run(keys)


def erase(site: Site) -> None:
    platform = site.service.platform
    site.service.run(lambda: ErasureHandler(platform.database, platform.managed).run(0))


def upload(folder: Folder) -> str:
    opened = folder.site.api("POST", f"{folder.path}/assets/uploads/presigned-url", {"assetFileName": "a.mp4"})
    place = opened.json()["result"]
    folder.site.service.client.put(place["presignedUploadUrl"], content=b"film")
    return place["assetFileKey"]


def test_a_deleted_asset_leaves_its_folder(site: Site, item: Item) -> None:
    item.call("DELETE")

    assert prefixes(site) == {f"assets/{item.asset_id}/"}


class Stubborn(LocalStore):
    """A store in which one folder cannot be removed."""

    async def delete_prefix(self, prefix: str) -> int:
        if prefix == "assets/7/":
            raise AccessDenied(prefix)
        return await super().delete_prefix(prefix)


def test_what_cannot_be_erased_keeps_nothing_else_waiting(site: Site, item: Item) -> None:
    platform = site.service.platform
    store = Stubborn(platform.settings.data_dir / "managed")
    site.service.rows("INSERT INTO erasures (prefix) VALUES ('/'), ('assets/7/')")
    item.call("DELETE")

    with pytest.raises(AccessDenied):
        site.service.run(lambda: ErasureHandler(platform.database, store).run(0))

    assert not [key for key in objects(site) if key.startswith(f"assets/{item.asset_id}/")]
    assert prefixes(site) == {"assets/7/"}


@pytest.mark.parametrize("what", ["project", "workspace"])
def test_assets_leave_their_folders_with_what_holds_them(what: str, site: Site, item: Item) -> None:
    other = item.folder.register()
    key = upload(item.folder)

    site.api("DELETE", item.folder.path if what == "project" else site.path)

    assert prefixes(site) == {f"assets/{item.asset_id}/", f"assets/{other.asset_id}/", f"uploads/{key}/"}


def test_a_deleted_index_leaves_its_keyframes(site: Site, item: Item) -> None:
    index_id = item.request_analysis()
    item.publish(index_id)
    item.call("POST", "/index/cancel")

    item.call("DELETE", "/index")

    assert prefixes(site) == {f"assets/{item.asset_id}/index-{index_id}/"}


def test_a_replaced_index_leaves_its_keyframes(site: Site, item: Item) -> None:
    former = item.request_analysis()
    item.publish(former)
    item.call("POST", "/index/cancel")

    item.publish(item.request_analysis())

    assert prefixes(site) == {f"assets/{item.asset_id}/index-{former}/"}


def test_an_upload_that_nobody_completed_leaves_its_folder_when_its_time_is_over(site: Site, folder: Folder) -> None:
    forgotten, recent = upload(folder), upload(folder)
    site.service.rows("UPDATE uploads SET expires_time = now() - interval '25 hours' WHERE asset_key = %s", forgotten)

    assert site.service.transact(drop_expired) == 1
    assert prefixes(site) == {f"uploads/{forgotten}/"}
    assert site.service.rows("SELECT asset_key FROM uploads WHERE asset_key IN (%s, %s)", forgotten, recent) == [
        (recent,)
    ]


def test_an_upload_whose_import_waits_keeps_its_bytes_however_long_that_is(site: Site, folder: Folder) -> None:
    asset_key, waiting = upload(folder), folder.register()
    site.service.rows(
        "UPDATE uploads SET state = 'COMPLETED', asset_id = %s, expires_time = now() - interval '9 days'"
        " WHERE asset_key = %s",
        waiting.asset_id,
        asset_key,
    )

    assert site.service.transact(drop_expired) == 0
    assert prefixes(site) == set()

    site.service.rows("UPDATE assets SET import_status = 'FAILED' WHERE asset_id = %s", waiting.asset_id)
    assert site.service.transact(drop_expired) == 1
    assert prefixes(site) == {f"uploads/{asset_key}/"}


def test_an_upload_whose_asset_was_moved_outlives_the_project_it_was_opened_in(site: Site, folder: Folder) -> None:
    asset_key = upload(folder)

    def completed() -> int:
        answer = site.api("POST", f"{folder.path}/assets/uploads/complete", {"assetKey": asset_key})
        return answer.json()["result"]["assetId"]

    asset_id = completed()
    moved = site.api("PATCH", f"{folder.path}/assets/{asset_id}?new_project_id={site.base.project_id}")
    assert moved.status_code == 200, moved.text
    assert completed() == asset_id

    site.api("DELETE", folder.path)

    assert prefixes(site) == set()
    assert site.service.rows("SELECT project_id FROM uploads WHERE asset_key = %s", asset_key) == [
        (site.base.project_id,)
    ]


def test_what_is_rolled_back_leaves_nothing(site: Site, item: Item) -> None:
    item.request_analysis()

    assert item.call("DELETE").status_code == 409
    assert prefixes(site) == set()


def test_erasing_removes_the_objects_of_the_rows_that_are_gone_and_no_others(site: Site, item: Item) -> None:
    kept = item.folder.imported()
    kept.put(f"assets/{kept.asset_id}/source-1")
    item.publish(item.request_analysis())
    item.call("POST", "/index/cancel")
    before = set(objects(site))
    item.call("DELETE")

    erase(site)

    assert before - set(objects(site)) == {key for key in before if key.startswith(f"assets/{item.asset_id}/")}
    assert f"assets/{kept.asset_id}/source-1" in objects(site)
    assert prefixes(site) == set()


def test_erasing_a_folder_leaves_the_one_whose_name_begins_alike(site: Site, item: Item) -> None:
    neighbour = f"assets/{item.asset_id}0/source-1"
    item.put(neighbour)
    item.call("DELETE")

    erase(site)

    assert neighbour in objects(site)


def test_erasing_a_replaced_index_leaves_the_present_one(site: Site, item: Item) -> None:
    former = item.request_analysis()
    item.publish(former)
    item.call("POST", "/index/cancel")
    item.publish(item.request_analysis())

    erase(site)

    keys = [key for key in objects(site) if key.startswith(f"assets/{item.asset_id}/")]
    assert f"assets/{item.asset_id}/source-1" in keys
    assert not [key for key in keys if f"/index-{former}/" in key]
    assert len(keys) == 3


def test_two_erasers_share_the_work(site: Site, folder: Folder) -> None:
    items = [folder.imported() for _ in range(5)]
    for item in items:
        item.put(f"assets/{item.asset_id}/source-1")
    site.api("DELETE", folder.path)

    erase(site)
    erase(site)

    assert [key for key in objects(site) if any(key.startswith(f"assets/{i.asset_id}/") for i in items)] == []


@pytest.mark.parametrize("is_deferred", [True, False], ids=["with a job", "without a job"])
def test_due_erasures_without_a_job_get_one(is_deferred: bool, site: Site, item: Item) -> None:
    item.call("DELETE")
    if not is_deferred:
        site.service.rows("DELETE FROM procrastinate_jobs WHERE task_name = 'erasure'")

    jobs = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'erasure'"
    [(before,)] = site.service.rows(jobs)
    queue = site.service.platform.queue
    site.service.transact(lambda tx: request_due_erasures(tx, queue))

    assert site.service.rows(jobs) == [(before if is_deferred else 1,)]
