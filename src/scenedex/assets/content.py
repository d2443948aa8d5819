"""Identity of the bytes of a file, under which the outputs of stages are stored."""

from __future__ import annotations

import asyncio
import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scenedex.storage.store import ManagedStore


async def content_hash(managed: ManagedStore, key: str) -> str:
    """Return the SHA-256 of an object in hexadecimal digits. Reads it once, in constant memory.

    Raises:
        ObjectNotFound: no object has this key.
    """
    digest = hashlib.sha256()
    async for chunk in managed.stream(key):
        await asyncio.to_thread(digest.update, chunk)
    return digest.hexdigest()
