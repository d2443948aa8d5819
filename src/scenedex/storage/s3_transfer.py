"""Transfer of large objects into S3: in parts, from bytes or from another bucket of the service."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote
from xml.sax.saxutils import escape

from scenedex.storage.buckets import require_unchanged
from scenedex.storage.errors import MultipartUploadNotFound, ObjectTooLarge, SourceChanged, StorageError
from scenedex.storage.s3_answers import field_from

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Coroutine

    from scenedex.storage.objects import ObjectInfo
    from scenedex.storage.s3_client import S3Client, S3Object
    from scenedex.storage.store import Progress

_PARALLEL_PARTS: Final = 3
_MAX_PARTS: Final = 10_000
_MIN_PART_BYTES: Final = 8 << 20


@dataclass(frozen=True, slots=True)
class S3CopySizes:
    """Sizes of copies within the service.

    Attributes:
        whole_bytes: maximum size that is always copied in one request. More is slower, with fewer reports of progress.
        part_bytes: size of the parts of larger objects, 5 MiB to 5 GiB.
        max_whole_bytes: maximum size that the service copies in one request, 5 GiB with S3.
    """

    whole_bytes: int = 1 << 30
    part_bytes: int = 512 << 20
    max_whole_bytes: int = 5 << 30

    def can_copy(self, key: str, size_bytes: int) -> bool:
        """Return whether the service can copy this object."""
        return size_bytes <= self.max_whole_bytes or _is_copyable_in_parts(key)


def _is_copyable_in_parts(key: str) -> bool:
    """Return whether Ceph 16 can copy it. It decodes the key twice: 'a%b' is not found, and 'a%zz' crashes it."""
    return "%" not in key


@asynccontextmanager
async def task_pool(limit: int) -> AsyncGenerator[Callable[[Coroutine[None, None, None]], Awaitable[None]]]:
    """Yield a function that starts a coroutine and waits until another one may start: at most ``limit`` run at a time.

    The function or the end of the block raises the first failure. No coroutine runs after the block, however it ends.
    """
    running: set[asyncio.Task[None]] = set()

    async def wait_until_running(remaining: int) -> None:
        nonlocal running
        while len(running) > remaining:
            done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            failed = [error for task in done if (error := task.exception())]
            if failed:
                raise failed[0]

    async def start(work: Coroutine[None, None, None]) -> None:
        running.add(asyncio.create_task(work))
        await wait_until_running(limit - 1)

    try:
        yield start
        await wait_until_running(0)
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


class _Parts:
    def __init__(self, client: S3Client, target: S3Object, upload_id: str) -> None:
        self._client = client
        self._target = target
        self._upload = ("uploadId", upload_id)
        self._etags: dict[int, str] = {}
        self._size_bytes = 0

    async def send(self, number: int, data: bytes) -> None:
        query = (self._upload, ("partNumber", str(number)))
        answer = await self._client.request("PUT", self._target, query=query, body=data)
        self._etags[number] = answer.headers["etag"]
        self._size_bytes += len(data)

    async def copy(self, number: int, source: S3Object, etag: str, start: int, end: int) -> None:
        query = (self._upload, ("partNumber", str(number)))
        headers = {**_copy_headers(source, etag), "x-amz-copy-source-range": f"bytes={start}-{end - 1}"}
        answer = await self._client.request("PUT", self._target, query=query, headers=headers, is_slow=True)
        self._etags[number] = field_from(answer.body, "ETag")
        self._size_bytes += end - start

    async def complete(self) -> None:
        parts = "".join(
            f"<Part><PartNumber>{number}</PartNumber><ETag>{escape(etag)}</ETag></Part>"
            for number, etag in sorted(self._etags.items())
        )
        body = f"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>".encode()
        try:
            answer = await self._client.request("POST", self._target, query=(self._upload,), body=body, is_slow=True)
        except MultipartUploadNotFound:
            if not await self._is_complete():
                raise
        else:
            field_from(answer.body, "ETag")

    async def _is_complete(self) -> bool:
        """Return whether an earlier request to complete succeeded and only its answer was lost."""
        present = await self._client.head(self._target)
        return present.size_bytes == self._size_bytes and present.etag.strip('"').endswith(f"-{len(self._etags)}")

    async def abort(self) -> None:
        with suppress(StorageError):
            await self._client.request("DELETE", self._target, query=(self._upload,))


@asynccontextmanager
async def _in_parts(client: S3Client, target: S3Object, content_type: str) -> AsyncGenerator[_Parts]:
    """Start a multipart upload that is completed at the end of the block, or aborted if it fails."""
    answer = await client.request("POST", target, query=(("uploads", ""),), headers={"content-type": content_type})
    parts = _Parts(client, target, field_from(answer.body, "UploadId"))
    try:
        yield parts
        await parts.complete()
    except BaseException:
        await asyncio.shield(parts.abort())
        raise


async def upload(
    client: S3Client, target: S3Object, chunks: AsyncIterator[bytes], *, max_bytes: int, content_type: str
) -> None:
    """Write incoming bytes with a few parts in memory, each of 8 MiB or a 10,000th of ``max_bytes``.

    Raises:
        ObjectTooLarge: more than ``max_bytes`` arrived. Nothing is written.
    """
    part_bytes = max(_MIN_PART_BYTES, -(-max_bytes // _MAX_PARTS))
    async with aclosing(_regrouped(chunks, part_bytes, max_bytes, str(target))) as parts:
        first = await anext(parts, b"")
        second = await anext(parts, None)
        if second is None:
            headers = {"content-type": content_type}
            await client.request("PUT", target, headers=headers, body=first, stores_sha256=True)
            return
        async with _in_parts(client, target, content_type) as sent, task_pool(_PARALLEL_PARTS) as start:
            await start(sent.send(1, first))
            await start(sent.send(2, second))
            number = 2
            async for part in parts:
                number += 1
                await start(sent.send(number, part))


async def _regrouped(
    chunks: AsyncIterator[bytes], part_bytes: int, max_bytes: int, subject: str
) -> AsyncGenerator[bytes]:
    part = bytearray()
    received = 0
    async for chunk in chunks:
        received += len(chunk)
        if received > max_bytes:
            raise ObjectTooLarge(f"{subject}: over {max_bytes}")
        part += chunk
        while len(part) >= part_bytes:
            yield bytes(memoryview(part)[:part_bytes])
            del part[:part_bytes]
    if part:
        yield bytes(part)


async def copy_object(
    client: S3Client,
    source: S3Object,
    target: S3Object,
    *,
    expected: ObjectInfo,
    sizes: S3CopySizes,
    on_progress: Progress,
) -> None:
    """Copy one version of an object within the service.

    Raises:
        SourceChanged: the source had or got another version. Nothing is left at the target.
    """
    if expected.size_bytes <= sizes.whole_bytes or not _is_copyable_in_parts(source.key):
        answer = await client.request("PUT", target, headers=_copy_headers(source, expected.etag), is_slow=True)
        field_from(answer.body, "ETag")
        try:
            await require_unchanged(client.head(source), str(source), expected)
        except SourceChanged:
            await client.request("DELETE", target)
            raise
        await on_progress(expected.size_bytes)
        return

    done = 0
    part_bytes = max(sizes.part_bytes, -(-expected.size_bytes // _MAX_PARTS))
    async with _in_parts(client, target, "application/octet-stream") as parts:

        async def copy_part(number: int, start: int) -> None:
            nonlocal done
            end = min(start + part_bytes, expected.size_bytes)
            await parts.copy(number, source, expected.etag, start, end)
            done += end - start
            await on_progress(done)

        async with task_pool(_PARALLEL_PARTS) as start:
            for number, offset in enumerate(range(0, expected.size_bytes, part_bytes), start=1):
                await start(copy_part(number, offset))
        # Ceph 16 ignores the condition on the source of a part.
        await require_unchanged(client.head(source), str(source), expected)


def _copy_headers(source: S3Object, etag: str) -> dict[str, str]:
    return {"x-amz-copy-source": f"/{source.bucket}/{quote(source.key)}", "x-amz-copy-source-if-match": etag}
