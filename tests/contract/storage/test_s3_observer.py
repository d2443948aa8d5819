"""Observer of the S3 service: receives each request, and whether the service was in order."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from scenedex.storage.errors import ObjectNotFound, StorageUnavailable
from scenedex.storage.s3_client import S3Client, S3Object
from scenedex.storage.s3_location import S3Location, S3RetryPolicy

if TYPE_CHECKING:
    from tests.contract.storage.conftest import S3StoreRig

pytestmark = pytest.mark.anyio
TRIES = 3
FAST = S3RetryPolicy(connect_seconds=1, read_seconds=5, attempts=TRIES, first_delay_seconds=0.01)


class Watch:
    """Observer that records its calls."""

    def __init__(self) -> None:
        self.told: list[tuple[str, bool]] = []

    def note_storage(self, operation: str, seconds: float, *, succeeded: bool) -> None:
        assert 0 <= seconds < 60
        self.told.append((operation, succeeded))


async def test_every_try_that_finds_nobody_is_told_as_a_fault() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        location = S3Location(f"http://127.0.0.1:{nobody.getsockname()[1]}", "r", "a", "s", allow_http=True)
        watch = Watch()
        client = S3Client(location, FAST, lambda: datetime.now(UTC), watch)
        with pytest.raises(StorageUnavailable):
            await client.request("GET", S3Object("bucket", "key"))
        await client.close()

    assert watch.told == [("get", False)] * TRIES


async def test_a_refusal_is_no_fault_of_the_service(s3_location: S3Location, s3_managed: S3StoreRig) -> None:
    watch = Watch()
    client = S3Client(s3_location, FAST, lambda: datetime.now(UTC), watch)
    await client.request("PUT", S3Object(s3_managed.bucket, "a"), body=b"data")
    with pytest.raises(ObjectNotFound):
        await client.request("GET", S3Object(s3_managed.bucket, "none"))
    await client.close()

    assert set(watch.told) == {("put", True), ("get", True)}
