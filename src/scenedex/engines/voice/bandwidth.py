"""Missing bands of narrow sound, made from its harmonics. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.engines.voice.port import RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

NARROW_HERTZ: Final = 4_500
"""Frequency above which the sound of a telephone has almost nothing."""

_NARROW_SHARE: Final = 1e-5
"""Maximum share of the power above `NARROW_HERTZ` in narrow sound."""

_LOW: Final = (60, 300)
"""Band of the fundamental of a voice in hertz, which a telephone leaves out."""

_HIGH: Final = 3_300
"""Frequency in hertz above which a telephone leaves out everything."""

_LOW_GAIN: Final = 0.7
_HIGH_GAIN: Final = 0.5


def widened(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return narrow sound with the low and high bands of a rectified copy. Other sound is returned unchanged.

    A rectified voice has its fundamental and its harmonics in all bands, in the rhythm of the voice. The network of
    voice activity was trained with them, and misses speech in the band of a telephone without them.

    Args:
        samples: mono sound at `RATE`.
    """
    if not _is_narrow(samples):
        return samples
    spectrum = np.fft.rfft(np.maximum(samples, 0))
    hertz = np.fft.rfftfreq(len(samples), 1 / RATE)
    gains = np.where((hertz >= _LOW[0]) & (hertz <= _LOW[1]), _LOW_GAIN, 0.0)
    gains[hertz >= _HIGH] = _HIGH_GAIN
    return np.clip(samples + np.fft.irfft(spectrum * gains, len(samples)), -1, 1).astype(np.float32)


def _is_narrow(samples: NDArray[np.float32]) -> bool:
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    hertz = np.fft.rfftfreq(len(samples), 1 / RATE)
    return float(power[hertz > NARROW_HERTZ].sum()) <= _NARROW_SHARE * float(power.sum())
