"""Presigned URLs that write one object, and cannot copy another one into its place.

S3 makes a copy in place of a write if the request has the header ``x-amz-copy-source``. AWS refuses it with a presigned
URL that did not sign it. Some services do not, and copy any object that the keys of the signature may read, such as
that of another tenant. So each process finds out with trial objects how its service can be kept from it.
"""

from __future__ import annotations

import asyncio
import math
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import structlog

from scenedex.storage.errors import ObjectNotFound, StorageError
from scenedex.storage.s3_client import S3Object
from scenedex.storage.s3_signature import AbsenceCheck, AbsentHeader

if TYPE_CHECKING:
    from scenedex.storage.s3_client import S3Client

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.storage")
_COPY_SOURCE: Final = "x-amz-copy-source"
# Servers that pass headers on as variables do not distinguish the two.
_SPELLINGS: Final = (_COPY_SOURCE, _COPY_SOURCE.replace("-", "_"))
_PATIENCE_SECONDS: Final = 5
_PAUSE_SECONDS: Final = 10
_TRIAL_LIFE: Final = timedelta(minutes=5)
_SECRET: Final = b"an object that a copy would read"
_CONTENT: Final = b"an upload"


_FORMS: Final = (None, *(AbsentHeader(_COPY_SOURCE, check) for check in AbsenceCheck))
"""Forms of a URL: without further ado, and such that the header of a copy makes the signature wrong."""


@dataclass(frozen=True, slots=True)
class _Finding:
    """Result of a search for a safe form of URL.

    Attributes:
        is_safe: whether there is one.
        absence: the form.
        expires: time of the event loop after which to search again.
    """

    is_safe: bool
    absence: AbsentHeader | None = None
    expires: float = math.inf


class S3UploadUrls:
    """Signs URLs to write to in the form that the service needs.

    Args:
        client: client of the service.
        bucket: bucket of the managed objects.
        folder: folder of the trial objects, with its closing slash.
    """

    def __init__(self, client: S3Client, bucket: str, folder: str) -> None:
        self._client = client
        self._bucket = bucket
        self._folder = folder
        self._search: asyncio.Task[_Finding] | None = None

    async def sign(self, target: S3Object, expires: timedelta) -> str | None:
        """Return a URL that writes the object, or `None` if no form of URL is known to be safe."""
        finding = await self._finding()
        return self._signed(target, expires, finding.absence) if finding.is_safe else None

    async def close(self) -> None:
        """End a search for the form."""
        if self._search is not None:
            self._search.cancel()
            # It removes its trial objects, unless the service is out of order.
            await asyncio.wait({self._search}, timeout=1)

    async def _finding(self) -> _Finding:
        if self._search is None or self._is_outdated(self._search):
            self._search = asyncio.create_task(self._find_form(), name="form of upload URLs")
        # Callers share one search, and a service that is out of order delays none of them for long.
        done, _ = await asyncio.wait({self._search}, timeout=_PATIENCE_SECONDS)
        return self._search.result() if done else _Finding(is_safe=False)

    def _is_outdated(self, search: asyncio.Task[_Finding]) -> bool:
        return search.done() and search.result().expires < asyncio.get_running_loop().time()

    async def _find_form(self) -> _Finding:
        try:
            for absence in _FORMS:
                if await self._is_safe(absence):
                    _log.info("uploads.tested", form=absence.check.name if absence else "PLAIN")
                    return _Finding(is_safe=True, absence=absence)
        except StorageError as error:
            _log.warning("uploads.untested", reason=str(error))
            return _Finding(is_safe=False, expires=asyncio.get_running_loop().time() + _PAUSE_SECONDS)
        _log.warning("uploads.through_the_server", reason="the storage copies objects for holders of presigned URLs")
        return _Finding(is_safe=False)

    async def _is_safe(self, absence: AbsentHeader | None) -> bool:
        """Return whether a URL of this form writes an object, and does not copy one."""
        source, target = (S3Object(self._bucket, f"{self._folder}{secrets.token_hex(16)}") for _ in range(2))
        url = self._signed(target, _TRIAL_LIFE, absence)
        await self._client.request("PUT", source, body=_SECRET)
        try:
            for name in _SPELLINGS:
                await self._client.put_presigned(url, {name: f"/{source}"}, b"")
                if await self._content(target) == _SECRET:
                    return False
            await self._client.put_presigned(url, {}, _CONTENT)
            return await self._content(target) == _CONTENT
        finally:
            await self._client.request("DELETE", source)
            await self._client.request("DELETE", target)

    async def _content(self, target: S3Object) -> bytes | None:
        try:
            return (await self._client.request("GET", target)).body
        except ObjectNotFound:
            return None

    def _signed(self, target: S3Object, expires: timedelta, absence: AbsentHeader | None) -> str:
        return self._client.sign("PUT", [target], expires=expires, absence=absence)[0]
