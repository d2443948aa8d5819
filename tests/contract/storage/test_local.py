"""Faults that only folders have: links, pipes, modes, dead writers."""

from __future__ import annotations

import asyncio
import os
import socket
import stat
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from typing import TYPE_CHECKING

import pytest

from scenedex.storage.errors import BucketNotFound, ManagedKeyTaken, ObjectNotFound, SourceChanged, StorageUnavailable
from scenedex.storage.incoming import IncomingFile
from scenedex.storage.local_buckets import LocalBuckets
from scenedex.storage.local_store import LocalStore

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from scenedex.storage.objects import UnfinishedWrite

pytestmark = pytest.mark.anyio

MIB = 1 << 20


async def unheard(_bytes_done: int) -> None:
    pass


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Folder with one bucket, ``films``, that contains one film. A secret is beside the folder."""
    root = tmp_path / "buckets"
    (root / "films").mkdir(parents=True)
    (root / "films" / "film.mp4").write_bytes(b"film")
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key.txt").write_bytes(b"secret")
    return root


async def keys_in(buckets: LocalBuckets, bucket: str) -> list[str]:
    async with aclosing(buckets.list(bucket)) as items:
        return [item.key async for item in items]


async def test_links_are_not_followed(root: Path) -> None:
    (root / "films" / "link.txt").symlink_to(root.parent / "secret" / "key.txt")
    (root / "films" / "folder").symlink_to(root.parent / "secret")
    (root / "films" / "inside.mp4").symlink_to("film.mp4")
    (root / "linked").symlink_to(root.parent / "secret")
    buckets = LocalBuckets(root)

    for bucket, key in (
        ("films", "link.txt"),
        ("films", "folder/key.txt"),
        ("films", "inside.mp4"),
        ("linked", "key.txt"),
    ):
        with pytest.raises(ObjectNotFound):
            await buckets.head(bucket, key)
    assert not await buckets.exists("linked")
    assert await keys_in(buckets, "films") == ["film.mp4"]
    with pytest.raises(BucketNotFound):
        await keys_in(buckets, "linked")


async def test_the_root_itself_may_be_a_link(root: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").symlink_to(root)

    assert (await LocalBuckets(tmp_path / "elsewhere").head("films", "film.mp4")).size_bytes == 4


async def test_what_is_no_regular_file_is_not_found_and_blocks_nobody(root: Path) -> None:
    os.mkfifo(root / "films" / "pipe.mp4")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(root / "films" / "s"))
        buckets = LocalBuckets(root)

        for key in ("pipe.mp4", "s"):
            with pytest.raises(ObjectNotFound):
                await buckets.head("films", key)
        assert await keys_in(buckets, "films") == ["film.mp4"]


async def test_a_file_whose_name_is_no_text_is_no_object(root: Path) -> None:
    (root / "films" / os.fsdecode(b"\xff.mp4")).write_bytes(b"x")

    assert await keys_in(LocalBuckets(root), "films") == ["film.mp4"]


async def test_a_missing_root_has_no_buckets(tmp_path: Path) -> None:
    buckets = LocalBuckets(tmp_path / "absent")

    assert not await buckets.exists("films")
    with pytest.raises(ObjectNotFound):
        await buckets.head("films", "film.mp4")


async def test_a_file_written_in_place_is_another_version(root: Path) -> None:
    buckets = LocalBuckets(root)
    before = await buckets.head("films", "film.mp4")
    os.utime(root / "films" / "film.mp4", ns=(0, 1_000_000_000))

    assert not (await buckets.head("films", "film.mp4")).is_same_version(before)


async def test_managed_files_are_for_our_user_alone(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "data" / "managed")

    await store.put("assets/1/a.jpg", b"x", "image/jpeg")

    path = store.local_path("assets/1/a.jpg")
    assert path is not None
    assert path == tmp_path / "data" / "managed" / "assets" / "1" / "a.jpg"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for folder in (path.parent, path.parent.parent, tmp_path / "data" / "managed"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


async def test_folders_go_with_their_last_object(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    for key in ("assets/1/a/b", "assets/1/c", "assets/2/d"):
        await store.put(key, b"x", "text/plain")

    await store.delete("assets/1/a/b")
    assert not (tmp_path / "assets" / "1" / "a").exists()
    await store.move("assets/1/c", "moved")
    assert not (tmp_path / "assets" / "1").exists()
    await store.delete_prefix("assets/2/")
    assert not (tmp_path / "assets").exists()
    assert (tmp_path / ".incoming").exists()


async def test_an_object_cannot_take_the_name_of_a_folder(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    await store.put("a/b", b"x", "text/plain")

    with pytest.raises(ManagedKeyTaken):
        await store.put("a", b"x", "text/plain")
    with pytest.raises(ManagedKeyTaken):
        await store.put("a/b/c", b"x", "text/plain")
    with pytest.raises(ManagedKeyTaken):
        await store.move("a/b", "a/b/c")
    assert await store.get("a/b", max_bytes=1) == b"x"


async def test_a_writer_at_work_is_left_alone_by_others(tmp_path: Path) -> None:
    store, other = LocalStore(tmp_path), LocalStore(tmp_path)
    goes_on = asyncio.Event()
    begun = asyncio.Event()

    async def slowly() -> AsyncGenerator[bytes]:
        yield b"first "
        begun.set()
        await goes_on.wait()
        yield b"second"

    receiving = asyncio.create_task(store.receive("slow", slowly(), max_bytes=99))
    await begun.wait()
    await other.put("quick", b"x", "text/plain")
    assert await unfinished(other) == []
    goes_on.set()
    await receiving

    assert await store.get("slow", max_bytes=99) == b"first second"


async def test_writers_that_begin_together_remove_no_file_of_each_other(tmp_path: Path) -> None:
    def write(number: int) -> None:
        file = IncomingFile(tmp_path, f"written/{number}")
        try:
            file.create()
            file.publish(durable=False)
        finally:
            file.discard()

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(write, range(4_000)))

    assert len(list((tmp_path / "written").iterdir())) == 4_000


async def test_a_killed_copy_leaves_no_half_object_and_is_cleared_away(root: Path, tmp_path: Path) -> None:
    (root / "films" / "long.mp4").write_bytes(bytes(40 * MIB))
    managed = tmp_path / "managed"
    program = textwrap.dedent(f"""
        import asyncio
        from pathlib import Path
        from scenedex.storage.local_buckets import LocalBuckets
        from scenedex.storage.local_store import LocalStore

        async def hold(bytes_done):
            print(bytes_done, flush=True)
            await asyncio.sleep(60)

        async def main():
            buckets = LocalBuckets(Path({str(root)!r}))
            expected = await buckets.head("films", "long.mp4")
            await LocalStore(Path({str(managed)!r})).import_from(
                buckets, "films", "long.mp4", "copy", expected=expected, on_progress=hold
            )

        asyncio.run(main())
    """)
    copying = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE)
    assert copying.stdout is not None
    assert 0 < int(await copying.stdout.readline()) < 40 * MIB
    copying.kill()
    await copying.communicate()

    assert not (managed / "copy").exists()
    assert len(list((managed / ".incoming").iterdir())) == 1
    assert len(await unfinished(LocalStore(managed))) == 1

    buckets, store = LocalBuckets(root), LocalStore(managed)
    expected = await buckets.head("films", "long.mp4")
    await store.import_from(buckets, "films", "long.mp4", "copy", expected=expected, on_progress=unheard)
    assert (await store.head("copy")).size_bytes == 40 * MIB
    assert list((managed / ".incoming").iterdir()) == []


async def test_a_source_that_shrinks_during_the_copy_is_not_taken(root: Path, tmp_path: Path) -> None:
    buckets, store = LocalBuckets(root), LocalStore(tmp_path / "managed")
    film = root / "films" / "shrinking.mp4"
    film.write_bytes(bytes(20 * MIB))
    expected = await buckets.head("films", "shrinking.mp4")

    async def cut(_bytes_done: int) -> None:
        os.truncate(film, 16 * MIB)

    with pytest.raises(SourceChanged):
        await store.import_from(buckets, "films", "shrinking.mp4", "copy", expected=expected, on_progress=cut)
    assert not (tmp_path / "managed" / "copy").exists()


async def test_a_managed_folder_that_cannot_be_made_is_no_missing_object(root: Path) -> None:
    buckets, store = LocalBuckets(root), LocalStore(root / "films" / "film.mp4" / "managed")
    expected = await buckets.head("films", "film.mp4")

    with pytest.raises(StorageUnavailable, match="the managed folder cannot be written to"):
        await store.import_from(buckets, "films", "film.mp4", "copy", expected=expected, on_progress=unheard)


async def test_what_a_killed_writer_left_can_be_given_up(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    (tmp_path / ".incoming").mkdir()
    (tmp_path / ".incoming" / "cafe").write_bytes(b"half")

    [write] = await unfinished(store)
    for _ in range(2):
        await store.abort(write)

    assert (write.key, list((tmp_path / ".incoming").iterdir())) == (None, [])
    assert await unfinished(LocalStore(tmp_path / "absent")) == []


async def unfinished(store: LocalStore) -> list[UnfinishedWrite]:
    async with aclosing(store.unfinished()) as writes:
        return [write async for write in writes]
