"""Part of a film that is in its file, if the file ends before the film does.

A file whose boxes or segment claim more bytes than it has may hold the whole film: what is missing may be padding. So
the packets of its index are compared with its size, or its last block is searched.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO

from av.error import FFmpegError

from scenedex.media.containers import to_fraction
from scenedex.media.matroska import last_time, read_head
from scenedex.media.sniffing import claims_too_much
from scenedex.media_formats import MATROSKA_FORMATS

if TYPE_CHECKING:
    from fractions import Fraction

    from av.stream import Stream

    from scenedex.media.containers import Film
    from scenedex.media_formats import MediaFormat


def intact_end(file: BinaryIO, kind: MediaFormat, film: Film) -> Fraction | None:
    """Return the time in seconds at which the part of the film in the file ends, or `None` if nothing is missing.

    Time 0 is that of the asset. The place in the file changes.
    """
    if not claims_too_much(file, kind):
        return None
    if kind in MATROSKA_FORMATS:
        head = read_head(file)
        last = last_time(file, head, [*head.videos[film.position : film.position + 1], *head.sounds])
        return None if last is None else last - (film.origin or 0)
    return _first_missing(film, file.seek(0, os.SEEK_END))


def _first_missing(film: Film, size: int) -> Fraction | None:
    """Return the time of the first picture or sound whose bytes are not in the file."""
    heard = (stream for stream in film.container.streams if stream.type == "audio")
    times = (_missing_from(stream, size) for stream in (film.stream, *heard))
    first = min((time for time in times if time is not None), default=None)
    return None if first is None else first - (film.origin or 0)


def _missing_from(stream: Stream, size: int) -> Fraction | None:
    """Return the time in a stream from which on its packets are not in the file, or `None` if all are."""
    tick = to_fraction(stream.time_base)
    if tick is None:
        return None
    with suppress(FFmpegError):
        missing = (entry.timestamp for entry in stream.index_entries if entry.pos + entry.size > size)
        return min((time * tick for time in missing), default=None)
    return None
