"""Entry point of a proxy in the child process: chooses the least work that makes the file play."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.media.proxies import MadeProxy, ProxyOptions

if TYPE_CHECKING:
    from scenedex.media.opened import OpenedMedia

# A full disk, and a limit on the size of files.
_FAULTS_OF_MACHINE: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_MAX_PICTURE_HEIGHT: Final = 2160
_PICTURE_QUALITY: Final = 88


def make_proxy(opened: OpenedMedia, params: bytes) -> MadeProxy:
    """Write a proxy to the work folder.

    Raises:
        MediaUnreadable: the file cannot be used.
        DimensionsTooLarge: its header claims more pixels than allowed.
    """
    options = msgspec.json.decode(params, type=ProxyOptions)
    return _of_image(opened) if opened.is_image else _of_video(opened, options)


def _of_image(opened: OpenedMedia) -> MadeProxy:
    from scenedex.media.images import encode_jpeg, shrink  # noqa: PLC0415  # films need no readers of images

    picture = shrink(opened.image(), _MAX_PICTURE_HEIGHT)
    (opened.work_dir / "proxy.jpg").write_bytes(encode_jpeg(picture, _PICTURE_QUALITY))
    height, width = picture.shape[:2]
    return MadeProxy("proxy.jpg", "image/jpeg", "picture", width, height)


def _of_video(opened: OpenedMedia, options: ProxyOptions) -> MadeProxy:
    from av.error import FFmpegError  # noqa: PLC0415  # images need no decoder of films

    from scenedex.media.canvas import canvas_of  # noqa: PLC0415
    from scenedex.media.containers import is_out_of_memory, open_film  # noqa: PLC0415
    from scenedex.media.durations import film_duration  # noqa: PLC0415
    from scenedex.media.proxy_pictures import encode_film  # noqa: PLC0415
    from scenedex.media.proxy_remux import remux_film  # noqa: PLC0415

    file, kind = opened.film()
    length = film_duration(file, kind, max_pixels=opened.max_pixels)
    if options.effort != "picture":
        try:
            with open_film(file, kind, max_pixels=opened.max_pixels) as film:
                return remux_film(film, length, options.effort, options.sound_tracks, opened.work_dir, opened.report)
        except (FFmpegError, ValueError) as error:
            # A container may refuse packets that decoders accept.
            if is_out_of_memory(error) or getattr(error, "errno", None) in _FAULTS_OF_MACHINE:
                raise
    canvas = canvas_of(file, kind, max_pixels=opened.max_pixels)
    with open_film(file, kind, max_pixels=opened.max_pixels, canvas=canvas) as film:
        return encode_film(film, length, options, opened.work_dir, opened.report)
