"""Films inside pictures: motion photos of phones are JPEG or HEIC files with a whole MP4 behind or inside the picture.

Samsung puts the film before a table at the end of the file, or into a box ``mpvd`` of HEIC. Google puts it behind the
picture, with its length in XMP. Since such notes get lost when files are edited or sent, the film itself is looked for.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, BinaryIO, Final, Literal, cast

from scenedex.media.errors import MediaUnreadable
from scenedex.media.sized_files import SizedFile
from scenedex.media.sniffing import sniff, sniff_head

if TYPE_CHECKING:
    from collections.abc import Iterator

_TYPE: Final = b"ftyp"
_HEAD_BYTES: Final = 4096
_BLOCK_BYTES: Final = 1024**2
_MAX_SEARCHED_BYTES: Final = 64 * 1024**2
_MIN_BOX, _MAX_BOX = 16, 256
_MAX_CANDIDATES: Final = 4


class _FilePart(SizedFile):
    """The bytes of a file from an offset to its end, as a file of their own."""

    def __init__(self, file: BinaryIO, start: int) -> None:
        super().__init__(max(0, file.seek(0, os.SEEK_END) - start))
        self._file = file
        self._start = start

    def read_from(self, offset: int, size: int) -> bytes:
        """See `SizedFile`."""
        self._file.seek(self._start + offset)
        return self._file.read(size)


def film_inside(file: BinaryIO, *, max_pixels: int) -> tuple[BinaryIO, Literal["mp4", "mov"]] | None:
    """Return the film inside a picture and its format, or `None` if there is none, or none that can be used.

    A picture whose film is cut off, without a picture or not supported is still a picture.
    """
    from scenedex.media.containers import open_film  # noqa: PLC0415  # most pictures need no decoder of films
    from scenedex.media.first_picture import first_picture  # noqa: PLC0415

    for start in _candidates(file):
        part = cast("BinaryIO", _FilePart(file, start))
        try:
            if sniff_head(part.read(_HEAD_BYTES)) not in ("mp4", "mov"):
                continue
            kind = sniff(part)
            if kind != "mp4" and kind != "mov":  # noqa: PLR1714  # narrows the type
                continue
            with open_film(part, kind, max_pixels=max_pixels) as film:
                first_picture(film)
        except MediaUnreadable:
            continue
        return part, kind
    return None


def _candidates(file: BinaryIO) -> Iterator[int]:
    """Yield the places behind the start of a file at which a first box of a film may be."""
    end = min(file.seek(0, os.SEEK_END), _MAX_SEARCHED_BYTES)
    found = 0
    at = _MIN_BOX
    while at < end and found < _MAX_CANDIDATES:
        file.seek(at)
        # The block overlaps the next one by the head of a box.
        data = file.read(_BLOCK_BYTES + 2 * len(_TYPE))
        place = data.find(_TYPE, len(_TYPE))
        while place >= 0 and found < _MAX_CANDIDATES:
            size = int.from_bytes(data[place - len(_TYPE) : place], "big")
            if _MIN_BOX <= size <= _MAX_BOX and place - len(_TYPE) < _BLOCK_BYTES:
                found += 1
                yield at + place - len(_TYPE)
            place = data.find(_TYPE, place + 1)
        at += _BLOCK_BYTES
