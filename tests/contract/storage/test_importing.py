from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from scenedex.storage.errors import ObjectNotFound, SourceChanged

if TYPE_CHECKING:
    from tests.contract.storage.conftest import BucketsRig, StoreRig

    from scenedex.storage.store import ManagedStore

pytestmark = pytest.mark.anyio

MIB = 1 << 20


class Heard:
    """Progress listener that can block the copy."""

    def __init__(self, *, holds: bool = False) -> None:
        self.done: list[int] = []
        self.called = asyncio.Event()
        self._holds = holds

    async def __call__(self, bytes_done: int) -> None:
        self.done.append(bytes_done)
        self.called.set()
        if self._holds:
            await asyncio.sleep(3600)


async def content_of(store: ManagedStore, key: str) -> bytes:
    async with aclosing(store.stream(key)) as chunks:
        return b"".join([chunk async for chunk in chunks])


async def keys_in(store: ManagedStore) -> list[str]:
    async with aclosing(store.list()) as items:
        return [item.key async for item in items]


@pytest.mark.parametrize("size_bytes", [0, 1, 3 * MIB, 21 * MIB + 5], ids=["empty", "byte", "whole", "in-parts"])
async def test_an_import_is_an_exact_copy(source: BucketsRig, managed: StoreRig, size_bytes: int) -> None:
    data = (bytes(range(253)) * (size_bytes // 253 + 1))[:size_bytes]
    bucket = await source.create()
    await source.fill(bucket, "하나/a+b %2F.mp4", data)
    expected = await source.buckets.head(bucket, "하나/a+b %2F.mp4")
    heard = Heard()

    info = await managed.store.import_from(
        source.buckets, bucket, "하나/a+b %2F.mp4", "assets/1/original", expected=expected, on_progress=heard
    )

    assert info.size_bytes == size_bytes
    assert info.is_same_version(await managed.store.head("assets/1/original"))
    assert await content_of(managed.store, "assets/1/original") == data
    assert heard.done == sorted(heard.done)
    assert heard.done[-1:] in ([size_bytes], [])
    assert await managed.leftovers() == 0


async def test_an_absent_source_leaves_nothing(source: BucketsRig, managed: StoreRig) -> None:
    bucket = await source.create()
    await source.fill(bucket, "film.mp4", b"x")
    expected = await source.buckets.head(bucket, "film.mp4")
    await source.remove(bucket, "film.mp4")

    for place, key in ((bucket, "film.mp4"), ("no-such-bucket", "film.mp4"), (bucket, "../film.mp4")):
        with pytest.raises(ObjectNotFound):
            await managed.store.import_from(
                source.buckets, place, key, "assets/1/original", expected=expected, on_progress=Heard()
            )

    assert await keys_in(managed.store) == []
    assert await managed.leftovers() == 0


async def test_a_source_of_another_version_is_refused(source: BucketsRig, managed: StoreRig) -> None:
    bucket = await source.create()
    await source.fill(bucket, "film.mp4", bytes(9 * MIB))
    present = await source.buckets.head(bucket, "film.mp4")

    for expected in (replace(present, etag='"another"'), replace(present, size_bytes=5)):
        with pytest.raises(SourceChanged):
            await managed.store.import_from(
                source.buckets, bucket, "film.mp4", "assets/1/original", expected=expected, on_progress=Heard()
            )

    assert await keys_in(managed.store) == []
    assert await managed.leftovers() == 0


async def test_a_source_that_changes_during_the_copy_leaves_nothing(source: BucketsRig, managed: StoreRig) -> None:
    bucket = await source.create()
    await source.fill(bucket, "film.mp4", bytes(33 * MIB))
    expected = await source.buckets.head(bucket, "film.mp4")
    changes = iter([True])

    async def change(_bytes_done: int) -> None:
        if next(changes, False):
            await source.fill(bucket, "film.mp4", b"\1" * (33 * MIB))

    with pytest.raises(SourceChanged):
        await managed.store.import_from(
            source.buckets, bucket, "film.mp4", "assets/1/original", expected=expected, on_progress=change
        )

    assert await keys_in(managed.store) == []
    assert await managed.leftovers() == 0


async def test_a_cancelled_copy_leaves_what_was_there(source: BucketsRig, managed: StoreRig) -> None:
    bucket = await source.create()
    await source.fill(bucket, "film.mp4", bytes(33 * MIB))
    expected = await source.buckets.head(bucket, "film.mp4")
    await managed.store.put("assets/1/original", b"before", "video/mp4")
    heard = Heard(holds=True)

    copying = asyncio.create_task(
        managed.store.import_from(
            source.buckets, bucket, "film.mp4", "assets/1/original", expected=expected, on_progress=heard
        )
    )
    await heard.called.wait()
    copying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await copying

    assert await content_of(managed.store, "assets/1/original") == b"before"
    assert await managed.leftovers() == 0
