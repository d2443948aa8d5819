"""Length of a film in fragments, as its first headers claim it. Source: ISO/IEC 14496-12."""

from __future__ import annotations

import os
from fractions import Fraction
from typing import TYPE_CHECKING, BinaryIO, Final

from scenedex.media.sniffing import boxes_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_HEADER_BYTES: Final = 1024**2
_BOX_HEAD: Final = 8
_MASTERS: Final = frozenset({b"moov", b"mvex"})
# Bytes of an entry of an index, and the place of its duration.
_ENTRY_BYTES: Final = 12
_DURATION_AT: Final = 4


def claimed_length(file: BinaryIO) -> Fraction | None:
    """Return the length of all fragments in seconds, or `None` if the headers before them do not have it.

    Live recorders write the headers before they know it.
    """
    lengths: list[Fraction] = []
    tick = 0
    for kind, data in _headers(file):
        if kind == b"mvhd":
            tick = _number(data, 20, 4) if data[:1] == b"\x01" else _number(data, 12, 4)
        elif kind == b"mehd" and tick:
            lengths.append(Fraction(_number(data, 4, 8 if data[:1] == b"\x01" else 4), tick))
        elif kind == b"sidx" and (scale := _number(data, 8, 4)):
            first = 32 if data[:1] == b"\x01" else 24
            durations = range(first + _DURATION_AT, len(data) - _BOX_HEAD + 1, _ENTRY_BYTES)
            lengths.append(Fraction(sum(_number(data, at, 4) for at in durations), scale))
    return max(lengths, default=None) or None


def _headers(file: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """Yield kind and content of the headers before the first fragment."""
    for kind, at, size in boxes_of(file, file.seek(0, os.SEEK_END)):
        if kind == b"moof":
            return
        if kind in {b"moov", b"sidx"}:
            file.seek(at)
            yield from _children(file.read(min(size, _MAX_HEADER_BYTES)))


def _children(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + _BOX_HEAD <= len(data):
        size, kind = _number(data, at, 4), data[at + 4 : at + 8]
        if size < _BOX_HEAD:
            return
        content = data[at + _BOX_HEAD : at + size]
        if kind in _MASTERS:
            yield from _children(content)
        else:
            yield kind, content
        at += size


def _number(data: bytes, at: int, width: int) -> int:
    return int.from_bytes(data[at : at + width], "big")
