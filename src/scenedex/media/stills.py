"""A pack of stills: pictures of one asset with their times in one file, for stages that need no video.

Format: a mark, the JPEG files, a JSON table of them, and the length of the table (8 bytes, big-endian).
Readers load one picture at a time.
"""

from __future__ import annotations

import io
import os
import struct
from fractions import Fraction
from typing import TYPE_CHECKING, BinaryIO

import msgspec
import numpy as np

from scenedex.media.errors import MediaUnreadable
from scenedex.media.images import encode_jpeg, read_image
from scenedex.timeline import Timecode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_MARK = b"scenedex stills 1\n"
_LENGTH = struct.Struct(">Q")
_MAX_TABLE_BYTES = 64 * 1024**2
_MAX_PIXELS = 1 << 24


class PackedStill(msgspec.Struct, frozen=True, array_like=True):
    """One picture of a pack.

    Attributes:
        numerator: numerator of the exact presentation time in seconds.
        denominator: denominator of that time.
        is_keyframe: whether it represents a shot.
        offset: start of its JPEG file in the pack, in bytes. Equal pictures share one file and so one offset.
        length: length of its JPEG file in bytes.
    """

    numerator: int
    denominator: int
    is_keyframe: bool
    offset: int
    length: int

    @property
    def time(self) -> Timecode:
        """Presentation time from the start of the asset."""
        return Timecode(Fraction(self.numerator, self.denominator))


class StillPackWriter:
    """Writes a pack to a new file, which is complete after `close`.

    Args:
        file: file at position 0.
        quality: JPEG quality, 1-100.
    """

    def __init__(self, file: BinaryIO, *, quality: int) -> None:
        self._file = file
        self._quality = quality
        self._stills: list[PackedStill] = []
        self._place = file.write(_MARK)

    def add(self, time: Timecode, rgb: NDArray[np.uint8], *, is_keyframe: bool = False) -> PackedStill:
        """Add a picture of shape ``(height, width, 3)``, in any order of time."""
        return self.add_jpeg(time, encode_jpeg(rgb, self._quality), is_keyframe=is_keyframe)

    def add_jpeg(self, time: Timecode, jpeg: bytes, *, is_keyframe: bool = False) -> PackedStill:
        """Add a picture that is a JPEG file."""
        self._file.write(jpeg)
        seconds = time.seconds
        still = PackedStill(seconds.numerator, seconds.denominator, is_keyframe, self._place, len(jpeg))
        self._stills.append(still)
        self._place += len(jpeg)
        return still

    def repeat(self, still: PackedStill, time: Timecode) -> None:
        """Add the picture of an earlier still at another time."""
        seconds = time.seconds
        self._stills.append(
            PackedStill(
                seconds.numerator, seconds.denominator, is_keyframe=False, offset=still.offset, length=still.length
            )
        )

    def close(self) -> None:
        """Write the table, and leave the file open."""
        table = msgspec.json.encode(sorted(self._stills, key=lambda still: still.time))
        self._file.write(table + _LENGTH.pack(len(table)))
        self._file.flush()


class StillPack:
    """Reads a pack.

    Args:
        file: complete pack, seekable.

    Raises:
        MediaUnreadable: it is no pack.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.stills: Sequence[PackedStill] = self._table()

    def rgb(self, still: PackedStill, *, longest_side: int | None = None) -> NDArray[np.uint8]:
        """Return the picture as ``(height, width, 3)``. See `read_image` for ``longest_side``.

        Raises:
            MediaUnreadable: the pack is truncated.
        """
        self._file.seek(still.offset)
        jpeg = self._file.read(still.length)
        if longest_side is None:
            return _whole(jpeg)
        return read_image(io.BytesIO(jpeg), "jpg", max_pixels=_MAX_PIXELS, longest_side=longest_side)

    def _table(self) -> Sequence[PackedStill]:
        size = self._file.seek(0, os.SEEK_END)
        self._file.seek(0)
        if size < len(_MARK) + _LENGTH.size or self._file.read(len(_MARK)) != _MARK:
            raise MediaUnreadable("This is no pack of stills.")
        self._file.seek(size - _LENGTH.size)
        (length,) = _LENGTH.unpack(self._file.read(_LENGTH.size))
        if length > min(_MAX_TABLE_BYTES, size - len(_MARK) - _LENGTH.size):
            raise MediaUnreadable("The pack of stills is cut off.")
        self._file.seek(size - _LENGTH.size - length)
        try:
            return msgspec.json.decode(self._file.read(length), type=tuple[PackedStill, ...])
        except msgspec.MsgspecError as error:
            raise MediaUnreadable("The table of the pack of stills is damaged.") from error


def _whole(jpeg: bytes) -> NDArray[np.uint8]:
    """Decode a whole JPEG, which OpenCV does in half of the time of Pillow with the same result."""
    # Stages that read small pictures only do without the library.
    import cv2  # noqa: PLC0415

    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR_RGB) if jpeg else None
    if picture is None:
        raise MediaUnreadable("A picture of the pack of stills is broken.")
    return picture.astype(np.uint8, copy=False)
