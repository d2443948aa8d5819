"""The bundled picture embedder: two descriptors of ISO/IEC 15938-3 (MPEG-7) as one vector, without weights.

The standard compares colour layouts by weighted squared differences and edge histograms by the sum of differences of
single parts, of groups of parts, and five times of the whole picture. One dot product must give nearly the same order.
So every number, 0 to 1, becomes a point on a quarter circle, with a radius by its weight. All pictures then have
vectors of length 1 with cosines from 0 to 1. The squared distance of two grows with every difference, and large
differences count less than squared, as in a sum of differences. Colour and edges have the same share.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.engines.embeddings.colour_layout import WEIGHTS, colour_layout
from scenedex.engines.embeddings.edge_histogram import KINDS, PARTS, edge_histogram, neighbourhoods, on_code_words
from scenedex.engines.embeddings.port import MPEG7

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scenedex.engines.engine import EngineContext

_GROUPS = 13
_WHOLE = 5
"""Weight of a difference of the whole picture's histogram."""


class Mpeg7Pictures:
    """Embedder for which similar colours and edges at the same places are close. It does not know their content."""

    def __init__(self, _context: EngineContext) -> None:
        self.engine: Final = MPEG7
        self.dimension: Final = 2 * len(_radii())

    def embed(self, rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the vector of a picture."""
        local = edge_histogram(rgb)
        edges = [local.reshape(-1, KINDS), neighbourhoods(local), local.mean(axis=(0, 1))[None]]
        numbers = np.concatenate([colour_layout(rgb), on_code_words(np.concatenate(edges)).ravel()])
        angles = numbers * np.float32(np.pi / 2)
        return np.concatenate([_radii() * np.cos(angles), _radii() * np.sin(angles)]).astype(np.float32)


@lru_cache(maxsize=1)
def _radii() -> NDArray[np.float32]:
    """Return the radius of each number's circle. Their squares add up to 1."""
    edges = np.concatenate([np.ones((PARTS * PARTS + _GROUPS) * KINDS), np.full(KINDS, _WHOLE)])
    shares = np.concatenate([WEIGHTS / (2 * WEIGHTS.sum()), edges / (2 * edges.sum())])
    return np.sqrt(shares).astype(np.float32)
