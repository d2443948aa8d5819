"""Users' buckets as folders ``ROOT/NAME/KEY``, filled with the tools of the operating system."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from scenedex.storage.buckets import SourceBuckets
from scenedex.storage.errors import AccessDenied, BucketNotFound, ObjectNotFound, SourceChanged
from scenedex.storage.folder import info_of, listed, open_object, opened, opened_object, translated_errors
from scenedex.storage.names import folder_names, is_bucket_name
from scenedex.storage.threads import descriptor, in_thread, paged

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence
    from pathlib import Path

    from scenedex.storage.objects import ListedObject, ObjectInfo

_CHUNK_BYTES: Final = 1 << 20


class LocalBuckets(SourceBuckets):
    """`SourceBuckets` over the folders in one root folder.

    Only regular files are objects. Links below the root are not followed, not even for a bucket. Mount a folder there
    instead.

    Args:
        root: folder of the buckets, which may be a link.
        managed: folder of the managed store. Nothing below it is an object, whatever the path that leads there.
    """

    writes_whole = False

    def __init__(self, root: Path, managed: Path | None = None) -> None:
        self._root = root
        self._managed = managed

    async def exists(self, bucket: str) -> bool:
        """See `SourceBuckets`."""
        return await in_thread(self._exists, bucket)

    def _exists(self, bucket: str) -> bool:
        if not is_bucket_name(bucket) or self._is_managed((bucket,)):
            return False
        try:
            with opened(self._root, (bucket,)):
                return True
        except PermissionError as error:
            raise AccessDenied(bucket) from error
        except OSError:
            return False

    async def is_managed(self, bucket: str) -> bool:
        """See `SourceBuckets`. Compares the folders, not their paths."""
        return is_bucket_name(bucket) and await in_thread(self._is_managed, (bucket,))

    def _is_managed(self, names: Sequence[str]) -> bool:
        """Return whether a folder on the way to a file or folder is that of the managed store."""
        if self._managed is None:
            return False
        path = self._root.joinpath(*names)
        with suppress(OSError):
            managed = self._managed.stat()
            for folder in (path, *path.parents[: len(names)], *self._root.resolve().parents):
                with suppress(OSError):
                    if os.path.samestat(folder.stat(), managed):
                        return True
        return False

    async def head(self, bucket: str, key: str) -> ObjectInfo:
        """See `SourceBuckets`."""
        return await in_thread(self._version, bucket, key)

    def _version(self, bucket: str, key: str) -> ObjectInfo:
        self._require_source(bucket, key)
        try:
            with opened_object(self._root, key, (bucket,)) as file:
                return info_of(file)
        except ObjectNotFound as error:
            if self._exists(bucket):
                raise
            raise BucketNotFound(bucket) from error

    async def list(
        self, bucket: str, prefix: str = "", *, start_after: str = "", is_recursive: bool = True
    ) -> AsyncGenerator[ListedObject]:
        """See `SourceBuckets`."""
        if not await self.exists(bucket):
            raise BucketNotFound(repr(bucket[:80]))
        with translated_errors(bucket):
            async for item in paged(listed(self._root, prefix, start_after, (bucket,), is_recursive=is_recursive)):
                yield item

    async def stream(self, bucket: str, key: str, *, expected: ObjectInfo) -> AsyncGenerator[bytes]:
        """See `SourceBuckets`."""
        async with descriptor(lambda: self.open_expected(bucket, key, expected)) as file:
            offset = 0
            with translated_errors(key):
                while chunk := await in_thread(os.pread, file, _CHUNK_BYTES, offset):
                    yield chunk
                    offset += len(chunk)
            await in_thread(self.require_unchanged, file, bucket, key, expected)

    def open_expected(self, bucket: str, key: str, expected: ObjectInfo) -> int:
        """Open the object's file for reading. The caller closes the descriptor. Blocks.

        Raises:
            ObjectNotFound: no such bucket or key, or a key that leads elsewhere.
            SourceChanged: it is not the expected version.
        """
        self._require_source(bucket, key)
        file = open_object(self._root, key, (bucket,))
        if not info_of(file).is_same_version(expected):
            os.close(file)
            raise SourceChanged(key)
        return file

    def require_unchanged(self, file: int, bucket: str, key: str, expected: ObjectInfo) -> None:
        """Raise `SourceChanged` unless an open file and the file of its key both are the expected version. Blocks."""
        try:
            named = self._version(bucket, key)
        except ObjectNotFound as error:
            raise SourceChanged(key) from error
        if not (named.is_same_version(expected) and info_of(file).is_same_version(expected)):
            raise SourceChanged(key)

    def _require_source(self, bucket: str, key: str) -> None:
        if not is_bucket_name(bucket):
            raise BucketNotFound(repr(bucket[:80]))
        names = folder_names(key)
        if names is not None and self._is_managed((bucket, *names[:-1])):
            raise ObjectNotFound("in the managed folder")
