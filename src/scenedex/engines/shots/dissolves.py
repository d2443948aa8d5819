"""Dissolves: windows in which the picture moves on a straight line from one layout to a different one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scenedex.engines.shots.stretches import Pairs, Stretch

MAX_RESIDUAL = 0.25
MAX_DRIFT = 0.35
MAX_VARIANCE = 0.9
PLAIN_VARIANCE = 9.0


def may_dissolve(stretch: Stretch, centres: NDArray[np.int64], half: int, side: int) -> NDArray[np.bool_]:
    """Return whether contrast is lower in the middle than at the ends, as in any mix of two different pictures."""
    around = half // 6
    middle = stretch.variance(centres - around, centres + around + 1)
    before = stretch.variance(centres - half - side, centres - half)
    after = stretch.variance(centres + half, centres + half + side)
    both_show_something = np.minimum(before, after) > PLAIN_VARIANCE
    return both_show_something & (middle < MAX_VARIANCE * (before + after) / 2)


def dissolves(stretch: Stretch, pairs: Pairs, half: int, side: int) -> list[tuple[int, float]]:
    """Return the middles of dissolves among windows of one half length, and the strength of each."""
    if not len(pairs.centres):
        return []
    centres, change, picture = pairs.centres, pairs.change, pairs.columns
    span = pairs.after - pairs.before
    shares, residuals = zip(
        *(
            _on_line(stretch.layouts(rows - half // 6, rows + half // 6 + 1)[:, picture] - pairs.before, span, change)
            for rows in (centres - half // 2, centres, centres + half // 2)
        ),
        strict=True,
    )
    early, middle, late = shares
    is_dissolve = (early > 0.1) & (early < 0.45) & (late > 0.55) & (late < 0.9)  # noqa: PLR2004 - about 1/4 and 3/4
    is_dissolve &= (np.abs(middle - 0.5) < 0.16) & (early < middle - 0.05) & (middle < late - 0.05)  # noqa: PLR2004 - about 1/2
    is_dissolve &= np.maximum.reduce(residuals) < MAX_RESIDUAL
    rest = side // 2
    settling = stretch.layouts(centres + half, centres + half + rest) - stretch.layouts(
        centres + half + side - rest, centres + half + side
    )
    leaving = stretch.layouts(centres - half - rest, centres - half) - stretch.layouts(
        centres - half - side, centres - half - side + rest
    )
    drift = np.maximum(np.abs(settling[:, picture]).mean(axis=1), np.abs(leaving[:, picture]).mean(axis=1))
    is_dissolve &= drift < MAX_DRIFT * change
    badness = np.maximum.reduce(residuals) + np.abs(middle - 0.5)
    return [
        (int(centre), float(amount * (1 - fault)))
        for centre, amount, fault in zip(centres[is_dissolve], change[is_dissolve], badness[is_dissolve], strict=True)
    ]


def _on_line(
    moved: NDArray[np.float32], span: NDArray[np.float32], change: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the position of pictures on the line of ``span`` (0-1), and their distance from the line."""
    share = np.einsum("ij,ij->i", moved, span) / np.einsum("ij,ij->i", span, span)
    residual = np.abs(moved - share[:, None] * span).mean(axis=1) / change
    return share, residual
