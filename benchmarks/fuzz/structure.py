"""Structure of media files: boxes, elements, chunks, segments. Pure. Never fails, whatever the bytes are.

Sources: ISO/IEC 14496-12 (boxes), RFC 8794 (EBML), the PNG specification, RFC 9649 (RIFF of WebP), ITU-T T.81 (JPEG).
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

Family = Literal["iso", "ebml", "png", "jpeg", "riff"]
"""How a format is put together."""

_MOST_PARTS = 5000
_PNG_HEAD, _RIFF_HEAD, _JPEG_HEAD = 8, 12, 2
_CRC_BYTES = 4
# Boxes that hold boxes, with the bytes between their heads and the first of them.
_BOXES = {
    **dict.fromkeys((b"moov", b"trak", b"mdia", b"minf", b"stbl", b"dinf", b"edts", b"udta", b"wave"), 0),
    **dict.fromkeys((b"moof", b"traf", b"mvex", b"mfra", b"iprp", b"ipco"), 0),
    b"meta": 4,
    b"iref": 4,
    b"stsd": 8,
    b"dref": 8,
    b"iinf": 6,
}
_ELEMENTS = frozenset(
    map(
        bytes.fromhex,
        (
            *("1A45DFA3", "18538067", "114D9B74", "4DBB", "1549A966", "1654AE6B", "AE", "E0", "E1", "1F43B675", "A0"),
            *("1C53BB6B", "BB", "B7", "1254C367", "7373", "67C8", "55B0"),
        ),
    )
)
_SCAN, _END_OF_PICTURE = 0xDA, 0xD9


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a file.

    Attributes:
        kind: its name, as written in the file.
        start: offset of its header.
        body: offset of its content.
        end: offset behind it, with its checksum and padding.
        length_at: offset of its length.
        length_width: bytes of its length, 0 if it has none.
        length_adds: difference between its length and the size of ``body`` to ``end``.
        parts: the parts inside it.
    """

    kind: bytes
    start: int
    body: int
    end: int
    length_at: int
    length_width: int
    length_adds: int
    parts: tuple[Part, ...] = ()

    def walk(self) -> Iterator[Part]:
        """This part and all in it."""
        yield self
        for part in self.parts:
            yield from part.walk()


def parts_of(data: bytes, family: Family) -> tuple[Part, ...]:
    """Return the outermost parts, in a broken file as many as can be read."""
    match family:
        case "iso":
            return tuple(_boxes(data, 0, len(data)))
        case "ebml":
            return tuple(_elements(data, 0, len(data)))
        case "png":
            return tuple(_png(data))
        case "jpeg":
            return tuple(_jpeg(data))
        case "riff":
            return tuple(_riff(data))


def written_length(part: Part, family: Family, value: int) -> bytes:
    """Encode a length as in the file, cut to its width."""
    width = part.length_width
    match family:
        case "ebml":
            return (value & ((1 << 7 * width) - 1) | 1 << 7 * width).to_bytes(width, "big")
        case "riff":
            return (value & ((1 << 8 * width) - 1)).to_bytes(width, "little")
        case _:
            return (value & ((1 << 8 * width) - 1)).to_bytes(width, "big")


def replaced(data: bytes, parts: tuple[Part, ...], family: Family, start: int, end: int, new: bytes) -> bytes:
    """The file with other bytes in that place, and the lengths of all parts around it put right."""
    out = bytearray(data)
    grown = len(new) - (end - start)
    for part in (one for top in parts for one in top.walk()):
        if grown and part.length_width and part.body <= start and end <= part.end and (start, end) != (part.end,) * 2:
            length = part.end - part.body + part.length_adds + grown
            out[part.length_at : part.length_at + part.length_width] = written_length(part, family, length)
    out[start:end] = new
    return bytes(out)


def with_checksums(data: bytes) -> bytes:
    """Return a PNG with correct checksums of its chunks."""
    out = bytearray(data)
    for part in _png(data):
        checksum = zlib.crc32(out[part.start + 4 : part.end - _CRC_BYTES])
        out[part.end - _CRC_BYTES : part.end] = checksum.to_bytes(_CRC_BYTES, "big")
    return bytes(out)


def _boxes(data: bytes, at: int, end: int) -> Iterator[Part]:
    for _ in range(_MOST_PARTS):
        if at + 8 > end:
            return
        size, kind, head, width = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8], 8, 4
        if size == 1:
            size, head, width = int.from_bytes(data[at + 8 : at + 16], "big"), 16, 8
        if size < head or at + size > end:
            return
        inner = tuple(_boxes(data, at + head + _BOXES[kind], at + size)) if kind in _BOXES else ()
        # A length of 64 bits stands behind the name.
        length_at = at if width == 4 else at + 8
        yield Part(kind, at, at + head, at + size, length_at, width, head, inner)
        at += size


def _elements(data: bytes, at: int, end: int) -> Iterator[Part]:
    for _ in range(_MOST_PARTS):
        if at + 2 > end or not data[at]:
            return
        width = 9 - data[at].bit_length()
        length_at = at + width
        if length_at >= end or not data[length_at]:
            return
        wide = 9 - data[length_at].bit_length()
        body, most = length_at + wide, (1 << 7 * wide) - 1
        size = int.from_bytes(data[length_at:body], "big") & most
        # An unknown length: to the end.
        after = end if size == most else body + size
        if after > end:
            return
        kind = data[at:length_at]
        inner = tuple(_elements(data, body, after)) if kind in _ELEMENTS else ()
        yield Part(kind, at, body, after, length_at, 0 if size == most else wide, 0, inner)
        at = after


def _png(data: bytes) -> Iterator[Part]:
    at = _PNG_HEAD
    while at + 12 <= len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        if end > len(data):
            return
        yield Part(data[at + 4 : at + 8], at, at + 8, end, at, 4, -_CRC_BYTES)
        at = end


def _riff(data: bytes) -> Iterator[Part]:
    at = _RIFF_HEAD
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        end = at + 8 + size + size % 2
        if end > len(data):
            return
        yield Part(data[at : at + 4], at, at + 8, end, at + 4, 4, -(size % 2))
        at = end


def _jpeg(data: bytes) -> Iterator[Part]:
    at = _JPEG_HEAD
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != _END_OF_PICTURE:  # begins a segment
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if end > len(data):
            return
        adds = 2
        if data[at + 1] == _SCAN:
            # The picture follows, which the length does not count.
            following = _after_scan(data, end)
            adds, end = 2 - (following - end), following
        yield Part(data[at : at + 2], at, at + 4, end, at + 2, 2, adds)
        at = end


def _after_scan(data: bytes, at: int) -> int:
    """Return the offset of the next marker that is neither stuffing nor a restart, or the end of the file."""
    while 0 <= (at := data.find(b"\xff", at)) < len(data) - 1:
        if data[at + 1] not in (0, *range(0xD0, 0xD8)):
            return at
        at += 1
    return len(data)
