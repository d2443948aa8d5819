"""Fakes of both storage ports for tests."""

from __future__ import annotations

import asyncio
import hashlib
from contextlib import aclosing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from scenedex.storage.buckets import SourceBuckets, require_unchanged
from scenedex.storage.errors import BucketNotFound, ObjectNotFound, ObjectTooLarge, SourceChanged
from scenedex.storage.names import folder_names, is_bucket_name, require_managed_key, require_managed_prefix
from scenedex.storage.objects import ListedObject, ObjectInfo, UnfinishedWrite
from scenedex.storage.store import ManagedStore

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator
    from pathlib import Path

    from scenedex.storage.store import Progress

_CHUNK_BYTES: Final = 1 << 20


class _Shelf:
    """Objects of one bucket by key."""

    def __init__(self) -> None:
        self._writes = 0
        self._objects: dict[str, tuple[bytes, ObjectInfo]] = {}

    def put(self, key: str, data: bytes) -> ObjectInfo:
        self._writes += 1
        etag = f"{self._writes}-{hashlib.sha256(data).hexdigest()[:16]}"
        info = ObjectInfo(len(data), etag, datetime.now(UTC))
        self._objects[key] = (data, info)
        return info

    def get(self, key: str) -> tuple[bytes, ObjectInfo]:
        if key not in self._objects:
            raise ObjectNotFound(repr(key[:80]))
        return self._objects[key]

    def remove(self, key: str) -> None:
        self._objects.pop(key, None)

    def listed(self, prefix: str, start_after: str = "") -> list[ListedObject]:
        return [
            ListedObject(key, info.size_bytes, info.modified, info.etag)
            for key, (_, info) in sorted(self._objects.items())
            if key.startswith(prefix) and key > start_after
        ]


class MemoryBuckets(SourceBuckets):
    """`SourceBuckets` in memory, filled by `create` and `put`."""

    writes_whole = True

    def __init__(self) -> None:
        self._buckets: dict[str, _Shelf] = {}

    def create(self, bucket: str) -> None:
        """Create a bucket unless it exists."""
        self._buckets.setdefault(bucket, _Shelf())

    def put(self, bucket: str, key: str, data: bytes) -> ObjectInfo:
        """Put an object into an existing bucket, as users do."""
        return self._shelf(bucket).put(key, data)

    def remove(self, bucket: str, key: str) -> None:
        """Remove an object of an existing bucket, as users do."""
        self._shelf(bucket).remove(key)

    def _shelf(self, bucket: str) -> _Shelf:
        if bucket not in self._buckets:
            raise BucketNotFound(repr(bucket[:80]))
        return self._buckets[bucket]

    async def exists(self, bucket: str) -> bool:
        """See `SourceBuckets`."""
        return is_bucket_name(bucket) and bucket in self._buckets

    async def is_managed(self, bucket: str) -> bool:
        """See `SourceBuckets`. No bucket is."""
        del bucket
        return False

    async def head(self, bucket: str, key: str) -> ObjectInfo:
        """See `SourceBuckets`."""
        return self._object(bucket, key)[1]

    def _object(self, bucket: str, key: str) -> tuple[bytes, ObjectInfo]:
        shelf = self._shelf(bucket)
        if folder_names(key) is None:
            raise ObjectNotFound(repr(key[:80]))
        return shelf.get(key)

    async def list(
        self, bucket: str, prefix: str = "", *, start_after: str = "", is_recursive: bool = True
    ) -> AsyncGenerator[ListedObject]:
        """See `SourceBuckets`."""
        for item in self._shelf(bucket).listed(prefix, start_after):
            if is_recursive or "/" not in item.key.removeprefix(prefix):
                yield item

    async def stream(self, bucket: str, key: str, *, expected: ObjectInfo) -> AsyncGenerator[bytes]:
        """See `SourceBuckets`."""
        data, info = self._object(bucket, key)
        if not info.is_same_version(expected):
            raise SourceChanged(key)
        for start in range(0, len(data), _CHUNK_BYTES):
            yield data[start : start + _CHUNK_BYTES]
            await asyncio.sleep(0)
        await require_unchanged(self.head(bucket, key), key, expected)


class MemoryStore(ManagedStore):
    """`ManagedStore` in memory, without URLs and files."""

    def __init__(self) -> None:
        self._shelf = _Shelf()

    async def import_from(
        self, source: SourceBuckets, bucket: str, key: str, to_key: str, *, expected: ObjectInfo, on_progress: Progress
    ) -> ObjectInfo:
        """See `ManagedStore`."""
        require_managed_key(to_key)
        data = bytearray()
        async with aclosing(source.stream(bucket, key, expected=expected)) as chunks:
            async for chunk in chunks:
                data += chunk
                await on_progress(len(data))
        return self._shelf.put(to_key, bytes(data))

    async def put(self, key: str, data: bytes, content_type: str) -> ObjectInfo:
        """See `ManagedStore`."""
        del content_type
        require_managed_key(key)
        return self._shelf.put(key, data)

    async def put_file(self, key: str, path: Path, content_type: str) -> ObjectInfo:
        """See `ManagedStore`."""
        return await self.put(key, await asyncio.to_thread(path.read_bytes), content_type)

    async def receive(self, key: str, chunks: AsyncIterator[bytes], *, max_bytes: int) -> ObjectInfo:
        """See `ManagedStore`."""
        require_managed_key(key)
        data = bytearray()
        async for chunk in chunks:
            data += chunk
            if len(data) > max_bytes:
                raise ObjectTooLarge(f"{key}: over {max_bytes}")
        return self._shelf.put(key, bytes(data))

    async def get(self, key: str, *, max_bytes: int) -> bytes:
        """See `ManagedStore`."""
        require_managed_key(key)
        data, _ = self._shelf.get(key)
        if len(data) > max_bytes:
            raise ObjectTooLarge(f"{key}: {len(data)}, over {max_bytes}")
        return data

    async def read(self, key: str, offset: int, length: int) -> bytes:
        """See `ManagedStore`."""
        require_managed_key(key)
        data, _ = self._shelf.get(key)
        return data[offset : offset + max(length, 0)]

    async def stream(self, key: str, start: int = 0, end: int | None = None) -> AsyncGenerator[bytes]:
        """See `ManagedStore`."""
        require_managed_key(key)
        data = self._shelf.get(key)[0][start:end]
        for position in range(0, len(data), _CHUNK_BYTES):
            yield data[position : position + _CHUNK_BYTES]

    async def head(self, key: str) -> ObjectInfo:
        """See `ManagedStore`."""
        require_managed_key(key)
        return self._shelf.get(key)[1]

    async def move(self, from_key: str, to_key: str) -> None:
        """See `ManagedStore`."""
        require_managed_key(from_key)
        require_managed_key(to_key)
        data, _ = self._shelf.get(from_key)
        self._shelf.remove(from_key)
        self._shelf.put(to_key, data)

    async def delete(self, key: str) -> None:
        """See `ManagedStore`."""
        require_managed_key(key)
        self._shelf.remove(key)

    async def delete_prefix(self, prefix: str) -> int:
        """See `ManagedStore`."""
        require_managed_prefix(prefix, allow_empty=False)
        keys = [item.key for item in self._shelf.listed(prefix)]
        for key in keys:
            self._shelf.remove(key)
        return len(keys)

    async def list(self, prefix: str = "") -> AsyncGenerator[ListedObject]:
        """See `ManagedStore`."""
        require_managed_prefix(prefix, allow_empty=True)
        for item in self._shelf.listed(prefix):
            yield item

    async def unfinished(self) -> AsyncGenerator[UnfinishedWrite]:
        """See `ManagedStore`. There are none, since writes in memory die with their process."""
        none: tuple[UnfinishedWrite, ...] = ()
        for write in none:
            yield write

    async def abort(self, write: UnfinishedWrite) -> None:
        """See `ManagedStore`."""

    def local_path(self, key: str) -> Path | None:
        """Return `None`, since there are no files."""
        require_managed_key(key)
