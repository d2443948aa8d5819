"""Presigned URLs that write one object, and cannot copy another one into its place.

S3 makes a copy in place of a write if the request has the header ``x-amz-copy-source``. AWS refuses it with a presigned
URL that did not sign it. Some services do not, and copy any object that the keys of the signature may read, such as
that of another tenant. So each process finds out with trial objects how its service can be kept from it.
"""

from __future__ import annotations

import asyncio
import secrets
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING, Final

import structlog

from scenedex.storage.errors import ObjectNotFound, StorageError
from scenedex.storage.s3_client import S3Object

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.storage.s3_client import S3Client

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.storage")
_COPY_SOURCE: Final = "x-amz-copy-source"
# Servers that pass headers on as variables do not distinguish the two.
_SPELLINGS: Final = (_COPY_SOURCE, _COPY_SOURCE.replace("-", "_"))
_TRIAL_LIFE: Final = timedelta(minutes=5)
_SECRET: Final = b"an object that a copy would read"
_CONTENT: Final = b"an upload"


class UrlForm(Enum):
    """Form of a URL that a service does not make a copy for, with the headers that the request must not have."""

    PLAIN = ()
    WITHOUT_COPY_SOURCE = (_COPY_SOURCE,)


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
        self._lock = asyncio.Lock()
        self._forms: Sequence[UrlForm] | None = None

    async def sign(self, target: S3Object, expires: timedelta) -> str | None:
        """Return a URL that writes the object, or `None` if the service makes copies for URLs of every form."""
        async with self._lock:
            if self._forms is None:
                try:
                    self._forms = await self._safe_forms()
                except StorageError as error:
                    _log.warning("uploads.untested", reason=str(error))
                    return None
        if not self._forms:
            return None
        return self._signed(target, expires, self._forms[0])

    async def _safe_forms(self) -> Sequence[UrlForm]:
        for form in UrlForm:
            if await self._is_safe(form):
                _log.info("uploads.tested", form=form.name)
                return (form,)
        _log.warning("uploads.through_the_server", reason="the storage copies objects for holders of presigned URLs")
        return ()

    async def _is_safe(self, form: UrlForm) -> bool:
        """Return whether a URL of this form writes an object, and does not copy one."""
        folder = f"{self._folder}{secrets.token_hex(16)}"
        source, target = S3Object(self._bucket, f"{folder}/source"), S3Object(self._bucket, f"{folder}/target")
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
