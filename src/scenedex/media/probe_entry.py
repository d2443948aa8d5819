"""Entry point of a probe in the child process."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from scenedex.media.errors import DimensionsTooLarge, MediaUnreadable
from scenedex.media.obstacles import ENCRYPTED, is_encrypted, obstacle_of
from scenedex.media_formats import MATROSKA_FORMATS, MediaFormat

if TYPE_CHECKING:
    from scenedex.media.opened import OpenedMedia

MAX_TRACKS = 64
"""Maximum number of sound tracks that are described."""

_Name = Annotated[str, msgspec.Meta(max_length=40)]


class ProbedTrack(msgspec.Struct, frozen=True):
    """Headers of a sound track. See `TrackHeader`."""

    codec: _Name
    channels: Annotated[int, msgspec.Meta(ge=0)]
    language: _Name | None = None
    title: _Name | None = None


class Probe(msgspec.Struct, frozen=True):
    """Properties of a media file.

    Attributes:
        format: container or image format.
        kind: video or image.
        width: width of the upright picture in pixels.
        height: height of the upright picture in pixels.
        has_audio: whether there is sound beside the video.
        numerator: exact duration in seconds with ``denominator``, 0 for images.
        video_codec: FFmpeg's name of the codec of the video.
        pixel_format: FFmpeg's name of the format of its decoded pictures.
        audio_codec: FFmpeg's name of the codec of the sound, or `None` without sound that can be decoded.
        frame_rate: average frames per second as ``25/1``.
        start_timecode: timecode of the first frame. See `SourceMark`.
        reel: name of the reel, tape or card.
        missing_ms: length of the film that is missing at the end of the file, in milliseconds.
        is_open: whether the file ends within a fragment of a film whose whole length is not known.
        missing_share: share of the rows of a picture that is missing at the end of the file, or `None` of a whole one.
        is_dolby_vision_5: whether its colours are those of Dolby Vision 5, which are read approximately.
        sound_tracks: headers of the sound tracks, in the order of the file.
    """

    format: MediaFormat
    kind: Literal["VIDEO", "IMAGE"]
    width: int
    height: int
    has_audio: bool = False
    numerator: int = 0
    denominator: Annotated[int, msgspec.Meta(ge=1)] = 1
    video_codec: _Name | None = None
    pixel_format: _Name | None = None
    audio_codec: _Name | None = None
    frame_rate: _Name | None = None
    start_timecode: _Name | None = None
    reel: _Name | None = None
    missing_ms: int = 0
    is_open: bool = False
    missing_share: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None
    is_dolby_vision_5: bool = False
    sound_tracks: Annotated[tuple[ProbedTrack, ...], msgspec.Meta(max_length=MAX_TRACKS)] = ()

    @property
    def duration(self) -> Fraction:
        """Exact duration in seconds."""
        return Fraction(self.numerator, self.denominator)


def measure(opened: OpenedMedia, _params: bytes) -> Probe:
    """Open the file, decode its first picture, and measure it.

    Raises:
        MediaUnreadable: it is no supported video or image, or it is broken or incomplete.
        DimensionsTooLarge: its header claims more pixels than allowed.
    """
    try:
        return _image(opened) if opened.is_image else _video(opened)
    except DimensionsTooLarge:
        raise
    except MediaUnreadable as error:
        reason = obstacle_of(opened.file)
        if reason is None:
            raise
        raise MediaUnreadable(reason) from error


def _image(opened: OpenedMedia) -> Probe:
    from scenedex.media.images import measure_image, missing_share  # noqa: PLC0415  # films need no readers of images

    kind, limit = opened.format(), opened.max_pixels
    try:
        width, height = measure_image(opened.file, kind, max_pixels=limit)
    except DimensionsTooLarge:
        raise
    except MediaUnreadable:
        missing = missing_share(opened.file, kind, max_pixels=limit)
        if missing is None:
            raise
        width, height = measure_image(opened.file, kind, max_pixels=limit, is_whole=False)
        return Probe(kind, "IMAGE", width, height, missing_share=missing)
    return Probe(kind, "IMAGE", width, height)


def _video(opened: OpenedMedia) -> Probe:
    from scenedex.media.canvas import canvas_of  # noqa: PLC0415  # images need no decoder of films
    from scenedex.media.colours import colours_of  # noqa: PLC0415
    from scenedex.media.containers import open_film, to_fraction  # noqa: PLC0415
    from scenedex.media.durations import film_length  # noqa: PLC0415
    from scenedex.media.first_picture import first_picture  # noqa: PLC0415
    from scenedex.media.geometry import geometry_of  # noqa: PLC0415
    from scenedex.media.sound_choice import TrackHeader, sound_codec  # noqa: PLC0415
    from scenedex.media.source_timecode import in_rate_of_film, source_mark  # noqa: PLC0415

    file, kind = opened.film()
    if kind not in MATROSKA_FORMATS and is_encrypted(file):
        raise MediaUnreadable(ENCRYPTED)
    canvas = canvas_of(file, kind, max_pixels=opened.max_pixels)
    with open_film(file, kind, max_pixels=opened.max_pixels, canvas=canvas) as film:
        has_audio = film.has_audio
        video_codec, audio_codec = film.stream.codec_context.codec.canonical_name, sound_codec(film.container)
        rate, mark = to_fraction(film.stream.average_rate), source_mark(film.container)
        tracks = [TrackHeader.of(stream) for stream in film.container.streams.audio[:MAX_TRACKS]]
        frame = first_picture(film)
        pixel_format = frame.format.name
        width, height = geometry_of(film.headers, frame).upright_size
        are_ipt = colours_of(frame, film.colours).are_ipt
    timecode = mark.start_timecode
    if timecode is not None and rate is not None:
        timecode = in_rate_of_film(timecode, file, kind, rate)
    # The first picture has moved the position, so the file is opened a second time for headers and last packets.
    length = film_length(file, kind, max_pixels=opened.max_pixels)
    return Probe(
        opened.format(),
        "VIDEO",
        width,
        height,
        has_audio,
        length.intact.numerator,
        length.intact.denominator,
        video_codec=video_codec,
        pixel_format=pixel_format,
        audio_codec=audio_codec,
        frame_rate=None if rate is None else f"{rate.numerator}/{rate.denominator}",
        start_timecode=timecode,
        reel=mark.reel,
        missing_ms=round((length.whole - length.intact) * 1000),
        is_open=length.is_open,
        is_dolby_vision_5=are_ipt,
        sound_tracks=tuple(ProbedTrack(one.codec, one.channels, one.language, one.title) for one in tracks),
    )
