"""Colour layout: a picture as a few averages per plane."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def cell_means(planes: NDArray[np.float32], rows: int, columns: int) -> NDArray[np.float32]:
    """Reduce ``(n, height, width)`` planes to ``(n, rows, columns)`` means of cells of one size.

    Samples at the edges that fill no cell are omitted. A plane smaller than the grid repeats samples.
    """
    # Sums by einsum, not by matrix products, whose threads would wait for the decoder's.
    fitted = _fitted(_fitted(planes, rows, 1), columns, 2)
    count, height, width = fitted.shape
    tall, wide = height // rows, width // columns
    across = np.einsum("nrtw->nrw", fitted.reshape(count, rows, tall, width))
    sums = np.einsum("nrcw->nrc", across.reshape(count, rows, columns, wide))
    return (sums / np.float32(tall * wide)).astype(np.float32, copy=False)


def _fitted(planes: NDArray[np.float32], cells: int, axis: int) -> NDArray[np.float32]:
    """Crop the planes to a multiple of ``cells`` samples along the axis."""
    size = planes.shape[axis]
    if size % cells == 0:
        return planes
    if size < cells:
        return np.take(planes, np.arange(cells) * size // cells, axis=axis)
    margin = size % cells // 2
    kept = slice(margin, margin + size - size % cells)
    return planes[:, kept] if axis == 1 else planes[:, :, kept]


def row_pairs(luma: NDArray[np.uint8], pairs: int = 12) -> NDArray[np.uint8]:
    """Return pairs of adjacent rows of a plane ``(height, width)`` at even distances, ``(pairs, 2, width)``."""
    last = max(0, len(luma) - 2)
    rows = np.unique(np.linspace(0, last, pairs + 2).astype(np.int64)[1:-1])
    return np.stack([luma[rows], luma[np.minimum(rows + 1, len(luma) - 1)]], axis=1)
