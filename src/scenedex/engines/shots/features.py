"""Features of a picture for shot detection: colour layout, brightness histogram and contrast."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from scenedex.engines.layout import cell_means

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

ROWS, COLUMNS = 9, 16
CELLS = ROWS * COLUMNS
LAYOUT = 3 * CELLS
BINS = 32
FINE_BINS = 64

BLOCK = 8
"""Number of frames measured together: enough to share the cost of calls, few enough to stay in the cache."""


@dataclass(frozen=True, slots=True)
class Features:
    """Measurements of ``n`` consecutive frames, one row per frame.

    Attributes:
        layout: ``(n, 432)`` means of Y, then U, then V over a 9 x 16 grid, in grey levels.
        histogram: ``(n, 32)`` shares of luma values, each value spread over 32 grey levels so that a slight change of
            light has a small effect.
        variance: ``(n,)`` variance of the sampled luma pixels.
    """

    layout: NDArray[np.float32]
    histogram: NDArray[np.float32]
    variance: NDArray[np.float32]


def measure(planes: Sequence[NDArray[np.uint8]]) -> Features:
    """Measure ``n`` frames, given as Y, U and V of shape ``(n, height, width)`` each."""
    count = len(planes[0])
    layout = np.empty((count, 3, ROWS, COLUMNS), np.float32)
    shares = np.empty((count, FINE_BINS), np.float32)
    variance = np.empty(count, np.float32)
    for begin in range(0, count, BLOCK):
        rows = slice(begin, begin + BLOCK)
        luma = planes[0][rows]
        pixels = luma.astype(np.float32)
        layout[rows, 0] = cell_means(pixels, ROWS, COLUMNS)
        for channel in (1, 2):
            layout[rows, channel] = cell_means(planes[channel][rows].astype(np.float32), ROWS, COLUMNS)
        variance[rows] = _variance(pixels)
        shares[rows] = _shares(luma)
    return Features(layout.reshape(count, LAYOUT), shares @ _softening(), variance)


def _variance(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    flat = pixels.reshape(len(pixels), -1)
    return np.einsum("ij,ij->i", flat, flat) / flat.shape[1] - (np.einsum("ij->i", flat) / flat.shape[1]) ** 2


def _shares(luma: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return ``(n, 64)`` shares of luma values, four to a bin, by every other sample of every other row."""
    count = len(luma)
    every_other = luma[:, ::2, ::2].reshape(count, -1) >> 2
    places = every_other + (np.arange(count, dtype=np.int64) * FINE_BINS)[:, None]
    histogram = np.bincount(places.ravel(), minlength=count * FINE_BINS).reshape(count, FINE_BINS)
    return (histogram / every_other.shape[1]).astype(np.float32)


@lru_cache(maxsize=1)
def _softening() -> NDArray[np.float32]:
    """Return ``(64, 32)`` triangles: every fine bin is shared among the coarse bins within 16 grey levels."""
    fine = np.arange(FINE_BINS) / (FINE_BINS / BINS)
    shares = np.clip(1 - np.abs(fine[:, None] - np.arange(BINS)) / 2, 0, None)
    return (shares / shares.sum(axis=1, keepdims=True)).astype(np.float32)
