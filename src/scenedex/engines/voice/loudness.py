"""Fake of the port: a detector that takes every loud sound for a voice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.engines.engine import Engine
from scenedex.engines.voice.port import RATE
from scenedex.engines.voice.regions import voice_regions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

_STEP: Final = RATE // 100
_MIN_LOUDNESS: Final = 500.0


class LoudnessVoiceDetector:
    """Finds regions that are louder than 500 on average over a hundredth of a second."""

    def __init__(self) -> None:
        self.engine: Final = Engine("loudness", "1")

    def regions(self, chunks: Iterable[NDArray[np.int16]]) -> Sequence[tuple[int, int]]:
        """Return the loud regions."""
        likelihoods: list[NDArray[np.float32]] = []
        rest, samples = np.zeros(0, np.int16), 0
        for chunk in chunks:
            samples += len(chunk)
            joined = np.concatenate([rest, chunk])
            whole = len(joined) - len(joined) % _STEP
            likelihoods.append(_heard(joined[:whole]))
            rest = joined[whole:]
        likelihoods.append(_heard(np.pad(rest, (0, -len(rest) % _STEP))))
        return voice_regions(np.concatenate(likelihoods), _STEP, samples)


def _heard(samples: NDArray[np.int16]) -> NDArray[np.float32]:
    power = (samples.reshape(-1, _STEP).astype(np.float64) ** 2).mean(axis=1)
    return (power > _MIN_LOUDNESS**2).astype(np.float32)
