"""Port: the managed store, our place for copies, uploads, keyframes and outputs of stages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Sequence
    from datetime import timedelta
    from pathlib import Path

    from scenedex.storage.buckets import SourceBuckets
    from scenedex.storage.objects import ListedObject, ObjectInfo, UnfinishedWrite

Progress: TypeAlias = Callable[[int], Awaitable[None]]
"""Awaited during a copy with the bytes done so far: never less than before, at the end all of them."""


class ManagedStore(Protocol):
    """Objects under keys that we choose.

    Writing is atomic and replaces: under a key there is the old object, or the new one, or none, whatever dies or is
    cancelled meanwhile. Several processes may use one store at the same time; of two writers of a key the last wins.
    Every method may also raise `ManagedKeyInvalid`, `AccessDenied` and `StorageUnavailable`; a prefix is empty
    where allowed, or a folder with its closing slash.
    """

    async def import_from(
        self,
        source: SourceBuckets,
        bucket: str,
        key: str,
        to_key: str,
        *,
        expected: ObjectInfo,
        on_progress: Progress,
    ) -> ObjectInfo:
        """Copy one object of the users' buckets, inside the storage where it can, else in constant memory.

        The copy survives a crash of this process, but on local disks not necessarily one of the machine: the source
        is still there to be copied again. What a killed copy left behind goes with the next write or lies hidden.

        Raises:
            ObjectNotFound: no such bucket or key in the source; nothing is left under ``to_key``.
            AccessDenied: the source refuses; a refusal by this store itself is `StorageUnavailable`.
            SourceChanged: the source is not, or did not remain, the expected version; nothing is left either.
        """
        ...

    async def put(self, key: str, data: bytes, content_type: str) -> ObjectInfo:
        """Keep these bytes durably. Local folders do not keep the content type."""
        ...

    async def put_file(self, key: str, path: Path, content_type: str) -> ObjectInfo:
        """Keep a copy of a local file durably, in constant memory."""
        ...

    async def receive(
        self,
        key: str,
        chunks: AsyncIterator[bytes],
        *,
        max_bytes: int,
        content_type: str = "application/octet-stream",
    ) -> ObjectInfo:
        """Keep what arrives durably, in constant memory.

        Raises:
            ObjectTooLarge: more than ``max_bytes`` arrived; nothing is kept.
        """
        ...

    async def get(self, key: str, *, max_bytes: int) -> bytes:
        """All bytes of a small object.

        Raises:
            ObjectNotFound: no object has this key.
            ObjectTooLarge: it has more than ``max_bytes``.
        """
        ...

    async def read(self, key: str, offset: int, length: int) -> bytes:
        """The bytes ``[offset, offset + length)``, fewer where the object ends before, none where it ends earlier.

        Raises:
            ObjectNotFound: no object has this key.
        """
        ...

    def stream(self, key: str, start: int = 0, end: int | None = None) -> AsyncGenerator[bytes]:
        """The bytes ``[start, end)`` or to the end of the object, in chunks of at most 1 MiB, of one version.

        Raises:
            ObjectNotFound: no object has this key.
        """
        ...

    async def head(self, key: str) -> ObjectInfo:
        """The present version of an object.

        Raises:
            ObjectNotFound: no object has this key.
        """
        ...

    async def move(self, from_key: str, to_key: str) -> None:
        """Give an object another key, replacing what has it.

        Raises:
            ObjectNotFound: no object has ``from_key``; what ``to_key`` names is untouched.
        """
        ...

    async def delete(self, key: str) -> None:
        """Remove an object; it is fine if there is none."""
        ...

    async def delete_prefix(self, prefix: str) -> int:
        """Remove all objects of a folder, which must be named; how many there were."""
        ...

    def list(self, prefix: str = "") -> AsyncGenerator[ListedObject]:
        """The objects of a folder and of those in it, in the order of their keys, read ahead by at most 1000."""
        ...

    def unfinished(self) -> AsyncGenerator[UnfinishedWrite]:
        """Writes whose process was killed, and where the store cannot tell them apart also those at work."""
        ...

    async def give_up(self, write: UnfinishedWrite) -> None:
        """Remove what an unfinished write has left; it is fine if it has ended meanwhile."""
        ...

    def local_path(self, key: str) -> Path | None:
        """The file that is or would be this object; ``None`` where objects are no files of this machine."""
        ...

    def sign_get(
        self, key: str, *, expires: timedelta, filename: str | None = None, content_type: str | None = None
    ) -> str | None:
        """A URL that reads the object without keys for some time; ``None`` where the store serves no URLs.

        A ``filename`` makes browsers save it under that name; ``content_type`` is what the answer will say.
        """
        ...

    def sign_get_many(self, keys: Sequence[str], *, expires: timedelta) -> Sequence[str] | None:
        """`sign_get` for each of the keys; ``None`` where the store serves no URLs."""
        ...

    def sign_put(self, key: str, *, expires: timedelta) -> str | None:
        """A URL that writes the object with one HTTP PUT; ``None`` where the store serves no URLs."""
        ...

    async def close(self) -> None:
        """Let go of connections; the last call."""
        ...
