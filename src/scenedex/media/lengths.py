"""How long a video is: by its headers where they say, else by its last packets. Nothing is decoded."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO

from av.error import FFmpegError, InvalidDataError

from scenedex.media.containers import frame_length, headers_length, lacks_memory, open_film, words
from scenedex.media.errors import MediaUnreadable
from scenedex.media.matroska import last_time, last_video_time, read_head
from scenedex.media.sniffing import is_fragmented

if TYPE_CHECKING:
    from collections.abc import Generator
    from fractions import Fraction

    from scenedex.media.containers import Film
    from scenedex.media.sniffing import MediaFormat

# A moment after the end of any film, in ticks of any clock.
_FAR_END = 1 << 60
_MATROSKA = frozenset({"mkv", "webm"})


def film_length(file: BinaryIO, kind: MediaFormat, *, max_pixels: int) -> Fraction:
    """How long the video is, in seconds; whoever asks gets the same answer.

    Raises:
        MediaUnreadable: the file is broken, or its packets have no times.
        DimensionsTooLarge: its header promises more pixels than allowed.
    """
    with open_film(file, kind, max_pixels=max_pixels) as film:
        return declared_length(file, kind, film) or measured_length(file, kind, film)


def declared_length(file: BinaryIO, kind: MediaFormat, film: Film) -> Fraction | None:
    """How long the video is, in seconds, if its headers say so; what the library guesses does not count."""
    with _kept_place(file):
        if kind in _MATROSKA:
            return _matroska_length(file, film)
        return None if is_fragmented(file) else headers_length(film)


def measured_length(file: BinaryIO, kind: MediaFormat, film: Film) -> Fraction:
    """How long the video is, in seconds, by its last packets.

    The film must not be read any more afterwards.

    Raises:
        MediaUnreadable: its packets have no times.
    """
    if kind in _MATROSKA and film.origin is not None:
        with _kept_place(file):
            last = last_video_time(file, read_head(file))
        if last is not None and last >= film.origin:
            return last + frame_length(film) - film.origin
    return _by_packets(film)


@contextmanager
def _kept_place(file: BinaryIO) -> Generator[None]:
    """The library that reads this file does not know when others move in it."""
    place = file.tell()
    yield
    file.seek(place)


def _matroska_length(file: BinaryIO, film: Film) -> Fraction | None:
    """By the header: some writers count the duration from time 0, others from the first block."""
    head = read_head(file)
    length = headers_length(film) if head.has_duration else None
    if length is None or film.origin is None or not 0 < film.origin < length:
        return length
    last = last_time(file, head)
    return length - film.origin if last is None or last <= length else length


def _by_packets(film: Film) -> Fraction:
    container, stream = film.container, film.stream
    start, end = film.origin, None
    try:
        if start is not None:
            # Containers with an index go to the end at once, the others stay where they are.
            container.seek(_FAR_END, stream=stream, any_frame=True)
            _first, end = _bounds(film)
        if end is None:
            # An index of a file that was cut leads past its end.
            container.seek(0, stream=stream)
            first, end = _bounds(film)
            start = first if start is None else start
    except FFmpegError as error:
        if lacks_memory(error):
            raise
        raise MediaUnreadable(f"The file is broken: {words(error)}") from error
    if start is None or end is None or end <= start:
        raise MediaUnreadable("The video has no times.")
    return end - start


def _bounds(film: Film) -> tuple[Fraction | None, Fraction | None]:
    """First start and last end of the packets from here on, in seconds; an error of the file ends the walk."""
    tick, usual = film.tick, frame_length(film)
    start: Fraction | None = None
    end: Fraction | None = None
    with suppress(InvalidDataError):
        for packet in film.container.demux(film.stream):
            if packet.pts is None:
                continue
            presented = packet.pts * tick
            after = presented + (packet.duration * tick if packet.duration else usual)
            start = presented if start is None else min(start, presented)
            end = after if end is None else max(end, after)
    return start, end
