"""Likeness of two programmes of a film: whether they have the same speech, such as a stereo and a surround mix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.analysis.stages.recording import RATE, sample_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scenedex.analysis.stages.moments import Span
    from scenedex.analysis.stages.recording import Recording

MIN_LIKENESS: Final = 0.5
"""Median correlation of windows with speech from which two programmes have the same speech.

Mixes of the same film reach 0.7 to 1.0, and dubbed versions with the same music at most 0.3. See `benchmarks/speech`.
"""

_WINDOW: Final = RATE
_MAX_WINDOWS: Final = 40
_MIN_WINDOWS: Final = 3
# Encoders and editors shift tracks by some hundredths of a second.
_MAX_SHIFT: Final = RATE // 16


def has_same_speech(
    recording: Recording, regions: Sequence[Span], other: Recording, other_regions: Sequence[Span]
) -> bool:
    """Return whether most of the speech of the one with less of it is heard in both at the same time."""
    if not regions or not other_regions:
        return False
    fewer = min((regions, other_regions), key=_length)
    starts = _starts(fewer)
    likeness = [
        _correlation(recording.read(start, start + _WINDOW), other.read(start, start + _WINDOW)) for start in starts
    ]
    return float(np.median(likeness)) >= MIN_LIKENESS


def _length(regions: Sequence[Span]) -> int:
    return sum(sample_at(one.end.timecode()) - sample_at(one.start.timecode()) for one in regions)


def _starts(regions: Sequence[Span]) -> list[int]:
    """Return starts of windows within speech, evenly distributed."""
    starts = [
        start
        for one in regions
        for start in range(
            sample_at(one.start.timecode()), max(sample_at(one.end.timecode()) - _WINDOW // 2, 1), _WINDOW
        )
    ]
    step = max(1, len(starts) // _MAX_WINDOWS)
    return starts[::step][:_MAX_WINDOWS] or [sample_at(regions[0].start.timecode())]


def _correlation(one: NDArray[np.int16], other: NDArray[np.int16]) -> float:
    """Return the maximum of the absolute correlation of two windows over small shifts, 0 to 1."""
    count = min(len(one), len(other))
    first, second = one[:count].astype(np.float32), other[:count].astype(np.float32)
    power = float(np.linalg.norm(first) * np.linalg.norm(second))
    if power == 0:
        return 0.0
    size = 2 * _WINDOW
    product = np.fft.irfft(np.fft.rfft(first, size) * np.conj(np.fft.rfft(second, size)), size)
    near = np.concatenate([product[: _MAX_SHIFT + 1], product[-_MAX_SHIFT:]])
    return float(np.abs(near).max()) / power
