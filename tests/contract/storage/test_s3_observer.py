"""Who watches the S3 service is told of each request, and whether the service was in order."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from scenedex.storage.errors import ObjectNotFound, StorageUnavailable
from scenedex.storage.s3_location import S3Location, S3Patience
from scenedex.storage.s3_requests import S3Object, S3Requests

if TYPE_CHECKING:
    from tests.contract.storage.conftest import S3StoreRig

pytestmark = pytest.mark.anyio
TRIES = 3
HASTE = S3Patience(connect_seconds=1, silence_seconds=5, attempts=TRIES, first_pause_seconds=0.01)


class Watch:
    """Remembers what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, bool]] = []

    def note_storage(self, operation: str, seconds: float, *, well: bool) -> None:
        assert 0 <= seconds < 60
        self.told.append((operation, well))


async def test_every_try_that_finds_nobody_is_told_as_a_fault() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        location = S3Location(f"http://127.0.0.1:{nobody.getsockname()[1]}", "r", "a", "s", allow_http=True)
        watch = Watch()
        requests = S3Requests(location, HASTE, lambda: datetime.now(UTC), watch)
        with pytest.raises(StorageUnavailable):
            await requests.ask("GET", S3Object("bucket", "key"))
        await requests.close()

    assert watch.told == [("get", False)] * TRIES


async def test_a_refusal_is_no_fault_of_the_service(s3_location: S3Location, s3_managed: S3StoreRig) -> None:
    watch = Watch()
    requests = S3Requests(s3_location, HASTE, lambda: datetime.now(UTC), watch)
    await requests.ask("PUT", S3Object(s3_managed.bucket, "a"), body=b"data")
    with pytest.raises(ObjectNotFound):
        await requests.ask("GET", S3Object(s3_managed.bucket, "none"))
    await requests.close()

    assert set(watch.told) == {("put", True), ("get", True)}
