"""Fine detail of a picture, which blur by motion or focus reduces first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

NOISE: Final = 2
"""Grey levels by which neighbours differ by grain and coding alone."""

_MIN_WIDTH: Final = 2


def fine_detail(lines: NDArray[np.uint8]) -> float:
    """Return the mean difference of neighbouring pixels beyond noise, in grey levels.

    The geometric mean of the differences along and across the rows counts, because motion blurs one of them. It
    compares pictures of one shot, since other subjects have more or less detail.

    Args:
        lines: pairs of adjacent rows ``(pairs, 2, width)``. See `Frame.luma_lines`.
    """
    if lines.shape[2] < _MIN_WIDTH:
        return 0.0
    values = lines.astype(np.int16)
    along = _detail(values[:, 0, 1:] - values[:, 0, :-1])
    across = _detail(values[:, 1] - values[:, 0])
    return (along * across) ** 0.5


def _detail(differences: NDArray[np.int16]) -> float:
    sizes = (np.maximum(np.abs(differences, out=differences), NOISE, out=differences) - NOISE).astype(np.float32)
    return float(np.sqrt(np.einsum("pc,pc->", sizes, sizes) / max(1, sizes.size)))
