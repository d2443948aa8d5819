"""S3 adapters with a failing service: transient faults are retried, lasting ones are named, nothing stays half done."""

from __future__ import annotations

from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import httpx2
import pytest

from s3_proxy import Fault, S3Proxy, proxied
from scenedex.storage.errors import (
    AccessDenied,
    BucketNotFound,
    ClockSkewed,
    KeysRefused,
    ObjectNotFound,
    RegionWrong,
    StorageError,
    StorageUnavailable,
)
from scenedex.storage.local_buckets import LocalBuckets
from scenedex.storage.s3_buckets import S3Buckets
from scenedex.storage.s3_location import S3Location, S3RetryPolicy
from scenedex.storage.s3_store import S3Store, S3StoreSettings
from scenedex.storage.s3_transfer import S3CopySizes

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator
    from pathlib import Path

    from tests.contract.storage.conftest import BucketsRig, S3StoreRig

pytestmark = pytest.mark.anyio

MIB = 1 << 20
FAST = S3RetryPolicy(connect_seconds=1, read_seconds=10, copy_seconds=20, attempts=3, first_delay_seconds=0.01)
IN_PARTS = S3CopySizes(whole_bytes=MIB, part_bytes=5 * MIB)
FILM = bytes(range(256)) * (17 * MIB // 256)
PICTURE = bytes(range(256)) * 300


@dataclass(frozen=True)
class Rig:
    """Both adapters behind a proxy, and the store without it."""

    proxy: S3Proxy
    users: BucketsRig
    direct: S3StoreRig
    buckets: S3Buckets
    store: S3Store

    async def film(self, data: bytes = FILM) -> str:
        """A bucket with a film."""
        bucket = await self.users.create()
        await self.users.fill(bucket, "film.mp4", data)
        return bucket

    async def imported(self, bucket: str) -> None:
        expected = await self.users.buckets.head(bucket, "film.mp4")
        await self.store.import_from(self.buckets, bucket, "film.mp4", "copy", expected=expected, on_progress=unheard)

    async def is_untouched(self) -> bool:
        """Return whether the managed store is empty, unfinished uploads included."""
        async with aclosing(self.direct.store.list()) as items:
            return [item async for item in items] == [] and await self.direct.leftovers() == 0


async def unheard(_bytes_done: int) -> None:
    pass


@pytest.fixture(scope="module")
def proxy(s3_location: S3Location) -> Generator[S3Proxy]:
    with proxied(s3_location) as shared:
        yield shared


@asynccontextmanager
async def adapters(
    location: S3Location, bucket: str, retries: S3RetryPolicy = FAST
) -> AsyncGenerator[tuple[S3Buckets, S3Store]]:
    settings = S3StoreSettings(bucket, "scenedex/", retries, IN_PARTS)
    buckets, store = S3Buckets(location, retries), S3Store(location, settings)
    try:
        yield buckets, store
    finally:
        await buckets.close()
        await store.close()


@pytest.fixture
async def rig(proxy: S3Proxy, s3_source: BucketsRig, s3_managed: S3StoreRig) -> AsyncGenerator[Rig]:
    proxy.mend()
    async with adapters(proxy.location, s3_managed.bucket) as (buckets, store):
        yield Rig(proxy, s3_source, s3_managed, buckets, store)


PASSING = [
    pytest.param(Fault(status=503, code="SlowDown"), id="slow down"),
    pytest.param(Fault(status=500, code="InternalError"), id="internal error"),
    pytest.param(Fault(status=502), id="a gateway without a document"),
    pytest.param(Fault(loses_answer=True), id="no answer"),
    pytest.param(Fault(cut_request_after=0), id="cut before the service hears it"),
]


@pytest.mark.parametrize("fault", PASSING)
async def test_a_passing_trouble_is_survived_by_every_verb(rig: Rig, fault: Fault) -> None:
    for method in ("HEAD", "GET", "PUT", "POST", "DELETE"):
        rig.proxy.fail(method, rig.direct.bucket, fault)

    await rig.store.put("a/picture.jpg", PICTURE, "image/jpeg")
    assert (await rig.store.head("a/picture.jpg")).size_bytes == len(PICTURE)
    assert await rig.store.get("a/picture.jpg", max_bytes=MIB) == PICTURE
    await rig.store.delete("a/picture.jpg")
    await rig.store.put("a/other.jpg", PICTURE, "image/jpeg")
    assert await rig.store.delete_prefix("a/") == 1

    assert {seen.method for seen in rig.proxy.met} == {"HEAD", "GET", "PUT", "POST", "DELETE"}
    assert await rig.is_untouched()
    rig.proxy.met.clear()


async def test_a_silent_service_is_asked_again(rig: Rig) -> None:
    await rig.direct.store.put("picture.jpg", PICTURE, "image/jpeg")
    rig.proxy.fail("GET", "picture.jpg", Fault(delay_seconds=30))

    async with adapters(rig.proxy.location, rig.direct.bucket, replace(FAST, read_seconds=1)) as (_, store):
        assert await store.get("picture.jpg", max_bytes=MIB) == PICTURE


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Fault(cut_after=1000), id="cut"),
        pytest.param(Fault(cut_after=0), id="cut after the headers"),
        pytest.param(Fault(says_less_by=1000), id="another length"),
        pytest.param(Fault(damaged_byte=7), id="a wrong byte"),
    ],
)
async def test_an_answer_that_is_not_whole_is_asked_for_again(rig: Rig, fault: Fault) -> None:
    await rig.direct.store.put("picture.jpg", PICTURE, "image/jpeg")
    rig.proxy.fail("GET", "picture.jpg", fault)

    assert await rig.store.get("picture.jpg", max_bytes=MIB) == PICTURE

    rig.proxy.fail("GET", "picture.jpg", fault, times=None)
    with pytest.raises(StorageUnavailable, match=f"picture.jpg at {rig.proxy.location.endpoint}: "):
        await rig.store.get("picture.jpg", max_bytes=MIB)


async def test_a_range_that_is_too_short_is_asked_for_again(rig: Rig) -> None:
    await rig.direct.store.put("film.mp4", PICTURE, "video/mp4")
    for fault in (Fault(says_less_by=10), Fault(cut_after=10)):
        rig.proxy.fail("GET", "film.mp4", fault)

    assert await rig.store.read("film.mp4", 500, 2000) == PICTURE[500:2500]
    assert await rig.store.read("film.mp4", len(PICTURE) - 5, 100) == PICTURE[-5:]


async def test_a_stream_goes_on_where_an_answer_ended_too_early(rig: Rig) -> None:
    await rig.direct.store.put("film.mp4", FILM, "video/mp4")
    for fault in (Fault(cut_after=MIB + 5), Fault(says_less_by=12 * MIB), Fault(status=503)):
        rig.proxy.fail("GET", "film.mp4", fault)

    async with aclosing(rig.store.stream("film.mp4")) as chunks:
        assert b"".join([chunk async for chunk in chunks]) == FILM


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Fault(damaged_request_byte=7), id="a wrong byte"),
        pytest.param(Fault(status=400, code="RequestTimeout"), id="too slow"),
    ],
)
async def test_what_goes_wrong_on_its_way_to_the_service_is_sent_again(rig: Rig, fault: Fault) -> None:
    rig.proxy.fail("PUT", "picture.jpg", fault)

    await rig.store.put("picture.jpg", PICTURE, "image/jpeg")

    assert await rig.direct.store.get("picture.jpg", max_bytes=MIB) == PICTURE


PART = "partNumber=2"
TROUBLES_OF_PARTS = [
    pytest.param("PUT", PART, Fault(status=503, code="SlowDown"), id="a part is refused"),
    pytest.param("PUT", PART, Fault(loses_answer=True), id="the answer to a part is lost"),
    pytest.param("POST", "uploads=", Fault(status=500), id="the beginning is refused"),
    pytest.param("POST", "uploadId=", Fault(loses_answer=True), id="the answer to the end is lost"),
]


@pytest.mark.parametrize(("method", "part", "fault"), TROUBLES_OF_PARTS)
async def test_an_upload_in_parts_survives_a_trouble(
    rig: Rig, tmp_path: Path, method: str, part: str, fault: Fault
) -> None:
    file = tmp_path / "film.mp4"
    file.write_bytes(FILM)
    rig.proxy.fail(method, part, fault)

    await rig.store.put_file("copy", file, "video/mp4")

    assert await rig.direct.store.get("copy", max_bytes=len(FILM)) == FILM
    assert await rig.direct.leftovers() == 0


@pytest.mark.parametrize(("method", "part", "fault"), TROUBLES_OF_PARTS)
async def test_a_copy_in_parts_survives_a_trouble(rig: Rig, method: str, part: str, fault: Fault) -> None:
    bucket = await rig.film()
    rig.proxy.fail(method, part, fault)

    await rig.imported(bucket)

    assert await rig.direct.store.get("copy", max_bytes=len(FILM)) == FILM
    assert await rig.direct.leftovers() == 0


async def test_a_part_that_always_fails_leaves_nothing(rig: Rig, tmp_path: Path) -> None:
    bucket = await rig.film()
    file = tmp_path / "film.mp4"
    file.write_bytes(FILM)
    rig.proxy.fail("PUT", PART, Fault(status=500, code="InternalError"), times=None)

    with pytest.raises(StorageUnavailable, match="500 InternalError"):
        await rig.imported(bucket)
    with pytest.raises(StorageUnavailable, match="500 InternalError"):
        await rig.store.put_file("copy", file, "video/mp4")

    assert await rig.is_untouched()


async def test_bytes_from_elsewhere_arrive_whole_or_not_at_all(rig: Rig, tmp_path: Path) -> None:
    (tmp_path / "films").mkdir()
    (tmp_path / "films" / "film.mp4").write_bytes(FILM)
    elsewhere = LocalBuckets(tmp_path)
    expected = await elsewhere.head("films", "film.mp4")
    rig.proxy.fail("PUT", "", Fault(cut_request_after=MIB), times=None)

    with pytest.raises(StorageUnavailable):
        await rig.store.import_from(elsewhere, "films", "film.mp4", "copy", expected=expected, on_progress=unheard)

    assert await rig.is_untouched()


async def test_a_service_that_goes_away_is_named_and_found_again(rig: Rig) -> None:
    rig.proxy.go_away()

    with pytest.raises(StorageUnavailable, match=f"copy at {rig.proxy.location.endpoint}: "):
        await rig.store.head("copy")

    rig.proxy.mend()
    await rig.store.put("copy", PICTURE, "image/jpeg")


LASTING = [
    pytest.param(Fault(status=403, code="RequestTimeTooSkewed"), ClockSkewed, "RequestTimeTooSkewed", id="clock"),
    pytest.param(
        Fault(status=301, code="PermanentRedirect", more="<Region>eu-west-1</Region>"),
        RegionWrong,
        "301 PermanentRedirect, region eu-west-1",
        id="a bucket of another region",
    ),
    pytest.param(
        Fault(status=400, code="AuthorizationHeaderMalformed", more="<Region>kr-standard</Region>"),
        RegionWrong,
        "region kr-standard",
        id="another region",
    ),
    pytest.param(Fault(status=403, code="AccessDenied"), AccessDenied, "403 AccessDenied", id="no permission"),
]


@pytest.mark.parametrize(("fault", "kind", "told"), LASTING)
async def test_a_lasting_refusal_is_named(rig: Rig, fault: Fault, kind: type[StorageError], told: str) -> None:
    """Answers as other S3 services give them. An answer to HEAD may have no document."""
    bucket = await rig.film(PICTURE)
    rig.proxy.fail("HEAD", bucket, replace(fault, code=""), times=None)
    rig.proxy.fail("", bucket, fault, times=None)

    for refused in (rig.buckets.head(bucket, "film.mp4"), rig.buckets.exists(bucket), anext(rig.buckets.list(bucket))):
        with pytest.raises(kind, match=told) as caught:
            await refused
        assert rig.proxy.location.endpoint in str(caught.value)


@pytest.mark.parametrize("wrong", [{"access_key": "NOBODY"}, {"secret_key": "wrong"}], ids=["access", "secret"])
async def test_keys_that_are_not_accepted_are_told_from_missing_permission(rig: Rig, wrong: dict[str, str]) -> None:
    bucket = await rig.film(PICTURE)

    async with adapters(replace(rig.proxy.location, **wrong), rig.direct.bucket) as (buckets, store):
        for refused in (buckets.head(bucket, "film.mp4"), buckets.exists(bucket), store.put("a", b"", "text/plain")):
            with pytest.raises(KeysRefused, match=r"storage\.access_key and storage\.secret_key"):
                await refused


async def test_a_clock_that_is_wrong_is_named(rig: Rig) -> None:
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    buckets = S3Buckets(rig.proxy.location, FAST, clock=lambda: an_hour_ago)
    bucket = await rig.film(PICTURE)

    with pytest.raises(ClockSkewed, match="clock of this machine"):
        await buckets.head(bucket, "film.mp4")
    await buckets.close()


async def test_a_missing_bucket_is_told_from_a_missing_object(rig: Rig) -> None:
    bucket = await rig.film(PICTURE)

    with pytest.raises(ObjectNotFound, match="NoSuchKey") as missing:
        await rig.buckets.head(bucket, "absent.mp4")
    assert not isinstance(missing.value, BucketNotFound)
    with pytest.raises(BucketNotFound):
        await rig.buckets.head("absent-bucket", "film.mp4")
    async with adapters(rig.proxy.location, "absent-bucket") as (_buckets, store):
        for refused in (store.head("a"), store.get("a", max_bytes=9), store.read("a", 0, 9), store.move("a", "b")):
            with pytest.raises(StorageUnavailable, match=r"storage\.managed_bucket.*absent-bucket"):
                await refused


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("X-Amz-Expires=900", "X-Amz-Expires=90000"),
        ("us-east-1", "eu-west-1"),
        ("X-Amz-Signature=", "X-Amz-Signature=0"),
    ],
)
async def test_a_signed_url_that_was_changed_is_refused(rig: Rig, part: str, other: str) -> None:
    await rig.direct.store.put("a.jpg", PICTURE, "image/jpeg")
    url = rig.store.sign_get("a.jpg", expires=timedelta(minutes=15))
    assert url is not None

    async with httpx2.AsyncClient() as client:
        assert (await client.get(url)).status_code == 200
        assert (await client.get(url.replace(part, other))).status_code == 403
