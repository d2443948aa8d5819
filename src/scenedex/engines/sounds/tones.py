"""Fake of the port: a tagger that takes tones for sounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.engines.engine import Engine
from scenedex.engines.fbank import RATE
from scenedex.engines.sounds.port import SoundKind, WindowRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

TONES: Final = {SoundKind.BACKGROUND_MUSIC: 440, SoundKind.LAUGHTER: 1_500, SoundKind.APPLAUSE: 3_000}
"""Frequency of each kind, in hertz."""

_REACH_HZ = 100
_MIN_POWER = 1.0


class ToneTagger:
    """Tagger whose confidence of a kind is the share of its tone in the power of the sound."""

    def __init__(self) -> None:
        self.engine: Final = Engine("tones", "1")
        self.longest: Final = 10 * RATE

    def tag(self, samples: NDArray[np.int16]) -> Mapping[SoundKind, float]:
        """Return the share of each tone."""
        if not 0 < len(samples) <= self.longest:
            raise WindowRefused
        power = np.abs(np.fft.rfft(samples.astype(np.float64))) ** 2
        lines = np.fft.rfftfreq(len(samples), 1 / RATE)
        whole = power.sum() + _MIN_POWER
        return {kind: float(power[np.abs(lines - hertz) < _REACH_HZ].sum() / whole) for kind, hertz in TONES.items()}
