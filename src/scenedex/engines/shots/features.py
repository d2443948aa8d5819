"""Features of a picture for shot detection: colour layout, brightness histogram, contrast and a small grey picture."""

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
SKETCH_ROWS, SKETCH_COLUMNS = 36, 64

BAR_LUMA = 26
BAR_MARKS = 0.1  # share of a line that a logo may light in a bar

BLOCK = 8
"""Number of frames measured together: enough to share the cost of calls, few enough to stay in the cache."""


@dataclass(frozen=True, slots=True)
class Features:
    """Measurements of ``n`` consecutive frames, one row per frame.

    Attributes:
        layout: ``(n, 432)`` means of Y, then U, then V over a 9 x 16 grid, in grey levels.
        histogram: ``(n, 32)`` shares of luma values, each value spread over 32 grey levels so that a slight change of
            light has a small effect.
        variance: ``(n,)`` variance of the sampled luma pixels between black bars.
        level: ``(n,)`` mean of these pixels.
        sketch: ``(n, 36, 64)`` luma, 8 bits.
    """

    layout: NDArray[np.float32]
    histogram: NDArray[np.float32]
    variance: NDArray[np.float32]
    level: NDArray[np.float32]
    sketch: NDArray[np.uint8]


def measure(planes: Sequence[NDArray[np.uint8]]) -> Features:
    """Measure ``n`` frames, given as Y, U and V of shape ``(n, height, width)`` each."""
    count = len(planes[0])
    layout = np.empty((count, 3, ROWS, COLUMNS), np.float32)
    shares = np.empty((count, FINE_BINS), np.float32)
    variance = np.empty(count, np.float32)
    level = np.empty(count, np.float32)
    inner = _between_bars(planes[0])
    for begin in range(0, count, BLOCK):
        rows = slice(begin, begin + BLOCK)
        luma = planes[0][rows]
        pixels = luma.astype(np.float32)
        layout[rows, 0] = cell_means(pixels, ROWS, COLUMNS)
        for channel in (1, 2):
            layout[rows, channel] = cell_means(planes[channel][rows].astype(np.float32), ROWS, COLUMNS)
        level[rows], variance[rows] = _moments(pixels[:, inner[0], inner[1]])
        shares[rows] = _shares(luma)
    return Features(layout.reshape(count, LAYOUT), shares @ _softening(), variance, level, _sketch(planes[0]))


def _between_bars(luma: NDArray[np.uint8]) -> tuple[slice, slice]:
    """Return the rows and columns of ``(n, height, width)`` that are not black at the edges of all frames."""
    brightest = luma.max(axis=0)
    if brightest[0].min() >= BAR_LUMA and brightest[:, 0].min() >= BAR_LUMA:
        return slice(None), slice(None)
    lit = brightest >= BAR_LUMA
    rows, columns = np.flatnonzero(lit.mean(axis=1) > BAR_MARKS), np.flatnonzero(lit.mean(axis=0) > BAR_MARKS)
    if not len(rows) or not len(columns):
        return slice(None), slice(None)
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def _moments(pixels: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return mean and variance of each picture."""
    size = pixels.shape[1] * pixels.shape[2]
    mean = np.einsum("ijk->i", pixels) / size
    return mean, np.einsum("ijk,ijk->i", pixels, pixels) / size - mean**2


def _sketch(luma: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return ``(n, 36, 64)`` means of two pixels, picked evenly from planes of any size."""
    flat = luma.reshape(len(luma), -1)
    first, second = (flat.take(places, axis=1) for places in _picked(luma.shape[1], luma.shape[2]))
    return (first // 2 + second // 2).reshape(len(luma), SKETCH_ROWS, SKETCH_COLUMNS)


@lru_cache(maxsize=4)
def _picked(height: int, width: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the places of the upper left and lower right pixel of each cell of a sketch in a flat plane."""
    rows = np.arange(2 * SKETCH_ROWS) * height // (2 * SKETCH_ROWS)
    columns = np.arange(2 * SKETCH_COLUMNS) * width // (2 * SKETCH_COLUMNS)
    upper, lower = (rows[start::2, None] * width + columns[start::2] for start in (0, 1))
    return upper.ravel(), lower.ravel()


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
