"""Part of a film that is in its file, if the file ends before the film does.

A file whose boxes or segment claim more bytes than it has may hold the whole film: what is missing may be padding. So
the packets of its index are compared with its size, or its last block is searched.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO

from av.error import FFmpegError

from scenedex.media.matroska import last_time, read_head
from scenedex.media.sniffing import claims_too_much

if TYPE_CHECKING:
    from fractions import Fraction

    from scenedex.media.containers import Film
    from scenedex.media.sniffing import MediaFormat

_MATROSKA = frozenset({"mkv", "webm"})


def intact_end(file: BinaryIO, kind: MediaFormat, film: Film) -> Fraction | None:
    """Return the time in seconds at which the part of the film in the file ends, or `None` if nothing is missing.

    Time 0 is that of the asset. The place in the file changes.
    """
    if not claims_too_much(file, kind):
        return None
    if kind in _MATROSKA:
        head = read_head(file)
        last = last_time(file, head, [*head.videos[film.position : film.position + 1], *head.sounds])
        return None if last is None else last - (film.origin or 0)
    return _first_missing(film, file.seek(0, os.SEEK_END))


def _first_missing(film: Film, size: int) -> Fraction | None:
    """Return the time of the first picture or sound whose bytes are not in the file."""
    times: list[Fraction] = []
    for stream in film.container.streams:
        if stream.type not in ("video", "audio") or stream.time_base is None:
            continue
        if stream.type == "video" and stream.index != film.stream.index:
            continue
        tick = film.tick if stream.index == film.stream.index else None
        with suppress(FFmpegError):
            entries = stream.index_entries
            missing = [entry.timestamp for entry in entries if entry.pos + entry.size > size]
            if missing:
                base = tick if tick is not None else stream.time_base
                times.append(min(missing) * base)
    return min(times) - (film.origin or 0) if times else None
