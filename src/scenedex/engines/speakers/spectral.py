"""Fake of the port: an embedder that distinguishes tones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.engines.engine import Engine
from scenedex.engines.speakers.port import UtteranceTooShort

if TYPE_CHECKING:
    from numpy.typing import NDArray


class SpectralSpeakerEmbedder:
    """Embeds the loudness of 32 equal bands of the spectrum: tones more than 250 Hz apart are different voices."""

    def __init__(self) -> None:
        self.engine: Final = Engine("spectral", "1")
        self.dimension: Final = 32
        self.shortest: Final = 1_600
        self.same_speaker: Final = 0.7

    def embed(self, samples: NDArray[np.int16]) -> NDArray[np.float32]:
        """Return the loudness of the bands."""
        if len(samples) < self.shortest:
            raise UtteranceTooShort
        loudness = np.abs(np.fft.rfft(samples.astype(np.float32)))[1:]
        bands = np.array([band.sum() for band in np.array_split(loudness, self.dimension)]) + np.float32(1e-3)
        return (bands / np.linalg.norm(bands)).astype(np.float32)
