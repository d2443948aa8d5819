"""Gradual transitions: windows in which one picture becomes another one, by a dissolve or a moving front."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from scenedex.engines.shots.cuts import BROAD
from scenedex.engines.shots.dissolves import dissolves, may_dissolve
from scenedex.engines.shots.features import LAYOUT
from scenedex.engines.shots.likeness import is_relit, likeness
from scenedex.engines.shots.port import Transition
from scenedex.engines.shots.stretches import Stretch
from scenedex.engines.shots.wipes import may_wipe, wipe

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scenedex.engines.shots.cuts import Settled
    from scenedex.engines.shots.stretches import Pairs

HALF_LENGTHS = (3, 5, 8, 12, 17, 24)
"""Half of the lengths looked for, in samples of about 1/30 s. Longer dissolves show a straight line in their middle."""

REACH = HALF_LENGTHS[-1] + HALF_LENGTHS[-1] // 2
LONGEST_RUN = 32
KEPT = 2 * REACH + 8
CAPACITY = KEPT + 96
BATCH = 32

MIN_CHANGE = 5.0
MAX_LIKENESS = 0.75
MAX_WIPE_LIKENESS = 0.85
MAX_OFFSET = HALF_LENGTHS[-1] // 2
"""Maximum number of rows from the middle of a window to the middle of its transition."""


@dataclass(frozen=True, slots=True)
class Gradual:
    """Gradual transition over rows ``[begin, end)``.

    Attributes:
        transition: kind of the change.
        begin: first row that shows both pictures.
        end: first row that shows the later picture alone.
        strength: rank among the candidates for one transition.
        centre: middle of the window in which it was found.
        half: rows of the window before and after its middle.
    """

    transition: Transition
    begin: int
    end: int
    strength: float
    centre: int
    half: int

    @property
    def middle(self) -> int:
        """Row of the boundary."""
        return (self.begin + self.end) // 2


class GradualFinder:
    """Finds gradual transitions in up to about 30 rows a second. Positions count rows from 0.

    Memory: `CAPACITY` rows. A transition is reported at most `DELAY` rows after its middle.
    """

    DELAY = REACH + BATCH + LONGEST_RUN + HALF_LENGTHS[-1] + MAX_OFFSET

    def __init__(self) -> None:
        self._stretch = Stretch(kept=KEPT, capacity=CAPACITY, batch=2 * BATCH)
        self._next = HALF_LENGTHS[0]
        self._run: list[Gradual] = []

    @property
    def settled(self) -> int:
        """First row at which a later transition may be reported."""
        return max(0, min([self._next - MAX_OFFSET, *(found.centre - found.half for found in self._run)]))

    @property
    def held(self) -> int:
        """Number of held rows."""
        return len(self._stretch)

    def feed(self, settled: Settled) -> list[Gradual]:
        """Add the next rows and return the transitions that they settle."""
        self._stretch.append(settled)
        end = self._stretch.first + len(self._stretch) - REACH
        return self._look(end) if end - self._next >= BATCH else []

    def finish(self) -> list[Gradual]:
        """Return the remaining transitions."""
        found = self._look(self._stretch.first + len(self._stretch))
        return found + self._close()

    def _look(self, end: int) -> list[Gradual]:
        if not len(self._stretch):
            return []
        picture = self._stretch.picture()
        candidates: list[Gradual] = []
        for half in HALF_LENGTHS:
            candidates += self._of_length(half, end, picture)
        self._next = max(self._next, end)
        found: list[Gradual] = []
        for candidate in sorted(candidates, key=lambda one: one.centre):
            if self._is_over(candidate.centre):
                found += self._close()
            self._run.append(candidate)
        return found + self._close() if self._is_over(self._next) else found

    def _is_over(self, row: int) -> bool:
        """Return whether a window around this row begins another transition than the current run of windows."""
        return bool(self._run) and (
            row > max(found.centre + found.half for found in self._run) or row > self._run[0].centre + LONGEST_RUN
        )

    def _close(self) -> list[Gradual]:
        if not self._run:
            return []
        best = max(self._run, key=lambda one: one.strength)
        self._run = []
        return [best]

    def _of_length(self, half: int, end: int, picture: NDArray[np.int64]) -> list[Gradual]:
        """Return the transitions of this half length with their middle in ``[self._next, end)``."""
        stretch, side = self._stretch, max(2, half // 2)
        step = 1 if half <= 5 else 2 if half <= 12 else 4  # noqa: PLR2004 - the longer, the less a sample matters
        last = stretch.first + len(stretch) - half - side
        first = max(self._next, stretch.first + half + side)
        centres = np.arange(first + -first % step, min(end, last + 1), step) - stretch.first
        if not len(centres):
            return []
        begin, stop = centres - half - side, centres + half + side
        total = stretch.change(begin, stop)
        # Close to black or white, a part of a fade looks like a dissolve.
        near, far = np.maximum(centres - REACH, 0), np.minimum(centres + REACH, len(stretch))
        centres = centres[
            ~stretch.has_break(begin + 1, stop)
            & (total >= MIN_CHANGE * len(picture) / LAYOUT)
            & ~stretch.has_plain(near, far)
        ]
        if not len(centres):
            return []
        # One number a row excludes most rows before 432 are compared.
        found: list[Gradual] = []
        mixed = centres[may_dissolve(stretch, centres, half, side)]
        if len(mixed):
            found += [
                Gradual(Transition.DISSOLVE, centre - half, centre + half, strength, centre, half)
                for centre, strength in dissolves(stretch, self._unlike(mixed, half, MAX_LIKENESS, picture), half, side)
            ]
        moved = centres[may_wipe(stretch, centres, half, side)]
        if len(moved):
            for centre in self._unlike(moved, half, MAX_WIPE_LIKENESS, picture).centres.tolist():
                front = wipe(stretch, centre, half)
                if front is not None:
                    found.append(Gradual(Transition.WIPE, front.begin, front.end, front.strength, centre, half))
        by = stretch.first
        return [
            replace(one, begin=one.begin + by, end=one.end + by, centre=one.centre + by)
            for one in found
            if abs(one.middle - one.centre) <= MAX_OFFSET
        ]

    def _unlike(self, centres: NDArray[np.int64], half: int, max_likeness: float, columns: NDArray[np.int64]) -> Pairs:
        """Return the windows with different pictures before and after them."""
        pairs = self._stretch.pairs(centres, half, max(2, half // 2), columns)
        pairs = pairs.where(pairs.change >= MIN_CHANGE)
        if not len(pairs.centres):
            return pairs
        cells = np.abs(pairs.after - pairs.before).reshape(-1, 3, len(pairs.columns) // 3).max(axis=1)
        is_broad = (cells > 0.4 * cells.mean(axis=1, keepdims=True)).mean(axis=1) > BROAD
        pairs = pairs.where(is_broad & (likeness(pairs.before, pairs.after) < max_likeness))
        return pairs.where(~is_relit(pairs.before, pairs.after, pairs.change))
