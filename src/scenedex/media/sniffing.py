"""Media format of a file by its bytes, never by its name. Pure: takes a file object."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, BinaryIO

from scenedex.media.errors import MediaUnreadable
from scenedex.media_formats import MATROSKA_FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scenedex.media_formats import MediaFormat, PictureFormat

HEAD_BYTES = 4096
"""Number of first bytes that `sniff_head` looks at."""
ENDS_EARLY = "The file ends early: it was cut off, or its copy is incomplete."
"""Reason to refuse a file whose missing end is needed."""
_PNG = b"\x89PNG\r\n\x1a\n"
_JPG = b"\xff\xd8\xff"
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
_IMAGE_BRANDS = frozenset({b"mif1", b"mif2", b"mif3", b"msf1", b"miaf", b"MiHE", b"MiHA", b"MiHB"})
HEIF_BRANDS = _HEIC_BRANDS | _IMAGE_BRANDS
"""Major brands of files of pictures."""
# First boxes of QuickTime files older than brands.
_OLD_QUICKTIME = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
_FRAGMENT = b"moof"
# Start of each fragment, after its first four bytes.
_PIECE = b"moof\x00\x00\x00\x10mfhd"
_TAILS = (1024**2, 8 * 1024**2, 64 * 1024**2)
_TOP_LEVEL = frozenset(
    {b"ftyp", b"styp", b"moov", b"mdat", _FRAGMENT, b"mfra", b"free", b"skip", b"wide", b"uuid"}
    | {b"meta", b"sidx", b"ssix", b"emsg", b"prft", b"udta", b"pdin", b"pnot"}
)
# Properties of the pictures of HEIC.
_PROPERTIES = b"iprp"
_NO_HEADERS = frozenset({b"moov", b"mdat", b"free", b"skip", b"wide", b"uuid"})
_MAX_HEADER_BYTES = 1024**2
_MAX_BOXES = 1000
_BOX_HEAD = 8
_LONG_BOX_HEAD = 16
_EBML = b"\x1a\x45\xdf\xa3"
_SEGMENT = b"\x18\x53\x80\x67"
_UNSUPPORTED = "The file is none of MP4, MKV, MOV, WebM, JPG, PNG and HEIC."


def sniff(file: BinaryIO) -> MediaFormat:
    """Return the format of the file.

    Raises:
        MediaUnreadable: it is not supported, or the headers of the file are missing.
    """
    head = _read_at(file, 0, HEAD_BYTES)
    found = sniff_head(head)
    if found in MATROSKA_FORMATS:
        _segment_end(head)
    elif found not in {"png", "jpg"}:
        _require_whole_boxes(file, found)
    return found


def sniff_head(head: bytes) -> MediaFormat:
    """Return the format of a file by its first bytes alone.

    Raises:
        MediaUnreadable: it is not supported.
    """
    if not head:
        raise MediaUnreadable("The file is empty.")
    if head.startswith(_PNG):
        return "png"
    if head.startswith(_JPG):
        return "jpg"
    return _matroska(head) if head.startswith(_EBML) else _iso(head)


def sniff_picture(file: BinaryIO) -> PictureFormat:
    """Return the format of a file that must be a picture, which includes WebP.

    Raises:
        MediaUnreadable: it is no picture, or the file is truncated.
    """
    head = _read_at(file, 0, 12)
    if head.startswith(b"RIFF") and head[8:] == b"WEBP":
        return "webp"
    if not head or head.startswith((_PNG, _JPG)) or head[4:8] == b"ftyp":
        found = sniff(file)
        if found == "png" or found == "jpg" or found == "heic":  # noqa: PLR1714  # narrows the type
            return found
    raise MediaUnreadable("The file is none of JPG, PNG, WebP and HEIC.")


def _iso(head: bytes) -> MediaFormat:
    """Return the format of a file that consists of boxes."""
    kind = head[4:8]
    if kind != b"ftyp":
        if kind in _OLD_QUICKTIME:
            return "mov"
        raise MediaUnreadable(_UNSUPPORTED)
    size = min(int.from_bytes(head[:4], "big"), len(head))
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, size - 3, 4))]
    if brands[0] in _HEIC_BRANDS or (brands[0] in _IMAGE_BRANDS and _HEIC_BRANDS & set(brands)):
        return "heic"
    if brands[0] in (b"avif", b"avis") or (brands[0] in _IMAGE_BRANDS and b"avif" in brands):
        raise MediaUnreadable("AVIF images are not supported.")
    return "mov" if brands[0] == b"qt  " else "mp4"


def claims_too_much(file: BinaryIO, kind: MediaFormat) -> bool:
    """Return whether a film of this format claims more bytes than its file has, so that a part of it may be missing."""
    end = file.seek(0, os.SEEK_END)
    if kind in MATROSKA_FORMATS:
        claimed = _segment_end(_read_at(file, 0, HEAD_BYTES))
        return claimed is not None and claimed > end
    return any(at + size > end for kind, at, size in _claims(file, end) if kind in _TOP_LEVEL)


def _require_whole_boxes(file: BinaryIO, found: MediaFormat) -> None:
    """Refuse a file that ends before its headers, and a picture that ends early. Ignores bytes after the film."""
    end = file.seek(0, os.SEEK_END)
    seen = set[bytes]()
    for kind, at, size in _claims(file, end):
        if size == 0:
            # The box extends to the end of the file.
            seen.add(kind)
            break
        if kind in _TOP_LEVEL and (at + size > end or size == 1):
            # Whether all of the film is there is known from its index.
            if found != "heic" and kind not in {b"moov", b"meta"} and b"moov" in seen:
                return
            raise MediaUnreadable(ENDS_EARLY)
        if size < _BOX_HEAD or not kind.isascii() or at + size > end:
            if _is_complete(seen):
                return
            raise MediaUnreadable(ENDS_EARLY if at + size > end else _UNSUPPORTED)
        _require_no_pictures(file, found, kind, at, size)
        seen.add(kind)
    if not seen & {b"moov", b"meta", _FRAGMENT}:
        raise MediaUnreadable(ENDS_EARLY)


def _claims(file: BinaryIO, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, place and claimed size of each box of a file of that size, and of its fragments only the last one."""
    at, is_in_fragments = 0, False
    for _ in range(_MAX_BOXES):
        if at + _BOX_HEAD > end:
            return
        kind, size = _box(file, at)
        if kind == _FRAGMENT and not is_in_fragments:
            # Walking all fragments would read most of a remote object.
            is_in_fragments = True
            at = _last_piece(file, at, end)
            continue
        yield kind, at, size
        if size < _BOX_HEAD:
            return
        at += size


def _require_no_pictures(file: BinaryIO, found: MediaFormat, kind: bytes, at: int, size: int) -> None:
    """Refuse a QuickTime film with a box that describes HEIC pictures."""
    if found != "mov" or kind in _NO_HEADERS:
        return
    if _PROPERTIES in _read_at(file, at, min(size, _MAX_HEADER_BYTES)):
        # FFmpeg 8.1 reads such a file in an endless loop.
        raise MediaUnreadable("The file mixes a QuickTime film with pictures of HEIC, which is not supported.")


def _is_complete(seen: set[bytes]) -> bool:
    """Return whether these boxes can form a whole film or picture."""
    return b"meta" in seen or {b"moov", b"mdat"} <= seen


def _last_piece(file: BinaryIO, first: int, end: int) -> int:
    """Return the start of the last fragment, or of the first if none is found near the end."""
    for reach in _TAILS:
        begin = max(first, end - reach)
        found = _read_at(file, begin, end - begin).rfind(_PIECE)
        if found >= 4:  # noqa: PLR2004  # its length precedes its name
            return begin + found - 4
        if begin == first:
            break
    return first


def is_fragmented(file: BinaryIO) -> bool:
    """Return whether a file of boxes is fragmented, so that its headers cover at most the first fragment."""
    at, end = 0, file.seek(0, os.SEEK_END)
    for _ in range(_MAX_BOXES):
        kind, size = _box(file, at)
        if kind == _FRAGMENT:
            return True
        if size < _BOX_HEAD or at + size >= end:
            break
        at += size
    return False


def boxes_of(file: BinaryIO, end: int, start: int = 0) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, place and size of each box between two places of a file. The last one may extend to the end."""
    at = start
    for _ in range(_MAX_BOXES):
        if at + _BOX_HEAD > end:
            return
        kind, size = _box(file, at)
        size = size or end - at
        if size < _BOX_HEAD:
            return
        yield kind, at, min(size, end - at)
        at += size


def _box(file: BinaryIO, at: int) -> tuple[bytes, int]:
    """Return the kind and size of a box: size 0 to the end of the file, 1 if its long size is cut off."""
    head = _read_at(file, at, _LONG_BOX_HEAD)
    size = int.from_bytes(head[:4], "big")
    if size == 1 and len(head) == _LONG_BOX_HEAD:
        size = int.from_bytes(head[8:], "big")
    return head[4:8], size


def _matroska(head: bytes) -> MediaFormat:
    at = head.find(b"\x42\x82")
    if at >= 0:
        length = int.from_bytes(head[at + 2 : at + 3], "big") & 0x7F
        match head[at + 3 : at + 3 + length].rstrip(b"\x00"):
            case b"matroska":
                return "mkv"
            case b"webm":
                return "webm"
            case _:
                pass
    raise MediaUnreadable(_UNSUPPORTED)


def _segment_end(head: bytes) -> int | None:
    """Return the end of the segment of a Matroska file as it claims it, or `None` for a live recording, which does not.

    Raises:
        MediaUnreadable: the headers are missing or none.
    """
    at = head.find(_SEGMENT)
    if at < 0:
        raise MediaUnreadable(ENDS_EARLY)
    first = head[at + 4 : at + 5]
    if not first or not first[0]:
        raise MediaUnreadable(_UNSUPPORTED)
    width = 9 - first[0].bit_length()
    digits = 7 * width
    value = int.from_bytes(head[at + 4 : at + 4 + width], "big") & ((1 << digits) - 1)
    is_unknown = value == (1 << digits) - 1
    return None if is_unknown else at + 4 + width + value


def _read_at(file: BinaryIO, offset: int, size: int) -> bytes:
    file.seek(offset)
    parts: list[bytes] = []
    while size > 0 and (part := file.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
