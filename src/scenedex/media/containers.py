"""Opening of containers with the demuxer and the decoders of their format."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, TypeVar, cast

import av
from av.error import FFmpegError, InvalidDataError, PatchWelcomeError
from av.stream import Discard

from scenedex.media.colours import ColourTags
from scenedex.media.errors import MediaUnreadable
from scenedex.media.geometry import NO_CROP, PictureHeaders
from scenedex.media.matroska_video import video_tracks
from scenedex.media.track_choice import CODECS, choose_film

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    from av import VideoCodecContext, VideoFrame
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.stream import VideoStream

    from scenedex.media.matroska_video import VideoTrack
    from scenedex.media_formats import MediaFormat

_DEMUXERS = {"mp4": "mov", "mov": "mov", "mkv": "matroska", "webm": "matroska"}
# No protocol has this name, so nothing but the file itself can be opened.
_CLOSED = {"protocol_whitelist": "none"}
_CLOSED_MOV = _CLOSED | {"enable_drefs": "0", "use_absolute_path": "0"}
# MP4 keeps the size of MPEG-4 pictures in the decoder's own header. The decoder reads it and decodes nothing.
_HEADERS_ONLY = {"codec_whitelist": "mpeg4"}
_DECODERS = {"codec_whitelist": ",".join(sorted(CODECS | {"libdav1d"}))}
# FFmpeg's own decoders of these codecs ignore transparency.
_WITH_ALPHA = {"vp8": "libvpx", "vp9": "libvpx-vp9"}
_BUFFER_BYTES = 1024**2
_ASSUMED_RATE = Fraction(25)
# First release of PyAV that accepts titles in any encoding without an option.
_VERSION_TOLERATING_TITLES = 19
_TITLES: dict[str, Any] = (
    {} if int(av.__version__.partition(".")[0]) >= _VERSION_TOLERATING_TITLES else {"metadata_errors": "replace"}
)

_MAX_DAMAGED_IN_A_ROW = 10_000
_F = TypeVar("_F")
_F_co = TypeVar("_F_co", covariant=True)


class _Rational(Protocol):
    @property
    def numerator(self) -> int: ...
    @property
    def denominator(self) -> int: ...


class _Packet(Protocol[_F_co]):
    def decode(self) -> Sequence[_F_co]: ...


@dataclass(frozen=True, slots=True)
class Film:
    """An opened container and its video stream, the only stream that is read.

    Attributes:
        container: opened container.
        stream: video stream.
        position: number of the stream among the video streams.
        tick: seconds per unit of the stream's timestamps.
        has_audio: whether there is sound beside the video.
        origin: timestamp in seconds at which playing starts, or `None` if no header has it.
        decoder: decoder of the video.
        colours: meaning of the colours by the headers of the container.
        headers: headers about the pictures.
    """

    container: InputContainer
    stream: VideoStream
    position: int
    tick: Fraction
    has_audio: bool
    origin: Fraction | None
    decoder: VideoCodecContext
    colours: ColourTags
    headers: PictureHeaders

    def decode(self, packet: Packet[VideoStream]) -> Sequence[VideoFrame]:
        """Decode a packet. The empty packet at the end of a walk returns the last pictures."""
        if self.decoder is self.stream.codec_context:
            return packet.decode()
        return self.decoder.decode(packet if packet.size else None)  # pyright: ignore[reportUnknownMemberType]  # packets of any stream


@dataclass(frozen=True, slots=True)
class _FilmPacket:
    film: Film
    packet: Packet[VideoStream]

    def decode(self) -> Sequence[VideoFrame]:
        return self.film.decode(self.packet)


@contextmanager
def open_film(
    file: BinaryIO, kind: MediaFormat, *, max_pixels: int, canvas: tuple[int, int] | None = None
) -> Generator[Film]:
    """Open the video of a container with the demuxer of its format.

    Args:
        file: the bytes.
        kind: format of the container.
        max_pixels: maximum pixels of a decoded picture.
        canvas: size of the largest picture. See `scenedex.media.canvas`.

    Raises:
        MediaUnreadable: the container is broken, has no video, or the codec of the video is not supported.
        DimensionsTooLarge: a header claims more pixels than allowed. Nothing was decoded.
    """
    with _open(file, kind, _HEADERS_ONLY, {"skip_frame": "all"}) as headers:
        chosen = choose_film(headers, max_pixels)
    with _open(file, kind, _DECODERS, {"max_pixels": str(max_pixels)}) as container:
        stream = container.streams.video[chosen.position]
        track = header_of(file, kind, chosen.position)
        decoder = _decoder(stream, track)
        decoder.options = {"max_pixels": str(max_pixels)}
        tick = to_fraction(stream.time_base)
        if tick is None:
            raise MediaUnreadable("The video has no times.")
        has_plain_pixels = track is not None and track.has_uncropped_display
        film = Film(
            container,
            stream,
            chosen.position,
            tick,
            len(container.streams.audio) > 0,
            _origin(container, stream),
            decoder,
            ColourTags.of(stream.codec_context),
            PictureHeaders(
                NO_CROP if track is None else track.crop,
                (None if has_plain_pixels else to_fraction(stream.sample_aspect_ratio)) or Fraction(1),
                canvas,
            ),
        )
        for other in container.streams:
            if other.index != chosen.index:
                other.discard = Discard.all
        yield film


def header_of(file: BinaryIO, kind: MediaFormat, position: int) -> VideoTrack | None:
    """Return the headers of a video track of a Matroska file, or `None`. The place in the file stays the same."""
    if _DEMUXERS[kind] != "matroska":
        return None
    place = file.tell()
    tracks = video_tracks(file)
    file.seek(place)
    return tracks[position] if position < len(tracks) else None


def _decoder(stream: VideoStream, track: VideoTrack | None) -> VideoCodecContext:
    """Return the decoder of a track: that of the stream, or one that decodes transparency as well."""
    usual = stream.codec_context
    name = _WITH_ALPHA.get(usual.codec.canonical_name)
    if track is None or not track.has_alpha or name is None:
        return usual
    return cast("VideoCodecContext", av.CodecContext.create(name, "r"))


def header_duration(film: Film) -> Fraction | None:
    """Return the duration of all streams by the headers in seconds, or `None` if they have none."""
    length = film.container.duration
    return Fraction(length, av.time_base) if length and length > 0 else None


def frame_duration(film: Film) -> Fraction:
    """Return the usual duration of a frame in seconds."""
    return 1 / (to_fraction(film.stream.average_rate) or to_fraction(film.stream.guessed_rate) or _ASSUMED_RATE)


def to_fraction(number: _Rational | None) -> Fraction | None:
    """Convert a rational number of any version of the library, or return `None` if it is 0 or unset."""
    return Fraction(number.numerator, number.denominator) if number else None


def decoded_pictures(
    film: Film, demux: Callable[[], Iterator[Packet[VideoStream]]], on_damage: Callable[[], None]
) -> Iterator[VideoFrame]:
    """Decode the packets of a film with its decoder. See `decoded_frames`."""
    return decoded_frames(lambda: (_FilmPacket(film, packet) for packet in demux()), on_damage)


def decoded_frames(demux: Callable[[], Iterator[_Packet[_F]]], on_damage: Callable[[], None]) -> Iterator[_F]:
    """Decode the packets of a stream, and skip damaged ones until too many follow each other.

    Args:
        demux: starts a walk over the remaining packets.
        on_damage: called for each damaged packet.
    """
    damaged_in_a_row = 0
    packets = demux()
    while damaged_in_a_row < _MAX_DAMAGED_IN_A_ROW:
        try:
            frames = next(packets).decode()
        except StopIteration:
            return
        except FFmpegError as error:
            if is_out_of_memory(error):
                raise
            damaged_in_a_row += 1
            on_damage()
            # The error may have ended the walk. Another one continues at the same place.
            packets = demux()
            continue
        if frames:
            damaged_in_a_row = 0
            yield from frames


def describe_error(error: Exception) -> str:
    """Describe an error of the library for people, as the end of a sentence."""
    match error:
        case InvalidDataError():
            return "its content is damaged."
        case EOFError():
            return "it ends early."
        case PatchWelcomeError():
            return "it uses a variant of its format that is not supported."
        case _:
            return f"it cannot be read ({getattr(error, 'strerror', None) or type(error).__name__})."


def is_out_of_memory(error: Exception) -> bool:
    """Return whether the process lacks memory, or memory for threads, so that the file is not to blame."""
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
        if is_out_of_memory(error):
            raise
        raise MediaUnreadable(f"The file is broken: {describe_error(error)}") from error
    with container:
        yield container


def _origin(container: InputContainer, film: VideoStream) -> Fraction | None:
    """Return the start of film or sound, from which players count: a late video has no picture at 0."""
    starts = [
        stream.start_time * tick
        for stream in (*container.streams.audio, film)
        if stream.start_time is not None and (tick := to_fraction(stream.time_base)) is not None
    ]
    return min(starts, default=None)
