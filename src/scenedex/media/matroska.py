"""Headers and last blocks of Matroska and WebM files, read without demuxing.

Live recorders omit the duration and the index, so their last blocks are searched from the end of the file.
Source: RFC 8794 (EBML) and RFC 9559 (Matroska).
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator

_SEGMENT, _INFO, _TRACKS, _CLUSTER = 0x18538067, 0x1549A966, 0x1654AE6B, 0x1F43B675
_SCALE, _DURATION = 0x2AD7B1, 0x4489
_TRACK_ENTRY, _TRACK_NUMBER, _TRACK_TYPE = 0xAE, 0xD7, 0x83
_TIMESTAMP, _SIMPLE_BLOCK, _BLOCK_GROUP, _BLOCK = 0xE7, 0xA3, 0xA0, 0xA1
_VIDEO, _AUDIO = 1, 2
_DEFAULT_SCALE = 1_000_000
_MASTERS = frozenset({_SEGMENT, _INFO, _TRACKS, _TRACK_ENTRY})
_MASTERS_OF_TAIL = frozenset({_CLUSTER, _BLOCK_GROUP})
_HEAD_BYTES = 1024**2
_TAILS = (1024**2, 8 * 1024**2, 64 * 1024**2)
_MAX_ID_BYTES = 4
_MAX_NUMBER_BYTES = 8
# Limit for the tails of one file: less than a second of work, and many times the elements of a real tail.
_MAX_ELEMENTS = 300_000


@dataclass(slots=True)
class MatroskaHead:
    """Facts in the headers: nanoseconds per tick, presence of a duration, and numbers of the video and sound tracks."""

    tick_ns: int = _DEFAULT_SCALE
    has_duration: bool = False
    videos: list[int] = field(default_factory=list[int])
    sounds: list[int] = field(default_factory=list[int])


def read_head(file: BinaryIO) -> MatroskaHead:
    """Return the headers before the first cluster, without failing on any bytes."""
    file.seek(0)
    data = file.read(_HEAD_BYTES)
    head = MatroskaHead()
    number = 0
    for kind, start, end in elements(data, 0, _MASTERS):
        value = data[start : min(end, start + _MAX_NUMBER_BYTES + 1)]
        if kind == _CLUSTER:
            break
        if kind == _SCALE:
            head.tick_ns = int.from_bytes(value[:_MAX_NUMBER_BYTES], "big") or _DEFAULT_SCALE
        elif kind == _DURATION:
            head.has_duration = any(value)
        elif kind == _TRACK_NUMBER:
            number = int.from_bytes(value[:_MAX_NUMBER_BYTES], "big")
        elif kind == _TRACK_TYPE and value == bytes([_VIDEO]):
            head.videos.append(number)
        elif kind == _TRACK_TYPE and value == bytes([_AUDIO]):
            head.sounds.append(number)
    return head


def last_time(file: BinaryIO, head: MatroskaHead, tracks: list[int] | None = None) -> Fraction | None:
    """Return the timestamp in seconds of the last whole block of any of the tracks, or `None` if none is near the end.

    All tracks count by default.
    """
    size, left = file.seek(0, os.SEEK_END), _MAX_ELEMENTS
    for reach in _TAILS:
        begin = max(0, size - reach)
        file.seek(begin)
        tail = file.read(size - begin)
        at = tail.find(_CLUSTER.to_bytes(4, "big"))
        while at >= 0 and left > 0:
            # The id of a cluster may also occur by chance inside pictures. Then no block follows.
            ticks, seen = _last_ticks(tail, at, tracks, left)
            left -= seen
            if ticks is not None and left > 0:
                return Fraction(ticks * head.tick_ns, 1_000_000_000)
            at = tail.find(_CLUSTER.to_bytes(4, "big"), at + 1)
        if begin == 0:
            break
    return None


def _last_ticks(tail: bytes, at: int, tracks: list[int] | None, max_elements: int) -> tuple[int | None, int]:
    """Return the time of the last block after ``at``, and the number of elements read, at most ``max_elements``."""
    cluster: int | None = None
    latest: int | None = None
    seen = 0
    for kind, start, end in islice(elements(tail, at, _MASTERS_OF_TAIL), max_elements):
        seen += 1
        if kind == _TIMESTAMP:
            cluster = int.from_bytes(tail[start : min(end, start + _MAX_NUMBER_BYTES)], "big")
        elif kind in (_SIMPLE_BLOCK, _BLOCK) and cluster is not None and end <= len(tail):
            track, width = _variable(tail, start, keep_marker=False)
            if (tracks is None or track in tracks) and end >= start + width + 2:
                offset = int.from_bytes(tail[start + width : start + width + 2], "big", signed=True)
                latest = max(latest or 0, cluster + offset)
    return latest, seen


def elements(data: bytes, at: int, masters: frozenset[int]) -> Iterator[tuple[int, int, int]]:
    """Yield each element's id, start and end of its content, in order, entering ``masters`` and skipping the rest.

    The end of a truncated element is past the end of the data.
    """
    while at < len(data):
        kind, width = _variable(data, at, keep_marker=True)
        at += width
        size, wide = _variable(data, at, keep_marker=False)
        at += wide
        if not width or not wide or width > _MAX_ID_BYTES or at > len(data):
            return
        yield kind, at, at + size
        if kind not in masters:
            at += size


def _variable(data: bytes, at: int, *, keep_marker: bool) -> tuple[int, int]:
    """Return a number of variable width, and its width, which is 0 if there is none."""
    if at >= len(data) or not data[at]:
        return 0, 0
    width = 9 - data[at].bit_length()
    value = int.from_bytes(data[at : at + width], "big")
    return (value if keep_marker else value & ((1 << 7 * width) - 1)), width
