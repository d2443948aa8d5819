"""Zero-shot labels: any words, without training, because texts and pictures share one space of vectors."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.engines.embeddings.port import SIGLIP2
from scenedex.engines.keywords.port import SIGLIP2_LABELS, FoundLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scenedex.engines.engine import EngineContext

MIN_CONFIDENCE: Final = 0.05
"""Confidence below which a label is not reported. Wrong labels have about 0.0001."""

MAX_LABELS: Final = 10
"""Maximum number of labels of one picture."""

# Parameters of google/siglip2-base-patch16-224 that its exports omit: `logit_scale` (a logarithm), `logit_bias`.
_LOGIT_SCALE = math.exp(4.724453449249268)
_LOGIT_BIAS = -16.771724700927734
_LOWEST_LOGIT = -50


class SiglipLabels:
    """Labels pictures by SigLIP 2's own estimate of the probability that a text belongs to a picture."""

    def __init__(self, _context: EngineContext) -> None:
        self.engine: Final = SIGLIP2_LABELS
        self.reads: Final = SIGLIP2
        self._labels: tuple[str, ...] = ()
        self._vectors = np.empty((0, 0), np.float32)

    def learn(self, vocabulary: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Take the words to choose from."""
        self._labels, self._vectors = tuple(vocabulary), vectors

    def label(self, vector: NDArray[np.float32]) -> Sequence[FoundLabel]:
        """Return the words that fit."""
        if not self._labels:
            return []
        logits = (self._vectors @ vector * _LOGIT_SCALE + _LOGIT_BIAS).tolist()
        certain_first = sorted(zip(logits, self._labels, strict=True), key=lambda entry: -entry[0])[:MAX_LABELS]
        found = [FoundLabel(label, _probability(logit)) for logit, label in certain_first]
        return [label for label in found if label.confidence >= MIN_CONFIDENCE]


def _probability(logit: float) -> float:
    return 1 / (1 + math.exp(-max(logit, _LOWEST_LOGIT)))
