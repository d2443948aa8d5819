"""Port: the users' own buckets. Nothing in them is ever written or deleted by us."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from scenedex.storage.errors import ObjectNotFound, SourceChanged

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from scenedex.storage.objects import ListedObject, ObjectInfo


class SourceBuckets(Protocol):
    """Reading of the users' buckets.

    Every method may also raise `AccessDenied` and `StorageUnavailable`.
    """

    async def exists(self, bucket: str) -> bool:
        """Whether there is such a bucket; a name that is not well-formed names none."""
        ...

    async def head(self, bucket: str, key: str) -> ObjectInfo:
        """The present version of an object.

        Raises:
            ObjectNotFound: no such bucket or key, or a key that no object can have.
        """
        ...

    def list(self, bucket: str, prefix: str = "", *, start_after: str = "") -> AsyncGenerator[ListedObject]:
        """The objects whose keys start with the prefix and come after ``start_after``, in the order of their keys.

        Reads ahead by at most 1000 objects; local folders also hold the names of one folder at a time.

        Raises:
            BucketNotFound: no such bucket.
        """
        ...

    def stream(self, bucket: str, key: str, *, expected: ObjectInfo) -> AsyncGenerator[bytes]:
        """The bytes of the version described by ``expected``, in chunks of at most 1 MiB.

        Raises:
            ObjectNotFound: no such bucket or key, or a key that no object can have.
            SourceChanged: the object is not the expected version; raised at the latest in place of the end.
        """
        ...

    async def close(self) -> None:
        """Let go of connections; the last call."""
        ...


async def require_unchanged(source: SourceBuckets, bucket: str, key: str, expected: ObjectInfo) -> None:
    """Refuse an object whose present version is not the expected one.

    Raises:
        SourceChanged: it is another, or gone.
    """
    try:
        present = await source.head(bucket, key)
    except ObjectNotFound as gone:
        raise SourceChanged(key) from gone
    if not present.is_same_version(expected):
        raise SourceChanged(key)
