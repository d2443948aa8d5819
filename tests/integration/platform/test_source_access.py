"""Objects that an import may read, by settings, keys and grants."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scenedex.assets.import_control import retry_import
from scenedex.assets.import_job import ImportHandler
from scenedex.auth.keys import Role
from scenedex.jobs.attempts import Attempts
from scenedex.jobs.readiness import AlwaysReady
from scenedex.settings import LimitSettings, Settings, StorageSettings
from scenedex.storage.errors import AccessDenied
from scenedex.storage.memory import MemoryBuckets, MemoryStore
from scenedex.worker import options
from scenedex.workspaces.grants import bucket_grants, grant_bucket, revoke_bucket
from scenedex.workspaces.similar_names import absence_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from tests.conftest import Service, Serving, Site

    from scenedex.storage.objects import ObjectInfo
    from signed_calls import Api

READ, REFUSED = "INVALID_METADATA", "FILE_NOT_EXIST"
"""Ends of an import of a few bytes that are no media, and of one that may not read them."""


class WatchedBuckets(MemoryBuckets):
    """Buckets that note which objects were looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, str]] = []

    async def head(self, bucket: str, key: str) -> ObjectInfo:
        self.seen.append((bucket, key))
        return await super().head(bucket, key)

    async def is_managed(self, bucket: str) -> bool:
        return bucket == "managed"


class WatchedStore(MemoryStore):
    """Store that notes the objects that were looked at, and may deny them as S3 does without the right to list."""

    def __init__(self, *, denies: bool = False) -> None:
        super().__init__()
        self.seen: list[str] = []
        self._denies = denies

    async def head(self, key: str) -> ObjectInfo:
        self.seen.append(key)
        if self._denies:
            raise AccessDenied(key)
        return await super().head(key)


class Desk:
    """A workspace, and the worker's side of its imports."""

    def __init__(self, site: Site, *, open_buckets: bool = True) -> None:
        self.site = site
        self.buckets = WatchedBuckets()
        self.managed = WatchedStore()
        self.open_buckets = open_buckets
        for bucket in ("films", "agency", "managed"):
            self.buckets.create(bucket)
            self.buckets.put(bucket, "clips/a.mp4", b"no media")

    def registered(self, api: Api, bucket: str, key: str = "clips/a.mp4") -> int:
        body = {"key": key, "bucketName": bucket}
        made = api("POST", f"{self.site.base.path}/assets/import/object-storage", body)
        assert made.status_code == 200, made.text
        return made.json()["result"]["assetId"]

    def run(self, asset_id: int) -> str:
        """Run the import and return its state."""
        platform = self.site.service.platform
        media = platform.settings.media
        handler = ImportHandler(
            platform.database,
            self.buckets,
            self.managed,
            acceptance=options.acceptance(platform.settings.limits),
            child=options.child_limits(media, media.probe_seconds, media.memory_bytes, platform.metrics),
            open_buckets=self.open_buckets,
        )
        job = Attempts(handler, platform.database, readiness=AlwaysReady(), max_attempts=5)
        self.site.service.run(lambda: job.run(asset_id))
        return self.state(asset_id)

    def state(self, asset_id: int) -> str:
        return self.site.service.rows("SELECT import_status FROM assets WHERE asset_id = %s", asset_id)[0][0]

    def imported(self, api: Api, bucket: str, key: str = "clips/a.mp4") -> str:
        return self.run(self.registered(api, bucket, key))

    def limited(self) -> Api:
        return self.site.service.api(Role.MANAGER, self.site.name)

    def grant(self, bucket: str, prefix: str = "") -> bool:
        return self.site.service.transact(
            lambda tx: grant_bucket(tx, self.site.name, bucket, prefix, operator="operator")
        )

    def revoke(self, bucket: str, prefix: str = "") -> bool:
        return self.site.service.transact(
            lambda tx: revoke_bucket(tx, self.site.name, bucket, prefix, operator="operator")
        )


@pytest.fixture
def desk(site: Site) -> Desk:
    return Desk(site)


def named_bucket(api: Api, name: str, bucket: str) -> None:
    made = api("POST", "/api/v1/workspaces", {"workspaceName": name, "bucketName": bucket})
    assert made.status_code == 200, made.text


def test_a_refused_object_is_not_looked_at_and_the_storage_is_asked_all_the_same(desk: Desk) -> None:
    assert desk.imported(desk.limited(), "films") == REFUSED

    assert desk.buckets.seen == []
    (asked,) = desk.managed.seen
    assert asked.startswith("absent/")


def test_an_absent_object_is_asked_for_as_often(desk: Desk) -> None:
    desk.grant("films")

    assert desk.imported(desk.limited(), "films", "absent") == REFUSED

    assert desk.buckets.seen == [("films", "absent")]
    assert desk.managed.seen == []


def test_a_store_that_may_not_be_listed_makes_no_difference(desk: Desk) -> None:
    desk.managed = WatchedStore(denies=True)

    assert desk.imported(desk.limited(), "films") == REFUSED


@pytest.mark.parametrize("bucket", ["films", "agency"])
def test_a_key_without_limits_reads_every_bucket(bucket: str, desk: Desk) -> None:
    assert desk.imported(desk.site.api, bucket) == READ


def test_neither_a_grant_nor_a_key_without_limits_reads_managed_storage(desk: Desk) -> None:
    desk.grant("managed")

    assert desk.imported(desk.site.api, "managed") == REFUSED
    assert desk.imported(desk.limited(), "managed") == REFUSED
    assert desk.buckets.seen == []


def test_closed_buckets_ask_for_grants_from_everybody(site: Site) -> None:
    desk = Desk(site, open_buckets=False)
    assert desk.imported(site.api, "films") == REFUSED

    desk.grant("films", "clips/")

    assert desk.imported(site.api, "films") == READ
    assert desk.imported(desk.limited(), "films") == READ
    assert desk.imported(site.api, "films", "clip") == REFUSED


def test_a_retry_is_judged_by_the_key_of_the_registration(desk: Desk) -> None:
    service, queue = desk.site.service, desk.site.service.platform.queue
    limited, free = desk.registered(desk.limited(), "films"), desk.registered(desk.site.api, "films")
    assert (desk.run(limited), desk.run(free)) == (REFUSED, READ)

    for asset_id in (limited, free):
        assert service.transact(lambda tx, asset_id=asset_id: retry_import(tx, queue, asset_id))

    assert (desk.run(limited), desk.run(free)) == (REFUSED, READ)


def test_a_revoked_grant_refuses_an_import_that_waits(desk: Desk) -> None:
    desk.grant("films")
    asset_id = desk.registered(desk.limited(), "films")

    desk.revoke("films")

    assert desk.run(asset_id) == REFUSED


def test_a_grant_is_that_of_one_workspace(desk: Desk, new_site: Callable[[Service], Site]) -> None:
    desk.grant("films")
    other = Desk(new_site(desk.site.service))

    assert other.imported(other.limited(), "films") == REFUSED


def test_granting_again_and_revoking_what_is_not_granted_change_nothing(desk: Desk) -> None:
    assert [desk.grant("films"), desk.grant("films"), desk.grant("films", "a/")] == [True, False, True]
    assert [desk.revoke("films", "b/"), desk.revoke("films"), desk.revoke("films")] == [False, True, False]

    (left,) = desk.site.service.transact(lambda tx: bucket_grants(tx, desk.site.name))
    assert (left.bucket_name, left.prefix, left.is_own, left.user_name) == ("films", "a/", False, "operator")
    counts = "SELECT event, count(*) FROM audit_events WHERE workspace_name = %s GROUP BY event"
    events = dict(desk.site.service.rows(counts, desk.site.name))
    assert (events["Grant Bucket"], events["Revoke Bucket"]) == (2, 1)


def test_the_bucket_of_a_workspace_is_revoked_and_granted_again(service: Service, desk: Desk) -> None:
    name = f"{desk.site.name}-own"
    named_bucket(desk.site.api, name, "films")
    (own,) = service.transact(lambda tx: bucket_grants(tx, name))
    assert (own.bucket_name, own.is_own) == ("films", True)

    assert service.transact(lambda tx: revoke_bucket(tx, name, "films", "", operator="operator"))

    assert service.transact(lambda tx: bucket_grants(tx, name)) == []
    assert desk.site.api("GET", f"/api/v1/workspaces/{name}").json()["result"]["bucketName"] == "films"
    assert service.transact(lambda tx: grant_bucket(tx, name, "films", "", operator="operator"))


def test_a_limited_key_names_a_bucket_but_does_not_gain_it(service: Service, desk: Desk) -> None:
    name = f"{desk.site.name}-own"
    named_bucket(service.api(Role.MANAGER, name), name, "films")

    assert service.transact(lambda tx: bucket_grants(tx, name)) == []


@pytest.fixture(scope="module")
def closed(serving: Serving) -> Generator[Service]:
    storage, limits = StorageSettings(open_buckets=False), LimitSettings(max_workspaces=100)
    with serving(Settings(storage=storage, limits=limits)) as service:
        yield service


def test_with_closed_buckets_nobody_gains_a_bucket_with_a_workspace(closed: Service) -> None:
    named_bucket(closed.api(), "rushes", "films")

    assert closed.transact(lambda tx: bucket_grants(tx, "rushes")) == []


def test_grants_end_with_their_workspace(desk: Desk) -> None:
    desk.grant("films")
    assert desk.site.api("DELETE", desk.site.path).status_code == 200

    named_bucket(desk.limited(), desk.site.name, "films")

    assert desk.site.service.transact(lambda tx: bucket_grants(tx, desk.site.name)) == []


def test_an_absent_workspace_is_named_with_similar_ones(closed: Service) -> None:
    named_bucket(closed.api(), "newsroom", "films")

    assert closed.transact(lambda tx: absence_of(tx, "newsroom")) is None
    assert closed.transact(lambda tx: absence_of(tx, "newsrom")) == (
        'There is no workspace "newsrom". Names like it: newsroom.'
    )
    assert closed.transact(lambda tx: absence_of(tx, "zzz")) == 'There is no workspace "zzz".'
