"""Signed requests to one S3 service: what the two S3 adapters are made of.

Own requests rather than a client library, because users' keys hold empty names and control characters, copies go
between buckets and only if the source is unchanged, and an upload that is given up must leave no parts behind.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

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
    damage_of,
    error_code,
    failure_of,
    info_from,
    is_worth_retrying,
    list_page_from,
    region_in,
    upload_page_from,
)
from scenedex.storage.s3_signature import Query, presigned_urls, query_string, signed_headers
from scenedex.storage.threads import in_thread

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
    from datetime import datetime, timedelta

    from scenedex.storage.objects import ListedObject, ObjectInfo, UnfinishedWrite
    from scenedex.storage.s3_location import S3Location, S3Observer, S3Patience

_CHUNK_BYTES: Final = 1 << 20
_MAX_ANSWER_BYTES: Final = 16 << 20  # a listing of 1000 keys of 1024 escaped bytes has 4 MB
_HASHED_INLINE_BYTES: Final = 1 << 16
_CONNECTIONS: Final = 32
_NOTHING_SHA256: Final = hashlib.sha256().hexdigest()


@dataclass(frozen=True, slots=True)
class S3Object:
    """A bucket and a key in it; an empty key stands for the bucket."""

    bucket: str
    key: str = ""

    def __str__(self) -> str:
        return f"{self.bucket}/{self.key}"

    def require_possible(self) -> None:
        """Refuse names that would address something else.

        Raises:
            BucketNotFound: no bucket can have this name.
            ObjectNotFound: no object can have this key.
        """
        if not is_bucket_name(self.bucket):
            raise BucketNotFound(repr(self.bucket[:80]))
        if self.key and (problem := key_problem(self.key)):
            raise ObjectNotFound(f"{self.key[:80]!r}. {problem.value}")


@dataclass(frozen=True, slots=True)
class S3Answer:
    """The headers of a successful answer, and its body."""

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
    silence_seconds: float


class S3Requests:
    """A pool of connections to one service.

    Every method may raise `ObjectNotFound`, `BucketNotFound`, `AccessDenied` and `StorageUnavailable`.
    """

    def __init__(
        self,
        location: S3Location,
        patience: S3Patience,
        clock: Callable[[], datetime],
        observer: S3Observer | None = None,
    ) -> None:
        self.location = location
        self._patience = patience
        self._clock = clock
        self._observer = observer
        self._http = httpx2.AsyncClient(
            # Loading the system's certificates takes 50 ms, which plain HTTP does not need.
            verify=location.endpoint.startswith("https:"),
            limits=httpx2.Limits(max_connections=_CONNECTIONS),
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def ask(
        self,
        method: str,
        target: S3Object,
        *,
        query: Query = (),
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        max_bytes: int = _MAX_ANSWER_BYTES,
        is_slow: bool = False,
        notes_sha256: bool = False,
    ) -> S3Answer:
        """Make a request and read its short answer; repeated while the service is out of order.

        An ``is_slow`` request has the service work before it answers. One that ``notes_sha256`` has the hash of its
        body kept with the object, so that damage shows when all of it is read.

        Raises:
            ObjectTooLarge: the answer has more than ``max_bytes``.
            RangePastEnd: the headers ask for a range that the object has nothing of.
            SourceChanged: a condition in the headers does not hold.
        """
        silence = self._patience.copy_seconds if is_slow else self._patience.silence_seconds
        digest = await _sha256(body)
        noted = {SHA256_HEADER: digest} if notes_sha256 else {}
        request = _Request(method, target, query, {**(headers or {}), **noted}, body, digest, silence)
        attempt = 1
        while isinstance(answer := await self._whole(request, max_bytes), str):
            if attempt >= self._patience.attempts:
                raise StorageUnavailable(f"{self._subject(target)}: {answer}")
            await self._pause(attempt)
            attempt += 1
        return answer

    async def _whole(self, request: _Request, max_bytes: int) -> S3Answer | str:
        """The answer with its body, or what is wrong with the body."""
        content = bytearray()
        async with self._answered(request) as response:
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
            return (damage_of(*seen) if is_small else await in_thread(damage_of, *seen)) or S3Answer(
                response.headers, body
            )

    async def head(self, target: S3Object) -> ObjectInfo:
        """The present version of an object."""
        return info_from((await self.look(target)).headers)

    async def look(self, target: S3Object) -> S3Answer:
        """The headers of an object or of a bucket."""
        try:
            return await self.ask("HEAD", target)
        except (AccessDenied, ObjectNotFound, RequestRefused):
            # Only an answer with a body says why: whether the bucket is missing or the object, what is wrong with us.
            asked: Query = () if target.key else (("list-type", "2"), ("max-keys", "0"))
            with suppress(RangePastEnd):
                await self.ask("GET", target, query=asked, headers={"range": "bytes=0-0"} if target.key else {})
            raise

    async def stream(self, target: S3Object, start: int, end: int, *, etag: str) -> AsyncGenerator[bytes]:
        """The bytes ``[start, end)`` of one version, taken up again where a connection breaks.

        Raises:
            RangePastEnd: the object has fewer bytes.
            SourceChanged: the present version has another etag.
        """
        breaks = 0
        while start < end:
            headers = {"if-match": etag, "range": f"bytes={start}-{end - 1}"}
            request = _Request("GET", target, (), headers, b"", _NOTHING_SHA256, self._patience.silence_seconds)
            async with self._answered(request) as response:
                if response.status_code != HTTPStatus.PARTIAL_CONTENT:
                    raise StorageUnavailable(f"{target}: the service knows no ranges")
                with suppress(httpx2.TransportError):
                    async for chunk in response.aiter_raw(_CHUNK_BYTES):
                        if len(chunk) > end - start:
                            raise StorageUnavailable(f"{self._subject(target)}: more bytes than were asked for")
                        yield chunk
                        start += len(chunk)
                        breaks = 0
            breaks += 1
            if start < end:
                if breaks >= self._patience.attempts:
                    raise StorageUnavailable(f"{self._subject(target)}: the connection breaks again and again")
                await self._pause(breaks)

    async def list(self, bucket: str, prefix: str, start_after: str = "") -> AsyncGenerator[ListedObject]:
        """The objects whose keys start with the prefix, in the order of their keys, page by page."""
        query: Query = (("encoding-type", "url"), ("list-type", "2"), ("max-keys", "1000"), ("prefix", prefix))
        position: Query = (("start-after", start_after),) if start_after else ()
        while True:
            page = list_page_from((await self.ask("GET", S3Object(bucket), query=query + position)).body)
            for item in page.objects:
                yield item
            if page.continuation is None:
                return
            position = (("continuation-token", page.continuation),)

    async def uploads(self, bucket: str, prefix: str, at_once: int = 1000) -> AsyncGenerator[UnfinishedWrite]:
        """The uploads in parts that have not ended, of keys that start with the prefix, page by page."""
        query: Query = (("encoding-type", "url"), ("max-uploads", str(at_once)), ("prefix", prefix), ("uploads", ""))
        position: Query = ()
        while True:
            page = upload_page_from((await self.ask("GET", S3Object(bucket), query=query + position)).body)
            for upload in page.uploads:
                yield upload
            if page.continuation is None:
                return
            key, upload_id = page.continuation
            position = (("key-marker", key), ("upload-id-marker", upload_id))

    def sign(self, method: str, targets: Sequence[S3Object], *, query: Query = (), expires: timedelta) -> list[str]:
        """For each target a URL that makes this request without keys for some time."""
        addresses = (self.location.address(target.bucket, target.key) for target in targets)
        return presigned_urls(self.location, method, addresses, query=query, expires=expires, now=self._clock())

    @asynccontextmanager
    async def _answered(self, request: _Request) -> AsyncGenerator[httpx2.Response]:
        request.target.require_possible()
        attempt = 1
        while (response := await self._send(request, is_last=attempt >= self._patience.attempts)) is None:
            await self._pause(attempt)
            attempt += 1
        try:
            yield response
        finally:
            await response.aclose()

    async def _pause(self, attempt: int) -> None:
        await asyncio.sleep(self._patience.first_pause_seconds * 2 ** (attempt - 1))

    def _subject(self, target: S3Object) -> str:
        return f"{target} at {self.location.endpoint}"

    async def _send(self, request: _Request, *, is_last: bool) -> httpx2.Response | None:
        """The successful answer with its body still to be read, or ``None`` for one that is worth another attempt."""
        started = time.perf_counter()
        try:
            response = await self._http.send(self._signed(request), stream=True)
            self._observe(request, started, well=not is_worth_retrying(response.status_code))
            if response.is_success:
                return response
            try:
                body = await response.aread()
            finally:
                await response.aclose()
        except httpx2.TransportError as error:
            self._observe(request, started, well=False)
            if is_last:
                raise StorageUnavailable(f"{self._subject(request.target)}: {_in_words(error)}") from error
            return None
        code = error_code(body)
        if is_worth_retrying(response.status_code, code) and not is_last:
            return None
        region = region_in(response.headers, body)
        subject, has_body = self._subject(request.target), request.method != "HEAD"
        raise failure_of(response.status_code, code, subject, region, has_body=has_body)

    def _observe(self, request: _Request, started: float, *, well: bool) -> None:
        if self._observer is not None:
            self._observer.note_storage(request.method.lower(), time.perf_counter() - started, well=well)

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
            # Compressed answers would have other lengths than the objects.
            headers={**headers, "accept-encoding": "identity"},
            content=request.body,
            timeout=httpx2.Timeout(request.silence_seconds, connect=self._patience.connect_seconds),
        )


def _in_words(error: httpx2.TransportError) -> str:
    match error:
        case httpx2.ConnectTimeout() | httpx2.ConnectError() | httpx2.ProxyError():
            what = "no connection; see storage.endpoint"
        case httpx2.TimeoutException():
            what = "no answer in time"
        case _:
            what = "the connection broke"
    return f"{what} ({type(error).__name__}: {error})" if str(error) else f"{what} ({type(error).__name__})"


async def _sha256(body: bytes) -> str:
    if len(body) <= _HASHED_INLINE_BYTES:
        return hashlib.sha256(body).hexdigest()
    return (await in_thread(hashlib.sha256, body)).hexdigest()
