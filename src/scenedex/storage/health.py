"""Health check of the managed store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import uuid4

from scenedex.storage.errors import StorageUnavailable

if TYPE_CHECKING:
    from scenedex.storage.store import ManagedStore

_BYTES: Final = b"scenedex"


async def check_store(managed: ManagedStore) -> None:
    """Write, read and delete a trial object under a unique key.

    Raises:
        StorageError: one of the operations fails, for the reason in the message.
    """
    key = f"trials/{uuid4().hex}"
    await managed.put(key, _BYTES, "text/plain")
    try:
        found = await managed.get(key, max_bytes=len(_BYTES))
    finally:
        await managed.delete(key)
    if found != _BYTES:
        raise StorageUnavailable("reading an object returns other bytes than were written")
