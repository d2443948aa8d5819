"""Sources of media bytes in the parent process, and the ranges of remote ones that it reads for the child."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenedex.media.errors import MediaUnreadable
from scenedex.media.messages import MAX_RANGE_BYTES, RANGE, RANGE_LENGTH

if TYPE_CHECKING:
    import socket
    from pathlib import Path

ReadRange = Callable[[int, int], Awaitable[bytes]]
"""Function from offset and length to bytes, which are fewer only at the end."""


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file of this machine, which the child gets as a read-only descriptor."""

    path: Path


@dataclass(frozen=True, slots=True)
class RangedObject:
    """A remote object, which the parent reads for the child, since it has no network."""

    size_bytes: int
    read: ReadRange


@dataclass(frozen=True, slots=True)
class NoMedia:
    """No bytes: the child works on its parameters alone."""


NO_MEDIA = NoMedia()

MediaSource = LocalFile | RangedObject | NoMedia


async def serve_ranges(connection: socket.socket, source: RangedObject) -> None:
    """Read for the child until it closes its end, with one range read ahead for sequential access.

    Raises:
        MediaUnreadable: the object became shorter.
        Exception: raised by the source's ``read``.
    """
    ahead: tuple[int, asyncio.Task[bytes]] | None = None
    try:
        while (request := await _request(connection)) is not None:
            offset, length = request
            if length > MAX_RANGE_BYTES or offset + length > source.size_bytes:
                return
            if ahead is not None and ahead[0] != offset:
                await _drop(ahead[1])
                ahead = None
            data = await (ahead[1] if ahead is not None else source.read(offset, length))
            if len(data) < length:
                raise MediaUnreadable("The file became shorter while it was read.")
            following = offset + length
            left = min(length, source.size_bytes - following)
            ahead = None if left <= 0 else (following, asyncio.ensure_future(_read(source, following, left)))
            await asyncio.get_running_loop().sock_sendall(connection, RANGE_LENGTH.pack(length) + data[:length])
    except (BrokenPipeError, ConnectionResetError):
        # The child has ended, which its supervisor reports.
        return
    finally:
        if ahead is not None:
            await _drop(ahead[1])


async def _request(connection: socket.socket) -> tuple[int, int] | None:
    head = b""
    while len(head) < RANGE.size:
        received = await asyncio.get_running_loop().sock_recv(connection, RANGE.size - len(head))
        if not received:
            return None
        head += received
    offset, length = RANGE.unpack(head)
    return offset, length


async def _read(source: RangedObject, offset: int, length: int) -> bytes:
    return await source.read(offset, length)


async def _drop(reading: asyncio.Task[bytes]) -> None:
    """Cancel a read-ahead and ignore its outcome."""
    reading.cancel()
    with contextlib.suppress(asyncio.CancelledError, Exception):
        await reading
