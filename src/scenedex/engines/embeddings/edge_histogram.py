"""The edge histogram descriptor of ISO/IEC 15938-3: kinds of edges in each sixteenth of a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

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
