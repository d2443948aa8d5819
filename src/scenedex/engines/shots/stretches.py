"""Stretch of sampled frames, with sums that answer questions on any window of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scenedex.engines.shots.areas import without_bars
from scenedex.engines.shots.features import LAYOUT, SKETCH_COLUMNS, SKETCH_ROWS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scenedex.engines.shots.cuts import Settled

BAR_SPACING = 16


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pictures before and after each of ``n`` windows.

    Attributes:
        centres: middles of the windows.
        columns: ``(k,)`` columns of layouts that no bar covers.
        before: ``(n, k)`` mean layouts.
        after: the same.
        change: ``(n,)`` mean difference of both.
    """

    centres: NDArray[np.int64]
    columns: NDArray[np.int64]
    before: NDArray[np.float32]
    after: NDArray[np.float32]
    change: NDArray[np.float32]

    def where(self, chosen: NDArray[np.bool_]) -> Pairs:
        """Return some of the windows."""
        return Pairs(self.centres[chosen], self.columns, self.before[chosen], self.after[chosen], self.change[chosen])


class Stretch:
    """Latest rows of a film. Positions are relative to the first row held, windows are ``[begin, end)``.

    Args:
        kept: rows that stay when it is trimmed.
        capacity: rows held before it is trimmed.
        batch: rows that are usually added together.
    """

    def __init__(self, *, kept: int, capacity: int, batch: int) -> None:
        self._kept = kept
        self._capacity = capacity
        # Sums of layouts are the filled part of one table, which is too large to be allocated each time.
        self._table = np.zeros((capacity + batch, LAYOUT), np.float64)
        self._layouts = self._table[:1]
        self._sketches = np.zeros((0, SKETCH_ROWS, SKETCH_COLUMNS), np.uint8)
        self._variances = np.zeros(1)
        self._changes = np.zeros(1)
        self._breaks = np.zeros(1, np.int64)
        self._plain = np.zeros(1, np.int64)
        self.first = 0

    def __len__(self) -> int:
        return len(self._changes) - 1

    def append(self, settled: Settled) -> None:
        """Add the next rows, and drop the first ones if there are too many."""
        if len(self) >= self._capacity:
            self._trim(len(self) - self._kept)
        begin, end = len(self._layouts), len(self._layouts) + len(settled.change)
        if end > len(self._table):
            self._table = np.concatenate([self._table, np.zeros((end - len(self._table), LAYOUT))])
        np.cumsum(settled.layout, axis=0, dtype=np.float64, out=self._table[begin:end])
        self._table[begin:end] += self._table[begin - 1]
        self._layouts = self._table[:end]
        self._sketches = np.concatenate([self._sketches, settled.sketch])
        self._variances = np.concatenate([self._variances, self._variances[-1] + np.cumsum(settled.variance)])
        self._changes = np.concatenate([self._changes, self._changes[-1] + np.cumsum(settled.change)])
        self._breaks = np.concatenate([self._breaks, self._breaks[-1] + np.cumsum(settled.is_break)])
        self._plain = np.concatenate([self._plain, self._plain[-1] + np.cumsum(settled.is_plain)])

    def _trim(self, drop: int) -> None:
        kept = self._layouts[drop:] - self._layouts[drop]
        self._table[: len(kept)] = kept
        self._layouts = self._table[: len(kept)]
        self._sketches = self._sketches[drop:]
        self._variances = self._variances[drop:]
        self._changes = self._changes[drop:]
        self._breaks = self._breaks[drop:]
        self._plain = self._plain[drop:]
        self.first += drop

    def layouts(self, begin: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the mean layout ``(n, 432)`` of each window."""
        return ((self._layouts[end] - self._layouts[begin]) / (end - begin)[:, None]).astype(np.float32)

    def pairs(self, centres: NDArray[np.int64], half: int, side: int, columns: NDArray[np.int64]) -> Pairs:
        """Return the pictures ``side`` rows before and after windows of ``half`` rows on both sides of their middle."""
        before = self.layouts(centres - half - side, centres - half)[:, columns]
        after = self.layouts(centres + half, centres + half + side)[:, columns]
        return Pairs(centres, columns, before, after, np.abs(after - before).mean(axis=1))

    def sketch(self, begin: int, end: int) -> NDArray[np.float32]:
        """Return the mean small picture ``(36, 64)`` of a window."""
        return self._sketches[begin:end].mean(axis=0, dtype=np.float32)

    def sketches(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the small pictures ``(n, 36, 64)`` of some rows."""
        return self._sketches[rows].astype(np.float32)

    def variance(self, begin: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the mean variance ``(n,)`` of each window."""
        return (self._variances[end] - self._variances[begin]) / (end - begin)

    def change(self, begin: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the sum of changes from frame to frame, ``(n,)``, of each window."""
        return self._changes[end] - self._changes[begin]

    def has_break(self, begin: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return whether the picture jumps in each window, ``(n,)``."""
        return self._breaks[end] > self._breaks[begin]

    def shot(self, begin: int, inner: int, outer: int, end: int) -> tuple[int, int]:
        """Return ``[begin, end)`` reduced to the rows without a jump around ``[inner, outer)``."""
        begin, end = max(0, begin), min(len(self), end)
        before, after = np.diff(self._breaks[begin + 1 : inner + 1]), np.diff(self._breaks[outer : end + 1])
        jumps = np.flatnonzero(before)
        if len(jumps):
            begin += int(jumps[-1]) + 1
        jumps = np.flatnonzero(after)
        return begin, outer + int(jumps[0]) if len(jumps) else end

    def has_plain(self, begin: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return whether a frame of each window is plain, ``(n,)``."""
        return self._plain[end] > self._plain[begin]

    def picture(self) -> NDArray[np.int64]:
        """Return the columns of layouts that no bar covers in the whole stretch."""
        begin = np.arange(0, max(1, len(self) - BAR_SPACING + 1), BAR_SPACING)
        cells = without_bars(self.layouts(begin, np.minimum(begin + BAR_SPACING, len(self))))
        return np.flatnonzero(np.tile(cells, 3))
