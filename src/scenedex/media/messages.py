"""Messages between parent and child: msgspec structs with a length prefix, over pipes."""

from __future__ import annotations

import struct

import msgspec

_LENGTH = struct.Struct(">I")
# Results describe findings and contain no pixels. A six-hour film stays far below this limit.
MAX_MESSAGE_BYTES = 64 * 1024**2


class ChildRequest(msgspec.Struct, frozen=True):
    """Request to the child, sent on its standard input."""

    entry: str
    params: msgspec.Raw
    media_fd: int
    size_bytes: int | None
    work_dir: str | None
    memory_bytes: int
    cpu_seconds: int
    file_size_bytes: int
    max_pixels: int
    max_threads: int
    first_user_id: int | None
    import_paths: tuple[str, ...] = ()
    readable: tuple[str, ...] = ()


class Progressed(msgspec.Struct, frozen=True, tag="progress"):
    """Progress of the child: position in the media from 0 to 1, and work done in any unit that only grows."""

    fraction: float
    done: int = 0


class Succeeded(msgspec.Struct, frozen=True, tag="result"):
    """Final message with the result."""

    result: msgspec.Raw


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """Final message if the file cannot be used: name of a class in `errors`, and the reason."""

    error: str
    detail: str


Message = Progressed | Succeeded | Refused
"""Messages of the child on its standard output."""


def encode_message(message: Message) -> bytes:
    """Encode a message with its length prefix."""
    body = msgspec.json.encode(message)
    return _LENGTH.pack(len(body)) + body


def message_length(head: bytes) -> int:
    """Decode a length prefix of four bytes.

    Raises:
        ValueError: it exceeds the maximum length of a message.
    """
    (length,) = _LENGTH.unpack(head)
    if length > MAX_MESSAGE_BYTES:
        raise ValueError("the child announces a message that is too long")
    return length


HEAD_BYTES = _LENGTH.size
# Request of the child for a range of the media: offset and length. Answer: number of bytes, and the bytes.
RANGE = struct.Struct(">QI")
RANGE_LENGTH = struct.Struct(">I")
MAX_RANGE_BYTES = 4 * 1024**2
