"""Comparison of sounds by their levels in bands over time: the same speech of two microphones looks alike. Pure."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.analysis.stages.recording import RATE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

STEP: Final = RATE // 25
"""Samples of a row of a print."""

# Borders of the bands in hertz: those in which speech is.
_BORDERS: Final = (120, 300, 500, 750, 1_050, 1_500, 2_200, 3_400)
_BANDS: Final = len(_BORDERS) - 1
# Levels are kept in half decibels above this one.
_FLOOR_DECIBELS: Final = -100.0
_STEPS_PER_DECIBEL: Final = 2
# What is further below the loudest moment of a passage is noise.
_SEEN_DECIBELS: Final = 35
# A moment this far below the loud ones of a passage is a pause.
_QUIET_DECIBELS: Final = 20
_MIN_ROWS: Final = 5
# Two codecs may shift a sound by some packets.
_MAX_SHIFT: Final = 4
_FULL_SCALE: Final = np.float32(32_768)


class SoundPrint:
    """Levels of a sound in bands, 25 rows a second, a byte for each level."""

    def __init__(self) -> None:
        self._parts: list[NDArray[np.uint8]] = []
        self._rest = np.zeros(0, np.int16)
        self._joined: NDArray[np.uint8] | None = None

    def listen(self, chunks: Iterable[NDArray[np.int16]]) -> Iterator[NDArray[np.int16]]:
        """Pass chunks on, and take their levels."""
        for chunk in chunks:
            samples = np.concatenate([self._rest, chunk])
            whole = len(samples) - len(samples) % STEP
            if whole:
                self._parts.append(_levels(samples[:whole]))
            self._rest = samples[whole:]
            yield chunk

    def rows(self, start: int, end: int) -> NDArray[np.float32]:
        """Return the levels in decibels between two samples as ``(rows, bands)``."""
        if self._joined is None:
            self._joined = np.concatenate([np.zeros((0, _BANDS), np.uint8), *self._parts])
            self._parts = [self._joined]
        found = self._joined[max(0, start // STEP) : max(0, -(-end // STEP))]
        return found.astype(np.float32) / np.float32(_STEPS_PER_DECIBEL) + np.float32(_FLOOR_DECIBELS)

    def level(self, start: int, end: int) -> float:
        """Return the level of the loud moments between two samples in decibels."""
        rows = self.rows(start, end)
        return float(np.percentile(rows.max(axis=1), 90)) if len(rows) else _FLOOR_DECIBELS


def likeness(one: SoundPrint, other: SoundPrint, start: int, end: int) -> float:
    """Return the highest correlation of two prints between two samples over small shifts, from -1 to 1.

    Moments in which both are quiet do not count: translations pause where the original does.
    """
    reference = one.rows(start, end)
    best = -1.0
    for shift in range(-_MAX_SHIFT, _MAX_SHIFT + 1):
        first = max(0, -shift)
        moved = other.rows(start + (first + shift) * STEP, end + shift * STEP)
        kept = reference[first : first + len(moved)]
        best = max(best, _correlation(kept, moved[: len(kept)]))
    return best


def _levels(samples: NDArray[np.int16]) -> NDArray[np.uint8]:
    steps = samples.reshape(-1, STEP).astype(np.float32) / _FULL_SCALE
    power = np.abs(np.fft.rfft(steps * np.hanning(STEP).astype(np.float32), axis=1)) ** 2
    borders = [round(hertz * STEP / RATE) for hertz in _BORDERS]
    bands = np.stack([power[:, low:high].mean(axis=1) for low, high in pairwise(borders)], axis=1)
    decibels = 10 * np.log10(bands / STEP + 1e-12)
    return ((decibels - _FLOOR_DECIBELS) * _STEPS_PER_DECIBEL).round().clip(0, 255).astype(np.uint8)


def _correlation(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    if len(one) < _MIN_ROWS:
        return -1.0
    loud = _is_loud(one) | _is_loud(other)
    one, other = _centred(one[loud]), _centred(other[loud])
    product = float((one * one).sum()) * float((other * other).sum())
    return float((one * other).sum()) / product**0.5 if product else 0.0


def _is_loud(rows: NDArray[np.float32]) -> NDArray[np.bool_]:
    levels = rows.max(axis=1)
    return levels > np.percentile(levels, 95) - _QUIET_DECIBELS


def _centred(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return levels without the colour of the microphone and without noise."""
    clear = np.maximum(rows, rows.max(axis=0) - _SEEN_DECIBELS)
    return clear - clear.mean(axis=0)
