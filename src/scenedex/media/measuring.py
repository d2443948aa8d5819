"""What the child does for a probe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from scenedex.media.containers import lacks_memory
from scenedex.media.errors import DimensionsTooLarge, MediaUnreadable
from scenedex.media.sniffing import MediaFormat

if TYPE_CHECKING:
    from scenedex.media.containers import Film
    from scenedex.media.opened import OpenedMedia

_MOST_PACKETS_TO_FIRST_PICTURE = 5000


class Measured(msgspec.Struct, frozen=True):
    """What the child finds; the duration as numerator and denominator of seconds."""

    format: MediaFormat
    kind: Literal["VIDEO", "IMAGE"]
    width: int
    height: int
    duration: tuple[int, int]
    has_audio: bool


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
    from scenedex.media.containers import open_film  # noqa: PLC0415  # images need none
    from scenedex.media.lengths import film_length  # noqa: PLC0415

    kind = opened.format()
    with open_film(opened.file, kind, max_pixels=opened.max_pixels) as film:
        has_audio = film.has_audio
        width, height = _first_picture(film)
    # Looking at the first picture has moved on; headers and last packets are read afresh.
    length = film_length(opened.file, kind, max_pixels=opened.max_pixels)
    return Measured(kind, "VIDEO", width, height, (length.numerator, length.denominator), has_audio)


def _first_picture(film: Film) -> tuple[int, int]:
    """Width and height of the first picture that can be decoded, upright."""
    from av.error import FFmpegError  # noqa: PLC0415  # images need no decoder of films

    from scenedex.media.orientation import orientation_of  # noqa: PLC0415
    from scenedex.media.refusals import refusals  # noqa: PLC0415

    # One thread: frame threads would only begin pictures that nobody looks at.
    film.stream.codec_context.thread_count = 1
    packets = film.container.demux(film.stream)
    too_large: tuple[int, int] | None = None
    with refusals() as refused:
        for _ in range(_MOST_PACKETS_TO_FIRST_PICTURE):
            try:
                frames = next(packets).decode()
            except StopIteration:
                break
            except FFmpegError as error:
                if lacks_memory(error):
                    raise
                too_large = refused.latest() or too_large
                packets = film.container.demux(film.stream)
                continue
            if frames:
                width, height = frames[0].width, frames[0].height
                return (height, width) if orientation_of(frames[0]).is_sideways else (width, height)
    if too_large is not None:
        width, height = too_large
        raise DimensionsTooLarge(f"The picture is {width}x{height}, whatever the header of the file says.")
    raise MediaUnreadable("Not one picture of the video can be decoded.")
