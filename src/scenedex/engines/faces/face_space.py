"""Space in which vectors of faces are compared: without what whole groups of people have in common."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class FaceSpace:
    """Linear map of dlib's vectors to vectors whose cosines mean the same for people of all origins.

    dlib's vectors of two women from East Asia are as similar as those of one man from Europe on two days, because a few
    directions of the space show little but origin, sex and age. This space has its origin at the mean face and is
    narrow in these directions.

    Attributes:
        mean: mean vector ``(dimension,)``.
        directions: directions ``(n, dimension)`` in which groups differ. The square of the length of each is the share
            of it that is removed.
    """

    mean: NDArray[np.float32]
    directions: NDArray[np.float32]

    @classmethod
    def bundled(cls) -> FaceSpace:
        """Return the space of dlib's network. ``benchmarks/persons/space.py`` computes it."""
        rows = np.load(Path(__file__).with_name("dlib_space.npy"))
        return cls(rows[0], rows[1:])

    def unit(self, vector: NDArray[np.floating]) -> NDArray[np.float32]:
        """Return the unit vector ``(dimension,)`` in this space."""
        centred = vector - self.mean
        narrowed = centred - (self.directions @ centred) @ self.directions
        return (narrowed / max(float(np.linalg.norm(narrowed)), 1e-12)).astype(np.float32)
