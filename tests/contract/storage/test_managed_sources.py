"""Managed storage is no source of imports."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

import pytest
from tests.contract.storage.conftest import PATIENCE, S3BucketsRig

from scenedex.storage.errors import BucketNotFound, ObjectNotFound
from scenedex.storage.local_buckets import LocalBuckets
from scenedex.storage.local_store import LocalStore
from scenedex.storage.s3_buckets import S3Buckets
from scenedex.storage.s3_store import S3Store, S3StoreSettings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.contract.storage.conftest import BucketsRig

    from scenedex.storage.buckets import SourceBuckets
    from scenedex.storage.s3_location import S3Location

pytestmark = pytest.mark.anyio


async def require_nothing(sources: SourceBuckets, bucket: str, key: str) -> None:
    with pytest.raises(ObjectNotFound):
        await sources.head(bucket, key)
    assert not await sources.exists(bucket)
    with pytest.raises(BucketNotFound):
        async with aclosing(sources.list(bucket)) as items:
            await anext(items)


async def test_a_users_bucket_is_not_managed(source: BucketsRig) -> None:
    bucket = await source.create()
    await source.fill(bucket, "a", b"bytes")

    assert not await source.buckets.is_managed(bucket)
    assert not await source.buckets.is_managed("absent-bucket")
    assert (await source.buckets.head(bucket, "a")).size_bytes == 5


async def test_the_managed_bucket_is_no_source(s3_source: S3BucketsRig, s3_location: S3Location) -> None:
    managed = await s3_source.create()
    sources = S3Buckets(s3_location, PATIENCE, managed_bucket=managed)
    store = S3Store(s3_location, S3StoreSettings(managed, "scenedex/", PATIENCE))
    await store.put("assets/1/source-1", b"bytes", "video/mp4")
    seen = await s3_source.buckets.head(managed, "scenedex/assets/1/source-1")

    assert await sources.is_managed(managed)
    await require_nothing(sources, managed, "scenedex/assets/1/source-1")
    with pytest.raises(ObjectNotFound):
        async with aclosing(sources.stream(managed, "scenedex/assets/1/source-1", expected=seen)) as chunks:
            await anext(chunks)
    for key in (f"../{managed}/scenedex/assets/1/source-1", f"a/../../{managed}/scenedex/assets/1/source-1"):
        with pytest.raises(ObjectNotFound):
            await sources.head(await s3_source.create(), key)
    for spelling in (managed.upper(), f"{managed}.", f"./{managed}", f"/{managed}", f"{managed}/", f"%2e/{managed}"):
        with pytest.raises(ObjectNotFound):
            await sources.head(spelling, "scenedex/assets/1/source-1")
    await sources.close()
    await store.close()


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """A data folder with a managed object."""
    await LocalStore(tmp_path / "managed").put("assets/123/source-1", b"bytes", "video/mp4")
    return tmp_path


@pytest.mark.parametrize(
    ("target", "bucket", "key"),
    [
        ("", "managed", "assets/123/source-1"),
        ("managed", "assets", "123/source-1"),
        ("managed/assets", "123", "source-1"),
    ],
)
async def test_a_link_in_place_of_the_buckets_does_not_lead_there(
    target: str, bucket: str, key: str, folder: Path
) -> None:
    (folder / "buckets").symlink_to(folder / target)
    assert (await LocalBuckets(folder / "buckets").head(bucket, key)).size_bytes == 5

    sources = LocalBuckets(folder / "buckets", folder / "managed")

    assert await sources.is_managed(bucket)
    await require_nothing(sources, bucket, key)


async def test_links_to_buckets_and_within_them_are_not_followed(folder: Path) -> None:
    sources = LocalBuckets(folder / "buckets", folder / "managed")
    (folder / "buckets" / "films").mkdir(parents=True)
    (folder / "buckets" / "linked").symlink_to(folder / "managed")
    (folder / "buckets" / "films" / "linked").symlink_to(folder / "managed")
    (folder / "buckets" / "films" / "one").symlink_to(folder / "managed" / "assets" / "123" / "source-1")

    await require_nothing(sources, "linked", "assets/123/source-1")
    for key in ("linked/assets/123/source-1", "one", "../managed/assets/123/source-1"):
        with pytest.raises(ObjectNotFound):
            await sources.head("films", key)


async def test_other_folders_are_not_reached(folder: Path) -> None:
    sources = LocalBuckets(folder / "buckets", folder / "managed")
    (folder / "buckets" / "films").mkdir(parents=True)
    (folder / "outside").mkdir()
    (folder / "outside" / "a").write_bytes(b"bytes")

    for bucket, key in (("films", "../../outside/a"), ("..", "outside/a"), ("../outside", "a"), ("films", "/a")):
        with pytest.raises(ObjectNotFound):
            await sources.head(bucket, key)
