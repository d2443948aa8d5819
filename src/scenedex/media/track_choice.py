"""Choice of the film among the video tracks of a container: the track that moves.

Cameras, phones and editors add tracks that hold one picture or a few: posters, thumbnails, and the photo of a motion
photo. Their flags do not always say so, so the pictures are counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from av.error import FFmpegError
from av.stream import Discard, Disposition

from scenedex.media.errors import DimensionsTooLarge, MediaUnreadable
from scenedex.media.obstacles import ENCRYPTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from av.container import InputContainer
    from av.video.stream import VideoStream

CODECS: Final = frozenset({"h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "mjpeg", "prores"})
"""FFmpeg's names of the supported codecs of films."""

STILL_PICTURES: Final = Disposition.attached_pic | Disposition.timed_thumbnails
"""Flags of tracks that are no film."""

# Sample entries of encrypted tracks, by their characters.
_ENCRYPTED_TAGS: Final = frozenset({"encv", "drmi"})
# Tracks with fewer pictures than this share of the liveliest one are stills beside a film.
_MIN_SHARE: Final = 0.5
_MAX_COUNTED_SECONDS: Final = 10
_MAX_COUNTED_PACKETS: Final = 2000


@dataclass(frozen=True, slots=True)
class ChosenTrack:
    """The video track that is the film.

    Attributes:
        index: its number among all streams of the container.
        position: its number among the video streams.
    """

    index: int
    position: int


def choose_film(container: InputContainer, max_pixels: int) -> ChosenTrack:
    """Return the track that moves. If several do, a supported, a default and a large one is preferred, in this order.

    Raises:
        MediaUnreadable: there is none, or its codec is not supported.
        DimensionsTooLarge: its header claims more pixels than allowed.
    """
    films = [stream for stream in container.streams.video if not stream.disposition & STILL_PICTURES]
    if not films:
        has_sound = len(container.streams.audio) > 0
        raise MediaUnreadable("The file has sound but no video." if has_sound else "The file has no video.")
    moving = _moving(container, films)
    film = max(
        moving, key=lambda one: (_codec(one) in CODECS, bool(one.disposition & Disposition.default), _pixels(one))
    )
    codec = _codec(film)
    if codec != "unknown" and film.codec_context.codec_tag in _ENCRYPTED_TAGS:
        raise MediaUnreadable(ENCRYPTED)
    if codec not in CODECS:
        raise MediaUnreadable(f"The codec of the video ({codec}) is not supported.")
    if _pixels(film) > max_pixels:
        raise DimensionsTooLarge(f"The picture is {film.codec_context.width}x{film.codec_context.height}.")
    return ChosenTrack(film.index, [one.index for one in container.streams.video].index(film.index))


def _moving(container: InputContainer, films: Sequence[VideoStream]) -> Sequence[VideoStream]:
    if len(films) == 1:
        return films
    # The index of an MP4 has the number of pictures. Matroska and fragmented files have none.
    counts = {film.index: film.frames for film in films}
    if not all(counts.values()):
        counts = _counted(container, films)
    most = max(counts.values())
    return [film for film in films if counts[film.index] >= most * _MIN_SHARE]


def _counted(container: InputContainer, films: Sequence[VideoStream]) -> dict[int, int]:
    """Return the number of pictures of each track in the first seconds. The container must not be read afterwards."""
    counts = dict.fromkeys((film.index for film in films), 0)
    for stream in container.streams:
        stream.discard = Discard.default if stream.index in counts else Discard.all
    first: float | None = None
    try:
        for number, packet in enumerate(container.demux(*films)):
            if packet.size:
                counts[packet.stream_index] += 1
            if packet.pts is not None and packet.time_base:
                seconds = float(packet.pts * packet.time_base)
                first = seconds if first is None else first
                if seconds - first > _MAX_COUNTED_SECONDS:
                    break
            if number >= _MAX_COUNTED_PACKETS:
                break
    except FFmpegError as error:
        if isinstance(error, MemoryError | BlockingIOError):
            raise
    return counts


def _codec(stream: VideoStream) -> str:
    context = stream.codec_context
    return "unknown" if context is None else context.codec.canonical_name  # pyright: ignore[reportUnnecessaryComparison]  # codecs without a decoder have no context


def _pixels(stream: VideoStream) -> int:
    context = stream.codec_context
    return 0 if context is None else context.width * context.height  # pyright: ignore[reportUnnecessaryComparison]  # codecs without a decoder have no context
