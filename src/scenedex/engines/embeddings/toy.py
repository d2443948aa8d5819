"""Fakes of the ports: embedders without weights."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.engines.embeddings.vectors import unit
from scenedex.engines.engine import Engine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


class MeanColours:
    """Embeds a picture as its mean red, green and blue."""

    def __init__(self) -> None:
        self.engine: Final = Engine("mean-colours", "1")
        self.dimension: Final = 3

    def embed(self, rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the vector of a picture."""
        return unit(rgb.reshape(-1, 3).mean(axis=0).astype(np.float32))


class WordCounts:
    """Embeds a text as the number of its words in each of 64 hash buckets: texts with the same words are close."""

    def __init__(self) -> None:
        self.engine: Final = Engine("word-counts", "1")
        self.dimension: Final = 64

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of texts."""
        return np.array([self.embed_query(text) for text in texts], np.float32).reshape(-1, self.dimension)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a query."""
        counts = np.zeros(self.dimension, np.float32)
        for word in text.lower().split():
            counts[zlib.crc32(word.encode()) % self.dimension] += 1
        return unit(counts)

    def knows(self, text: str) -> bool:
        """Return whether the text has a word."""
        return bool(text.split())
