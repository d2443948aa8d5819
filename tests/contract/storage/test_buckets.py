from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from scenedex.storage.errors import BucketNotFound, ObjectNotFound, SourceChanged
from scenedex.storage.s3_transfer import task_pool

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.contract.storage.conftest import BucketsRig

    from scenedex.storage.buckets import SourceBuckets
    from scenedex.storage.objects import ObjectInfo

pytestmark = pytest.mark.anyio

ODD_KEYS = (
    "film.mp4",
    "2026/봄 여름/장면 하나.mp4",
    "日本語/映画.mov",
    "café.mp4",
    "cafe\u0301.mp4",
    "two  spaces.mp4",
    " leading and trailing ",
    "a+b=c&d.mp4",
    "a%2Fb%20c%.mp4",
    "what?.mp4",
    "#1.mp4",
    'it\'s "quoted".mp4',
    "back\\slash\\..\\x.mp4",
    "semi;colon:at@comma,dollar$bang!paren(s)*.mp4",
    "brackets[]{}<>|^`~.mp4",
    "line\nbreak\ttab.mp4",
    "...dots.mp4",
    "..mp4",
    "😀.mp4",
    "/".join(["x" * 200] * 5)[:1024],
    "é" * 120,
)
ESCAPES = (
    "",
    ".",
    "..",
    "../secret.txt",
    "a/../../secret.txt",
    "folder/./film.mp4",
    "folder/..",
    "nul\0.mp4",
    "\ud800.mp4",
    "x" * 1025,
    "é" * 513,
)


async def keys_in(buckets: SourceBuckets, bucket: str, prefix: str = "", start_after: str = "") -> list[str]:
    async with aclosing(buckets.list(bucket, prefix, start_after=start_after)) as items:
        return [item.key async for item in items]


async def content_of(buckets: SourceBuckets, bucket: str, key: str, expected: ObjectInfo) -> bytes:
    async with aclosing(buckets.stream(bucket, key, expected=expected)) as chunks:
        return b"".join([chunk async for chunk in chunks])


async def drained(chunks: AsyncIterator[bytes]) -> None:
    async for _ in chunks:
        pass


async def test_a_bucket_exists_once_it_is_made(source: BucketsRig) -> None:
    bucket = await source.create()

    assert await source.buckets.exists(bucket)
    assert not await source.buckets.exists("no-such-bucket")


@pytest.mark.parametrize("name", ["", "..", "a/b", "UPPER", "x" * 64, "a\0b"], ids=repr)
async def test_a_name_that_is_not_well_formed_is_no_bucket(source: BucketsRig, name: str) -> None:
    assert not await source.buckets.exists(name)
    with pytest.raises(ObjectNotFound):
        await source.buckets.head(name, "film.mp4")
    with pytest.raises(BucketNotFound):
        await keys_in(source.buckets, name)


@pytest.mark.parametrize("key", ODD_KEYS, ids=ascii)
async def test_an_odd_key_is_read_and_listed_as_it_is(source: BucketsRig, key: str) -> None:
    bucket = await source.create()
    data = f"content of {key}".encode()
    await source.fill(bucket, key, data)

    info = await source.buckets.head(bucket, key)

    assert info.size_bytes == len(data)
    assert info.modified.tzinfo is not None
    assert await content_of(source.buckets, bucket, key, info) == data
    assert await keys_in(source.buckets, bucket) == [key]


@pytest.mark.parametrize("key", ESCAPES, ids=lambda key: ascii(key)[:40])
async def test_a_key_that_no_object_can_have_is_not_found(source: BucketsRig, key: str) -> None:
    bucket = await source.create()
    await source.fill(bucket, "film.mp4", b"x")
    info = await source.buckets.head(bucket, "film.mp4")

    with pytest.raises(ObjectNotFound):
        await source.buckets.head(bucket, key)
    with pytest.raises(ObjectNotFound):
        await content_of(source.buckets, bucket, key, info)


async def test_an_absent_object_or_bucket_is_not_found(source: BucketsRig) -> None:
    bucket = await source.create()

    with pytest.raises(ObjectNotFound):
        await source.buckets.head(bucket, "absent.mp4")
    with pytest.raises(ObjectNotFound):
        await source.buckets.head("no-such-bucket", "film.mp4")
    with pytest.raises(BucketNotFound):
        await keys_in(source.buckets, "no-such-bucket")


async def test_a_key_is_not_found_below_an_object_or_as_a_folder(source: BucketsRig) -> None:
    bucket = await source.create()
    await source.fill(bucket, "folder/film.mp4", b"x")

    for key in ("folder", "folder/film.mp4/inner", "folder/film.mp4/", "/folder/film.mp4", "folder//film.mp4"):
        with pytest.raises(ObjectNotFound):
            await source.buckets.head(bucket, key)


async def test_a_replaced_object_has_another_etag(source: BucketsRig) -> None:
    bucket = await source.create()
    await source.fill(bucket, "film.mp4", b"first")
    before = await source.buckets.head(bucket, "film.mp4")

    await source.fill(bucket, "film.mp4", b"second")

    after = await source.buckets.head(bucket, "film.mp4")
    assert not after.is_same_version(before)
    with pytest.raises(SourceChanged):
        await content_of(source.buckets, bucket, "film.mp4", before)


async def test_a_reader_may_go_away_after_the_first_bytes(source: BucketsRig) -> None:
    bucket = await source.create()
    await source.fill(bucket, "film.mp4", bytes(3 * 1024**2))
    found = await source.buckets.head(bucket, "film.mp4")

    async with aclosing(source.buckets.stream(bucket, "film.mp4", expected=found)) as chunks:
        first = await anext(chunks)

    assert 0 < len(first) <= 1024**2
    assert len(await content_of(source.buckets, bucket, "film.mp4", found)) == found.size_bytes


async def test_an_object_that_changes_under_a_reader_is_reported(source: BucketsRig) -> None:
    bucket = await source.create()
    await source.fill(bucket, "film.mp4", bytes(3 << 20))
    expected = await source.buckets.head(bucket, "film.mp4")

    async with aclosing(source.buckets.stream(bucket, "film.mp4", expected=expected)) as chunks:
        await anext(chunks)
        await source.fill(bucket, "film.mp4", b"replaced")
        with pytest.raises(SourceChanged):
            await drained(chunks)


async def test_an_object_that_vanishes_under_a_reader_is_reported(source: BucketsRig) -> None:
    bucket = await source.create()
    await source.fill(bucket, "film.mp4", bytes(3 << 20))
    expected = await source.buckets.head(bucket, "film.mp4")

    async with aclosing(source.buckets.stream(bucket, "film.mp4", expected=expected)) as chunks:
        await anext(chunks)
        await source.remove(bucket, "film.mp4")
        with pytest.raises(SourceChanged):
            await drained(chunks)


async def test_an_empty_object_is_streamed_as_nothing(source: BucketsRig) -> None:
    bucket = await source.create()
    await source.fill(bucket, "empty.mp4", b"")
    info = await source.buckets.head(bucket, "empty.mp4")

    assert info.size_bytes == 0
    assert await content_of(source.buckets, bucket, "empty.mp4", info) == b""
    with pytest.raises(SourceChanged):
        await content_of(source.buckets, bucket, "empty.mp4", replace(info, etag='"another"'))


async def test_a_listing_is_in_the_order_of_keys_and_filtered_by_prefix(source: BucketsRig) -> None:
    bucket = await source.create()
    keys = ["a!", "a", "a/b/c", "a/b.mp4", "a/b/", "a0", "b/1", "é", "z"]
    keys.remove("a/b/")
    keys.remove("a")
    for key in keys:
        await source.fill(bucket, key, b"12345")

    assert await keys_in(source.buckets, bucket) == sorted(keys)
    assert await keys_in(source.buckets, bucket, "a/") == ["a/b.mp4", "a/b/c"]
    assert await keys_in(source.buckets, bucket, "a/b") == ["a/b.mp4", "a/b/c"]
    assert await keys_in(source.buckets, bucket, "a") == ["a!", "a/b.mp4", "a/b/c", "a0"]
    assert await keys_in(source.buckets, bucket, "absent/") == []
    assert await keys_in(source.buckets, bucket, "../") == []
    assert await keys_in(source.buckets, bucket, "", "a/b.mp4") == ["a/b/c", "a0", "b/1", "z", "é"]
    assert await keys_in(source.buckets, bucket, "a", "a/b") == ["a/b.mp4", "a/b/c", "a0"]


async def test_a_listed_object_says_what_its_head_says(source: BucketsRig) -> None:
    bucket = await source.create()
    await source.fill(bucket, "film.mp4", b"12345")
    info = await source.buckets.head(bucket, "film.mp4")

    async with aclosing(source.buckets.list(bucket)) as items:
        [item] = [item async for item in items]

    assert item.size_bytes == info.size_bytes
    assert abs((item.modified - info.modified).total_seconds()) < 2


async def test_a_listing_goes_on_beyond_its_first_page(source: BucketsRig) -> None:
    bucket = await source.create()
    keys = [f"{number:04}.jpg" for number in range(1101)]
    async with task_pool(8) as start:
        for key in keys:
            await start(source.fill(bucket, key, b""))

    assert await keys_in(source.buckets, bucket) == keys
    assert await keys_in(source.buckets, bucket, start_after="1098.jpg") == keys[1099:]
