"""Opening containers and choosing the stream that is the video."""

from __future__ import annotations

from contextlib import contextmanager
from fractions import Fraction
from typing import TYPE_CHECKING, BinaryIO

import av
from av.stream import Disposition

from scenedex.media.errors import DimensionsTooLarge, MediaUnreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.container import InputContainer
    from av.video.stream import VideoStream

    from scenedex.media.sniffing import MediaFormat

CODECS = frozenset({"h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "mjpeg", "prores"})
_DEMUXERS = {"mp4": "mov", "mov": "mov", "mkv": "matroska", "webm": "matroska"}
# No protocol is of this name, so nothing can be opened but the file itself.
_OPTIONS = {"protocol_whitelist": "none", "enable_drefs": "0", "use_absolute_path": "0"}
_BUFFER_BYTES = 1024**2
_NOT_THE_FILM = Disposition.attached_pic | Disposition.timed_thumbnails


@contextmanager
def open_container(file: BinaryIO, kind: MediaFormat) -> Iterator[InputContainer]:
    """The container, read by the demuxer that belongs to its format.

    Raises:
        MediaUnreadable: it is broken.
    """
    file.seek(0)
    options = _OPTIONS if _DEMUXERS[kind] == "mov" else {"protocol_whitelist": "none"}
    try:
        container = av.open(file, mode="r", format=_DEMUXERS[kind], options=options, buffer_size=_BUFFER_BYTES)
    except (av.error.FFmpegError, ValueError) as error:
        raise MediaUnreadable(f"The file is broken: {_words(error)}") from error
    with container:
        yield container


def choose_video(container: InputContainer, *, max_pixels: int) -> VideoStream:
    """The stream that is the film: the default one, else the largest; cover art and thumbnails are none.

    Raises:
        MediaUnreadable: there is none, or its codec is not supported.
        DimensionsTooLarge: its header promises more pixels than allowed.
    """
    films = [stream for stream in container.streams.video if not stream.disposition & _NOT_THE_FILM]
    if not films:
        has_sound = len(container.streams.audio) > 0
        raise MediaUnreadable("The file has sound but no video." if has_sound else "The file has no video.")
    stream = max(films, key=lambda film: (bool(film.disposition & Disposition.default), _pixels(film)))
    context = stream.codec_context
    if context is None or context.codec.canonical_name not in CODECS:
        name = "unknown" if context is None else context.codec.canonical_name
        raise MediaUnreadable(f"The codec of the video ({name}) is not supported.")
    if context.width * context.height > max_pixels:
        raise DimensionsTooLarge(f"The picture is {context.width}x{context.height}.")
    context.options = {"max_pixels": str(max_pixels)}
    return stream


def length_of(container: InputContainer) -> Fraction | None:
    """How long it plays by its headers, in seconds; None where they do not say."""
    return Fraction(container.duration, av.time_base) if container.duration else None


def origin_of(container: InputContainer) -> Fraction | None:
    """The timestamp at which playing begins, in seconds: that of the stream that begins first; None where none says.

    Players count from there, so a film whose sound begins before its pictures has its first picture later than 0.
    """
    streams = (*container.streams.audio, *container.streams.video)
    starts = [
        stream.start_time * Fraction(stream.time_base)
        for stream in streams
        if stream.start_time is not None and stream.time_base and not stream.disposition & _NOT_THE_FILM
    ]
    return min(starts, default=None)


def _pixels(stream: VideoStream) -> int:
    context = stream.codec_context
    return 0 if context is None else context.width * context.height


def _words(error: Exception) -> str:
    """A library's error without its number and file name."""
    return str(getattr(error, "strerror", None) or error)
