"""Identity of the bytes of a file: the hash under which outputs of stages are stored, and the entity tag of a copy."""

from __future__ import annotations

import asyncio
import hashlib
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from scenedex.storage.store import ManagedStore

_DIGEST_TAG: Final = re.compile(r'"?([0-9a-f]{32}(?:-[0-9]{1,5})?)"?')


def digest_tag(etag: str) -> str | None:
    """Return the entity tag of an S3 object without its quotes, or `None` if this tag is no digest of the bytes.

    Equal tags and sizes mean equal bytes. Different tags mean nothing: those of multipart uploads depend on the parts,
    and those of encrypted objects on the key.
    """
    found = _DIGEST_TAG.fullmatch(etag)
    return found[1] if found else None


async def content_hash(managed: ManagedStore, key: str) -> str:
    """Return the SHA-256 of an object in hexadecimal digits. Reads it once, in constant memory.

    Raises:
        ObjectNotFound: no object has this key.
    """
    digest = hashlib.sha256()
    async for chunk in managed.stream(key):
        await asyncio.to_thread(digest.update, chunk)
    return digest.hexdigest()
