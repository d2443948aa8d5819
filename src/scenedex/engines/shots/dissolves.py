"""Dissolves: stretches in which the picture moves on a straight line from one layout to a different one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scenedex.engines.shots.cuts import BROAD, likeness
from scenedex.engines.shots.features import CELLS, LAYOUT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scenedex.engines.shots.cuts import Settled

HALF_LENGTHS = (3, 5, 8, 12, 17, 24)
"""Half of the lengths looked for, in samples of about 1/30 s. Longer dissolves show a straight line in their middle."""

REACH = HALF_LENGTHS[-1] + HALF_LENGTHS[-1] // 2
LONGEST_RUN = 32
KEPT = 2 * REACH + 8
CAPACITY = KEPT + 96
BATCH = 32

MIN_CHANGE = 5.0
MAX_LIKENESS = 0.75
MAX_RESIDUAL = 0.25
MAX_DRIFT = 0.35
MAX_VARIANCE = 0.9
PLAIN_VARIANCE = 9.0


@dataclass(frozen=True, slots=True)
class Dissolve:
    """Dissolve from row ``centre - half`` to row ``centre + half``."""

    centre: int
    half: int
    strength: float


class DissolveFinder:
    """Finds dissolves in up to about 30 rows a second. Positions count rows from 0.

    Memory: `CAPACITY` rows. A dissolve is reported at most `DELAY` rows after its middle.
    """

    DELAY = REACH + BATCH + LONGEST_RUN + HALF_LENGTHS[-1]

    def __init__(self) -> None:
        # Sums of layouts are the filled part of one table, which is too large to be allocated each time.
        self._table = np.zeros((CAPACITY + 2 * BATCH, LAYOUT), np.float64)
        self._sums = self._table[:1]
        self._variances = np.zeros(1)
        self._changes = np.zeros(1)
        self._breaks = np.zeros(1, np.int64)
        self._plain = np.zeros(1, np.int64)
        self._first = 0
        self._next = HALF_LENGTHS[0]
        self._run: list[Dissolve] = []

    @property
    def settled(self) -> int:
        """First row at which a later dissolve may be reported."""
        return min(self._next, *(d.centre - d.half for d in self._run)) if self._run else self._next

    @property
    def held(self) -> int:
        """Number of held rows."""
        return len(self._sums)

    def feed(self, settled: Settled) -> list[Dissolve]:
        """Add the next rows and return the dissolves that they settle."""
        self._append(settled)
        end = self._first + len(self._sums) - 1 - REACH
        return self._look(end) if end - self._next >= BATCH else []

    def finish(self) -> list[Dissolve]:
        """Return the remaining dissolves."""
        found = self._look(self._first + len(self._sums) - 1)
        return found + self._close()

    def _append(self, settled: Settled) -> None:
        if len(self._sums) > CAPACITY:
            drop = len(self._sums) - 1 - KEPT
            kept = self._sums[drop:] - self._sums[drop]
            self._table[: len(kept)] = kept
            self._sums = self._table[: len(kept)]
            self._variances = self._variances[drop:]
            self._changes = self._changes[drop:]
            self._breaks = self._breaks[drop:]
            self._plain = self._plain[drop:]
            self._first += drop
        begin, end = len(self._sums), len(self._sums) + len(settled.change)
        if end > len(self._table):
            self._table = np.concatenate([self._table, np.zeros((end - len(self._table), LAYOUT))])
        np.cumsum(settled.layout, axis=0, dtype=np.float64, out=self._table[begin:end])
        self._table[begin:end] += self._table[begin - 1]
        self._sums = self._table[:end]
        self._variances = np.concatenate([self._variances, self._variances[-1] + np.cumsum(settled.variance)])
        self._changes = np.concatenate([self._changes, self._changes[-1] + np.cumsum(settled.change)])
        self._breaks = np.concatenate([self._breaks, self._breaks[-1] + np.cumsum(settled.is_break)])
        self._plain = np.concatenate([self._plain, self._plain[-1] + np.cumsum(settled.is_plain)])

    def _look(self, end: int) -> list[Dissolve]:
        candidates: list[Dissolve] = []
        for half in HALF_LENGTHS:
            candidates += self._of_length(half, end)
        self._next = max(self._next, end)
        found: list[Dissolve] = []
        for candidate in sorted(candidates, key=lambda d: d.centre):
            if self._run and (
                candidate.centre > max(d.centre + d.half for d in self._run)
                or candidate.centre > self._run[0].centre + LONGEST_RUN
            ):
                found += self._close()
            self._run.append(candidate)
        if self._run and (
            self._next > max(d.centre + d.half for d in self._run) or self._next > self._run[0].centre + LONGEST_RUN
        ):
            found += self._close()
        return found

    def _close(self) -> list[Dissolve]:
        if not self._run:
            return []
        best = max(self._run, key=lambda d: d.strength)
        self._run = []
        return [best]

    def _of_length(self, half: int, end: int) -> list[Dissolve]:
        """Return middles in ``[self._next, end)`` of dissolves of this half length."""
        side = max(2, half // 2)
        step = 1 if half <= 5 else 2 if half <= 12 else 4  # noqa: PLR2004 - the longer, the less a sample matters
        last = self._first + len(self._sums) - 1 - half - side
        first = max(self._next, self._first + half + side)
        centres = np.arange(first + -first % step, min(end, last + 1), step) - self._first
        if not len(centres):
            return []
        begin, stop = centres - half - side, centres + half + side
        # Close to black or white, a part of a fade looks like a dissolve.
        near, far = np.maximum(centres - REACH, 0), np.minimum(centres + REACH, len(self._plain) - 1)
        centres = centres[
            (self._breaks[stop] == self._breaks[begin + 1])
            & (self._changes[stop] - self._changes[begin] >= MIN_CHANGE)
            & (self._plain[near] == self._plain[far])
        ]
        # One number a row excludes most rows before 432 are compared.
        centres = centres[self._dips(centres, half, side)]
        if not len(centres):
            return []
        before = self._mean(centres - half - side, centres - half)
        after = self._mean(centres + half, centres + half + side)
        span = after - before
        change = np.abs(span).mean(axis=1)
        lively = change >= MIN_CHANGE
        centres, change = centres[lively], change[lively]
        before, after, span = before[lively], after[lively], span[lively]
        if not len(centres):
            return []
        cells = np.abs(span).reshape(-1, 3, CELLS).max(axis=1)
        is_dissolve = (cells > 0.4 * cells.mean(axis=1, keepdims=True)).mean(axis=1) > BROAD
        is_dissolve &= likeness(before, after) < MAX_LIKENESS
        shares, residuals = zip(
            *(
                self._on_line(centres + offset, half // 6, before, span, change)
                for offset in (-(half // 2), 0, half // 2)
            ),
            strict=True,
        )
        early, middle, late = shares
        is_dissolve &= (early > 0.1) & (early < 0.45) & (late > 0.55) & (late < 0.9)  # noqa: PLR2004 - about 1/4 and 3/4
        is_dissolve &= (np.abs(middle - 0.5) < 0.16) & (early < middle - 0.05) & (middle < late - 0.05)  # noqa: PLR2004 - about 1/2
        is_dissolve &= np.maximum.reduce(residuals) < MAX_RESIDUAL
        rest = side // 2
        settling = np.abs(
            self._mean(centres + half, centres + half + rest)
            - self._mean(centres + half + side - rest, centres + half + side)
        )
        leaving = np.abs(
            self._mean(centres - half - rest, centres - half)
            - self._mean(centres - half - side, centres - half - side + rest)
        )
        is_dissolve &= np.maximum(settling.mean(axis=1), leaving.mean(axis=1)) < MAX_DRIFT * change
        badness = np.maximum.reduce(residuals) + np.abs(middle - 0.5)
        return [
            Dissolve(int(centre) + self._first, half, float(amount * (1 - fault)))
            for centre, amount, fault in zip(
                centres[is_dissolve], change[is_dissolve], badness[is_dissolve], strict=True
            )
        ]

    def _mean(self, begin: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.float32]:
        return ((self._sums[end] - self._sums[begin]) / (end - begin)[:, None]).astype(np.float32)

    def _dips(self, centres: NDArray[np.int64], half: int, side: int) -> NDArray[np.bool_]:
        """Return whether contrast is lower in the middle than at the ends, as in any mix of two different pictures."""
        sums, around = self._variances, half // 6
        middle = (sums[centres + around + 1] - sums[centres - around]) / (2 * around + 1)
        before = (sums[centres - half] - sums[centres - half - side]) / side
        after = (sums[centres + half + side] - sums[centres + half]) / side
        both_show_something = np.minimum(before, after) > PLAIN_VARIANCE
        return both_show_something & (middle < MAX_VARIANCE * (before + after) / 2)

    def _on_line(
        self,
        rows: NDArray[np.int64],
        around: int,
        before: NDArray[np.float32],
        span: NDArray[np.float32],
        change: NDArray[np.float32],
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the position of rows on the line from ``before`` (0-1), and their distance from the line."""
        moved = self._mean(rows - around, rows + around + 1) - before
        share = np.einsum("ij,ij->i", moved, span) / np.einsum("ij,ij->i", span, span)
        residual = np.abs(moved - share[:, None] * span).mean(axis=1) / change
        return share, residual
