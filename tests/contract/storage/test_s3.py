"""Abilities that only S3 has: URLs that need no keys, copies inside the service, refusals of keys."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx2
import pytest

from scenedex.storage.errors import (
    AccessDenied,
    BucketNotFound,
    ManagedBucketMissing,
    ManagedStoreReadOnly,
    NoStorageService,
    ObjectNotFound,
    StorageUnavailable,
)
from scenedex.storage.s3_buckets import S3Buckets
from scenedex.storage.s3_client import S3Client, S3Object
from scenedex.storage.s3_location import S3Location, S3RetryPolicy
from scenedex.storage.s3_store import S3Store, S3StoreSettings
from scenedex.storage.s3_transfer import S3CopySizes

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from tests.contract.storage.conftest import BucketsRig, S3StoreRig, StoreRig

pytestmark = pytest.mark.anyio

MIB = 1 << 20
QUARTER_HOUR = timedelta(minutes=15)
FAST = S3RetryPolicy(connect_seconds=1, read_seconds=5, attempts=2, first_delay_seconds=0.01)


async def unheard(_bytes_done: int) -> None:
    pass


async def fetched(method: str, url: str, content: bytes = b"") -> httpx2.Response:
    async with httpx2.AsyncClient() as client:
        return await client.request(method, url, content=content)


@dataclass
class Relay:
    """Proxy that counts the bytes that pass, and breaks each connection after a number of received bytes."""

    service: str
    breaks_after_bytes: float = float("inf")
    location: S3Location = field(init=False)
    connections: int = 0
    sent_bytes: int = 0
    received_bytes: int = 0
    _serving: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        self.connections += 1
        service = urlsplit(self.service)
        far_reader, far_writer = await asyncio.open_connection(service.hostname, service.port)
        try:
            await asyncio.gather(self._send(reader, far_writer), self._receive(far_reader, writer))
        finally:
            for each in (writer, far_writer):
                each.close()
                with suppress(ConnectionError):
                    await each.wait_closed()

    async def _send(self, reader: asyncio.StreamReader, far_writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(1 << 16):
                self.sent_bytes += len(data)
                far_writer.write(data)
                await far_writer.drain()
        far_writer.close()

    async def _receive(self, far_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received = 0
        with suppress(ConnectionError):
            while received < self.breaks_after_bytes and (data := await far_reader.read(1 << 16)):
                received += len(data)
                self.received_bytes += len(data)
                writer.write(data)
                await writer.drain()
        writer.close()

    async def finished(self) -> None:
        await asyncio.gather(*self._serving, return_exceptions=True)


@asynccontextmanager
async def relayed(location: S3Location, breaks_after_bytes: float = float("inf")) -> AsyncGenerator[Relay]:
    relay = Relay(location.endpoint, breaks_after_bytes)
    server = await asyncio.start_server(relay.serve, "127.0.0.1", 0)
    relay.location = replace(location, endpoint=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    try:
        yield relay
    finally:
        await relay.finished()
        server.close()
        await server.wait_closed()


@asynccontextmanager
async def adapters(location: S3Location, settings: S3StoreSettings) -> AsyncGenerator[tuple[S3Buckets, S3Store]]:
    buckets, store = S3Buckets(location, FAST), S3Store(location, settings)
    try:
        yield buckets, store
    finally:
        await buckets.close()
        await store.close()


@pytest.mark.parametrize(
    ("key", "sizes"),
    [
        ("film.mp4", S3CopySizes()),
        ("한 편+1#?.mp4", S3CopySizes(whole_bytes=MIB, part_bytes=5 * MIB)),
        ("100%25.mp4", S3CopySizes(whole_bytes=MIB, part_bytes=5 * MIB)),
    ],
    ids=["whole", "in-parts", "percent-whole"],
)
async def test_copies_between_buckets_do_not_pass_through_us(
    s3_location: S3Location, s3_source: BucketsRig, s3_managed: S3StoreRig, key: str, sizes: S3CopySizes
) -> None:
    bucket = await s3_source.create()
    data = bytes(range(256)) * 48_000
    await s3_source.fill(bucket, key, data)
    expected = await s3_source.buckets.head(bucket, key)

    async with relayed(s3_location) as relay:
        settings = S3StoreSettings(s3_managed.bucket, "scenedex/", copy_sizes=sizes)
        async with adapters(relay.location, settings) as (buckets, store):
            await store.import_from(buckets, bucket, key, "copy", expected=expected, on_progress=unheard)

    assert relay.sent_bytes + relay.received_bytes < 50_000
    assert await s3_managed.store.get("copy", max_bytes=len(data)) == data


async def test_what_the_service_cannot_copy_passes_through_us(
    s3_location: S3Location, s3_source: BucketsRig, s3_managed: S3StoreRig
) -> None:
    bucket = await s3_source.create()
    await s3_source.fill(bucket, "100%.mp4", b"x" * 100_000)
    expected = await s3_source.buckets.head(bucket, "100%.mp4")

    sizes = S3CopySizes(whole_bytes=10, part_bytes=5 * MIB, max_whole_bytes=10)
    async with relayed(s3_location) as relay:
        settings = S3StoreSettings(s3_managed.bucket, "scenedex/", copy_sizes=sizes)
        async with adapters(relay.location, settings) as (buckets, store):
            await store.import_from(buckets, bucket, "100%.mp4", "copy", expected=expected, on_progress=unheard)

    assert relay.received_bytes > 100_000
    assert await s3_managed.store.get("copy", max_bytes=MIB) == b"x" * 100_000


async def test_a_signed_url_reads_an_object(s3_managed: StoreRig) -> None:
    await s3_managed.store.put("assets/1/a.jpg", b"picture", "image/jpeg")

    url = s3_managed.store.sign_get("assets/1/a.jpg", expires=QUARTER_HOUR)

    assert url is not None
    answer = await fetched("GET", url)
    assert (answer.status_code, answer.content) == (200, b"picture")
    assert answer.headers["content-type"] == "image/jpeg"
    assert (await fetched("PUT", url, b"x")).status_code == 403
    assert (await fetched("GET", url.replace("a.jpg", "b.jpg"))).status_code == 403


async def test_a_signed_url_says_how_the_object_is_saved(s3_managed: StoreRig) -> None:
    await s3_managed.store.put("a", b"video", "application/octet-stream")

    url = s3_managed.store.sign_get(
        "a", expires=QUARTER_HOUR, filename='봄 "여름"; 1+1=2.mp4', content_type="video/mp4"
    )

    assert url is not None
    answer = await fetched("GET", url)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%EB%B4%84%20%22")


async def test_many_urls_are_signed_at_once(s3_managed: StoreRig) -> None:
    keys = [f"assets/{number}/a.jpg" for number in range(3)]
    for key in keys:
        await s3_managed.store.put(key, key.encode(), "image/jpeg")

    urls = s3_managed.store.sign_get_many(keys, expires=QUARTER_HOUR)

    assert urls is not None
    assert [(await fetched("GET", url)).text for url in urls] == keys


async def test_a_signed_url_writes_an_object(s3_managed: StoreRig) -> None:
    url = await s3_managed.store.sign_put("uploads/a", expires=QUARTER_HOUR)

    assert url is not None
    assert (await fetched("PUT", url, b"upload")).status_code == 200
    assert await s3_managed.store.get("uploads/a", max_bytes=99) == b"upload"


@pytest.mark.parametrize("name", ["x-amz-copy-source", "X-Amz-Copy-Source", "x_amz_copy_source"])
async def test_a_signed_url_does_not_copy_another_object(
    name: str, s3_source: BucketsRig, s3_managed: S3StoreRig
) -> None:
    bucket = await s3_source.create()
    await s3_source.fill(bucket, "film.mp4", b"film of another tenant")
    await s3_managed.store.put("assets/1/source-1", b"film of another tenant", "video/mp4")
    url = await s3_managed.store.sign_put("uploads/a", expires=QUARTER_HOUR)
    assert url is not None

    for source in (f"/{bucket}/film.mp4", f"{bucket}/film.mp4", f"/{s3_managed.bucket}/scenedex/assets/1/source-1"):
        async with httpx2.AsyncClient() as client:
            answer = await client.put(url, headers={name: source}, content=b"")
        assert answer.status_code == 403, source

    with pytest.raises(ObjectNotFound):
        await s3_managed.store.head("uploads/a")
    assert [item.key async for item in s3_managed.store.list("trials/")] == []


async def test_an_expired_url_is_refused(s3_location: S3Location, s3_managed: S3StoreRig) -> None:
    await s3_managed.store.put("a", b"data", "text/plain")
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    store = S3Store(s3_location, S3StoreSettings(s3_managed.bucket, "scenedex/"), clock=lambda: an_hour_ago)

    for expires, status in ((QUARTER_HOUR, 403), (timedelta(hours=2), 200)):
        url = store.sign_get("a", expires=expires)
        assert url is not None
        assert (await fetched("GET", url)).status_code == status
    await store.close()


@pytest.mark.parametrize("wrong", [{"access_key": "NOBODY"}, {"secret_key": "wrong"}], ids=["access", "secret"])
async def test_wrong_keys_are_denied(
    s3_location: S3Location, s3_source: BucketsRig, s3_managed: S3StoreRig, wrong: dict[str, str]
) -> None:
    bucket = await s3_source.create()
    await s3_source.fill(bucket, "film.mp4", b"x")
    expected = await s3_source.buckets.head(bucket, "film.mp4")

    async with adapters(replace(s3_location, **wrong), S3StoreSettings(s3_managed.bucket)) as (buckets, store):
        with pytest.raises(AccessDenied):
            await buckets.head(bucket, "film.mp4")
        with pytest.raises(AccessDenied):
            await buckets.exists(bucket)
        with pytest.raises(AccessDenied):
            await anext(buckets.list(bucket))
        with pytest.raises(AccessDenied):
            await anext(buckets.stream(bucket, "film.mp4", expected=expected))
        with pytest.raises(AccessDenied):
            await store.put("a", b"data", "text/plain")
        with pytest.raises(ManagedStoreReadOnly):
            await store.import_from(
                s3_source.buckets, bucket, "film.mp4", "copy", expected=expected, on_progress=unheard
            )


async def test_a_missing_bucket_of_our_own_is_no_missing_object(s3_location: S3Location, s3_source: BucketsRig) -> None:
    bucket = await s3_source.create()
    await s3_source.fill(bucket, "film.mp4", b"x")
    expected = await s3_source.buckets.head(bucket, "film.mp4")

    async with adapters(s3_location, S3StoreSettings("no-such-bucket")) as (buckets, store):
        with pytest.raises(ManagedBucketMissing):
            await store.import_from(buckets, bucket, "film.mp4", "copy", expected=expected, on_progress=unheard)
        with pytest.raises(ManagedBucketMissing):
            await store.put("a", b"data", "text/plain")
        with pytest.raises(BucketNotFound):
            await anext(buckets.list("no-such-bucket"))


async def test_a_server_that_knows_nothing_of_s3_is_told_from_a_missing_object() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\nConnection: close\r\n\r\nNot Found")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        location = S3Location(address, "us-east-1", "key", "secret", allow_http=True)
        async with adapters(location, S3StoreSettings("bucket", retries=FAST)) as (buckets, store):
            with pytest.raises(NoStorageService, match=r"storage\.endpoint"):
                await buckets.head("bucket", "film.mp4")
            with pytest.raises(NoStorageService):
                await store.get("a", max_bytes=9)


async def test_a_service_that_is_down_is_unavailable() -> None:
    location = S3Location("http://127.0.0.1:9", "us-east-1", "key", "secret", allow_http=True)

    async with adapters(location, S3StoreSettings("bucket", retries=FAST)) as (buckets, store):
        with pytest.raises(StorageUnavailable, match=r"http://127\.0\.0\.1:9: no connection"):
            await buckets.head("bucket", "film.mp4")
        with pytest.raises(StorageUnavailable):
            await store.get("a", max_bytes=9)


async def test_a_broken_connection_is_taken_up_where_it_broke(s3_location: S3Location, s3_source: BucketsRig) -> None:
    bucket = await s3_source.create()
    data = bytes(range(256)) * 20_000
    await s3_source.fill(bucket, "film.mp4", data)
    expected = await s3_source.buckets.head(bucket, "film.mp4")

    async with relayed(s3_location, breaks_after_bytes=2_000_000) as relay:
        requests = S3Client(relay.location, FAST, lambda: datetime.now(UTC))
        async with aclosing(requests.stream(S3Object(bucket, "film.mp4"), 0, len(data), etag=expected.etag)) as chunks:
            received = b"".join([chunk async for chunk in chunks])
        await requests.close()

    assert received == data
    assert relay.connections >= 3


async def test_keys_that_only_s3_has_are_read_listed_and_imported(s3_source: BucketsRig, s3_managed: StoreRig) -> None:
    bucket = await s3_source.create()
    keys = ["/leading", "a//b", "folder/", "bell\a.mp4", "line\nbreak"]
    for key in keys:
        await s3_source.fill(bucket, key, key.encode())

    async with aclosing(s3_source.buckets.list(bucket)) as items:
        assert [item.key async for item in items] == sorted(keys)
    for number, key in enumerate(keys):
        expected = await s3_source.buckets.head(bucket, key)
        await s3_managed.store.import_from(
            s3_source.buckets, bucket, key, f"copy/{number}", expected=expected, on_progress=unheard
        )
        assert await s3_managed.store.get(f"copy/{number}", max_bytes=99) == key.encode()


async def test_a_prefix_keeps_stores_in_one_bucket_apart(s3_location: S3Location, s3_managed: S3StoreRig) -> None:
    other = S3Store(s3_location, S3StoreSettings(s3_managed.bucket, "other/"))
    await other.put("a", b"other", "text/plain")
    await s3_managed.store.put("b", b"data", "text/plain")

    async with aclosing(other.list()) as items:
        assert [item.key async for item in items] == ["a"]
    await other.close()


async def test_uploads_that_nobody_ended_are_known_by_their_keys_and_can_be_given_up(s3_managed: S3StoreRig) -> None:
    for key in ("scenedex/assets/1/source-1", "scenedex/outputs/a", "other/a"):
        await s3_managed.users.request("POST", S3Object(s3_managed.bucket, key), query=(("uploads", ""),))

    async with aclosing(s3_managed.store.unfinished()) as writes:
        found = [write async for write in writes]
    for write in (*found, found[0]):
        await s3_managed.store.abort(write)

    assert [write.key for write in found] == ["assets/1/source-1", "outputs/a"]
    assert all(datetime.now(UTC) - write.started < timedelta(minutes=5) for write in found)
    assert await s3_managed.leftovers() == 1


async def test_unfinished_uploads_are_listed_page_by_page(s3_managed: S3StoreRig) -> None:
    keys = [f"scenedex/{name}" for name in ("a", "a", "b", "c d", "d")]
    for key in keys:
        await s3_managed.users.request("POST", S3Object(s3_managed.bucket, key), query=(("uploads", ""),))

    async with aclosing(s3_managed.users.uploads(s3_managed.bucket, "scenedex/", at_once=2)) as uploads:
        found = [upload async for upload in uploads]

    assert [upload.key for upload in found] == keys
    assert len({upload.token for upload in found}) == 5
