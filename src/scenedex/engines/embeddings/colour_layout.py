"""The colour layout descriptor of ISO/IEC 15938-3: an 8 x 8 icon of a picture, as its lowest frequencies."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.engines.layout import cell_means

if TYPE_CHECKING:
    from numpy.typing import NDArray

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
