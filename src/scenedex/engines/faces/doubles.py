"""Choice among boxes that show the same face."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def without_doubles(
    confidences: NDArray[np.floating], boxes: NDArray[np.floating], max_overlap: float, *, of_smaller: bool = False
) -> list[int]:
    """Return the positions of the most certain of each group of boxes that overlap, most certain first.

    Args:
        confidences: how certain each box is ``(n,)``.
        boxes: their corners ``(n, 4)``: left, top, right, bottom.
        max_overlap: share that two kept boxes have in common at most, of the area that they cover together.
        of_smaller: whether the share is of the area of the smaller box instead.
    """
    sizes = np.maximum(boxes[:, 2:] - boxes[:, :2], 0).prod(axis=1)
    order = np.argsort(-confidences, kind="stable")
    kept: list[int] = []
    while len(order):
        best, order = int(order[0]), order[1:]
        kept.append(best)
        low, high = np.maximum(boxes[order, :2], boxes[best, :2]), np.minimum(boxes[order, 2:], boxes[best, 2:])
        shared = np.maximum(high - low, 0).prod(axis=1)
        whole = np.minimum(sizes[order], sizes[best]) if of_smaller else sizes[order] + sizes[best] - shared
        order = order[shared <= max_overlap * whole]
    return kept
