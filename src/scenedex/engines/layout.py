"""Colour layout: a picture as a few averages per plane."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def cell_means(planes: NDArray[np.float32], rows: int, columns: int) -> NDArray[np.float32]:
    """``(n, height, width)`` planes as ``(n, rows, columns)`` means of cells of nearly equal size.

    A plane smaller than the grid lends its samples to several cells.
    """
    # Sums by slices, not by matrix products: those start threads, which wait for the decoder's.
    heights, widths = _starts(planes.shape[1], rows), _starts(planes.shape[2], columns)
    sums = np.add.reduceat(np.add.reduceat(planes, heights, axis=1), widths, axis=2)
    return sums / _areas(planes.shape[1], planes.shape[2], rows, columns)


@lru_cache(maxsize=64)
def _starts(size: int, cells: int) -> NDArray[np.int64]:
    return np.arange(cells, dtype=np.int64) * size // cells


@lru_cache(maxsize=64)
def _areas(height: int, width: int, rows: int, columns: int) -> NDArray[np.float32]:
    """Samples in each cell."""
    tall = np.maximum(1, np.diff(_starts(height, rows), append=height))
    wide = np.maximum(1, np.diff(_starts(width, columns), append=width))
    return np.outer(tall, wide).astype(np.float32)
