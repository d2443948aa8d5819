"""Filter banks: sound as the pictures of loudness over time and pitch that networks read."""

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
_LEAST_ENERGY = np.finfo(np.float32).eps
_LEAST_POWER = np.float32(1e-10)
_MOST_DECIBELS_APART = 120.0


class KaldiFilterBank:
    """Logarithms of mel energies as Kaldi defines them and networks of voices are trained on.

    Frames of 25 ms every 10 ms, only whole ones; samples count in steps of 16-bit numbers; mean removed, pre-emphasis,
    Hamming window, power spectrum from 20 Hz to half the rate; no dither.
    """

    def __init__(self, bands: int) -> None:
        self._window = np.hamming(FRAME).astype(np.float32)
        edges = np.linspace(mel(_LOWEST_HZ), mel(_HIGHEST_HZ), bands + 2)
        filters = _triangles(mel(_frequencies()), edges)
        # Kaldi leaves the topmost line of the spectrum out.
        filters[-1] = 0
        self._filters = filters

    def __call__(self, samples: NDArray[np.int16]) -> NDArray[np.float32]:
        """``(n,)`` samples at 16 kHz as ``(frames, bands)`` natural logarithms; no frame where n < 400."""
        if len(samples) < FRAME:
            return np.zeros((0, self._filters.shape[1]), np.float32)
        frames = sliding_window_view(samples, FRAME)[::HOP].astype(np.float32)
        frames -= frames.mean(axis=1, keepdims=True)
        before = np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
        frames = (frames - _PRE_EMPHASIS * before) * self._window
        return np.log(np.maximum(_power(frames) @ self._filters, _LEAST_ENERGY))


class DecibelFilterBank:
    """Mel energies in decibels, as networks of everyday sounds are trained on.

    Frames of 32 ms around every 10 ms, the sound mirrored at both ends; full scale is 1; Hann window, power spectrum
    from 0 Hz to half the rate; nothing lies more than 120 dB below the loudest.
    """

    def __init__(self, bands: int) -> None:
        self._window = np.hanning(TRANSFORM + 1)[:-1].astype(np.float32)
        edges = np.linspace(mel(0), mel(_HIGHEST_HZ), bands + 2)
        self._filters = _triangles(_frequencies(), _hertz(edges))

    def __call__(self, samples: NDArray[np.int16]) -> NDArray[np.float32]:
        """``(n,)`` samples at 16 kHz, at least one, as ``(bands, 1 + n // 160)`` decibels."""
        sound = np.pad(samples.astype(np.float32) / _FULL_SCALE, TRANSFORM // 2, mode="reflect")
        frames = sliding_window_view(sound, TRANSFORM)[::HOP] * self._window
        decibels = 10 * np.log10(np.maximum(_power(frames) @ self._filters, _LEAST_POWER))
        return np.maximum(decibels, decibels.max() - np.float32(_MOST_DECIBELS_APART)).T


def mel(hertz: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Frequencies on the mel scale of HTK and Kaldi."""
    return np.asarray(1127 * np.log1p(np.asarray(hertz, np.float64) / 700))


def _hertz(mels: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(700 * np.expm1(mels / 1127), np.float64)


def _frequencies() -> NDArray[np.float64]:
    """The lines of a spectrum, in hertz."""
    return np.linspace(0, RATE / 2, TRANSFORM // 2 + 1)


def _power(frames: NDArray[np.float32]) -> NDArray[np.float32]:
    spectrum = np.fft.rfft(frames, TRANSFORM, axis=1)
    return (spectrum.real**2 + spectrum.imag**2).astype(np.float32, copy=False)


def _triangles(lines: NDArray[np.float64], edges: NDArray[np.float64]) -> NDArray[np.float32]:
    """``(lines, bands)`` weights: each band rises from its lower edge to its middle and falls to its upper edge."""
    lower, middle, upper = edges[:-2], edges[1:-1], edges[2:]
    rising = (lines[:, None] - lower) / (middle - lower)
    falling = (upper - lines[:, None]) / (upper - middle)
    return np.maximum(0, np.minimum(rising, falling)).astype(np.float32)
