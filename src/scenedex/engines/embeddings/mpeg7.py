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

from scenedex.engines.embeddings.port import MPEG7
from scenedex.engines.layout import cell_means

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scenedex.engines.engine import EngineContext

# Colour layout: an 8 x 8 icon of a picture, as its lowest frequencies.
GRID: Final = 8
_ZIGZAG = ((0, 0), (0, 1), (1, 0), (2, 0), (1, 1), (0, 2))
_KEPT = (6, 3, 3)
"""Frequencies of Y, Cb and Cr, the mean among them."""

WEIGHTS: Final = np.array([2, 2, 2, 1, 1, 1, 2, 1, 1, 4, 2, 2], np.float32)
"""Weights of the squared differences of the coefficients, as the standard recommends."""

_YCBCR = np.array([[0.299, 0.587, 0.114], [-0.169, -0.331, 0.5], [0.5, -0.419, -0.081]], np.float32)
_LUMA_SPAN, _CHROMA_SPAN, _BLACK, _GREY = 219 / 255, 224 / 255, 16, 128

# The standard's curves from means and frequencies to code words: their knots, and their values there, 0 to 1.
_LUMA_MEAN = ((0, 64, 96, 160, 192, 256), (0, 8 / 64, 16 / 64, 48 / 64, 56 / 64, 1))
_CHROMA_MEAN = ((64, 96, 112, 144, 160, 192), (0, 8 / 64, 16 / 64, 48 / 64, 56 / 64, 1))
_FREQUENCY = ((-256, -128, -64, 64, 128, 256), (0, 1 / 8, 1 / 4, 3 / 4, 7 / 8, 1))

# Edge histogram: kinds of edges in each sixteenth of a picture.
PARTS: Final = 4
KINDS: Final = 5
_BLOCKS = 1100
_WEAKEST_EDGE = 11
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
_DIAGONAL = 2**0.5

# Rows: vertical, horizontal, 45 degrees, 135 degrees, no direction. Columns: the quarters of a block, row by row.
_FILTERS = np.array(
    [[1, -1, 1, -1], [1, 1, -1, -1], [_DIAGONAL, 0, 0, -_DIAGONAL], [0, _DIAGONAL, -_DIAGONAL, 0], [2, -2, -2, 2]],
    np.float32,
)

# Annex of the standard: the share of edges for each of the eight code words of a kind.
_LEVELS = (
    (0.010867, 0.057915, 0.099526, 0.144849, 0.195573, 0.260504, 0.358031, 0.530128),
    (0.012266, 0.069934, 0.125879, 0.182307, 0.243396, 0.314563, 0.411728, 0.564319),
    (0.004193, 0.025852, 0.046860, 0.068519, 0.093286, 0.123490, 0.161505, 0.228960),
    (0.004174, 0.025924, 0.046232, 0.067163, 0.089655, 0.115391, 0.151904, 0.217745),
    (0.006778, 0.051667, 0.108650, 0.166257, 0.224226, 0.285691, 0.356375, 0.450972),
)

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


def colour_layout(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return twelve coefficients ``(12,)`` of a picture ``(height, width, 3)``: 6 of Y, 3 of Cb, 3 of Cr, each 0 to 1.

    They follow the standard's curves but are not rounded to its code words, which only save bits.
    """
    icon = cell_means(rgb.transpose(2, 0, 1).astype(np.float32), GRID, GRID)
    planes = np.einsum("ij,jrc->irc", _YCBCR, icon)
    planes[0] = planes[0] * _LUMA_SPAN + _BLACK
    planes[1:] = planes[1:] * _CHROMA_SPAN + _GREY
    cosines = _cosines()
    frequencies = np.einsum("ij,njk,lk->nil", cosines, planes, cosines)
    coefficients: list[float] = []
    for plane, kept in enumerate(_KEPT):
        mean_curve = _LUMA_MEAN if plane == 0 else _CHROMA_MEAN
        for number, (row, column) in enumerate(_ZIGZAG[:kept]):
            value = float(frequencies[plane, row, column])
            # The standard counts means in grey levels and frequencies at half their size.
            on_curve = np.interp(value / GRID, *mean_curve) if number == 0 else np.interp(value / 2, *_FREQUENCY)
            coefficients.append(float(on_curve))
    return np.array(coefficients, np.float32)


@lru_cache(maxsize=1)
def _cosines() -> NDArray[np.float32]:
    """Return the orthonormal discrete cosine transform of eight values."""
    steps = np.arange(GRID)
    table = np.sqrt(2 / GRID) * np.cos(np.pi / GRID * steps[:, None] * (steps + 0.5))
    table[0] = np.sqrt(1 / GRID)
    return table.astype(np.float32)


def edge_histogram(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the share of blocks ``(4, 4, 5)``, 0 to 1, of a picture ``(height, width, 3)`` with an edge of each kind.

    A picture of fewer than 2 x 2 pixels has no edges.
    """
    height, width = rgb.shape[:2]
    half = max(1, int((height * width / _BLOCKS) ** 0.5) // 2)
    rows, columns = height // (2 * half), width // (2 * half)
    shares = np.zeros((PARTS, PARTS, KINDS), np.float32)
    if not rows or not columns:
        return shares
    luma = rgb[: rows * 2 * half, : columns * 2 * half].astype(np.float32) @ _LUMA
    quarters = luma.reshape(rows * 2, half, columns * 2, half).mean(axis=(1, 3), dtype=np.float32)
    blocks = quarters.reshape(rows, 2, columns, 2).transpose(0, 2, 1, 3).reshape(rows, columns, 4)
    strength = np.abs(blocks @ _FILTERS.T)
    kind = strength.argmax(axis=2)
    is_edge = strength.max(axis=2) > _WEAKEST_EDGE
    part = _part(rows, half, height)[:, None] * PARTS + _part(columns, half, width)
    counts = np.bincount((part * KINDS + kind)[is_edge], minlength=PARTS * PARTS * KINDS)
    blocks_of_part = np.bincount(part.ravel(), minlength=PARTS * PARTS)
    flat = counts.reshape(-1, KINDS) / np.maximum(blocks_of_part, 1)[:, None]
    return flat.reshape(shares.shape).astype(np.float32)


def _part(blocks: int, half: int, size: int) -> NDArray[np.int64]:
    """Return the part, of four, that each block of a line begins in."""
    starts = np.arange(blocks, dtype=np.int64) * (2 * half * PARTS)
    return np.floor_divide(starts, size, dtype=np.int64)


def neighbourhoods(local: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the means ``(13, 5)`` of the groups of parts that the standard compares besides single parts.

    Columns, rows, the four corners of four parts each, and the middle.
    """
    corners = local.reshape(2, 2, 2, 2, KINDS).mean(axis=(1, 3), dtype=np.float32).reshape(4, KINDS)
    middle = local[1:3, 1:3].mean(axis=(0, 1), dtype=np.float32)
    return np.concatenate([local.mean(axis=0), local.mean(axis=1), corners, middle[None]]).astype(np.float32)


def on_code_words(shares: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return shares ``(..., 5)`` on the standard's scale of code words, 0 to 1, without rounding to them."""
    scale = (0, *(np.arange(1, 9) / 8))
    scaled = [np.interp(shares[..., kind], (0, *levels), scale) for kind, levels in enumerate(_LEVELS)]
    return np.stack(scaled, axis=-1).astype(np.float32)
