"""What parent and child say to each other: framed msgspec messages over pipes."""

from __future__ import annotations

import struct

import msgspec

_LENGTH = struct.Struct(">I")
# A result is a description of findings, never the findings' pixels; a six-hour film stays far below this.
LONGEST_MESSAGE = 64 * 1024**2


class Order(msgspec.Struct, frozen=True):
    """What the child is to do; sent on its standard input."""

    entry: str
    params: msgspec.Raw
    media_fd: int
    size_bytes: int | None
    work_dir: str | None
    memory_bytes: int
    cpu_seconds: int
    file_size_bytes: int
    max_pixels: int
    parent_pid: int
    import_paths: tuple[str, ...] = ()
    readable: tuple[str, ...] = ()


class Progressed(msgspec.Struct, frozen=True, tag="progress"):
    """How far the child has come: through the media, 0 to 1, and in work done, by any measure that only grows."""

    fraction: float
    done: int = 0


class Succeeded(msgspec.Struct, frozen=True, tag="result"):
    """The child is done."""

    result: msgspec.Raw


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """The file cannot be used: the name of a class of `errors`, and why."""

    error: str
    detail: str


Message = Progressed | Succeeded | Refused
"""What the child says on its standard output."""


def frame(message: Message) -> bytes:
    """A message with its length before it."""
    body = msgspec.json.encode(message)
    return _LENGTH.pack(len(body)) + body


def frame_length(head: bytes) -> int:
    """The length of the message that these four bytes announce.

    Raises:
        ValueError: it is longer than any message.
    """
    (length,) = _LENGTH.unpack(head)
    if length > LONGEST_MESSAGE:
        raise ValueError("the child announces an impossible message")
    return length


HEAD_BYTES = _LENGTH.size
# A request of the child for a range of the media: offset and length. The answer: how many bytes, and the bytes.
RANGE = struct.Struct(">QI")
RANGE_LENGTH = struct.Struct(">I")
LONGEST_RANGE = 4 * 1024**2
