"""Makers of visual keywords that know their answers: the fakes of the ports."""

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
    """Finds one ``lamp``, in the middle of pictures that are bright on the whole; the brighter, the more certain."""

    def __init__(self) -> None:
        self.engine: Final = Engine("bright-spot", "1")

    def find(self, rgb: NDArray[np.uint8]) -> Sequence[FoundObject]:
        """The things in a picture; see `ObjectFinder`."""
        brightness = float(rgb.mean()) / 255
        return [FoundObject("lamp", brightness, BoundingBox(0.25, 0.25, 0.5, 0.5))] if brightness >= 1 / 2 else []


class NearestLabel:
    """Gives the one label whose vector is nearest.

    Args:
        reads: the embedder whose vectors it understands.
        vectors: the unit vector of each label.
    """

    def __init__(self, reads: Engine, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        self.engine: Final = Engine("nearest-label", "1")
        self.reads: Final = reads
        self._vectors = dict(vectors)

    def learn(self, vocabulary: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Take the words to choose from; see `Labeller`."""
        self._vectors = dict(zip(vocabulary, vectors, strict=True))

    def label(self, vector: NDArray[np.float32]) -> Sequence[FoundLabel]:
        """The words that fit; see `Labeller`."""
        closeness = {label: float(np.dot(own, vector)) for label, own in self._vectors.items()}
        if not closeness:
            return []
        best = max(closeness, key=closeness.__getitem__)
        return [FoundLabel(best, min(max(closeness[best], 0.0), 1.0))]
