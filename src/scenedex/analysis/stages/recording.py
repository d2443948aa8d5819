"""Sound of an asset as the sound stage writes it: raw signed 16-bit little-endian samples, mono, 16 kHz.

Sample 0 is at time 0 of the asset. A file of several programmes has each at a place of its own. At its end are place
and number of the samples of each in eight bytes, the number of programmes in eight bytes, and a mark.
"""

from __future__ import annotations

import os
import struct
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scenedex.timeline import Timecode

RATE: Final = 16_000
_SAMPLE_BYTES = 2
_MARK: Final = b"scenedex programmes\n"
_TAIL: Final = struct.Struct(f"<q{len(_MARK)}s")
_PLACE: Final = struct.Struct("<2q")
_MAX_PROGRAMMES: Final = 1000


def write_contents(file: BinaryIO, places: Sequence[tuple[int, int]]) -> None:
    """Write the end of a file of several programmes, given the first sample and the number of samples of each."""
    file.write(struct.pack(f"<{2 * len(places)}q", *chain.from_iterable(places)) + _TAIL.pack(len(places), _MARK))


class Recording:
    """Reader of any part of the sound of a programme. It keeps nothing in memory.

    Args:
        file: the samples.
        programme: number of the programme, by default the first.
        silenced: ranges of samples that are read as silence.

    Attributes:
        samples: number of samples.
    """

    def __init__(self, file: BinaryIO, programme: int = 0, silenced: Sequence[tuple[int, int]] = ()) -> None:
        self._file = file
        start, self.samples = _place_of(file, programme)
        self._start = start * _SAMPLE_BYTES
        self._silenced = silenced

    def read(self, start: int, stop: int) -> NDArray[np.int16]:
        """Return the existing samples from ``start`` up to, not including, ``stop``."""
        start, stop = max(start, 0), min(stop, self.samples)
        if start >= stop:
            return np.zeros(0, np.int16)
        self._file.seek(self._start + start * _SAMPLE_BYTES)
        data = _read(self._file, (stop - start) * _SAMPLE_BYTES)
        samples = np.frombuffer(data, "<i2", len(data) // _SAMPLE_BYTES).astype(np.int16, copy=False)
        within = [(first, last) for first, last in self._silenced if first < stop and last > start]
        if within:
            samples = samples.copy()
            for first, last in within:
                samples[max(0, first - start) : last - start] = 0
        return samples


def _place_of(file: BinaryIO, programme: int) -> tuple[int, int]:
    """Return the first sample of a programme in the file, and its number of samples."""
    size = file.seek(0, os.SEEK_END)
    if size >= _TAIL.size:
        file.seek(size - _TAIL.size)
        count, mark = _TAIL.unpack(_read(file, _TAIL.size))
        if mark == _MARK and 0 < count <= _MAX_PROGRAMMES:
            file.seek(size - _TAIL.size - _PLACE.size * (count - programme))
            start, samples = _PLACE.unpack(_read(file, _PLACE.size))
            return start, samples
    return 0, size // _SAMPLE_BYTES


def _read(file: BinaryIO, wanted: int) -> bytes:
    """Return bytes up to the end of the file. An unbuffered file may return less than requested."""
    data = bytearray()
    while len(data) < wanted and (piece := file.read(wanted - len(data))):
        data += piece
    return bytes(data)


def sample_at(time: Timecode) -> int:
    """Return the position of the sample at a time."""
    return (time.seconds * RATE).__floor__()


def time_of(sample: int) -> Fraction:
    """Return the time of a sample, in seconds from the start of the asset."""
    return Fraction(sample, RATE)
