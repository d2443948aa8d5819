"""What the child does for a probe."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from scenedex.media.errors import MediaUnreadable
from scenedex.media.probing import Measured

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

    from scenedex.media.opened import OpenedMedia

_MOST_PACKETS_TO_FIRST_PICTURE = 5000


def measure(opened: OpenedMedia, _params: bytes) -> Measured:
    """Open the file, decode its first picture, and measure it.

    Raises:
        MediaUnreadable: it is no supported video or image, or it is broken or incomplete.
        DimensionsTooLarge: its header promises more pixels than allowed.
    """
    return _image(opened) if opened.is_image else _video(opened)


def _image(opened: OpenedMedia) -> Measured:
    from scenedex.media.images import measure_image  # noqa: PLC0415  # films need no readers of images

    kind = opened.format()
    width, height = measure_image(opened.file, kind, max_pixels=opened.max_pixels)
    return Measured(kind, "IMAGE", width, height, (0, 1), has_audio=False)


def _video(opened: OpenedMedia) -> Measured:
    from scenedex.media.containers import choose_video, length_of, open_container  # noqa: PLC0415  # images need none

    kind = opened.format()
    with open_container(opened.file, kind) as container:
        stream = choose_video(container, max_pixels=opened.max_pixels)
        has_audio = len(container.streams.audio) > 0
        length = length_of(container)
        width, height = _first_picture(container, stream)
    if length is None:
        with open_container(opened.file, kind) as container:
            length = _length_by_packets(container, choose_video(container, max_pixels=opened.max_pixels))
    return Measured(kind, "VIDEO", width, height, (length.numerator, length.denominator), has_audio)


def _first_picture(container: InputContainer, stream: VideoStream) -> tuple[int, int]:
    """Width and height of the first picture that can be decoded, upright."""
    import av  # noqa: PLC0415  # images need no decoder of films

    # One thread: frame threads would only begin pictures that nobody looks at.
    stream.codec_context.thread_count = 1
    try:
        for number, packet in enumerate(container.demux(stream)):
            try:
                frames = packet.decode()
            except av.error.FFmpegError:
                frames = []
            for frame in frames:
                is_sideways = round(frame.rotation / 90) % 2
                return (frame.height, frame.width) if is_sideways else (frame.width, frame.height)
            if number > _MOST_PACKETS_TO_FIRST_PICTURE:
                break
    except av.error.FFmpegError as error:
        raise MediaUnreadable(f"The video is broken: {error.strerror}") from error
    raise MediaUnreadable("Not one picture of the video can be decoded.")


def _length_by_packets(container: InputContainer, stream: VideoStream) -> Fraction:
    """How long the video is by its packets, of which none is decoded."""
    from scenedex.media.containers import origin_of  # noqa: PLC0415  # images need none

    time_base = Fraction(stream.time_base or 0)
    start = origin_of(container)
    end: Fraction | None = None
    for packet in container.demux(stream):
        if packet.pts is not None:
            presented = packet.pts * time_base
            start = presented if start is None else start
            end = max(end or presented, presented + (packet.duration or 0) * time_base)
    if start is None or end is None:
        raise MediaUnreadable("The video has no times.")
    return end - start
