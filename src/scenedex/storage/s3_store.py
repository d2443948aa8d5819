"""Managed store in a folder of one bucket on an S3 service."""

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
    MultipartUploadNotFound,
    RangePastEnd,
    SourceChanged,
    StorageUnavailable,
)
from scenedex.storage.names import is_managed_key, require_managed_key, require_managed_prefix
from scenedex.storage.objects import ObjectInfo
from scenedex.storage.s3_answers import error_code
from scenedex.storage.s3_buckets import S3Buckets
from scenedex.storage.s3_client import S3Client, S3Object
from scenedex.storage.s3_location import S3Location, S3RetryPolicy
from scenedex.storage.s3_transfer import S3CopySizes, copy_object, upload
from scenedex.storage.s3_upload_urls import S3UploadUrls
from scenedex.storage.store import delete_listed
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
_BINARY: Final = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class S3StoreSettings:
    """Location and use of the managed objects in a service.

    Attributes:
        bucket: name of an existing bucket.
        prefix: folder in it with its closing slash, or empty for the whole bucket.
        retries: timeouts and retries.
        copy_sizes: sizes of copies between buckets.

    Raises:
        ManagedKeyInvalid: the prefix is no folder.
    """

    bucket: str
    prefix: str = ""
    retries: S3RetryPolicy = field(default_factory=S3RetryPolicy)
    copy_sizes: S3CopySizes = field(default_factory=S3CopySizes)

    def __post_init__(self) -> None:
        require_managed_prefix(self.prefix, allow_empty=True)


class S3Store:
    """`ManagedStore` in one bucket. Parts of uploads of killed processes remain until they are aborted.

    S3 answers with the content type that an object was written with. Copies of large objects have none.
    """

    def __init__(
        self,
        location: S3Location,
        settings: S3StoreSettings,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        observer: S3Observer | None = None,
    ) -> None:
        self._client = S3Client(location, settings.retries, clock, observer)
        self._upload_urls = S3UploadUrls(self._client, settings.bucket, f"{settings.prefix}trials/")
        self._settings = settings
        self._clock = clock

    async def import_from(
        self, source: SourceBuckets, bucket: str, key: str, to_key: str, *, expected: ObjectInfo, on_progress: Progress
    ) -> ObjectInfo:
        """See `ManagedStore`. The service copies between buckets of one location, else the bytes pass through here."""
        target = self._object(to_key)
        present = await source.head(bucket, key)
        if not present.is_same_version(expected):
            raise SourceChanged(key)
        sizes = self._settings.copy_sizes
        is_same_service = isinstance(source, S3Buckets) and source.location == self._client.location
        try:
            if is_same_service and sizes.can_copy(key, expected.size_bytes):
                with self._managed_bucket():
                    await copy_object(
                        self._client,
                        S3Object(bucket, key),
                        target,
                        expected=expected,
                        sizes=sizes,
                        on_progress=on_progress,
                    )
            else:
                stream = source.stream(bucket, key, expected=expected)
                async with aclosing(stream), aclosing(_reporting(stream, on_progress)) as chunks:
                    await self._upload(target, chunks, expected.size_bytes, _BINARY)
        except AccessDenied as error:
            # The source has just answered, so it is the managed bucket that refuses.
            raise ManagedStoreReadOnly(str(error)) from error
        copied = await self.head(to_key)
        if copied.size_bytes != expected.size_bytes:
            raise StorageUnavailable(f"{key}: the copy has {copied.size_bytes} of {expected.size_bytes} bytes")
        return copied

    async def put(self, key: str, data: bytes, content_type: str) -> ObjectInfo:
        """See `ManagedStore`."""
        target = self._object(key)
        with self._managed_bucket():
            answer = await self._client.request(
                "PUT", target, headers={"content-type": content_type}, body=data, stores_sha256=True
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

    async def receive(self, key: str, chunks: AsyncIterator[bytes], *, max_bytes: int) -> ObjectInfo:
        """See `ManagedStore`."""
        await self._upload(self._object(key), chunks, max_bytes, _BINARY)
        return await self.head(key)

    async def get(self, key: str, *, max_bytes: int) -> bytes:
        """See `ManagedStore`."""
        target = self._object(key)
        with self._managed_bucket():
            return (await self._client.request("GET", target, max_bytes=max_bytes)).body

    async def read(self, key: str, offset: int, length: int) -> bytes:
        """See `ManagedStore`."""
        target = self._object(key)
        with self._managed_bucket():
            if length <= 0:
                await self._client.head(target)
                return b""
            headers = {"range": f"bytes={offset}-{offset + length - 1}"}
            try:
                return (await self._client.request("GET", target, headers=headers, max_bytes=length)).body
            except RangePastEnd:
                return b""

    async def stream(self, key: str, start: int = 0, end: int | None = None) -> AsyncGenerator[bytes]:
        """See `ManagedStore`."""
        target = self._object(key)
        with self._managed_bucket():
            info = await self._client.head(target)
            stop = info.size_bytes if end is None else min(end, info.size_bytes)
            async with aclosing(self._client.stream(target, start, stop, etag=info.etag)) as chunks:
                async for chunk in chunks:
                    yield chunk

    async def head(self, key: str) -> ObjectInfo:
        """See `ManagedStore`."""
        target = self._object(key)
        with self._managed_bucket():
            return await self._client.head(target)

    async def move(self, from_key: str, to_key: str) -> None:
        """See `ManagedStore`."""
        source, target = self._object(from_key), self._object(to_key)
        with self._managed_bucket():
            info = await self._client.head(source)
            if source == target:
                return
            await copy_object(
                self._client,
                source,
                target,
                expected=info,
                sizes=self._settings.copy_sizes,
                on_progress=_ignore_progress,
            )
        await self.delete(from_key)

    async def delete(self, key: str) -> None:
        """See `ManagedStore`."""
        target = self._object(key)
        with self._managed_bucket():
            await self._client.request("DELETE", target)

    async def delete_prefix(self, prefix: str) -> int:
        """See `ManagedStore`."""
        require_managed_prefix(prefix, allow_empty=False)
        return await delete_listed(self.list(prefix), self._delete_many)

    async def _delete_many(self, keys: Sequence[str]) -> int:
        if keys:
            names = "".join(f"<Object><Key>{escape(self._object(key).key)}</Key></Object>" for key in keys)
            body = f"<Delete><Quiet>true</Quiet>{names}</Delete>".encode()
            digest = b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()
            headers = {"content-md5": digest, "content-type": "application/xml"}
            bucket = S3Object(self._settings.bucket)
            answer = await self._client.request("POST", bucket, query=(("delete", ""),), headers=headers, body=body)
            if code := error_code(answer.body):
                raise StorageUnavailable(f"some objects could not be deleted ({code})")
        return len(keys)

    async def list(self, prefix: str = "") -> AsyncGenerator[ListedObject]:
        """See `ManagedStore`."""
        require_managed_prefix(prefix, allow_empty=True)
        folder = self._settings.prefix
        with self._managed_bucket():
            async for item in self._client.list(self._settings.bucket, folder + prefix):
                key = item.key.removeprefix(folder)
                if is_managed_key(key):
                    yield replace(item, key=key)

    async def unfinished(self) -> AsyncGenerator[UnfinishedWrite]:
        """See `ManagedStore`. Includes running uploads."""
        folder = self._settings.prefix
        with self._managed_bucket():
            async for upload in self._client.uploads(self._settings.bucket, folder):
                key = (upload.key or "").removeprefix(folder)
                if is_managed_key(key):
                    yield replace(upload, key=key)

    async def abort(self, write: UnfinishedWrite) -> None:
        """See `ManagedStore`."""
        target = self._object(write.key or "")
        with self._managed_bucket(), suppress(MultipartUploadNotFound):
            await self._client.request("DELETE", target, query=(("uploadId", write.token),))

    def local_path(self, key: str) -> Path | None:
        """Return `None`, since the object is no file of this machine."""
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
        return self._client.sign("GET", [self._object(key)], query=query, expires=expires)[0]

    def sign_get_many(self, keys: Sequence[str], *, expires: timedelta) -> Sequence[str] | None:
        """See `ManagedStore`."""
        return self._client.sign("GET", [self._object(key) for key in keys], expires=expires)

    async def sign_put(self, key: str, *, expires: timedelta) -> str | None:
        """See `ManagedStore`. S3 allows at most seven days."""
        return await self._upload_urls.sign(self._object(key), expires)

    async def close(self) -> None:
        """See `ManagedStore`."""
        await self._upload_urls.close()
        await self._client.close()

    def _object(self, key: str) -> S3Object:
        require_managed_key(key)
        return S3Object(self._settings.bucket, self._settings.prefix + key)

    async def _upload(self, target: S3Object, chunks: AsyncIterator[bytes], max_bytes: int, content_type: str) -> None:
        with self._managed_bucket():
            await upload(self._client, target, chunks, max_bytes=max_bytes, content_type=content_type)

    @contextmanager
    def _managed_bucket(self) -> Generator[None]:
        """Raise a missing bucket as `ManagedBucketMissing`, since it is no property of an object."""
        try:
            yield
        except BucketNotFound as error:
            raise ManagedBucketMissing(str(error)) from error


async def _chunks_of(file: int) -> AsyncGenerator[bytes]:
    while chunk := await in_thread(os.read, file, _CHUNK_BYTES):
        yield chunk


async def _reporting(chunks: AsyncIterator[bytes], on_progress: Progress) -> AsyncGenerator[bytes]:
    done = 0
    async for chunk in chunks:
        yield chunk
        done += len(chunk)
        await on_progress(done)


async def _ignore_progress(_bytes_done: int) -> None:
    """Ignore the progress of a move, which is short."""
