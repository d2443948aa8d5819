"""Both ports over all adapters: in memory, in local folders, on a real S3 server."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol
from uuid import uuid4

import pytest

from scenedex.storage.local_buckets import LocalBuckets
from scenedex.storage.local_store import LocalStore
from scenedex.storage.memory import MemoryBuckets, MemoryStore
from scenedex.storage.s3_buckets import S3Buckets
from scenedex.storage.s3_client import S3Client, S3Object
from scenedex.storage.s3_location import S3RetryPolicy
from scenedex.storage.s3_store import S3Store, S3StoreSettings
from scenedex.storage.s3_transfer import S3CopySizes

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Coroutine
    from pathlib import Path

    from scenedex.storage.buckets import SourceBuckets
    from scenedex.storage.store import ManagedStore

KINDS = ("memory", "local", "s3")
PATIENCE = S3RetryPolicy(connect_seconds=5, read_seconds=20, attempts=3, first_delay_seconds=0.05)
COPY_SIZES = S3CopySizes(whole_bytes=8 << 20, part_bytes=5 << 20)


def utc_now() -> datetime:
    return datetime.now(UTC)


class BucketsRig(Protocol):
    """Source buckets, and write access as their users have it."""

    @property
    def buckets(self) -> SourceBuckets: ...
    async def create(self) -> str: ...
    def fill(self, bucket: str, key: str, data: bytes) -> Coroutine[None, None, None]: ...
    async def remove(self, bucket: str, key: str) -> None: ...


class StoreRig(Protocol):
    """Managed store, and a view of its unfinished writes."""

    @property
    def store(self) -> ManagedStore: ...
    async def leftovers(self) -> int:
        """Return the number of unfinished writes, which are invisible to readers."""
        ...


def new_bucket_name() -> str:
    return f"films-{uuid4().hex[:12]}"


@dataclass(frozen=True)
class MemoryBucketsRig:
    buckets: MemoryBuckets

    async def create(self) -> str:
        bucket = new_bucket_name()
        self.buckets.create(bucket)
        return bucket

    async def fill(self, bucket: str, key: str, data: bytes) -> None:
        self.buckets.put(bucket, key, data)

    async def remove(self, bucket: str, key: str) -> None:
        self.buckets.remove(bucket, key)


@dataclass(frozen=True)
class LocalBucketsRig:
    buckets: LocalBuckets
    root: Path

    async def create(self) -> str:
        bucket = new_bucket_name()
        (self.root / bucket).mkdir(parents=True)
        return bucket

    async def fill(self, bucket: str, key: str, data: bytes) -> None:
        path = self.root / bucket / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    async def remove(self, bucket: str, key: str) -> None:
        (self.root / bucket / key).unlink()


@dataclass(frozen=True)
class S3BucketsRig:
    buckets: S3Buckets
    users: S3Client

    async def create(self) -> str:
        bucket = new_bucket_name()
        await self.users.request("PUT", S3Object(bucket))
        return bucket

    async def fill(self, bucket: str, key: str, data: bytes) -> None:
        await self.users.request("PUT", S3Object(bucket, key), body=data)

    async def remove(self, bucket: str, key: str) -> None:
        await self.users.request("DELETE", S3Object(bucket, key))


@dataclass(frozen=True)
class MemoryStoreRig:
    store: MemoryStore

    async def leftovers(self) -> int:
        return 0


@dataclass(frozen=True)
class LocalStoreRig:
    store: LocalStore
    root: Path

    async def leftovers(self) -> int:
        place = self.root / ".incoming"
        return len(list(place.iterdir())) if place.exists() else 0


@dataclass(frozen=True)
class S3StoreRig:
    store: S3Store
    users: S3Client
    bucket: str

    async def leftovers(self) -> int:
        answer = await self.users.request("GET", S3Object(self.bucket), query=(("uploads", ""),))
        return answer.body.count(b"<UploadId>")


@asynccontextmanager
async def buckets_rig(kind: str, request: pytest.FixtureRequest) -> AsyncGenerator[BucketsRig]:
    match kind:
        case "memory":
            yield MemoryBucketsRig(MemoryBuckets())
        case "local":
            root = request.getfixturevalue("tmp_path") / "buckets"
            yield LocalBucketsRig(LocalBuckets(root), root)
        case _:
            location = request.getfixturevalue("s3_location")
            users, buckets = S3Client(location, PATIENCE, utc_now), S3Buckets(location, PATIENCE)
            try:
                yield S3BucketsRig(buckets, users)
            finally:
                await users.close()
                await buckets.close()


@asynccontextmanager
async def store_rig(kind: str, request: pytest.FixtureRequest) -> AsyncGenerator[StoreRig]:
    match kind:
        case "memory":
            yield MemoryStoreRig(MemoryStore())
        case "local":
            root = request.getfixturevalue("tmp_path") / "managed"
            yield LocalStoreRig(LocalStore(root), root)
        case _:
            location = request.getfixturevalue("s3_location")
            users = S3Client(location, PATIENCE, utc_now)
            bucket = new_bucket_name()
            await users.request("PUT", S3Object(bucket))
            store = S3Store(location, S3StoreSettings(bucket, "scenedex/", PATIENCE, COPY_SIZES))
            try:
                yield S3StoreRig(store, users, bucket)
            finally:
                await store.close()
                await users.close()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=KINDS)
async def source(request: pytest.FixtureRequest) -> AsyncGenerator[BucketsRig]:
    async with buckets_rig(request.param, request) as rig:
        yield rig


@pytest.fixture(params=KINDS)
async def managed(request: pytest.FixtureRequest) -> AsyncGenerator[StoreRig]:
    async with store_rig(request.param, request) as rig:
        yield rig


@pytest.fixture
async def s3_source(request: pytest.FixtureRequest) -> AsyncGenerator[BucketsRig]:
    async with buckets_rig("s3", request) as rig:
        yield rig


@pytest.fixture
async def s3_managed(request: pytest.FixtureRequest) -> AsyncGenerator[StoreRig]:
    async with store_rig("s3", request) as rig:
        yield rig
