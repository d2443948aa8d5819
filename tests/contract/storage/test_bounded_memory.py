from __future__ import annotations

import tracemalloc
from contextlib import aclosing, contextmanager
from typing import TYPE_CHECKING

import pytest

from scenedex.storage.local_store import LocalStore

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator
    from pathlib import Path

    from tests.contract.storage.conftest import BucketsRig, StoreRig

pytestmark = pytest.mark.anyio

MIB = 1 << 20
SIZE_MIB = 112
ALLOWED_MIB = 72  # parts of 8 MiB in three tasks, one being filled, and the copies of them on the wire


async def unheard(_bytes_done: int) -> None:
    pass


async def arriving() -> AsyncGenerator[bytes]:
    chunk = bytes(MIB)
    for _ in range(SIZE_MIB):
        yield chunk


@contextmanager
def within(allowed_mib: int) -> Generator[None]:
    tracemalloc.start()
    try:
        yield
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < allowed_mib * MIB


@pytest.mark.parametrize("managed", ["local", "s3"], indirect=True)
async def test_large_objects_are_received_and_streamed_in_little_memory(managed: StoreRig) -> None:
    with within(ALLOWED_MIB):
        await managed.store.receive("large", arriving(), max_bytes=SIZE_MIB * MIB)
        async with aclosing(managed.store.stream("large")) as chunks:
            sizes = [len(chunk) async for chunk in chunks]

    assert sum(sizes) == SIZE_MIB * MIB
    assert max(sizes) <= MIB


async def test_large_objects_are_imported_from_s3_into_a_folder_in_little_memory(
    s3_source: BucketsRig, tmp_path: Path
) -> None:
    store = LocalStore(tmp_path)
    bucket = await s3_source.create()
    await s3_source.fill(bucket, "film.mp4", bytes(64 * MIB))
    expected = await s3_source.buckets.head(bucket, "film.mp4")

    with within(20):
        await store.import_from(s3_source.buckets, bucket, "film.mp4", "c", expected=expected, on_progress=unheard)
