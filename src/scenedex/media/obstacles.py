"""Reasons why an intact file cannot be used, found in its headers. Nothing is decoded.

Sources: ISO/IEC 14496-12 (boxes), ISO/IEC 23001-7 (encryption), ISO/IEC 23008-12 (HEIF), RFC 9559 (Matroska).
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, BinaryIO, Final

from scenedex.media.matroska import elements
from scenedex.media.sniffing import ENDS_EARLY, HEIF_BRANDS, boxes_of, claims_too_much

if TYPE_CHECKING:
    from collections.abc import Iterator

_EBML: Final = b"\x1a\x45\xdf\xa3"
_HEAD_BYTES: Final = 1024**2
_MAX_HEADER_BYTES: Final = 4 * 1024**2
_HEADERS: Final = frozenset({b"moov", b"meta", b"moof"})
_ENCRYPTED_ENTRY: Final = re.compile(rb"enc[va].{4,400}?sinf.{4,200}?schm", re.DOTALL)
_ENCRYPTED_PICTURES: Final = re.compile(rb"encv.{4,400}?sinf.{4,200}?schm", re.DOTALL)
# Version, flags, number and protection of an item come before its type.
_ITEM: Final = re.compile(rb"infe(?:\x02.{3}.{2}|\x03.{3}.{4}).{2}([ -~]{4})", re.DOTALL)
_CODED: Final = {
    "av01": "AV1",
    "avc1": "H.264",
    "evc1": "EVC",
    "j2k1": "JPEG 2000",
    "jpeg": "JPEG",
    "jxl ": "JPEG XL",
    "unci": "uncompressed",
    "vvc1": "VVC",
}
# Segment, Tracks, TrackEntry, ContentEncodings, ContentEncoding.
_MASTERS: Final = frozenset({0x18538067, 0x1654AE6B, 0xAE, 0x6D80, 0x6240})
_SEGMENT: Final = 0x18538067
_CLUSTER: Final = 0x1F43B675
_CONTENT_ENCRYPTION: Final = 0x5035

ENCRYPTED: Final = "The film is encrypted. Import a version without copy protection."
SEQUENCE: Final = "The file is a sequence of HEIF pictures, which is not supported."


def obstacle_of(file: BinaryIO) -> str | None:
    """Return the reason why a file that cannot be opened is no use, or `None` if its headers give none."""
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    if head.startswith(_EBML):
        encrypted = any(kind == _CONTENT_ENCRYPTION for kind, _start, _end in elements(head, 0, _MASTERS))
        if encrypted:
            return ENCRYPTED
        return ENDS_EARLY if _is_without_film(head) else None
    if head[4:8] not in {b"ftyp", *_HEADERS}:
        return None
    headers = dict(_headers(file))
    if any(_ENCRYPTED_ENTRY.search(data) for data in headers.values()):
        return ENCRYPTED
    if head[4:8] == b"ftyp" and head[8:12] in HEIF_BRANDS:
        return _obstacle_of_picture(headers)
    return ENDS_EARLY if b"moof" in headers and claims_too_much(file, "mp4") else None


def is_encrypted(file: BinaryIO) -> bool:
    """Return whether the pictures of a film in boxes are encrypted. Parts of them may be decodable as garbage."""
    return any(kind == b"moov" and _ENCRYPTED_PICTURES.search(data) for kind, data in _headers(file))


def _is_without_film(data: bytes) -> bool:
    """Return whether a Matroska file ends before its pictures begin."""
    ends = {kind: end for kind, _start, end in elements(data, 0, _MASTERS)}
    return len(data) < _HEAD_BYTES and _CLUSTER not in ends and ends.get(_SEGMENT, 0) > len(data)


def _obstacle_of_picture(headers: dict[bytes, bytes]) -> str | None:
    items = [item.decode("ascii") for item in _ITEM.findall(headers.get(b"meta", b""))]
    if b"moov" in headers and not items:
        return SEQUENCE
    codec = next((_CODED[item] for item in items if item in _CODED), None)
    if codec is not None:
        return f"The codec of the picture ({codec}) is not supported."
    return SEQUENCE if b"moov" in headers else None


def _headers(file: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """Yield kind and first bytes of each header box. A later one of a kind replaces the one before."""
    end = file.seek(0, os.SEEK_END)
    for kind, at, size in boxes_of(file, end):
        if kind in _HEADERS:
            file.seek(at)
            yield kind, file.read(min(size, _MAX_HEADER_BYTES))
