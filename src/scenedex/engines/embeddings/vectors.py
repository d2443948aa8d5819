"""Unit vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the vector ``(n,)`` scaled to length 1. A zero or infinite vector becomes the first axis."""
    length = float(np.linalg.norm(vector))
    if not np.isfinite(length) or length == 0:
        axis = np.zeros_like(vector)
        axis[0] = 1
        return axis
    return (vector / np.float32(length)).astype(np.float32, copy=False)
