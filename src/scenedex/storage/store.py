"""Port of the managed store: copies of assets, uploads, keyframes and stage outputs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol, TypeAlias
from uuid import uuid4

from scenedex.storage.errors import StorageUnavailable

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Sequence
    from datetime import timedelta
    from pathlib import Path

    from scenedex.storage.buckets import SourceBuckets
    from scenedex.storage.objects import ListedObject, ObjectInfo, UnfinishedWrite

Progress: TypeAlias = Callable[[int], Awaitable[None]]
"""Callback awaited during a copy with the bytes copied so far, which never decrease and end with the size."""

_DELETE_BATCH = 1000  # keys
_TRIAL = b"scenedex"


class ManagedStore(Protocol):
    """Objects under keys that Scenedex chooses.

    Writes are atomic and replace: a key has the old object, the new one or none, even if a process dies or a call is
    cancelled. Several processes may use one store at the same time. The last of two writers of a key wins.
    Every method may also raise `ManagedKeyInvalid`, `AccessDenied` and `StorageUnavailable`, and reads of an object
    `ObjectNotFound`. A prefix is empty where allowed, or a folder with its closing slash. A store without URLs or
    connections inherits what it does not do. For links to local objects see `signing`.
    """

    async def import_from(
        self, source: SourceBuckets, bucket: str, key: str, to_key: str, *, expected: ObjectInfo, on_progress: Progress
    ) -> ObjectInfo:
        """Copy one object of a user's bucket, inside the storage if possible, else in constant memory.

        The copy survives a crash of this process, but on local disks not necessarily a crash of the machine. The source
        still exists then and can be copied again. The next write removes what a killed copy left in a local store.

        Raises:
            ObjectNotFound: the source has no such bucket or key. Nothing is left under ``to_key``.
            AccessDenied: the source refuses. A refusal by this store is `StorageUnavailable`.
            SourceChanged: the source is not, or did not remain, the expected version. Nothing is left under ``to_key``.
        """
        ...

    async def put(self, key: str, data: bytes, content_type: str) -> ObjectInfo:
        """Store bytes durably. Local folders do not keep the content type."""
        ...

    async def put_file(self, key: str, path: Path, content_type: str) -> ObjectInfo:
        """Store a copy of a local file durably, in constant memory."""
        ...

    async def receive(self, key: str, chunks: AsyncIterator[bytes], *, max_bytes: int) -> ObjectInfo:
        """Store incoming bytes durably, in constant memory.

        Raises:
            ObjectTooLarge: more than ``max_bytes`` arrived. Nothing is stored.
        """
        ...

    async def get(self, key: str, *, max_bytes: int) -> bytes:
        """Return all bytes of a small object.

        Raises:
            ObjectTooLarge: it has more than ``max_bytes``.
        """
        ...

    async def read(self, key: str, offset: int, length: int) -> bytes:
        """Return the bytes ``[offset, offset + length)``, cut off at the end of the object."""
        ...

    def stream(self, key: str, start: int = 0, end: int | None = None) -> AsyncGenerator[bytes]:
        """Yield the bytes ``[start, end)``, or to the end, of one version in chunks of at most 1 MiB."""
        ...

    async def head(self, key: str) -> ObjectInfo:
        """Return the present version of an object."""
        ...

    async def move(self, from_key: str, to_key: str) -> None:
        """Change the key of an object, replacing any object at ``to_key``.

        Raises:
            ObjectNotFound: no object has ``from_key``. The object at ``to_key`` is untouched.
        """
        ...

    async def delete(self, key: str) -> None:
        """Delete an object if it exists."""
        ...

    async def delete_prefix(self, prefix: str) -> int:
        """Delete all objects of a folder, which must not be the root, and return their number."""
        ...

    def list(self, prefix: str = "") -> AsyncGenerator[ListedObject]:
        """Yield the objects below a folder in the order of their keys, reading ahead by at most 1000."""
        ...

    def unfinished(self) -> AsyncGenerator[UnfinishedWrite]:
        """Yield the writes of killed processes, and running ones if the store cannot distinguish them."""
        ...

    async def abort(self, write: UnfinishedWrite) -> None:
        """Remove the parts of an unfinished write if they still exist."""
        ...

    def local_path(self, key: str) -> Path | None:
        """Return the path of this object's file, or `None` if objects are not files of this machine."""
        ...

    def sign_get(
        self, key: str, *, expires: timedelta, filename: str | None = None, content_type: str | None = None
    ) -> str | None:
        """Return a URL that reads the object without keys until it expires, or `None` if the store has no URLs.

        Browsers save the object under the file name. The answer has the content type.
        """
        del key, expires, filename, content_type

    def sign_get_many(self, keys: Sequence[str], *, expires: timedelta) -> Sequence[str] | None:
        """Return a URL as of `sign_get` for each key, or `None` if the store has no URLs."""
        del keys, expires

    async def sign_put(self, key: str, *, expires: timedelta) -> str | None:
        """Return a URL that writes the object with one HTTP PUT and cannot copy another, or `None` if there is none."""
        del key, expires

    async def close(self) -> None:
        """Close connections, if there are any. No other call may follow."""


async def delete_listed(items: AsyncIterator[ListedObject], delete: Callable[[Sequence[str]], Awaitable[int]]) -> int:
    """Delete listed objects in batches of 1000 keys, the maximum of S3, and return their number."""
    deleted = 0
    keys: list[str] = []
    async for item in items:
        keys.append(item.key)
        if len(keys) == _DELETE_BATCH:
            deleted += await delete(keys)
            keys = []
    return deleted + await delete(keys)


async def check_store(managed: ManagedStore) -> None:
    """Write, read and delete a trial object under a unique key, as a health check.

    Raises:
        StorageError: one of the operations fails, for the reason in the message.
    """
    key = f"trials/{uuid4().hex}"
    await managed.put(key, _TRIAL, "text/plain")
    try:
        found = await managed.get(key, max_bytes=len(_TRIAL))
    finally:
        await managed.delete(key)
    if found != _TRIAL:
        raise StorageUnavailable("reading an object returns other bytes than were written")
