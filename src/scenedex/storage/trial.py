"""Whether the managed store serves us: shown by using it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import uuid4

from scenedex.storage.errors import StorageUnavailable

if TYPE_CHECKING:
    from scenedex.storage.store import ManagedStore

_BYTES: Final = b"scenedex"


async def try_out(managed: ManagedStore) -> None:
    """Write, read and delete an object that nobody else knows.

    Raises:
        StorageError: one of these does not work; the message says why.
    """
    key = f"trials/{uuid4().hex}"
    await managed.put(key, _BYTES, "text/plain")
    try:
        found = await managed.get(key, max_bytes=len(_BYTES))
    finally:
        await managed.delete(key)
    if found != _BYTES:
        raise StorageUnavailable("an object is read as other bytes than were written")
