"""A pack of stills: pictures of one asset with their times in one file, for the stages that need pictures, not films.

The file: a mark, the JPEG files one after another, a table in JSON of what they are, the length of the table (8 bytes,
big-endian). It is read one picture at a time.
"""

from __future__ import annotations

import io
import os
import struct
from fractions import Fraction
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from scenedex.media.errors import MediaUnreadable
from scenedex.media.images import encode_jpeg, read_image
from scenedex.timeline import Timecode

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

_MARK = b"scenedex stills 1\n"
_LENGTH = struct.Struct(">Q")
_LONGEST_TABLE = 64 * 1024**2
_MAX_PIXELS = 1 << 24


class PackedStill(msgspec.Struct, frozen=True, array_like=True):
    """One picture of a pack.

    Attributes:
        numerator: with ``denominator``, the exact presentation time in seconds.
        is_keyframe: whether it stands for a shot.
        offset: where its JPEG file begins in the pack, in bytes, and how long it is: ``length``. Pictures that do not
            differ share one file, so that who has seen an offset has seen the picture.
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
    """Writes a pack to a new file; `close` makes it complete.

    Args:
        file: written from its present position, which must be 0.
        quality: of the JPEG files, 1-100.
    """

    def __init__(self, file: BinaryIO, *, quality: int) -> None:
        self._file = file
        self._quality = quality
        self._stills: list[PackedStill] = []
        self._place = file.write(_MARK)

    def add(self, time: Timecode, rgb: NDArray[np.uint8], *, is_keyframe: bool = False) -> PackedStill:
        """Adds a picture of shape ``(height, width, 3)``; the order of calls need not be that of time."""
        return self.add_jpeg(time, encode_jpeg(rgb, self._quality), is_keyframe=is_keyframe)

    def add_jpeg(self, time: Timecode, jpeg: bytes, *, is_keyframe: bool = False) -> PackedStill:
        """Adds a picture that is a JPEG file, as it is."""
        self._file.write(jpeg)
        seconds = time.seconds
        still = PackedStill(seconds.numerator, seconds.denominator, is_keyframe, self._place, len(jpeg))
        self._stills.append(still)
        self._place += len(jpeg)
        return still

    def repeat(self, still: PackedStill, time: Timecode) -> None:
        """Says that the picture of an added still is also shown at another time."""
        seconds = time.seconds
        self._stills.append(
            PackedStill(
                seconds.numerator, seconds.denominator, is_keyframe=False, offset=still.offset, length=still.length
            )
        )

    def close(self) -> None:
        """Writes the table; the file stays open."""
        table = msgspec.json.encode(sorted(self._stills, key=lambda still: still.time))
        self._file.write(table + _LENGTH.pack(len(table)))
        self._file.flush()


class StillPack:
    """Reads a pack.

    Args:
        file: a complete pack, readable anywhere.

    Raises:
        MediaUnreadable: it is none.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.stills: Sequence[PackedStill] = self._table()

    def rgb(self, still: PackedStill) -> NDArray[np.uint8]:
        """The picture as ``(height, width, 3)``.

        Raises:
            MediaUnreadable: the pack ends early.
        """
        self._file.seek(still.offset)
        return read_image(io.BytesIO(self._file.read(still.length)), "jpg", max_pixels=_MAX_PIXELS)

    def _table(self) -> Sequence[PackedStill]:
        size = self._file.seek(0, os.SEEK_END)
        self._file.seek(0)
        if size < len(_MARK) + _LENGTH.size or self._file.read(len(_MARK)) != _MARK:
            raise MediaUnreadable("This is no pack of stills.")
        self._file.seek(size - _LENGTH.size)
        (length,) = _LENGTH.unpack(self._file.read(_LENGTH.size))
        if length > min(_LONGEST_TABLE, size - len(_MARK) - _LENGTH.size):
            raise MediaUnreadable("The pack of stills is cut off.")
        self._file.seek(size - _LENGTH.size - length)
        try:
            return msgspec.json.decode(self._file.read(length), type=tuple[PackedStill, ...])
        except msgspec.MsgspecError as error:
            raise MediaUnreadable("The table of the pack of stills is damaged.") from error
