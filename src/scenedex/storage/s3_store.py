"""The managed store as a folder of one bucket on an S3 service."""

from __future__ import annotations

import hashlib
import os
from base64 import b64encode
from contextlib import aclosing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import quote
from xml.sax.saxutils import escape

from scenedex.storage.errors import (
    AccessDenied,
    BucketNotFound,
    ManagedBucketMissing,
    ManagedStoreReadOnly,
    RangePastEnd,
    SourceChanged,
    StorageUnavailable,
    UploadGone,
)
from scenedex.storage.names import is_managed_key, require_managed_key, require_managed_prefix
from scenedex.storage.objects import ObjectInfo
from scenedex.storage.s3_answers import error_code
from scenedex.storage.s3_buckets import S3Buckets
from scenedex.storage.s3_location import S3Location, S3Patience
from scenedex.storage.s3_requests import S3Object, S3Requests
from scenedex.storage.s3_transfer import S3CopySizes, copy_object, upload
from scenedex.storage.threads import descriptor, in_thread

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Sequence
    from datetime import timedelta
    from pathlib import Path

    from scenedex.storage.buckets import SourceBuckets
    from scenedex.storage.objects import ListedObject, UnfinishedWrite
    from scenedex.storage.s3_location import S3Observer
    from scenedex.storage.s3_signature import Query
    from scenedex.storage.store import Progress

_CHUNK_BYTES: Final = 1 << 20
_DELETED_AT_ONCE: Final = 1000  # objects; what S3 allows


@dataclass(frozen=True, slots=True)
class S3StoreSettings:
    """Where in a service the managed objects are, and how it is used.

    Attributes:
        bucket: an existing bucket.
        prefix: the folder in it, with its closing slash, or empty for all of the bucket.
        patience: time limits and attempts.
        copy_sizes: how large objects are copied between buckets.

    Raises:
        ManagedKeyInvalid: the prefix is no folder.
    """

    bucket: str
    prefix: str = ""
    patience: S3Patience = field(default_factory=S3Patience)
    copy_sizes: S3CopySizes = field(default_factory=S3CopySizes)

    def __post_init__(self) -> None:
        require_managed_prefix(self.prefix, may_be_empty=True)


class S3Store:
    """`ManagedStore` in one bucket. Parts of uploads whose process was killed remain until they are given up.

    S3 answers with the content type that an object was written with; copies of large objects have none.
    """

    def __init__(
        self,
        location: S3Location,
        settings: S3StoreSettings,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        observer: S3Observer | None = None,
    ) -> None:
        self._requests = S3Requests(location, settings.patience, clock, observer)
        self._settings = settings
        self._clock = clock

    async def import_from(
        self,
        source: SourceBuckets,
        bucket: str,
        key: str,
        to_key: str,
        *,
        expected: ObjectInfo,
        on_progress: Progress,
    ) -> ObjectInfo:
        """See `ManagedStore`. Between buckets of one location the service copies, else the bytes pass through here."""
        target = self._object(to_key)
        present = await source.head(bucket, key)
        if not present.is_same_version(expected):
            raise SourceChanged(key)
        sizes = self._settings.copy_sizes
        is_same_service = isinstance(source, S3Buckets) and source.location == self._requests.location
        try:
            if is_same_service and sizes.allow(key, expected.size_bytes):
                with self._own_bucket():
                    await copy_object(
                        self._requests,
                        S3Object(bucket, key),
                        target,
                        expected=expected,
                        sizes=sizes,
                        on_progress=on_progress,
                    )
            else:
                stream = source.stream(bucket, key, expected=expected)
                async with aclosing(stream), aclosing(_counted(stream, on_progress)) as chunks:
                    await self._upload(target, chunks, expected.size_bytes, "application/octet-stream")
        except AccessDenied as error:
            # The source has just let us look, so it is our own bucket that refuses.
            raise ManagedStoreReadOnly(str(error)) from error
        copied = await self.head(to_key)
        if copied.size_bytes != expected.size_bytes:
            raise StorageUnavailable(f"{key}: the copy has {copied.size_bytes} of {expected.size_bytes} bytes")
        return copied

    async def put(self, key: str, data: bytes, content_type: str) -> ObjectInfo:
        """See `ManagedStore`."""
        target = self._object(key)
        with self._own_bucket():
            answer = await self._requests.ask(
                "PUT", target, headers={"content-type": content_type}, body=data, notes_sha256=True
            )
        return ObjectInfo(len(data), answer.headers["etag"], self._clock())

    async def put_file(self, key: str, path: Path, content_type: str) -> ObjectInfo:
        """See `ManagedStore`."""
        target = self._object(key)
        async with (
            descriptor(lambda: os.open(path, os.O_RDONLY | os.O_CLOEXEC)) as file,
            aclosing(_chunks_of(file)) as chunks,
        ):
            await self._upload(target, chunks, os.fstat(file).st_size, content_type)
        return await self.head(key)

    async def receive(
        self,
        key: str,
        chunks: AsyncIterator[bytes],
        *,
        max_bytes: int,
        content_type: str = "application/octet-stream",
    ) -> ObjectInfo:
        """See `ManagedStore`."""
        await self._upload(self._object(key), chunks, max_bytes, content_type)
        return await self.head(key)

    async def get(self, key: str, *, max_bytes: int) -> bytes:
        """See `ManagedStore`."""
        target = self._object(key)
        with self._own_bucket():
            return (await self._requests.ask("GET", target, max_bytes=max_bytes)).body

    async def read(self, key: str, offset: int, length: int) -> bytes:
        """See `ManagedStore`."""
        target = self._object(key)
        with self._own_bucket():
            if length <= 0:
                await self._requests.head(target)
                return b""
            headers = {"range": f"bytes={offset}-{offset + length - 1}"}
            try:
                return (await self._requests.ask("GET", target, headers=headers, max_bytes=length)).body
            except RangePastEnd:
                return b""

    async def stream(self, key: str, start: int = 0, end: int | None = None) -> AsyncGenerator[bytes]:
        """See `ManagedStore`."""
        target = self._object(key)
        with self._own_bucket():
            info = await self._requests.head(target)
            stop = info.size_bytes if end is None else min(end, info.size_bytes)
            async with aclosing(self._requests.stream(target, start, stop, etag=info.etag)) as chunks:
                async for chunk in chunks:
                    yield chunk

    async def head(self, key: str) -> ObjectInfo:
        """See `ManagedStore`."""
        target = self._object(key)
        with self._own_bucket():
            return await self._requests.head(target)

    async def move(self, from_key: str, to_key: str) -> None:
        """See `ManagedStore`."""
        source, target = self._object(from_key), self._object(to_key)
        with self._own_bucket():
            info = await self._requests.head(source)
            if source == target:
                return
            await copy_object(
                self._requests,
                source,
                target,
                expected=info,
                sizes=self._settings.copy_sizes,
                on_progress=_unreported,
            )
        await self.delete(from_key)

    async def delete(self, key: str) -> None:
        """See `ManagedStore`."""
        target = self._object(key)
        with self._own_bucket():
            await self._requests.ask("DELETE", target)

    async def delete_prefix(self, prefix: str) -> int:
        """See `ManagedStore`."""
        require_managed_prefix(prefix, may_be_empty=False)
        deleted = 0
        keys: list[str] = []
        async for item in self.list(prefix):
            keys.append(item.key)
            if len(keys) == _DELETED_AT_ONCE:
                deleted += await self._delete_many(keys)
                keys = []
        return deleted + await self._delete_many(keys)

    async def _delete_many(self, keys: Sequence[str]) -> int:
        if keys:
            names = "".join(f"<Object><Key>{escape(self._object(key).key)}</Key></Object>" for key in keys)
            body = f"<Delete><Quiet>true</Quiet>{names}</Delete>".encode()
            digest = b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()
            headers = {"content-md5": digest, "content-type": "application/xml"}
            bucket = S3Object(self._settings.bucket)
            answer = await self._requests.ask("POST", bucket, query=(("delete", ""),), headers=headers, body=body)
            if code := error_code(answer.body):
                raise StorageUnavailable(f"some objects could not be deleted ({code})")
        return len(keys)

    async def list(self, prefix: str = "") -> AsyncGenerator[ListedObject]:
        """See `ManagedStore`."""
        require_managed_prefix(prefix, may_be_empty=True)
        folder = self._settings.prefix
        with self._own_bucket():
            async for item in self._requests.list(self._settings.bucket, folder + prefix):
                key = item.key.removeprefix(folder)
                if is_managed_key(key):
                    yield replace(item, key=key)

    async def unfinished(self) -> AsyncGenerator[UnfinishedWrite]:
        """See `ManagedStore`. Uploads of processes at work are among them."""
        folder = self._settings.prefix
        with self._own_bucket():
            async for upload in self._requests.uploads(self._settings.bucket, folder):
                key = (upload.key or "").removeprefix(folder)
                if is_managed_key(key):
                    yield replace(upload, key=key)

    async def give_up(self, write: UnfinishedWrite) -> None:
        """See `ManagedStore`."""
        target = self._object(write.key or "")
        with self._own_bucket(), suppress(UploadGone):
            await self._requests.ask("DELETE", target, query=(("uploadId", write.token),))

    def local_path(self, key: str) -> Path | None:
        """``None``: the object is no file of this machine."""
        require_managed_key(key)

    def sign_get(
        self, key: str, *, expires: timedelta, filename: str | None = None, content_type: str | None = None
    ) -> str | None:
        """See `ManagedStore`. S3 allows at most seven days."""
        query: Query = ()
        if filename is not None:
            query += (("response-content-disposition", f"attachment; filename*=UTF-8''{quote(filename, safe='')}"),)
        if content_type is not None:
            query += (("response-content-type", content_type),)
        return self._requests.sign("GET", [self._object(key)], query=query, expires=expires)[0]

    def sign_get_many(self, keys: Sequence[str], *, expires: timedelta) -> Sequence[str] | None:
        """See `ManagedStore`."""
        return self._requests.sign("GET", [self._object(key) for key in keys], expires=expires)

    def sign_put(self, key: str, *, expires: timedelta) -> str | None:
        """See `ManagedStore`. S3 allows at most seven days."""
        return self._requests.sign("PUT", [self._object(key)], expires=expires)[0]

    async def close(self) -> None:
        """See `ManagedStore`."""
        await self._requests.close()

    def _object(self, key: str) -> S3Object:
        require_managed_key(key)
        return S3Object(self._settings.bucket, self._settings.prefix + key)

    async def _upload(self, target: S3Object, chunks: AsyncIterator[bytes], max_bytes: int, content_type: str) -> None:
        with self._own_bucket():
            await upload(self._requests, target, chunks, max_bytes=max_bytes, content_type=content_type)

    @contextmanager
    def _own_bucket(self) -> Generator[None]:
        """That our own bucket is missing is no property of any object."""
        try:
            yield
        except BucketNotFound as error:
            raise ManagedBucketMissing(str(error)) from error


async def _chunks_of(file: int) -> AsyncGenerator[bytes]:
    while chunk := await in_thread(os.read, file, _CHUNK_BYTES):
        yield chunk


async def _counted(chunks: AsyncIterator[bytes], on_progress: Progress) -> AsyncGenerator[bytes]:
    done = 0
    async for chunk in chunks:
        yield chunk
        done += len(chunk)
        await on_progress(done)


async def _unreported(_bytes_done: int) -> None:
    """A move is not long enough to tell of."""
