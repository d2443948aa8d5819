"""Hard cuts: a change that is larger than its neighbours, affects the whole picture and is not reversed."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from scenedex.engines.shots.features import BINS, CELLS, LAYOUT, Features

if TYPE_CHECKING:
    from numpy.typing import NDArray

LOOKAHEAD = 8
"""Number of frames on either side that determine the usual change."""

FORGIVEN = 2
"""Number of larger changes on either side that may be cuts themselves."""

HISTOGRAM_WEIGHT = (
    18.0  # the maximum change of a histogram is 2, and a layout change of 36 grey levels has the same weight
)
FLOOR = 1.5
QUIET = 0.5  # change that grain and coding leave in any picture
PROMINENCE = 3.0
BROAD = 0.45  # minimum share of the grid that changes: less is a title or a person who enters the picture
SAME_PICTURE = 0.85  # correlation of layouts above which only the light changed
ALIKE = 0.6  # the same for a small change: fine texture that moves under the coarse sampling
FAINT = 8.0
LONGEST_FLASH = 6
RETURN = 0.4  # a picture that returns within this share of the change was only interrupted
BRIGHTER = 0.8  # share of the grid that a flash brightens
LIT = 0.4  # correlation of layouts above which a brighter picture is the same one in a different light
EVEN = 0.35  # deviation of the brightening over the grid, relative to its mean, below which only the light changed
SATURATED = 0.35  # share of the variance that an overexposing flash leaves at most
BLACK, WHITE = 26.0, 228.0
PLAIN_VARIANCE = 4.0
MIX_RESIDUAL = 0.25
MIX_MARGIN = 0.1


@dataclass(frozen=True, slots=True)
class Settled:
    """Consecutive frames with settled hard cuts, one row per frame.

    Attributes:
        layout: colour layouts, as in `Features`.
        variance: luma variance.
        change: difference to the previous frame.
        is_cut: whether the frame is the first of a shot after a hard cut.
        is_break: whether the picture jumps here, by a cut, a flash or a title.
        is_plain: whether the picture is entirely black or white.
    """

    layout: NDArray[np.float32]
    variance: NDArray[np.float32]
    change: NDArray[np.float32]
    is_cut: NDArray[np.bool_]
    is_break: NDArray[np.bool_]
    is_plain: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Rows:
    layout: NDArray[np.float32]
    histogram: NDArray[np.float32]
    variance: NDArray[np.float32]
    change: NDArray[np.float32]
    spread: NDArray[np.float32]
    likeness: NDArray[np.float32]
    is_break: NDArray[np.bool_]
    is_cut: NDArray[np.bool_]

    @classmethod
    def none(cls) -> _Rows:
        empty = np.zeros(0, np.float32)
        flags = np.zeros(0, np.bool_)
        return cls(
            np.zeros((0, LAYOUT), np.float32), np.zeros((0, BINS), np.float32), empty, empty, empty, empty, flags, flags
        )

    def __len__(self) -> int:
        return len(self.change)

    def followed_by(self, other: _Rows) -> _Rows:
        return _Rows(*(np.concatenate([getattr(self, f.name), getattr(other, f.name)]) for f in fields(self)))

    def since(self, row: int) -> _Rows:
        return _Rows(*(getattr(self, f.name)[row:] for f in fields(self)))


class CutFinder:
    """Finds the frames that begin a shot, delayed by `LOOKAHEAD` frames. Memory: a few dozen rows."""

    def __init__(self) -> None:
        self._rows = _Rows.none()
        self._next = 0

    def feed(self, features: Features) -> Settled:
        """Add the next frames and return those that they settle."""
        self._rows = self._rows.followed_by(self._compared(features))
        return self._settle(len(self._rows) - LOOKAHEAD)

    def finish(self) -> Settled:
        """Settle and return the remaining frames."""
        return self._settle(len(self._rows))

    def _compared(self, features: Features) -> _Rows:
        had = self._rows
        layout = np.concatenate([had.layout[-1:] if len(had) else features.layout[:1], features.layout])
        histogram = np.concatenate([had.histogram[-1:] if len(had) else features.histogram[:1], features.histogram])
        step = np.abs(layout[1:] - layout[:-1])
        change = step.mean(axis=1) + np.float32(HISTOGRAM_WEIGHT) * np.abs(np.diff(histogram, axis=0)).sum(axis=1)
        cells = step.reshape(-1, 3, CELLS).max(axis=1)
        bar = np.maximum(1.5, 0.4 * cells.mean(axis=1))
        centred, energy = _centred(layout)
        flags = np.zeros(len(change), np.bool_)
        return _Rows(
            layout=features.layout,
            histogram=features.histogram,
            variance=features.variance,
            change=change.astype(np.float32),
            spread=(cells > bar[:, None]).mean(axis=1).astype(np.float32),
            likeness=_correlation(centred[:-1], centred[1:], energy[:-1], energy[1:]),
            is_break=flags,
            is_cut=flags.copy(),
        )

    def _settle(self, end: int) -> Settled:
        rows, begin = self._rows, self._next
        end = max(begin, end)
        for row in np.flatnonzero(self._prominent(begin, end)) + begin:
            self._judge(int(row))
        luma, variance = rows.layout[begin:end, :CELLS].mean(axis=1), rows.variance[begin:end]
        settled = Settled(
            rows.layout[begin:end],
            variance,
            rows.change[begin:end],
            rows.is_cut[begin:end].copy(),
            rows.is_break[begin:end].copy(),
            (variance < PLAIN_VARIANCE) & ((luma < BLACK) | (luma > WHITE)),
        )
        kept_from = max(0, end - LOOKAHEAD - 1)
        self._rows = rows.since(kept_from)
        self._next = end - kept_from
        return settled

    def _prominent(self, begin: int, end: int) -> NDArray[np.bool_]:
        change = self._rows.change
        here = change[begin:end]
        if not len(here):
            return np.zeros(0, np.bool_)
        beyond = np.zeros(LOOKAHEAD, np.float32)
        around = sliding_window_view(np.concatenate([beyond, change, beyond]), LOOKAHEAD)
        sides = np.stack([around[begin:end], around[begin + LOOKAHEAD + 1 : end + LOOKAHEAD + 1]])
        ordinary = np.partition(sides, -1 - FORGIVEN, axis=2)[:, :, -1 - FORGIVEN].max(axis=0)
        return (here >= FLOOR) & (here >= PROMINENCE * np.maximum(ordinary, QUIET))

    def _judge(self, row: int) -> None:
        rows = self._rows
        if rows.is_break[row]:
            return
        rows.is_break[row] = True
        back, start = self._return_from(row), self._return_to(row)
        if back is not None and self._is_flash(row, back):
            rows.is_break[row : back + 1] = True
            return
        if start is not None and self._is_flash(start, row):
            return
        max_correlation = ALIKE if rows.change[row] < FAINT else SAME_PICTURE
        if rows.spread[row] < BROAD or rows.likeness[row] > max_correlation:
            return
        if row > 1 and rows.is_cut[row - 1] and self._is_mix(row - 1):
            rows.is_cut[row - 1] = False
        rows.is_cut[row] = True

    def _difference(self, row: int, other: int) -> float:
        layout = np.abs(self._rows.layout[row] - self._rows.layout[other]).mean()
        histogram = np.abs(self._rows.histogram[row] - self._rows.histogram[other]).sum()
        return float(layout + HISTOGRAM_WEIGHT * histogram)

    def _return_from(self, row: int) -> int | None:
        """Return the frame at which the picture before ``row`` is back, if it returns soon."""
        limit = RETURN * float(self._rows.change[row])
        last = min(len(self._rows), row + LONGEST_FLASH + 1)
        return next((other for other in range(row + 1, last) if self._difference(row - 1, other) < limit), None)

    def _return_to(self, row: int) -> int | None:
        """Return the first frame of an interruption that ends with ``row``, if there is one."""
        limit = RETURN * float(self._rows.change[row])
        first = max(1, row - LONGEST_FLASH)
        return next(
            (other for other in range(row - 1, first - 1, -1) if self._difference(row, other - 1) < limit), None
        )

    def _is_flash(self, begin: int, end: int) -> bool:
        """Return whether the interruption is a flash or a dropped (plain) picture instead of another shot."""
        rows = self._rows
        before, during = rows.layout[begin - 1 : begin], rows.layout[begin:end]
        if rows.variance[begin:end].max() < PLAIN_VARIANCE:
            return True
        gain = during[:, :CELLS] - before[:, :CELLS]
        brightest = gain[gain.mean(axis=1).argmax()]
        is_brighter = (brightest > 0).mean() >= BRIGHTER
        is_same = likeness(before, during).max() > LIT or brightest.std() < EVEN * brightest.mean()
        is_saturated = rows.variance[begin:end].min() < SATURATED * rows.variance[begin - 1]
        return bool(is_brighter and (is_same or is_saturated))

    def _is_mix(self, row: int) -> bool:
        """Return whether one frame is a blend of its neighbours, a result of frame rate conversion at cuts."""
        before, here, after = self._rows.layout[row - 1 : row + 2]
        span = after - before
        share = float((here - before) @ span / max(float(span @ span), 1.0))
        residual = np.abs(here - before - share * span).mean() / max(float(np.abs(span).mean()), 1.0)
        return MIX_MARGIN < share < 1 - MIX_MARGIN and bool(residual < MIX_RESIDUAL)


def likeness(first: NDArray[np.float32], second: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the correlation of two sets of layouts by row, -1 to 1, without the mean of each plane, near 0 if flat."""
    (a, energy_a), (b, energy_b) = _centred(first), _centred(second)
    return _correlation(a, b, energy_a, energy_b)


def _centred(layouts: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return layouts without the mean of each plane, and the sum of squares of each."""
    planes = layouts.reshape(-1, 3, CELLS)
    centred = planes - planes.mean(axis=2, keepdims=True)
    return centred, np.einsum("ijk,ijk->i", centred, centred)


def _correlation(
    first: NDArray[np.float32],
    second: NDArray[np.float32],
    first_energy: NDArray[np.float32],
    second_energy: NDArray[np.float32],
) -> NDArray[np.float32]:
    shared = np.einsum("ijk,ijk->i", first, second)
    return (shared / np.sqrt(first_energy * second_energy + 1e3)).astype(np.float32)
