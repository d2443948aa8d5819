"""Opening containers and choosing the stream that is the video."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

import av
from av.error import FFmpegError, InvalidDataError, PatchWelcomeError
from av.stream import Discard, Disposition

from scenedex.media.errors import DimensionsTooLarge, MediaUnreadable

if TYPE_CHECKING:
    from collections.abc import Generator

    from av.container import InputContainer
    from av.video.stream import VideoStream

    from scenedex.media.sniffing import MediaFormat

CODECS = frozenset({"h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "mjpeg", "prores"})
_DEMUXERS = {"mp4": "mov", "mov": "mov", "mkv": "matroska", "webm": "matroska"}
# No protocol is of this name, so nothing can be opened but the file itself.
_CLOSED = {"protocol_whitelist": "none"}
_CLOSED_MOV = _CLOSED | {"enable_drefs": "0", "use_absolute_path": "0"}
# MP4 keeps the size of MPEG-4 pictures in the decoder's own header: it may read that, and decodes nothing.
_HEADERS_ONLY = {"codec_whitelist": "mpeg4"}
_DECODERS = {"codec_whitelist": ",".join(sorted(CODECS | {"libdav1d"}))}
_BUFFER_BYTES = 1024**2
_ASSUMED_RATE = Fraction(25)
# From this release on, PyAV takes titles in any encoding as they are; before, it must be told to.
_TAKES_ANY_TITLE = 19
_TITLES: dict[str, Any] = (
    {} if int(av.__version__.partition(".")[0]) >= _TAKES_ANY_TITLE else {"metadata_errors": "replace"}
)
_NOT_THE_FILM = Disposition.attached_pic | Disposition.timed_thumbnails


class _Rational(Protocol):
    @property
    def numerator(self) -> int: ...
    @property
    def denominator(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Film:
    """An opened container and the stream in it that is the video; no other stream is read.

    Attributes:
        container: what is read.
        stream: the video.
        tick: seconds that the stream's timestamps count in.
        has_audio: whether there is sound beside it.
        origin: the timestamp in seconds at which playing begins; None where no header says.
    """

    container: InputContainer
    stream: VideoStream
    tick: Fraction
    has_audio: bool
    origin: Fraction | None


@contextmanager
def open_film(file: BinaryIO, kind: MediaFormat, *, max_pixels: int) -> Generator[Film]:
    """The video of a container, read by the demuxer that belongs to its format.

    Raises:
        MediaUnreadable: the container is broken, has no video, or the codec of the video is not supported.
        DimensionsTooLarge: a header promises more pixels than allowed; nothing was decoded then.
    """
    with _open(file, kind, _HEADERS_ONLY, {"skip_frame": "all"}) as headers:
        chosen = _choose(headers, max_pixels).index
    with _open(file, kind, _DECODERS, {"max_pixels": str(max_pixels)}) as container:
        stream = container.streams.video[[film.index for film in container.streams.video].index(chosen)]
        stream.codec_context.options = {"max_pixels": str(max_pixels)}
        tick = exact(stream.time_base)
        if tick is None:
            raise MediaUnreadable("The video has no times.")
        film = Film(container, stream, tick, len(container.streams.audio) > 0, _origin(container))
        for other in container.streams:
            if other.index != chosen:
                other.discard = Discard.all
        yield film


def headers_length(film: Film) -> Fraction | None:
    """How long all streams play by the headers, in seconds; None where they do not say."""
    length = film.container.duration
    return Fraction(length, av.time_base) if length and length > 0 else None


def frame_length(film: Film) -> Fraction:
    """How long a frame is usually shown, in seconds."""
    return 1 / (exact(film.stream.average_rate) or exact(film.stream.guessed_rate) or _ASSUMED_RATE)


def exact(number: _Rational | None) -> Fraction | None:
    """A number of the library, whose class differs between its versions; None where it is 0 or unset."""
    return Fraction(number.numerator, number.denominator) if number else None


def words(error: Exception) -> str:
    """What an error of the library means for the file, as the end of a sentence."""
    match error:
        case InvalidDataError():
            return "its content is damaged."
        case EOFError():
            return "it ends early."
        case PatchWelcomeError():
            return "it uses a variant of its format that is not supported."
        case _:
            return f"it cannot be read ({getattr(error, 'strerror', None) or type(error).__name__})."


def lacks_memory(error: Exception) -> bool:
    """Whether the process lacks memory, or threads, for which there is no room; this says nothing about the file."""
    return isinstance(error, MemoryError | BlockingIOError)


@contextmanager
def _open(
    file: BinaryIO, kind: MediaFormat, decoders: dict[str, str], options: dict[str, str]
) -> Generator[InputContainer]:
    file.seek(0)
    closed = _CLOSED_MOV if _DEMUXERS[kind] == "mov" else _CLOSED
    try:
        container = av.open(
            file,
            mode="r",
            format=_DEMUXERS[kind],
            options=options,
            container_options=closed | decoders,
            buffer_size=_BUFFER_BYTES,
            **_TITLES,
        )
    except FFmpegError as error:
        if lacks_memory(error):
            raise
        raise MediaUnreadable(f"The file is broken: {words(error)}") from error
    with container:
        yield container


def _choose(container: InputContainer, max_pixels: int) -> VideoStream:
    """The stream that is the film: the default one, else the largest; cover art and thumbnails are none."""
    films = [stream for stream in container.streams.video if not stream.disposition & _NOT_THE_FILM]
    if not films:
        has_sound = len(container.streams.audio) > 0
        raise MediaUnreadable("The file has sound but no video." if has_sound else "The file has no video.")
    stream = max(films, key=lambda film: (bool(film.disposition & Disposition.default), _pixels(film)))
    codec = _codec(stream)
    if codec not in CODECS:
        raise MediaUnreadable(f"The codec of the video ({codec}) is not supported.")
    if _pixels(stream) > max_pixels:
        raise DimensionsTooLarge(f"The picture is {stream.codec_context.width}x{stream.codec_context.height}.")
    return stream


def _origin(container: InputContainer) -> Fraction | None:
    """Players count from the stream that begins first: a film whose sound begins earlier has no picture at 0."""
    starts = [
        stream.start_time * tick
        for stream in (*container.streams.audio, *container.streams.video)
        if stream.start_time is not None
        and (tick := exact(stream.time_base)) is not None
        and not stream.disposition & _NOT_THE_FILM
    ]
    return min(starts, default=None)


def _codec(stream: VideoStream) -> str:
    context = stream.codec_context
    return "unknown" if context is None else context.codec.canonical_name  # pyright: ignore[reportUnnecessaryComparison]  # codecs without a decoder have no context


def _pixels(stream: VideoStream) -> int:
    context = stream.codec_context
    return 0 if context is None else context.width * context.height  # pyright: ignore[reportUnnecessaryComparison]  # codecs without a decoder have no context
