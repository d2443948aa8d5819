"""Voices by WeSpeaker's ResNet34: filter banks in, 256 numbers out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.engines.fbank import FRAME, HOP, KaldiFilterBank
from scenedex.engines.networks import SoundNetwork
from scenedex.engines.speakers.port import WESPEAKER, WESPEAKER_FILE, UtteranceTooShort

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scenedex.engines.engine import EngineContext

BANDS: Final = 80
DIMENSION: Final = 256

_MIN_FRAMES = 30
_FAINTEST = np.float32(1e-12)


class WespeakerEmbedder:
    """Network as its authors publish it in ONNX: ``feats`` of (1, frames, 80) to ``embs`` of (1, 256)."""

    def __init__(self, context: EngineContext) -> None:
        self.engine: Final = WESPEAKER
        self.dimension: Final = DIMENSION
        self.shortest: Final = FRAME + HOP * (_MIN_FRAMES - 1)
        # Utterances of one speaker have around 0.5 to 0.8, of different ones around 0 to 0.3.
        self.same_speaker: Final = 0.45
        self._filters = KaldiFilterBank(BANDS)
        self._network = SoundNetwork(
            context.weights_folder / WESPEAKER_FILE,
            takes=("feats", (1, -1, BANDS)),
            gives=("embs", (1, DIMENSION)),
            threads=context.threads,
        )

    def embed(self, samples: NDArray[np.int16]) -> NDArray[np.float32]:
        """Return the voice in the samples."""
        if len(samples) < self.shortest:
            raise UtteranceTooShort
        frames = self._filters(samples)
        voice = self._network((frames - frames.mean(axis=0))[None])[0]
        return voice / np.maximum(np.linalg.norm(voice), _FAINTEST)
