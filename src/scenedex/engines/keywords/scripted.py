"""Fakes of the ports of visual keywords."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.engines.engine import Engine
from scenedex.engines.keywords.port import FoundLabel, FoundObject
from scenedex.timeline import BoundingBox

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray


class BrightSpotFinder:
    """Finds one ``lamp`` in the middle of bright pictures, with their brightness as confidence."""

    def __init__(self) -> None:
        self.engine: Final = Engine("bright-spot", "1")

    def find(self, rgb: NDArray[np.uint8]) -> Sequence[FoundObject]:
        """Return the things in a picture."""
        brightness = float(rgb.mean()) / 255
        return [FoundObject("lamp", brightness, BoundingBox(0.25, 0.25, 0.5, 0.5))] if brightness >= 1 / 2 else []


class NearestLabel:
    """Finds the one label whose unit vector is closest, among vectors of the embedder ``reads``."""

    def __init__(self, reads: Engine, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        self.engine: Final = Engine("nearest-label", "1")
        self.reads: Final = reads
        self._vectors = dict(vectors)

    def learn(self, vocabulary: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Take the words to choose from."""
        self._vectors = dict(zip(vocabulary, vectors, strict=True))

    def label(self, vector: NDArray[np.float32]) -> Sequence[FoundLabel]:
        """Return the closest label."""
        closeness = {label: float(np.dot(own, vector)) for label, own in self._vectors.items()}
        if not closeness:
            return []
        best = max(closeness, key=closeness.__getitem__)
        return [FoundLabel(best, min(max(closeness[best], 0.0), 1.0))]
