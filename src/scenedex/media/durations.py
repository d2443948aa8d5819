"""Duration of a video by its headers, or by its last packets if they have none. Nothing is decoded."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, BinaryIO

from av.error import FFmpegError, InvalidDataError

from scenedex.media.containers import (
    describe_error,
    frame_duration,
    header_duration,
    is_out_of_memory,
    open_film,
    to_fraction,
)
from scenedex.media.errors import MediaUnreadable
from scenedex.media.fragments import claimed_length
from scenedex.media.intact import intact_end
from scenedex.media.matroska import last_time, read_head
from scenedex.media.sniffing import ENDS_EARLY, claims_too_much, is_fragmented
from scenedex.media_formats import MATROSKA_FORMATS

if TYPE_CHECKING:
    from collections.abc import Generator

    from scenedex.media.containers import Film
    from scenedex.media_formats import MediaFormat

# A time after the end of any film, in ticks of any clock.
_FAR_END = 1 << 60
# Time between the last block and the end, or between the ends of picture and sound, of an intact film.
_USUAL_REST = Fraction(1, 4)


@dataclass(frozen=True, slots=True)
class FilmLength:
    """Length of a film in seconds, and its length without the part that is missing at the end of its file.

    If ``is_open``, the file ends within a fragment, and no header has the whole length.
    """

    whole: Fraction
    intact: Fraction
    is_open: bool = False


def film_duration(file: BinaryIO, kind: MediaFormat, *, max_pixels: int) -> Fraction:
    """Return the duration of the video in seconds, the same for every caller. See `film_length`."""
    return film_length(file, kind, max_pixels=max_pixels).intact


def film_length(file: BinaryIO, kind: MediaFormat, *, max_pixels: int) -> FilmLength:
    """Return the length of picture and sound. Subtitles and data do not count.

    Raises:
        MediaUnreadable: the file is broken, nothing of the film is there, or its packets have no times.
        DimensionsTooLarge: its header claims more pixels than allowed.
    """
    with open_film(file, kind, max_pixels=max_pixels) as film:
        if _ends_in_fragment(file, kind):
            return _of_fragments(file, film)
        with _kept_place(file):
            end = intact_end(file, kind, film)
        whole = _declared(file, kind, film) or _measured(file, kind, film)
    if end is None or end >= whole - _USUAL_REST:
        return FilmLength(whole, whole)
    if end <= 0:
        raise MediaUnreadable(ENDS_EARLY)
    return FilmLength(whole, end)


def _ends_in_fragment(file: BinaryIO, kind: MediaFormat) -> bool:
    with _kept_place(file):
        return kind not in MATROSKA_FORMATS and is_fragmented(file) and claims_too_much(file, kind)


def _of_fragments(file: BinaryIO, film: Film) -> FilmLength:
    """Return the length of a film whose last fragment is incomplete. Its pictures alone count."""
    with _kept_place(file):
        claimed = claimed_length(file)
    try:
        there = _by_packets(film)
    except MediaUnreadable as error:
        raise MediaUnreadable(ENDS_EARLY) from error
    if claimed is None:
        return FilmLength(there, there, is_open=True)
    return FilmLength(claimed if claimed > there + _USUAL_REST else there, there)


def _declared(file: BinaryIO, kind: MediaFormat, film: Film) -> Fraction | None:
    """Return the duration in the headers, or `None` if the library would only guess."""
    with _kept_place(file):
        if kind in MATROSKA_FORMATS:
            return None if _has_others(film) and film.origin is not None else _matroska_duration(file, film)
        if is_fragmented(file):
            return None
        return (_duration_of_tracks(film) if _has_others(film) else None) or header_duration(film)


def _has_others(film: Film) -> bool:
    """Return whether there are tracks of subtitles or data, which may be longer than picture and sound."""
    return any(stream.type not in ("video", "audio") for stream in film.container.streams)


def _duration_of_tracks(film: Film) -> Fraction | None:
    """Return the time at which picture and sound end by the headers of their tracks."""
    ends: list[Fraction] = []
    for stream in film.container.streams:
        tick = to_fraction(stream.time_base)
        is_heard = stream.type == "audio" or stream.index == film.stream.index
        if is_heard and stream.duration and tick is not None:
            ends.append(((stream.start_time or 0) + stream.duration) * tick - (film.origin or 0))
    return max(ends, default=None)


def _measured(file: BinaryIO, kind: MediaFormat, film: Film) -> Fraction:
    """Return the duration by the last packets. The film must not be read afterwards."""
    if kind in MATROSKA_FORMATS and film.origin is not None:
        with _kept_place(file):
            head = read_head(file)
            last = last_time(file, head, head.videos[film.position : film.position + 1])
            heard = last_time(file, head, head.sounds) if _has_others(film) and head.sounds else None
        if last is not None and last >= film.origin:
            return max(last + frame_duration(film), heard or 0) - film.origin
    return _by_packets(film)


@contextmanager
def _kept_place(file: BinaryIO) -> Generator[None]:
    """Restore the position in the file, since the library that reads it does not expect it to move."""
    place = file.tell()
    yield
    file.seek(place)


def _matroska_duration(file: BinaryIO, film: Film) -> Fraction | None:
    """Return the duration in the header. Some writers count it from time 0, others from the first block."""
    head = read_head(file)
    length = header_duration(film) if head.has_duration else None
    if length is None or film.origin is None or not 0 < film.origin < length:
        return length
    last = last_time(file, head)
    return length - film.origin if last is None or last <= length else length


def _by_packets(film: Film) -> Fraction:
    container, stream = film.container, film.stream
    start, end = film.origin, None
    try:
        if start is not None:
            # Containers with an index seek to the end, the others stay at the start.
            container.seek(_FAR_END, stream=stream, any_frame=True)
            _first, end = _bounds(film)
        if end is None:
            # The index of a truncated file points past its end.
            container.seek(0, stream=stream)
            first, end = _bounds(film)
            start = first if start is None else start
    except FFmpegError as error:
        if is_out_of_memory(error):
            raise
        raise MediaUnreadable(f"The file is broken: {describe_error(error)}") from error
    if start is None or end is None or end <= start:
        raise MediaUnreadable("The video has no times.")
    return end - start


def _bounds(film: Film) -> tuple[Fraction | None, Fraction | None]:
    """Return the first start and last end of the remaining whole packets in seconds, up to an error in the file."""
    tick, usual = film.tick, frame_duration(film)
    start: Fraction | None = None
    end: Fraction | None = None
    with suppress(InvalidDataError):
        for packet in film.container.demux(film.stream):
            if packet.pts is None or packet.is_corrupt:
                continue
            presented = packet.pts * tick
            after = presented + (packet.duration * tick if packet.duration else usual)
            start = presented if start is None else min(start, presented)
            end = after if end is None else max(end, after)
    return start, end
