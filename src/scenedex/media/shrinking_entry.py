"""Entry point of the shrinking of pictures in the child process."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Annotated

import msgspec

from scenedex.media.errors import MediaUnreadable

if TYPE_CHECKING:
    from scenedex.media.opened import OpenedMedia

MAX_PICTURES = 64


class ShrinkOptions(msgspec.Struct, frozen=True):
    """Pictures in one file, and their form.

    Attributes:
        lengths: length of each JPEG, in bytes. They follow each other.
        longest_side: maximum of the longer side, in pixels.
        quality: JPEG quality, 1-100.
    """

    lengths: Annotated[tuple[int, ...], msgspec.Meta(max_length=MAX_PICTURES)]
    longest_side: Annotated[int, msgspec.Meta(ge=16)]
    quality: Annotated[int, msgspec.Meta(ge=1, le=100)]


class ShrunkPictures(msgspec.Struct, frozen=True):
    """The pictures as JPEG files, in their order."""

    jpegs: tuple[bytes, ...]


def shrink_pictures(media: OpenedMedia, params: bytes) -> ShrunkPictures:
    """Scale pictures down and encode them. Smaller ones keep their size."""
    from scenedex.media.images import encode_jpeg, read_image, resize  # noqa: PLC0415  # the child alone decodes

    options = msgspec.json.decode(params, type=ShrinkOptions)
    jpegs: list[bytes] = []
    for length in options.lengths:
        data = media.file.read(length)
        if len(data) < length:
            raise MediaUnreadable("The pictures end early.")
        rgb = read_image(io.BytesIO(data), "jpg", max_pixels=media.max_pixels, longest_side=options.longest_side)
        height, width = rgb.shape[:2]
        share = min(1.0, options.longest_side / max(width, height))
        small = resize(rgb, max(1, round(width * share)), max(1, round(height * share))) if share < 1 else rgb
        jpegs.append(encode_jpeg(small, options.quality))
    return ShrunkPictures(tuple(jpegs))
