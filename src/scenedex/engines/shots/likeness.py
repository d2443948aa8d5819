"""Likeness of colour layouts: whether two pictures show the same place, also in a different light."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scenedex.engines.shots.features import CELLS

if TYPE_CHECKING:
    from numpy.typing import NDArray

MIN_RELIT = 0.35  # correlation of the luma of the same picture in two exposures
MAX_CONTRAST = 2.5
MAX_NEW = 0.3  # share of the change that a different exposure does not explain


def likeness(first: NDArray[np.float32], second: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the correlation of two sets of layouts by row, -1 to 1, without the mean of each plane, near 0 if flat."""
    (planes, energy), (others, other_energy) = _centred(first), _centred(second)
    # A little is added so that the noise of flat pictures is no likeness.
    product = energy.sum(axis=1) * other_energy.sum(axis=1) + 1e3
    return (np.einsum("ijk,ijk->i", planes, others) / np.sqrt(product)).astype(np.float32)


def is_relit(first: NDArray[np.float32], second: NDArray[np.float32], change: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return whether two sets of layouts show, by row, the same picture in a different exposure.

    Args:
        first: layouts ``(n, k)``, as in `likeness`.
        second: the same.
        change: ``(n,)`` mean difference of both.
    """
    (planes, energy), (others, other_energy) = _centred(first), _centred(second)
    shared = np.einsum("ijk,ijk->ij", planes, others)
    # Lighting changes all planes, but mostly luma, which comes first.
    contrast = np.sqrt((other_energy[:, 0] + 1) / (energy[:, 0] + 1))
    is_same = shared[:, 0] > MIN_RELIT * np.sqrt(energy[:, 0] * other_energy[:, 0] + 1)
    is_same &= (contrast > 1 / MAX_CONTRAST) & (contrast < MAX_CONTRAST)
    gain = shared / (energy + 1)
    rest = np.abs(others - gain[:, :, None] * planes).mean(axis=(1, 2))
    return is_same & (rest <= MAX_NEW * change)


def _centred(layouts: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return layouts ``(n, 3, k / 3)`` without the mean of each plane, and the sum of squares ``(n, 3)`` of each."""
    planes = layouts.reshape(-1, 3, layouts.shape[1] // 3)
    planes = planes - planes.mean(axis=2, keepdims=True)
    return planes, np.einsum("ijk,ijk->ij", planes, planes)


def likeness_in(before: NDArray[np.float32], after: NDArray[np.float32], cells: NDArray[np.bool_]) -> float:
    """Return the `likeness` of two layouts ``(432,)`` within some of the cells ``(144,)``."""
    pair = np.stack([before, after]).reshape(2, 3, CELLS)[:, :, cells].reshape(2, -1)
    return float(likeness(pair[:1], pair[1:])[0])
