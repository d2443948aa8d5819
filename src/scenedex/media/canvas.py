"""Size of the pictures of recordings that grow: those of browsers may begin small, and reach their full size later."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Final

from av.error import FFmpegError

from scenedex.media.containers import header_of, is_out_of_memory, open_film
from scenedex.media.matroska import read_head
from scenedex.media_formats import MATROSKA_FORMATS

if TYPE_CHECKING:
    from scenedex.media.containers import Film
    from scenedex.media_formats import MediaFormat

# Codecs of browsers' recordings, whose pictures may change their size.
_GROWING: Final = frozenset({"vp8", "vp9"})
_SECONDS: Final = 8
_MAX_PACKETS: Final = 2000


def canvas_of(file: BinaryIO, kind: MediaFormat, *, max_pixels: int) -> tuple[int, int] | None:
    """Return width and height of the largest picture of the first seconds, or `None` if all have the same size.

    If sizes differ, that of the header of the track counts as well. Only pictures without references are decoded.

    Raises:
        MediaUnreadable: the container is broken, has no video, or the codec of the video is not supported.
        DimensionsTooLarge: a header claims more pixels than allowed.
    """
    if kind not in MATROSKA_FORMATS:
        return None
    with open_film(file, kind, max_pixels=max_pixels) as film:
        if film.stream.codec_context.codec.canonical_name not in _GROWING and _has_duration(file):
            return None
        sizes = _sizes(film)
        position = film.position
    if len(sizes) <= 1:
        return None
    track = header_of(file, kind, position)
    if track is not None and 0 < track.width * track.height <= max_pixels:
        sizes.add((track.width, track.height))
    return max(sizes, key=lambda sides: sides[0] * sides[1])


def _has_duration(file: BinaryIO) -> bool:
    place = file.tell()
    head = read_head(file)
    file.seek(place)
    return head.has_duration


def _sizes(film: Film) -> set[tuple[int, int]]:
    film.decoder.thread_count = 1
    film.decoder.skip_frame = "NONKEY"
    sizes: set[tuple[int, int]] = set()
    packets = film.container.demux(film.stream)
    first: float | None = None
    for _ in range(_MAX_PACKETS):
        try:
            packet = next(packets, None)
            if packet is None:
                break
            if packet.pts is not None:
                seconds = float(packet.pts * film.tick)
                first = seconds if first is None else first
                if seconds - first > _SECONDS:
                    break
            if packet.is_keyframe or not packet.size:
                sizes.update((frame.width, frame.height) for frame in film.decode(packet))
        except FFmpegError as error:
            if is_out_of_memory(error):
                raise
            packets = film.container.demux(film.stream)
    return sizes
