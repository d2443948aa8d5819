"""Pictures at another size, shape or place, by bilinear sampling."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def grey(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the luma ``(height, width)`` of a picture ``(height, width, 3)``."""
    wide = rgb.astype(np.uint16)
    return ((wide[..., 0] * 77 + wide[..., 1] * 150 + wide[..., 2] * 29) >> 8).astype(np.uint8)


def resize(picture: NDArray[np.uint8], height: int, width: int) -> NDArray[np.float32]:
    """Resize a picture, values 0-255. Whole steps of a reduction are averaged, the rest is interpolated."""
    down_y, down_x = max(1, picture.shape[0] // height), max(1, picture.shape[1] // width)
    reduced = _averaged(picture, down_y, down_x)
    ys = _centres(height, reduced.shape[0])
    xs = _centres(width, reduced.shape[1])
    rows = _between(reduced, ys, axis=0)
    return _between(rows, xs, axis=1)


def warp(rgb: NDArray[np.uint8], matrix: NDArray[np.float64], size: int) -> NDArray[np.float32]:
    """Return a square ``(size, size, 3)`` whose pixel (x, y) is the picture's at ``matrix @ (x, y, 1)``.

    Pixels outside the picture are black.
    """
    height, width = rgb.shape[:2]
    along = np.arange(size, dtype=np.float64)
    grid = np.stack([*np.meshgrid(along, along), np.ones((size, size))])
    x, y = np.einsum("ij,jkl->ikl", matrix, grid)
    left, top = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    out = np.zeros((size, size, 3), np.float32)
    for dy in (0, 1):
        for dx in (0, 1):
            column, row = left + dx, top + dy
            is_inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
            weight = (1 - np.abs(x - column)) * (1 - np.abs(y - row)) * is_inside
            pixels = rgb[np.clip(row, 0, height - 1), np.clip(column, 0, width - 1)]
            out += (pixels * weight[..., None]).astype(np.float32)
    return out


def similarity(source: NDArray[np.floating], target: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the rotation, scale and shift ``(2, 3)`` that maps points ``(n, 2)`` to others by least squares."""
    here, there = source.astype(np.float64), target.astype(np.float64)
    centre, goal = here.mean(axis=0), there.mean(axis=0)
    (x, y), (u, v) = (here - centre).T, (there - goal).T
    spread = max(float(x @ x + y @ y), 1e-9)
    cosine, sine = float(x @ u + y @ v) / spread, float(x @ v - y @ u) / spread
    turn = np.array([[cosine, -sine], [sine, cosine]])
    return np.hstack([turn, (goal - turn @ centre)[:, None]])


def _averaged(picture: NDArray[np.uint8], down_y: int, down_x: int) -> NDArray[np.float32]:
    if down_y == down_x == 1:
        return picture.astype(np.float32)
    height, width = picture.shape[0] // down_y, picture.shape[1] // down_x
    cut = picture[: height * down_y, : width * down_x]
    blocks = cut.reshape(height, down_y, width, down_x, *picture.shape[2:])
    return blocks.mean(axis=(1, 3), dtype=np.float32)


def _centres(count: int, available: int) -> NDArray[np.float64]:
    """Return the positions of ``count`` pixel centres among ``available`` ones on the same length."""
    return np.clip((np.arange(count) + 0.5) * available / count - 0.5, 0, available - 1)


def _between(values: NDArray[np.float32], at: NDArray[np.float64], *, axis: int) -> NDArray[np.float32]:
    low = np.floor(at).astype(np.int64)
    high = np.minimum(low + 1, values.shape[axis] - 1)
    shape = [1] * values.ndim
    shape[axis] = len(at)
    share = (at - low).astype(np.float32).reshape(shape)
    first, second = values.take(low, axis=axis), values.take(high, axis=axis)
    return (first + (second - first) * share).astype(np.float32, copy=False)
