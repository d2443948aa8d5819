"""Smaller copies of pictures, made in a child process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.media.child import run_in_child
from scenedex.media.errors import MediaUnreadable
from scenedex.media.shrinking_entry import ShrinkOptions, ShrunkPictures
from scenedex.media.source import RangedObject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.media.limits import ChildLimits

_ENTRY = "scenedex.media.shrinking_entry:shrink_pictures"


async def shrink(
    pictures: Sequence[bytes], limits: ChildLimits, *, longest_side: int, quality: int
) -> tuple[bytes, ...]:
    """Return each JPEG with its longer side scaled down to a maximum in pixels.

    Args:
        pictures: JPEG files.
        limits: limits of the process.
        longest_side: maximum of the longer side, in pixels.
        quality: JPEG quality, 1-100.

    Raises:
        MediaUnreadable: a picture is broken or too large.
        ChildFailed: the process failed.
    """
    if not pictures:
        return ()
    whole = b"".join(pictures)

    async def read(offset: int, length: int) -> bytes:
        return whole[offset : offset + length]

    options = ShrinkOptions(tuple(len(picture) for picture in pictures), longest_side, quality)
    source = RangedObject(len(whole), read)
    found = await run_in_child(_ENTRY, source, options, ShrunkPictures, limits=limits)
    if len(found.jpegs) != len(pictures):
        raise MediaUnreadable("Some pictures are missing.")
    return found.jpegs
