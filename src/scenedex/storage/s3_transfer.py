"""Large objects into S3: in parts, from bytes or from another bucket of the same service."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote
from xml.sax.saxutils import escape

from scenedex.storage.errors import ObjectNotFound, ObjectTooLarge, SourceChanged, StorageError, UploadGone
from scenedex.storage.lanes import Lanes
from scenedex.storage.s3_answers import field_from

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from scenedex.storage.objects import ObjectInfo
    from scenedex.storage.s3_requests import S3Object, S3Requests
    from scenedex.storage.store import Progress

_LANES: Final = 3
_MAX_PARTS: Final = 10_000
_SMALLEST_PART_BYTES: Final = 8 << 20


@dataclass(frozen=True, slots=True)
class S3CopySizes:
    """How the service is asked to copy.

    Attributes:
        whole_bytes: up to this size always in one request; larger is slower, and says less of progress.
        part_bytes: size of the parts of larger objects, 5 MiB to 5 GiB.
        most_whole_bytes: what the service copies in one request at most, 5 GiB with S3.
    """

    whole_bytes: int = 1 << 30
    part_bytes: int = 512 << 20
    most_whole_bytes: int = 5 << 30

    def allow(self, key: str, size_bytes: int) -> bool:
        """Whether the service can be asked to copy this object."""
        return size_bytes <= self.most_whole_bytes or _may_be_copied_in_parts(key)


def _may_be_copied_in_parts(key: str) -> bool:
    """Ceph 16 decodes the source key of a part twice: it does not find 'a%b', and 'a%zz' ends the gateway."""
    return "%" not in key


class _Parts:
    def __init__(self, requests: S3Requests, target: S3Object, upload_id: str) -> None:
        self._requests = requests
        self._target = target
        self._upload = ("uploadId", upload_id)
        self._etags: dict[int, str] = {}
        self._size_bytes = 0

    async def send(self, number: int, data: bytes) -> None:
        query = (self._upload, ("partNumber", str(number)))
        answer = await self._requests.ask("PUT", self._target, query=query, body=data)
        self._etags[number] = answer.headers["etag"]
        self._size_bytes += len(data)

    async def copy(self, number: int, source: S3Object, etag: str, start: int, end: int) -> None:
        query = (self._upload, ("partNumber", str(number)))
        headers = {**_copy_headers(source, etag), "x-amz-copy-source-range": f"bytes={start}-{end - 1}"}
        answer = await self._requests.ask("PUT", self._target, query=query, headers=headers, is_slow=True)
        self._etags[number] = field_from(answer.body, "ETag")
        self._size_bytes += end - start

    async def complete(self) -> None:
        parts = "".join(
            f"<Part><PartNumber>{number}</PartNumber><ETag>{escape(etag)}</ETag></Part>"
            for number, etag in sorted(self._etags.items())
        )
        body = f"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>".encode()
        try:
            answer = await self._requests.ask("POST", self._target, query=(self._upload,), body=body, is_slow=True)
        except UploadGone:
            if not await self._is_complete():
                raise
        else:
            field_from(answer.body, "ETag")

    async def _is_complete(self) -> bool:
        """Whether the service has heard an earlier try to complete, whose answer got lost."""
        present = await self._requests.head(self._target)
        return present.size_bytes == self._size_bytes and present.etag.strip('"').endswith(f"-{len(self._etags)}")

    async def abort(self) -> None:
        with suppress(StorageError):
            await self._requests.ask("DELETE", self._target, query=(self._upload,))


@asynccontextmanager
async def _in_parts(requests: S3Requests, target: S3Object, content_type: str) -> AsyncGenerator[_Parts]:
    """An upload that becomes visible at the end of the block, or else leaves nothing behind."""
    answer = await requests.ask("POST", target, query=(("uploads", ""),), headers={"content-type": content_type})
    parts = _Parts(requests, target, field_from(answer.body, "UploadId"))
    try:
        yield parts
        await parts.complete()
    except BaseException:
        await asyncio.shield(parts.abort())
        raise


async def upload(
    requests: S3Requests, target: S3Object, chunks: AsyncIterator[bytes], *, max_bytes: int, content_type: str
) -> None:
    """Write what arrives, holding a few parts in memory: of 8 MiB each, or a 10,000th of ``max_bytes``.

    Raises:
        ObjectTooLarge: more than ``max_bytes`` arrived; nothing is written.
    """
    part_bytes = max(_SMALLEST_PART_BYTES, -(-max_bytes // _MAX_PARTS))
    async with aclosing(_regrouped(chunks, part_bytes, max_bytes, str(target))) as parts:
        first = await anext(parts, b"")
        second = await anext(parts, None)
        if second is None:
            headers = {"content-type": content_type}
            await requests.ask("PUT", target, headers=headers, body=first, notes_sha256=True)
            return
        async with _in_parts(requests, target, content_type) as sent, Lanes(_LANES) as lanes:
            await lanes.start(sent.send(1, first))
            await lanes.start(sent.send(2, second))
            number = 2
            async for part in parts:
                number += 1
                await lanes.start(sent.send(number, part))


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
    requests: S3Requests,
    source: S3Object,
    target: S3Object,
    *,
    expected: ObjectInfo,
    sizes: S3CopySizes,
    on_progress: Progress,
) -> None:
    """Have the service copy one version of an object; none of its bytes pass here.

    Raises:
        SourceChanged: the source has, or got meanwhile, another version; nothing is left.
    """
    if expected.size_bytes <= sizes.whole_bytes or not _may_be_copied_in_parts(source.key):
        answer = await requests.ask("PUT", target, headers=_copy_headers(source, expected.etag), is_slow=True)
        field_from(answer.body, "ETag")
        try:
            await _require_unchanged(requests, source, expected)
        except SourceChanged:
            await requests.ask("DELETE", target)
            raise
        await on_progress(expected.size_bytes)
        return

    done = 0
    part_bytes = max(sizes.part_bytes, -(-expected.size_bytes // _MAX_PARTS))
    async with _in_parts(requests, target, "application/octet-stream") as parts:

        async def copy_part(number: int, start: int) -> None:
            nonlocal done
            end = min(start + part_bytes, expected.size_bytes)
            await parts.copy(number, source, expected.etag, start, end)
            done += end - start
            await on_progress(done)

        async with Lanes(_LANES) as lanes:
            for number, start in enumerate(range(0, expected.size_bytes, part_bytes), start=1):
                await lanes.start(copy_part(number, start))
        # Ceph 16 does not heed the condition on the source of a part.
        await _require_unchanged(requests, source, expected)


async def _require_unchanged(requests: S3Requests, source: S3Object, expected: ObjectInfo) -> None:
    try:
        present = await requests.head(source)
    except ObjectNotFound as gone:
        raise SourceChanged(str(source)) from gone
    if not present.is_same_version(expected):
        raise SourceChanged(str(source))


def _copy_headers(source: S3Object, etag: str) -> dict[str, str]:
    return {"x-amz-copy-source": f"/{source.bucket}/{quote(source.key)}", "x-amz-copy-source-if-match": etag}
