from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING

import pytest

from scenedex.storage.errors import ManagedKeyInvalid, ObjectNotFound, ObjectTooLarge

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from tests.contract.storage.conftest import StoreRig

    from scenedex.storage.store import ManagedStore

pytestmark = pytest.mark.anyio

MIB = 1 << 20


async def keys_in(store: ManagedStore, prefix: str = "") -> list[str]:
    async with aclosing(store.list(prefix)) as items:
        return [item.key async for item in items]


async def streamed(store: ManagedStore, key: str, start: int = 0, end: int | None = None) -> bytes:
    async with aclosing(store.stream(key, start, end)) as chunks:
        return b"".join([chunk async for chunk in chunks])


async def arriving(*chunks: bytes) -> AsyncGenerator[bytes]:
    for chunk in chunks:
        await asyncio.sleep(0)
        yield chunk


async def test_what_is_put_is_got(managed: StoreRig) -> None:
    info = await managed.store.put("assets/7/keyframes/0.jpg", b"picture", "image/jpeg")

    assert await managed.store.get("assets/7/keyframes/0.jpg", max_bytes=7) == b"picture"
    assert (await managed.store.head("assets/7/keyframes/0.jpg")).is_same_version(info)
    assert await managed.leftovers() == 0


async def test_putting_again_replaces(managed: StoreRig) -> None:
    first = await managed.store.put("a", b"first", "text/plain")
    second = await managed.store.put("a", b"second", "text/plain")

    assert await managed.store.get("a", max_bytes=99) == b"second"
    assert not first.is_same_version(second)


async def test_an_object_larger_than_asked_for_is_refused(managed: StoreRig) -> None:
    await managed.store.put("a", b"12345678", "text/plain")

    with pytest.raises(ObjectTooLarge):
        await managed.store.get("a", max_bytes=7)


async def test_absent_objects_are_not_found(managed: StoreRig) -> None:
    with pytest.raises(ObjectNotFound):
        await managed.store.get("absent", max_bytes=1)
    with pytest.raises(ObjectNotFound):
        await managed.store.head("absent")
    with pytest.raises(ObjectNotFound):
        await managed.store.read("absent", 0, 1)
    with pytest.raises(ObjectNotFound):
        await managed.store.read("absent", 0, 0)
    with pytest.raises(ObjectNotFound):
        await streamed(managed.store, "absent")
    with pytest.raises(ObjectNotFound):
        await managed.store.move("absent", "elsewhere")


@pytest.mark.parametrize("key", ["", "/a", "a/", "a//b", "../a", ".hidden", "a b", "ä", "a\0", "x" * 513, "a/.."])
async def test_keys_that_are_not_ours_are_refused(managed: StoreRig, key: str) -> None:
    with pytest.raises(ManagedKeyInvalid):
        await managed.store.put(key, b"", "text/plain")
    with pytest.raises(ManagedKeyInvalid):
        await managed.store.get(key, max_bytes=1)
    with pytest.raises(ManagedKeyInvalid):
        await managed.store.move("a", key)
    with pytest.raises(ManagedKeyInvalid):
        await managed.store.delete(key)
    with pytest.raises(ManagedKeyInvalid):
        managed.store.local_path(key)


@pytest.mark.parametrize("prefix", ["", "assets", "/", "../", "assets/../"])
async def test_only_a_named_folder_can_be_deleted(managed: StoreRig, prefix: str) -> None:
    with pytest.raises(ManagedKeyInvalid):
        await managed.store.delete_prefix(prefix)


@pytest.mark.parametrize(
    ("offset", "length", "expected"),
    [(0, 4, b"0123"), (4, 2, b"45"), (8, 5, b"89"), (9, 1, b"9"), (10, 1, b""), (99, 5, b""), (3, 0, b"")],
    ids=str,
)
async def test_a_range_is_cut_at_the_end(managed: StoreRig, offset: int, length: int, expected: bytes) -> None:
    await managed.store.put("digits", b"0123456789", "text/plain")

    assert await managed.store.read("digits", offset, length) == expected
    assert await streamed(managed.store, "digits", offset, offset + length) == expected


async def test_a_stream_without_an_end_goes_to_the_end(managed: StoreRig) -> None:
    await managed.store.put("digits", b"0123456789", "text/plain")

    assert await streamed(managed.store, "digits") == b"0123456789"
    assert await streamed(managed.store, "digits", 7) == b"789"


async def test_empty_objects_are_objects(managed: StoreRig) -> None:
    await managed.store.put("empty/put", b"", "text/plain")
    await managed.store.receive("empty/received", arriving(), max_bytes=0)

    for key in ("empty/put", "empty/received"):
        assert (await managed.store.head(key)).size_bytes == 0
        assert await managed.store.get(key, max_bytes=0) == b""
        assert await managed.store.read(key, 0, 5) == b""
        assert await streamed(managed.store, key) == b""


@pytest.mark.parametrize("size_bytes", [5, 8 * MIB, 20 * MIB + 3], ids=["small", "one-part", "several-parts"])
async def test_what_arrives_is_kept(managed: StoreRig, size_bytes: int) -> None:
    data = bytes(range(251)) * (size_bytes // 251 + 1)
    data = data[:size_bytes]
    pieces = (data[start : start + 700_001] for start in range(0, size_bytes, 700_001))

    info = await managed.store.receive("upload", arriving(*pieces), max_bytes=size_bytes)

    assert info.size_bytes == size_bytes
    assert await streamed(managed.store, "upload") == data
    assert await managed.leftovers() == 0


@pytest.mark.parametrize("size_bytes", [10, 20 * MIB], ids=["small", "several-parts"])
async def test_too_much_arriving_leaves_what_was_there(managed: StoreRig, size_bytes: int) -> None:
    await managed.store.put("upload", b"before", "text/plain")
    chunks = (b"x" * min(size_bytes, MIB) for _ in range(max(size_bytes // MIB, 1)))

    with pytest.raises(ObjectTooLarge):
        await managed.store.receive("upload", arriving(*chunks), max_bytes=size_bytes - 1)

    assert await managed.store.get("upload", max_bytes=99) == b"before"
    assert await managed.leftovers() == 0


async def test_a_sender_that_fails_leaves_nothing(managed: StoreRig) -> None:
    async def failing() -> AsyncGenerator[bytes]:
        for _ in range(20):
            yield bytes(MIB)
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await managed.store.receive("upload", failing(), max_bytes=99 * MIB)

    assert await keys_in(managed.store) == []
    assert await managed.leftovers() == 0


async def test_a_cancelled_upload_leaves_nothing(managed: StoreRig) -> None:
    begun = asyncio.Event()

    async def endless() -> AsyncGenerator[bytes]:
        for number in range(1000):
            if number == 20:
                begun.set()
                await asyncio.sleep(3600)
            yield bytes(MIB)

    receiving = asyncio.create_task(managed.store.receive("upload", endless(), max_bytes=1000 * MIB))
    await begun.wait()
    receiving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await receiving

    assert await keys_in(managed.store) == []
    assert await managed.leftovers() == 0


async def test_a_file_is_kept(managed: StoreRig, tmp_path: Path) -> None:
    data = bytes(range(256)) * 40_000
    path = tmp_path / "proxy.mp4"
    path.write_bytes(data)

    info = await managed.store.put_file("assets/7/proxy.mp4", path, "video/mp4")

    assert info.size_bytes == len(data)
    assert await streamed(managed.store, "assets/7/proxy.mp4") == data


async def test_a_moved_object_is_found_under_its_other_key_only(managed: StoreRig) -> None:
    await managed.store.put("uploads/a", b"data", "text/plain")
    await managed.store.put("assets/a", b"old", "text/plain")

    await managed.store.move("uploads/a", "assets/a")

    assert await keys_in(managed.store) == ["assets/a"]
    assert await managed.store.get("assets/a", max_bytes=99) == b"data"


async def test_an_object_moved_onto_itself_stays(managed: StoreRig) -> None:
    await managed.store.put("a", b"data", "text/plain")

    await managed.store.move("a", "a")

    assert await managed.store.get("a", max_bytes=99) == b"data"


async def test_a_large_object_is_moved_whole(managed: StoreRig) -> None:
    data = bytes(range(256)) * 50_000
    await managed.store.put("uploads/a", data, "text/plain")

    await managed.store.move("uploads/a", "assets/a")

    assert await streamed(managed.store, "assets/a") == data
    assert await managed.leftovers() == 0


async def test_deleting_twice_is_fine(managed: StoreRig) -> None:
    await managed.store.put("a/b", b"data", "text/plain")

    await managed.store.delete("a/b")
    await managed.store.delete("a/b")
    await managed.store.delete("a")

    assert await keys_in(managed.store) == []


async def test_deleting_a_folder_leaves_its_neighbours(managed: StoreRig) -> None:
    for key in ("assets/1/a", "assets/1/b/c", "assets/10/a", "assets/2", "assets/1.jpg"):
        await managed.store.put(key, b"data", "text/plain")

    assert await managed.store.delete_prefix("assets/1/") == 2
    assert await managed.store.delete_prefix("assets/1/") == 0
    assert await keys_in(managed.store) == ["assets/1.jpg", "assets/10/a", "assets/2"]


async def test_a_listing_names_the_objects_of_a_folder(managed: StoreRig) -> None:
    for key in ("assets/1/b", "assets/1/a/x", "assets/12/a", "other"):
        await managed.store.put(key, b"12345", "text/plain")

    assert await keys_in(managed.store, "assets/1/") == ["assets/1/a/x", "assets/1/b"]
    assert await keys_in(managed.store) == ["assets/1/a/x", "assets/1/b", "assets/12/a", "other"]
    assert await keys_in(managed.store, "absent/") == []


async def test_of_many_writers_of_one_key_one_wins_whole(managed: StoreRig) -> None:
    contents = [bytes([number]) * 300_000 for number in range(8)]

    await asyncio.gather(
        *(managed.store.receive("same/key", arriving(data[:99], data[99:]), max_bytes=MIB) for data in contents)
    )

    assert await managed.store.get("same/key", max_bytes=MIB) in contents
    assert await managed.leftovers() == 0


async def test_writers_and_deleters_in_one_folder_do_not_disturb_each_other(managed: StoreRig) -> None:
    async def work(number: int) -> None:
        for _ in range(10):
            await managed.store.put(f"folder/inner/{number}", b"x", "text/plain")
            await managed.store.delete(f"folder/inner/{number}")

    await asyncio.gather(*(work(number) for number in range(6)))

    assert await keys_in(managed.store) == []


async def test_writes_that_have_ended_are_not_unfinished(managed: StoreRig) -> None:
    await managed.store.put("a", b"x", "text/plain")
    with pytest.raises(ObjectTooLarge):
        await managed.store.receive("b", arriving(b"x" * MIB, b"x"), max_bytes=MIB)

    async with aclosing(managed.store.unfinished()) as writes:
        assert [write async for write in writes] == []
