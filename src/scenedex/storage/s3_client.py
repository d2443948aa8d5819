"""Client of one S3 service with signed requests, used by both S3 adapters.

Replaces a client library, because users' keys contain empty names and control characters, copies go between buckets on
condition of an unchanged source, and an aborted upload must leave no parts behind.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, TypeVar

import httpx2

from scenedex.storage.errors import (
    AccessDenied,
    BucketNotFound,
    ObjectNotFound,
    ObjectTooLarge,
    RangePastEnd,
    RequestRefused,
    StorageUnavailable,
)
from scenedex.storage.names import is_bucket_name, key_problem
from scenedex.storage.s3_answers import (
    SHA256_HEADER,
    answer_error,
    error_code,
    find_damage,
    info_from,
    is_retryable,
    object_page_from,
    region_in,
    upload_page_from,
)
from scenedex.storage.s3_signature import Query, presigned_urls, query_string, signed_headers
from scenedex.storage.threads import in_thread

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
    from datetime import datetime, timedelta

    from scenedex.storage.objects import ListedObject, ObjectInfo, UnfinishedWrite
    from scenedex.storage.s3_location import S3Location, S3Observer, S3RetryPolicy
    from scenedex.storage.s3_signature import AbsentHeader

_T = TypeVar("_T")
_CHUNK_BYTES: Final = 1 << 20
_MAX_ANSWER_BYTES: Final = 16 << 20  # a listing of 1000 keys of 1024 escaped bytes has 4 MB
_HASHED_INLINE_BYTES: Final = 1 << 16
_CONNECTIONS: Final = 32
_NOTHING_SHA256: Final = hashlib.sha256().hexdigest()


@dataclass(frozen=True, slots=True)
class S3Object:
    """A bucket and a key in it, or the bucket itself if the key is empty."""

    bucket: str
    key: str = ""

    def __str__(self) -> str:
        return f"{self.bucket}/{self.key}"

    def require_valid(self) -> None:
        """Raise `BucketNotFound` or `ObjectNotFound` for names that would address something else."""
        if not is_bucket_name(self.bucket):
            raise BucketNotFound(repr(self.bucket[:80]))
        if self.key and (problem := key_problem(self.key)):
            raise ObjectNotFound(f"{self.key[:80]!r}. {problem.value}")


@dataclass(frozen=True, slots=True)
class S3Answer:
    """Headers and body of a successful answer."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    target: S3Object
    query: Query
    headers: Mapping[str, str]
    body: bytes
    sha256: str
    read_seconds: float


class S3Client:
    """A pool of connections to one service.

    Every method may raise `ObjectNotFound`, `BucketNotFound`, `AccessDenied` and `StorageUnavailable`.
    """

    def __init__(
        self,
        location: S3Location,
        retries: S3RetryPolicy,
        clock: Callable[[], datetime],
        observer: S3Observer | None = None,
    ) -> None:
        self.location = location
        self._retries = retries
        self._clock = clock
        self._observer = observer
        self._http = httpx2.AsyncClient(
            # Loading the system's certificates takes 50 ms and is unnecessary for plain HTTP.
            verify=location.endpoint.startswith("https:"),
            limits=httpx2.Limits(max_connections=_CONNECTIONS),
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def request(
        self,
        method: str,
        target: S3Object,
        *,
        query: Query = (),
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        max_bytes: int = _MAX_ANSWER_BYTES,
        is_slow: bool = False,
        stores_sha256: bool = False,
    ) -> S3Answer:
        """Make a request and read its short answer, with retries while the service is out of order.

        The query is not encoded, and headers are in lower case. A service is slow if it works before it answers, as it
        does for copies. The hash of the body may be stored with the object, so that a full read detects damage.

        Raises:
            ObjectTooLarge: the answer has more than ``max_bytes``.
            RangePastEnd: the requested range starts after the end of the object.
            SourceChanged: a condition in the headers does not hold.
        """
        silence = self._retries.copy_seconds if is_slow else self._retries.read_seconds
        digest = await _sha256(body)
        noted = {SHA256_HEADER: digest} if stores_sha256 else {}
        request = _Request(method, target, query, {**(headers or {}), **noted}, body, digest, silence)
        attempt = 1
        while isinstance(answer := await self._read_whole(request, max_bytes), str):
            if attempt >= self._retries.attempts:
                raise StorageUnavailable(f"{self._describe(target)}: {answer}")
            await self._pause(attempt)
            attempt += 1
        return answer

    async def _read_whole(self, request: _Request, max_bytes: int) -> S3Answer | str:
        """Return the answer with its body, or a description of the damage."""
        content = bytearray()
        async with self._response(request) as response:
            try:
                async for chunk in response.aiter_raw():
                    content += chunk
                    if len(content) > max_bytes:
                        raise ObjectTooLarge(f"{request.target}: over {max_bytes}")
            except httpx2.TransportError as error:
                return type(error).__name__
            body = bytes(content)
            seen = (request.headers, response.status_code, response.headers, body)
            is_small = len(body) <= _HASHED_INLINE_BYTES
            if request.method != "GET":
                return S3Answer(response.headers, body)
            return (find_damage(*seen) if is_small else await in_thread(find_damage, *seen)) or S3Answer(
                response.headers, body
            )

    async def head(self, target: S3Object) -> ObjectInfo:
        """Return the present version of an object."""
        return info_from((await self.head_answer(target)).headers)

    async def head_answer(self, target: S3Object) -> S3Answer:
        """Return the answer to HEAD for an object or bucket."""
        try:
            return await self.request("HEAD", target)
        except (AccessDenied, ObjectNotFound, RequestRefused):
            # Only a body says whether the bucket or the object is missing, or which key or setting is wrong.
            asked: Query = () if target.key else (("list-type", "2"), ("max-keys", "0"))
            with suppress(RangePastEnd):
                await self.request("GET", target, query=asked, headers={"range": "bytes=0-0"} if target.key else {})
            raise

    async def stream(self, target: S3Object, start: int, end: int, *, etag: str) -> AsyncGenerator[bytes]:
        """Yield the bytes ``[start, end)`` of one version, and resume after a broken connection.

        Raises:
            RangePastEnd: the object has fewer bytes.
            SourceChanged: the present version has another etag.
        """
        breaks = 0
        while start < end:
            headers = {"if-match": etag, "range": f"bytes={start}-{end - 1}"}
            request = _Request("GET", target, (), headers, b"", _NOTHING_SHA256, self._retries.read_seconds)
            async with self._response(request) as response:
                if response.status_code != HTTPStatus.PARTIAL_CONTENT:
                    raise StorageUnavailable(f"{target}: the service does not support ranges")
                with suppress(httpx2.TransportError):
                    async for chunk in response.aiter_raw(_CHUNK_BYTES):
                        if len(chunk) > end - start:
                            raise StorageUnavailable(f"{self._describe(target)}: more bytes than requested")
                        yield chunk
                        start += len(chunk)
                        breaks = 0
            breaks += 1
            if start < end:
                if breaks >= self._retries.attempts:
                    raise StorageUnavailable(f"{self._describe(target)}: the connection breaks repeatedly")
                await self._pause(breaks)

    async def list(
        self, bucket: str, prefix: str, start_after: str = "", *, is_recursive: bool = True
    ) -> AsyncGenerator[ListedObject]:
        """Yield the objects whose keys start with the prefix, in the order of their keys."""
        query: Query = (("encoding-type", "url"), ("list-type", "2"), ("max-keys", "1000"), ("prefix", prefix))
        if not is_recursive:
            query = (("delimiter", "/"), *query)
        first: Query = (("start-after", start_after),) if start_after else ()
        async for item in self._pages(bucket, query, first, object_page_from):
            yield item

    async def uploads(self, bucket: str, prefix: str, at_once: int = 1000) -> AsyncGenerator[UnfinishedWrite]:
        """Yield the unfinished multipart uploads of keys that start with the prefix."""
        query: Query = (("encoding-type", "url"), ("max-uploads", str(at_once)), ("prefix", prefix), ("uploads", ""))
        async for upload in self._pages(bucket, query, (), upload_page_from):
            yield upload

    async def _pages(
        self, bucket: str, query: Query, position: Query, parse: Callable[[bytes], tuple[list[_T], Query]]
    ) -> AsyncGenerator[_T]:
        is_last = False
        while not is_last:
            items, position = parse((await self.request("GET", S3Object(bucket), query=query + position)).body)
            for item in items:
                yield item
            is_last = not position

    def sign(
        self,
        method: str,
        targets: Sequence[S3Object],
        *,
        query: Query = (),
        expires: timedelta,
        absence: AbsentHeader | None = None,
    ) -> list[str]:
        """Return for each target a URL that makes this request without keys until it expires."""
        addresses = (self.location.address(target.bucket, target.key) for target in targets)
        return presigned_urls(
            self.location, method, addresses, query=query, expires=expires, now=self._clock(), absence=absence
        )

    async def put_presigned(self, url: str, headers: Mapping[str, str], body: bytes) -> None:
        """Write to a presigned URL as its holder does, whatever the answer."""
        try:
            await self._http.put(url, headers=headers, content=body, timeout=self._retries.read_seconds)
        except httpx2.TransportError as error:
            raise StorageUnavailable(f"{self.location.endpoint}: {_describe_error(error)}") from error

    @asynccontextmanager
    async def _response(self, request: _Request) -> AsyncGenerator[httpx2.Response]:
        request.target.require_valid()
        attempt = 1
        while (response := await self._send(request, is_last=attempt >= self._retries.attempts)) is None:
            await self._pause(attempt)
            attempt += 1
        try:
            yield response
        finally:
            await response.aclose()

    async def _pause(self, attempt: int) -> None:
        await asyncio.sleep(self._retries.first_delay_seconds * 2 ** (attempt - 1))

    def _describe(self, target: S3Object) -> str:
        return f"{target} at {self.location.endpoint}"

    async def _send(self, request: _Request, *, is_last: bool) -> httpx2.Response | None:
        """Return the successful answer with its body unread, or `None` if another attempt is due."""
        started = time.perf_counter()
        try:
            response = await self._http.send(self._signed(request), stream=True)
            self._observe(request, started, succeeded=not is_retryable(response.status_code))
            if response.is_success:
                return response
            try:
                body = await response.aread()
            finally:
                await response.aclose()
        except httpx2.TransportError as error:
            self._observe(request, started, succeeded=False)
            if is_last:
                raise StorageUnavailable(f"{self._describe(request.target)}: {_describe_error(error)}") from error
            return None
        code = error_code(body)
        if is_retryable(response.status_code, code) and not is_last:
            return None
        region = region_in(response.headers, body)
        subject, has_body = self._describe(request.target), request.method != "HEAD"
        raise answer_error(response.status_code, code, subject, region, has_body=has_body)

    def _observe(self, request: _Request, started: float, *, succeeded: bool) -> None:
        if self._observer is not None:
            self._observer.note_storage(request.method.lower(), time.perf_counter() - started, succeeded=succeeded)

    def _signed(self, request: _Request) -> httpx2.Request:
        address = self.location.address(request.target.bucket, request.target.key)
        headers = signed_headers(
            self.location,
            request.method,
            address,
            query=request.query,
            headers=request.headers,
            payload_sha256=request.sha256,
            now=self._clock(),
        )
        return self._http.build_request(
            request.method,
            f"{address.url}?{query_string(request.query)}" if request.query else address.url,
            # The length of a compressed answer would differ from that of the object.
            headers={**headers, "accept-encoding": "identity"},
            content=request.body,
            timeout=httpx2.Timeout(request.read_seconds, connect=self._retries.connect_seconds),
        )


def _describe_error(error: httpx2.TransportError) -> str:
    match error:
        case httpx2.ConnectTimeout() | httpx2.ConnectError() | httpx2.ProxyError():
            what = "no connection, see storage.endpoint"
        case httpx2.TimeoutException():
            what = "no answer in time"
        case _:
            what = "the connection broke"
    return f"{what} ({type(error).__name__}: {error})" if str(error) else f"{what} ({type(error).__name__})"


async def _sha256(body: bytes) -> str:
    if len(body) <= _HASHED_INLINE_BYTES:
        return hashlib.sha256(body).hexdigest()
    return (await in_thread(hashlib.sha256, body)).hexdigest()
