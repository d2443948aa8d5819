"""Fake of the port: a detector that takes every loud sound for a voice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.engines.engine import Engine
from scenedex.engines.voice.port import RATE
from scenedex.engines.voice.shaping import SPEECH, shape_regions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from scenedex.engines.voice.shaping import Shape

_STEP: Final = RATE // 100


class LoudnessVoiceDetector:
    """Finds regions that are louder than ``minimum`` on average over a hundredth of a second."""

    def __init__(self, minimum: float = 500.0, shape: Shape = SPEECH) -> None:
        self.engine: Final = Engine("loudness", "1")
        self._minimum = minimum
        self._shape = shape

    def regions(self, chunks: Iterable[NDArray[np.int16]]) -> Sequence[tuple[int, int]]:
        """Return the loud regions."""
        likelihoods: list[NDArray[np.float32]] = []
        rest, samples = np.zeros(0, np.int16), 0
        for chunk in chunks:
            samples += len(chunk)
            joined = np.concatenate([rest, chunk])
            whole = len(joined) - len(joined) % _STEP
            likelihoods.append(self._heard(joined[:whole]))
            rest = joined[whole:]
        likelihoods.append(self._heard(np.pad(rest, (0, -len(rest) % _STEP))))
        return shape_regions(np.concatenate(likelihoods), _STEP, samples, self._shape)

    def _heard(self, samples: NDArray[np.int16]) -> NDArray[np.float32]:
        power = (samples.reshape(-1, _STEP).astype(np.float64) ** 2).mean(axis=1)
        return (power > self._minimum**2).astype(np.float32)
