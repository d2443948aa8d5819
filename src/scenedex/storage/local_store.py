"""Managed store in a folder of this machine, shared by any number of processes."""

from __future__ import annotations

import os
from contextlib import aclosing, asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

from scenedex.storage.errors import ObjectTooLarge, SourceChanged
from scenedex.storage.folder import info_of, listed, open_object, opened_object, translated_errors
from scenedex.storage.incoming import IncomingFile, abandoned_writes, prune_folders, remove_abandoned, rename_into
from scenedex.storage.local_buckets import LocalBuckets
from scenedex.storage.names import is_managed_key, require_managed_key, require_managed_prefix
from scenedex.storage.store import ManagedStore, delete_listed
from scenedex.storage.threads import descriptor, in_thread, paged

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Sequence
    from pathlib import Path

    from scenedex.storage.buckets import SourceBuckets
    from scenedex.storage.objects import ListedObject, ObjectInfo, UnfinishedWrite
    from scenedex.storage.store import Progress

_SLICE_BYTES: Final = 32 << 20  # copied between two checks for cancellation
_CHUNK_BYTES: Final = 1 << 20


class LocalStore(ManagedStore):
    """`ManagedStore` over one root folder, created by the first write. Folders have mode 700, files 600."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def import_from(
        self, source: SourceBuckets, bucket: str, key: str, to_key: str, *, expected: ObjectInfo, on_progress: Progress
    ) -> ObjectInfo:
        """See `ManagedStore`."""
        async with self._incoming(to_key) as incoming:
            if isinstance(source, LocalBuckets):
                await _copy_file(source, bucket, key, incoming, expected, on_progress)
            else:
                await _copy_stream(source, bucket, key, incoming, expected, on_progress)
            return await in_thread(incoming.publish, durable=False)

    async def put(self, key: str, data: bytes, content_type: str) -> ObjectInfo:
        """See `ManagedStore`."""
        del content_type
        async with self._incoming(key) as incoming:
            await in_thread(incoming.write, data)
            return await in_thread(incoming.publish, durable=True)

    async def put_file(self, key: str, path: Path, content_type: str) -> ObjectInfo:
        """See `ManagedStore`."""
        del content_type
        async with (
            descriptor(lambda: os.open(path, os.O_RDONLY | os.O_CLOEXEC)) as file,
            self._incoming(key) as incoming,
        ):
            done = 0
            while copied := await in_thread(incoming.copy_from, file, done, _SLICE_BYTES):
                done += copied
            return await in_thread(incoming.publish, durable=True)

    async def receive(self, key: str, chunks: AsyncIterator[bytes], *, max_bytes: int) -> ObjectInfo:
        """See `ManagedStore`."""
        async with self._incoming(key) as incoming:
            received = 0
            async for chunk in chunks:
                received += len(chunk)
                if received > max_bytes:
                    raise ObjectTooLarge(f"{key}: over {max_bytes}")
                await in_thread(incoming.write, chunk)
            return await in_thread(incoming.publish, durable=True)

    async def get(self, key: str, *, max_bytes: int) -> bytes:
        """See `ManagedStore`."""
        require_managed_key(key)
        return await in_thread(self._get, key, max_bytes)

    def _get(self, key: str, max_bytes: int) -> bytes:
        with opened_object(self._root, key) as file, translated_errors(key):
            size_bytes = os.fstat(file).st_size
            if size_bytes > max_bytes:
                raise ObjectTooLarge(f"{key}: {size_bytes}, over {max_bytes}")
            return _read(file, 0, size_bytes)

    async def read(self, key: str, offset: int, length: int) -> bytes:
        """See `ManagedStore`."""
        require_managed_key(key)
        return await in_thread(self._read, key, offset, length)

    def _read(self, key: str, offset: int, length: int) -> bytes:
        with opened_object(self._root, key) as file, translated_errors(key):
            return _read(file, offset, min(length, max(os.fstat(file).st_size - offset, 0)))

    async def stream(self, key: str, start: int = 0, end: int | None = None) -> AsyncGenerator[bytes]:
        """See `ManagedStore`."""
        require_managed_key(key)
        async with descriptor(lambda: open_object(self._root, key)) as file:
            with translated_errors(key):
                size_bytes = os.fstat(file).st_size
                stop = size_bytes if end is None else min(end, size_bytes)
                while start < stop:
                    chunk = await in_thread(os.pread, file, min(_CHUNK_BYTES, stop - start), start)
                    if not chunk:
                        return
                    yield chunk
                    start += len(chunk)

    async def head(self, key: str) -> ObjectInfo:
        """See `ManagedStore`."""
        require_managed_key(key)
        return await in_thread(self._head, key)

    def _head(self, key: str) -> ObjectInfo:
        with opened_object(self._root, key) as file:
            return info_of(file)

    async def move(self, from_key: str, to_key: str) -> None:
        """See `ManagedStore`."""
        require_managed_key(from_key)
        require_managed_key(to_key)
        await in_thread(self._move, from_key, to_key)

    def _move(self, from_key: str, to_key: str) -> None:
        path = self._root / from_key
        self._head(from_key)
        with translated_errors(from_key):
            rename_into(self._root, path, self._root / to_key, durable=True)
            prune_folders(self._root, path.parent)

    async def delete(self, key: str) -> None:
        """See `ManagedStore`."""
        require_managed_key(key)
        await in_thread(self._delete, [key])

    def _delete(self, keys: Sequence[str]) -> int:
        deleted = 0
        for key in keys:
            path = self._root / key
            with translated_errors(key):
                try:
                    path.unlink()
                except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
                    continue
            deleted += 1
            prune_folders(self._root, path.parent)
        return deleted

    async def delete_prefix(self, prefix: str) -> int:
        """See `ManagedStore`."""
        require_managed_prefix(prefix, allow_empty=False)
        return await delete_listed(self.list(prefix), partial(in_thread, self._delete))

    async def list(self, prefix: str = "") -> AsyncGenerator[ListedObject]:
        """See `ManagedStore`."""
        require_managed_prefix(prefix, allow_empty=True)
        if not await in_thread(self._root.is_dir):
            return
        with translated_errors(prefix):
            async for item in paged(listed(self._root, prefix)):
                if is_managed_key(item.key):
                    yield item

    async def unfinished(self) -> AsyncGenerator[UnfinishedWrite]:
        """See `ManagedStore`. Excludes running writes, whose files are locked."""
        with translated_errors("unfinished writes"):
            found = await in_thread(abandoned_writes, self._root)
        for write in found:
            yield write

    async def abort(self, write: UnfinishedWrite) -> None:
        """See `ManagedStore`."""
        await in_thread(remove_abandoned, self._root, write.token)

    def local_path(self, key: str) -> Path | None:
        """See `ManagedStore`."""
        require_managed_key(key)
        return self._root / key

    @asynccontextmanager
    async def _incoming(self, key: str) -> AsyncGenerator[IncomingFile]:
        require_managed_key(key)
        incoming = IncomingFile(self._root, key)
        try:
            await in_thread(incoming.create)
            yield incoming
        finally:
            await in_thread(incoming.discard)


def _read(file: int, offset: int, length: int) -> bytes:
    parts: list[bytes] = []
    while length > 0 and (part := os.pread(file, length, offset)):
        parts.append(part)
        offset += len(part)
        length -= len(part)
    return b"".join(parts)


async def _copy_file(
    source: LocalBuckets, bucket: str, key: str, incoming: IncomingFile, expected: ObjectInfo, on_progress: Progress
) -> None:
    async with descriptor(lambda: source.open_expected(bucket, key, expected)) as file:
        done = 0
        while done < expected.size_bytes:
            length = min(_SLICE_BYTES, expected.size_bytes - done)
            copied = await in_thread(incoming.copy_from, file, done, length)
            if not copied:
                raise SourceChanged(key)
            done += copied
            await on_progress(done)
        await in_thread(source.require_unchanged, file, bucket, key, expected)


async def _copy_stream(
    source: SourceBuckets, bucket: str, key: str, incoming: IncomingFile, expected: ObjectInfo, on_progress: Progress
) -> None:
    done = 0
    async with aclosing(source.stream(bucket, key, expected=expected)) as chunks:
        async for chunk in chunks:
            await in_thread(incoming.write, chunk)
            done += len(chunk)
            await on_progress(done)
