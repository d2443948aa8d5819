"""Port of the users' own buckets, which Scenedex never writes to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from scenedex.storage.errors import ObjectNotFound, SourceChanged

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable

    from scenedex.storage.objects import ListedObject, ObjectInfo


class SourceBuckets(Protocol):
    """Read access to the users' buckets.

    ``writes_whole`` is whether an object appears only when all of its bytes are there, unlike a file.

    Every method may also raise `AccessDenied` and `StorageUnavailable`, and `ObjectNotFound` for an object: no such
    bucket or key, or a key that no object can have.
    """

    writes_whole: bool

    async def exists(self, bucket: str) -> bool:
        """Return whether the bucket exists. No bucket has a malformed name."""
        ...

    async def is_managed(self, bucket: str) -> bool:
        """Return whether the bucket is managed storage. Other methods find no object in it."""
        ...

    async def head(self, bucket: str, key: str) -> ObjectInfo:
        """Return the present version of an object."""
        ...

    def list(
        self, bucket: str, prefix: str = "", *, start_after: str = "", is_recursive: bool = True
    ) -> AsyncGenerator[ListedObject]:
        """Yield the objects whose keys start with the prefix and follow ``start_after``, in the order of their keys.

        Unless ``is_recursive``, keys with a slash after the prefix are left out, and their folders are not read. Reads
        ahead by at most 1000 objects. Local folders also keep the names of one folder in memory.

        Raises:
            BucketNotFound: no such bucket.
        """
        ...

    def stream(self, bucket: str, key: str, *, expected: ObjectInfo) -> AsyncGenerator[bytes]:
        """Yield the bytes of the expected version in chunks of at most 1 MiB.

        Raises:
            SourceChanged: the object is not the expected version. Raised after the last chunk at the latest.
        """
        ...

    async def close(self) -> None:
        """Close connections, if there are any. No other call may follow."""


async def require_unchanged(head: Awaitable[ObjectInfo], subject: str, expected: ObjectInfo) -> None:
    """Raise `SourceChanged` unless the object exists in the expected version, compared with the awaited present one."""
    try:
        present = await head
    except ObjectNotFound as error:
        raise SourceChanged(subject) from error
    if not present.is_same_version(expected):
        raise SourceChanged(subject)
