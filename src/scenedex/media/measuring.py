"""What the child does for a probe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.media.errors import MediaUnreadable
from scenedex.media.probing import Measured

if TYPE_CHECKING:
    from scenedex.media.containers import Film
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
    from scenedex.media.containers import open_film  # noqa: PLC0415  # images need none
    from scenedex.media.lengths import declared_length, measured_length  # noqa: PLC0415

    kind = opened.format()
    with open_film(opened.file, kind, max_pixels=opened.max_pixels) as film:
        width, height = _first_picture(film)
    # Looking at the first picture has moved on; headers and last packets are read afresh.
    with open_film(opened.file, kind, max_pixels=opened.max_pixels) as film:
        length = declared_length(opened.file, kind, film) or measured_length(opened.file, kind, film)
        has_audio = film.has_audio
    return Measured(kind, "VIDEO", width, height, (length.numerator, length.denominator), has_audio)


def _first_picture(film: Film) -> tuple[int, int]:
    """Width and height of the first picture that can be decoded, upright."""
    from av.error import FFmpegError  # noqa: PLC0415  # images need no decoder of films

    from scenedex.media.orientation import orientation_of  # noqa: PLC0415

    # One thread: frame threads would only begin pictures that nobody looks at.
    film.stream.codec_context.thread_count = 1
    packets = film.container.demux(film.stream)
    for _ in range(_MOST_PACKETS_TO_FIRST_PICTURE):
        try:
            frames = next(packets).decode()
        except StopIteration:
            break
        except FFmpegError as error:
            if isinstance(error, MemoryError):
                raise
            packets = film.container.demux(film.stream)
            continue
        if frames:
            width, height = frames[0].width, frames[0].height
            return (height, width) if orientation_of(frames[0]).is_sideways else (width, height)
    raise MediaUnreadable("Not one picture of the video can be decoded.")
