"""Users' buckets on an S3 service."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scenedex.storage.buckets import require_unchanged
from scenedex.storage.errors import BucketNotFound, ObjectNotFound, RangePastEnd, SourceChanged
from scenedex.storage.names import is_bucket_name
from scenedex.storage.s3_client import S3Client, S3Object
from scenedex.storage.s3_location import S3Location, S3RetryPolicy

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from scenedex.storage.objects import ListedObject, ObjectInfo
    from scenedex.storage.s3_location import S3Observer


class S3Buckets:
    """`SourceBuckets` over all buckets that the keys of one location may read, except that of the managed store."""

    writes_whole = True

    def __init__(
        self,
        location: S3Location,
        retries: S3RetryPolicy | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        observer: S3Observer | None = None,
        managed_bucket: str | None = None,
    ) -> None:
        self._managed_bucket = managed_bucket
        self._client = S3Client(location, retries or S3RetryPolicy(), clock, observer)

    @property
    def location(self) -> S3Location:
        """Endpoint and keys of the buckets."""
        return self._client.location

    async def exists(self, bucket: str) -> bool:
        """See `SourceBuckets`."""
        if await self.is_managed(bucket):
            return False
        try:
            await self._client.head_answer(S3Object(bucket))
        except ObjectNotFound:
            return False
        return True

    async def is_managed(self, bucket: str) -> bool:
        """See `SourceBuckets`. A bucket has one name, since requests with malformed names are not sent."""
        return bucket == self._managed_bucket

    async def head(self, bucket: str, key: str) -> ObjectInfo:
        """See `SourceBuckets`."""
        return await self._client.head(self._object(bucket, key))

    async def list(
        self, bucket: str, prefix: str = "", *, start_after: str = "", is_recursive: bool = True
    ) -> AsyncGenerator[ListedObject]:
        """See `SourceBuckets`."""
        if not is_bucket_name(bucket) or await self.is_managed(bucket):
            raise BucketNotFound(repr(bucket[:80]))
        async for item in self._client.list(bucket, prefix, start_after, is_recursive=is_recursive):
            yield item

    async def stream(self, bucket: str, key: str, *, expected: ObjectInfo) -> AsyncGenerator[bytes]:
        """See `SourceBuckets`."""
        target = self._object(bucket, key)
        try:
            async for chunk in self._client.stream(target, 0, expected.size_bytes, etag=expected.etag):
                yield chunk
        except RangePastEnd as error:
            raise SourceChanged(key) from error
        await require_unchanged(self.head(bucket, key), key, expected)

    async def close(self) -> None:
        """See `SourceBuckets`."""
        await self._client.close()

    def _object(self, bucket: str, key: str) -> S3Object:
        if bucket == self._managed_bucket:
            raise ObjectNotFound("in the managed bucket")
        if not key:
            raise ObjectNotFound("an empty key")
        return S3Object(bucket, key)
