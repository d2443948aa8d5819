"""Header of a WebP file: size and animation. Source: RFC 9649."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scenedex.media.errors import MediaUnreadable

if TYPE_CHECKING:
    from typing import BinaryIO

_HEAD_BYTES: Final = 30
_RIFF_HEAD: Final = 8
_LOSSY_START: Final = b"\x9d\x01\x2a"
_LOSSLESS_START: Final = 0x2F
_ANIMATION: Final = 0x02
_SIDE_BITS: Final = 14
_SIDE: Final = (1 << _SIDE_BITS) - 1


@dataclass(frozen=True, slots=True)
class WebpHeader:
    """Facts in the header: sides in pixels before any rotation, and animation."""

    width: int
    height: int
    is_animated: bool


def read_webp_header(file: BinaryIO) -> WebpHeader:
    """Read the header of the file.

    Raises:
        MediaUnreadable: it is no WebP, its header is broken, or the file is truncated.
    """
    end = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    if len(head) < _HEAD_BYTES or head[:4] != b"RIFF" or head[8:12] != b"WEBP":
        raise MediaUnreadable("The header of the picture is broken.")
    if int.from_bytes(head[4:8], "little") + _RIFF_HEAD > end:
        raise MediaUnreadable("The file ends early: it was cut off, or its copy is incomplete.")
    match head[12:16]:
        case b"VP8X":
            width, height = (1 + int.from_bytes(head[at : at + 3], "little") for at in (24, 27))
            return WebpHeader(width, height, bool(head[20] & _ANIMATION))
        case b"VP8L" if head[20] == _LOSSLESS_START:
            sides = int.from_bytes(head[21:25], "little")
            return WebpHeader(1 + (sides & _SIDE), 1 + (sides >> _SIDE_BITS & _SIDE), is_animated=False)
        case b"VP8 " if head[23:26] == _LOSSY_START:
            width, height = (int.from_bytes(head[at : at + 2], "little") & _SIDE for at in (26, 28))
            return WebpHeader(width, height, is_animated=False)
        case _:
            raise MediaUnreadable("The header of the picture is broken.")
