"""Hard cuts: a change that is larger than its neighbours, affects the whole picture and is not reversed."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from scenedex.engines.shots.areas import MIN_PICTURE, inset, subject, without_bars
from scenedex.engines.shots.features import BINS, CELLS, LAYOUT, SKETCH_COLUMNS, SKETCH_ROWS, Features
from scenedex.engines.shots.jumps import is_jump
from scenedex.engines.shots.likeness import likeness, likeness_in

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
CALM_FRAMES = 3
SAME_PICTURE = 0.85  # correlation of layouts above which only the light changed
SIMILAR = 0.7  # above it, several jumps in a row are the poses of one figure, in animation that holds its pictures
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
MIX_MARGIN = 0.2
MIX_STEP = 0.25  # change of the later frames of a blend, relative to its first
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Settled:
    """Consecutive frames with settled hard cuts, one row per frame.

    Attributes:
        layout: colour layouts, as in `Features`.
        sketch: small grey pictures, as in `Features`.
        variance: luma variance.
        change: difference to the previous frame.
        is_cut: whether the frame is the first of a shot after a hard cut.
        is_break: whether the picture jumps here, by a cut, a flash or a title.
        is_plain: whether the picture is entirely black or white.
    """

    layout: NDArray[np.float32]
    sketch: NDArray[np.uint8]
    variance: NDArray[np.float32]
    change: NDArray[np.float32]
    is_cut: NDArray[np.bool_]
    is_break: NDArray[np.bool_]
    is_plain: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Rows:
    layout: NDArray[np.float32]
    histogram: NDArray[np.float32]
    sketch: NDArray[np.uint8]
    variance: NDArray[np.float32]
    level: NDArray[np.float32]
    change: NDArray[np.float32]
    is_break: NDArray[np.bool_]
    is_cut: NDArray[np.bool_]

    @classmethod
    def none(cls) -> _Rows:
        empty = np.zeros(0, np.float32)
        flags = np.zeros(0, np.bool_)
        return cls(
            layout=np.zeros((0, LAYOUT), np.float32),
            histogram=np.zeros((0, BINS), np.float32),
            sketch=np.zeros((0, SKETCH_ROWS, SKETCH_COLUMNS), np.uint8),
            variance=empty,
            level=empty,
            change=empty,
            is_break=flags,
            is_cut=flags,
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
        flags = np.zeros(len(change), np.bool_)
        return _Rows(
            layout=features.layout,
            histogram=features.histogram,
            sketch=features.sketch,
            variance=features.variance,
            level=features.level,
            change=change.astype(np.float32),
            is_break=flags,
            is_cut=flags.copy(),
        )

    def _settle(self, end: int) -> Settled:
        rows, begin = self._rows, self._next
        end = max(begin, end)
        for row in np.flatnonzero(self._prominent(begin, end)) + begin:
            self._judge(int(row))
        level, variance = rows.level[begin:end], rows.variance[begin:end]
        settled = Settled(
            rows.layout[begin:end],
            rows.sketch[begin:end],
            variance,
            rows.change[begin:end],
            rows.is_cut[begin:end].copy(),
            rows.is_break[begin:end].copy(),
            (variance < PLAIN_VARIANCE) & ((level < BLACK) | (level > WHITE)),
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
        # Bars make every change smaller. They are looked for where the change is large for a picture between bars.
        return (here >= MIN_PICTURE * FLOOR) & (here >= PROMINENCE * np.maximum(ordinary, MIN_PICTURE * QUIET))

    def _judge(self, row: int) -> None:
        rows = self._rows
        if rows.is_break[row] or not row:
            return
        picture = without_bars(rows.layout[max(0, row - LOOKAHEAD) : row + LOOKAHEAD])
        change = float(rows.change[row]) / float(picture.mean())
        if change < max(FLOOR, PROMINENCE * QUIET):
            return
        last = self._last_of_blend(row)
        rows.is_break[row : last + 1] = True
        back, start = self._return_from(row), self._return_to(row)
        if back is not None and self._is_flash(row, back, picture):
            rows.is_break[row : back + 1] = True
            return
        if start is not None and self._is_flash(start, row, picture):
            return
        if self._is_other_picture(row - 1, last, picture):
            shares = [self._mix_share(row - 1, here, last) or 0.0 for here in range(row, last)]
            rows.is_cut[next((row + n for n, share in enumerate(shares) if share >= HALF), last)] = True

    def _last_of_blend(self, row: int) -> int:
        """Return the frame at which the blends of two shots end that begin with ``row``, or ``row`` at a plain cut.

        A conversion of the frame rate blends one or two frames at a cut.
        """
        change = self._rows.change
        for last in (row + 2, row + 1):
            is_run = last < len(change) and change[row + 1 : last + 1].min() >= MIX_STEP * change[row]
            if is_run and self._is_isolated(row, last):
                shares = [self._mix_share(row - 1, here, last) for here in range(row, last)]
                if None not in shares and shares == sorted(shares, key=lambda share: share or 0.0):
                    return last
        return row

    def _mix_share(self, before: int, here: int, after: int) -> float | None:
        """Return the share of the later of two frames in a third one, or `None` if that is no mix of both."""
        old, mixed, new = self._rows.layout[[before, here, after]]
        span = new - old
        share = float((mixed - old) @ span / max(float(span @ span), 1.0))
        residual = np.abs(mixed - old - share * span).mean() / max(float(np.abs(span).mean()), 1.0)
        return share if MIX_MARGIN < share < 1 - MIX_MARGIN and residual < MIX_RESIDUAL else None

    def _is_other_picture(self, old: int, new: int, picture: NDArray[np.bool_]) -> bool:
        """Return whether two frames show different pictures in the whole area of the picture."""
        before, after = self._rows.layout[old], self._rows.layout[new]
        steps = np.abs(after - before).reshape(3, CELLS).max(axis=0)
        change = self._difference(old, new)
        is_isolated = self._is_isolated(old + 1, new)
        is_broad = _spread(steps[picture]) >= BROAD
        if is_broad:
            similar = likeness_in(before, after, picture)
            if similar <= _limit(change / picture.mean()) and (similar <= SIMILAR or is_isolated):
                return True
        if not is_isolated:
            return False
        if is_broad and old + 1 == new and is_jump(self._rows.sketch, new, picture):
            return True
        area = inset(steps)
        if area is not None and likeness_in(before, after, area) <= _limit(change / area.mean()):
            return True
        area = subject(before, after)
        return area is not None and likeness_in(before, after, area) <= SAME_PICTURE

    def _is_isolated(self, first: int, last: int) -> bool:
        """Return whether the picture is calm on both sides of a change. In a fast movement it is not."""
        change = self._rows.change
        beside = np.concatenate(
            [change[max(0, first - CALM_FRAMES) : first], change[last + 1 : last + 1 + CALM_FRAMES]]
        )
        return bool(change[first : last + 1].max() >= PROMINENCE * beside.max(initial=0))

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

    def _is_flash(self, begin: int, end: int, picture: NDArray[np.bool_]) -> bool:
        """Return whether the interruption is a flash or a dropped (plain) picture instead of another shot."""
        rows = self._rows
        before, during = rows.layout[begin - 1 : begin], rows.layout[begin:end]
        if rows.variance[begin:end].max() < PLAIN_VARIANCE:
            return True
        gain = (during[:, :CELLS] - before[:, :CELLS])[:, picture]
        brightest = gain[gain.mean(axis=1).argmax()]
        is_brighter = (brightest > 0).mean() >= BRIGHTER
        is_same = likeness(before, during).max() > LIT or brightest.std() < EVEN * brightest.mean()
        is_saturated = rows.variance[begin:end].min() < SATURATED * rows.variance[begin - 1]
        return bool(is_brighter and (is_same or is_saturated))


def _spread(steps: NDArray[np.float32]) -> float:
    """Return the share of cells that change, given the largest change of any plane of each."""
    return float((steps > max(1.5, 0.4 * float(steps.mean()))).mean())


def _limit(change: float) -> float:
    """Return the maximum likeness of two different pictures."""
    return ALIKE if change < FAINT else SAME_PICTURE
