"""Filter banks: loudness over time and pitch, the input of sound networks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

if TYPE_CHECKING:
    from numpy.typing import NDArray

RATE: Final = 16_000
HOP: Final = RATE // 100
FRAME: Final = RATE // 40
TRANSFORM: Final = 512

_LOWEST_HZ = 20.0
_HIGHEST_HZ = RATE / 2
_PRE_EMPHASIS = np.float32(0.97)
_FULL_SCALE = np.float32(1 << 15)
_MIN_ENERGY = np.finfo(np.float32).eps
_MIN_POWER = np.float32(1e-10)
_MAX_DECIBEL_RANGE = 120.0


class KaldiFilterBank:
    """Logarithms of mel energies as Kaldi defines them, for networks of voices.

    Whole frames of 25 ms every 10 ms, samples as 16-bit numbers, mean removed, pre-emphasis, Hamming window, power
    spectrum from 20 Hz to half the rate, no dither.
    """

    def __init__(self, bands: int) -> None:
        self._window = np.hamming(FRAME).astype(np.float32)
        edges = np.linspace(mel(_LOWEST_HZ), mel(_HIGHEST_HZ), bands + 2)
        filters = _triangles(mel(_frequencies()), edges)
        # Kaldi omits the topmost line of the spectrum.
        filters[-1] = 0
        self._filters = filters

    def __call__(self, samples: NDArray[np.int16]) -> NDArray[np.float32]:
        """Convert ``(n,)`` samples at 16 kHz to ``(frames, bands)`` natural logarithms, without a frame if n < 400."""
        if len(samples) < FRAME:
            return np.zeros((0, self._filters.shape[1]), np.float32)
        frames = sliding_window_view(samples, FRAME)[::HOP].astype(np.float32)
        frames -= frames.mean(axis=1, keepdims=True)
        before = np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
        frames = (frames - _PRE_EMPHASIS * before) * self._window
        return np.log(np.maximum(_power(frames) @ self._filters, _MIN_ENERGY))


class DecibelFilterBank:
    """Mel energies in decibels, for networks of everyday sounds.

    Frames of 32 ms around every 10 ms with the sound mirrored at both ends, full scale 1, Hann window, power spectrum
    from 0 Hz to half the rate, at most 120 dB below the maximum.
    """

    def __init__(self, bands: int) -> None:
        self._window = np.hanning(TRANSFORM + 1)[:-1].astype(np.float32)
        edges = np.linspace(mel(0), mel(_HIGHEST_HZ), bands + 2)
        self._filters = _triangles(_frequencies(), _hertz(edges))

    def __call__(self, samples: NDArray[np.int16]) -> NDArray[np.float32]:
        """Convert ``(n,)`` samples at 16 kHz, at least one, to ``(bands, 1 + n // 160)`` decibels."""
        sound = np.pad(samples.astype(np.float32) / _FULL_SCALE, TRANSFORM // 2, mode="reflect")
        frames = sliding_window_view(sound, TRANSFORM)[::HOP] * self._window
        decibels = 10 * np.log10(np.maximum(_power(frames) @ self._filters, _MIN_POWER))
        return np.maximum(decibels, decibels.max() - np.float32(_MAX_DECIBEL_RANGE)).T


def mel(hertz: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Convert hertz to the mel scale of HTK and Kaldi."""
    return np.asarray(1127 * np.log1p(np.asarray(hertz, np.float64) / 700))


def _hertz(mels: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(700 * np.expm1(mels / 1127), np.float64)


def _frequencies() -> NDArray[np.float64]:
    """Return the lines of a spectrum, in hertz."""
    return np.linspace(0, RATE / 2, TRANSFORM // 2 + 1)


def _power(frames: NDArray[np.float32]) -> NDArray[np.float32]:
    spectrum = np.fft.rfft(frames, TRANSFORM, axis=1)
    return (spectrum.real**2 + spectrum.imag**2).astype(np.float32, copy=False)


def _triangles(lines: NDArray[np.float64], edges: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return ``(lines, bands)`` weights that rise from a band's lower edge to its middle and fall to its upper edge."""
    lower, middle, upper = edges[:-2], edges[1:-1], edges[2:]
    rising = (lines[:, None] - lower) / (middle - lower)
    falling = (upper - lines[:, None]) / (upper - middle)
    return np.maximum(0, np.minimum(rising, falling)).astype(np.float32)
