"""Sound of an asset as the sound stage writes it: raw signed 16-bit little-endian samples, mono, 16 kHz.

Sample 0 is at time 0 of the asset.
"""

from __future__ import annotations

import os
from fractions import Fraction
from typing import TYPE_CHECKING, BinaryIO, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scenedex.timeline import Timecode

RATE: Final = 16_000
_SAMPLE_BYTES = 2


class Recording:
    """Reader of any part of the sound. It keeps nothing in memory.

    Attributes:
        samples: number of samples.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.samples: Final = file.seek(0, os.SEEK_END) // _SAMPLE_BYTES

    def read(self, start: int, stop: int) -> NDArray[np.int16]:
        """Return the existing samples from ``start`` up to, not including, ``stop``."""
        start, stop = max(start, 0), min(stop, self.samples)
        if start >= stop:
            return np.zeros(0, np.int16)
        self._file.seek(start * _SAMPLE_BYTES)
        data = bytearray()
        wanted = (stop - start) * _SAMPLE_BYTES
        # An unbuffered file may return less than requested.
        while len(data) < wanted and (piece := self._file.read(wanted - len(data))):
            data += piece
        return np.frombuffer(data, "<i2", len(data) // _SAMPLE_BYTES).astype(np.int16, copy=False)


def sample_at(time: Timecode) -> int:
    """Return the position of the sample at a time."""
    return (time.seconds * RATE).__floor__()


def time_of(sample: int) -> Fraction:
    """Return the time of a sample, in seconds from the start of the asset."""
    return Fraction(sample, RATE)
