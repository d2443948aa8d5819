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
from enum import Enum
from typing import TYPE_CHECKING, Final

import structlog

from scenedex.storage.errors import ObjectNotFound, StorageError
from scenedex.storage.s3_client import S3Object

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


class UrlForm(Enum):
    """Form of a URL that a service does not make a copy for, with the headers that the request must not have."""

    PLAIN = ()
    WITHOUT_COPY_SOURCE = (_COPY_SOURCE,)


@dataclass(frozen=True, slots=True)
class _Finding:
    """Form of URL that is safe, if any, and the time of the event loop after which to look again, if ever."""

    form: UrlForm | None
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
        form = await self._safe_form()
        return None if form is None else self._signed(target, expires, form)

    async def close(self) -> None:
        """End a search for the form."""
        if self._search is not None:
            self._search.cancel()
            await asyncio.wait({self._search})

    async def _safe_form(self) -> UrlForm | None:
        if self._search is None or self._is_outdated(self._search):
            self._search = asyncio.create_task(self._find_form(), name="form of upload URLs")
        # Callers share one search, and a service that is out of order delays none of them for long.
        done, _ = await asyncio.wait({self._search}, timeout=_PATIENCE_SECONDS)
        return self._search.result().form if done else None

    def _is_outdated(self, search: asyncio.Task[_Finding]) -> bool:
        return search.done() and search.result().expires < asyncio.get_running_loop().time()

    async def _find_form(self) -> _Finding:
        try:
            for form in UrlForm:
                if await self._is_safe(form):
                    _log.info("uploads.tested", form=form.name)
                    return _Finding(form)
        except StorageError as error:
            _log.warning("uploads.untested", reason=str(error))
            return _Finding(None, asyncio.get_running_loop().time() + _PAUSE_SECONDS)
        _log.warning("uploads.through_the_server", reason="the storage copies objects for holders of presigned URLs")
        return _Finding(None)

    async def _is_safe(self, form: UrlForm) -> bool:
        """Return whether a URL of this form writes an object, and does not copy one."""
        source, target = (S3Object(self._bucket, f"{self._folder}{secrets.token_hex(16)}") for _ in range(2))
        url = self._signed(target, _TRIAL_LIFE, form)
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

    def _signed(self, target: S3Object, expires: timedelta, form: UrlForm) -> str:
        return self._client.sign("PUT", [target], expires=expires, absent_headers=form.value)[0]
