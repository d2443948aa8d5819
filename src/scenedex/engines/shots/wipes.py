"""Wipes, pushes and zooms: windows in which a new picture takes the place of the old one area by area.

Between two pictures at rest, every pixel of a wipe shows the old picture until the front passes, and the new one from
then on. In a push or zoom a picture moves as a whole, so every frame is the old and the new picture laid side by side
or over each other at one position. In a pan neither holds: what is between the first and the last picture is neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from scenedex.engines.shots.features import BAR_LUMA, BAR_MARKS, SKETCH_COLUMNS, SKETCH_ROWS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scenedex.engines.shots.stretches import Stretch

LIVELY = 1.5  # change within the window, relative to the livelier side of it
REST = 8  # samples on each side that show nearly the same picture
SHOWN = 3  # samples of which the old and the new picture are means
MAX_UNREST = 0.5
SAMPLES_PER_WINDOW = 20
MIN_SAMPLES = 3  # samples that show parts of both pictures
MIN_DIFFERENCE = 12.0

MIN_PIXELS = 0.45  # of the picture
FAINT = 10.0
MAX_BETWEEN = 0.45  # pixels that show a mix of both pictures, as all do in a dissolve
MAX_RETURN = 0.08
MAX_SWITCHES = 1.9
MAX_STEP = 0.5
EDGE = 0.12
MAX_WIPE_FAULT, MAX_WEAK_FAULT = 0.34, 0.26
STRONG = 35.0  # mean difference of the pictures, above which they are surely two places

MIN_SHIFTED = 1.55  # distance from a pan, relative to the distance from a wipe
STRONGER, MIN_SHIFTED_STRONG = 60.0, 1.2  # a pan seldom changes the picture that much
MAX_SHIFT_ROWS, MAX_SHIFT_COLUMNS = 5, 8  # of two pixels each

STEPS = 24
COARSE = 4
MAX_RESIDUAL = 0.55
MAX_PUSH_FAULT = 0.4
SPREAD_OF_FAULT = 0.1  # distance of one picture beyond the mean
PUSH_EDGE = 0.05
MAX_OF_MIX = 0.7  # distance from the model, relative to the distance from a mix


@dataclass(frozen=True, slots=True)
class Front:
    """Front that moves over rows ``[begin, end)``, and the strength of the transition."""

    begin: int
    end: int
    strength: float


def may_wipe(stretch: Stretch, centres: NDArray[np.int64], half: int, side: int) -> NDArray[np.bool_]:
    """Return whether the picture changes faster within each window than on both sides of it."""
    inside = stretch.change(centres - half + 1, centres + half + 1) / (2 * half)
    before = stretch.change(centres - half - side + 1, centres - half + 1)
    after = stretch.change(centres + half + 1, centres + half + side)
    return inside >= LIVELY * np.maximum(before, after) / side


def wipe(stretch: Stretch, centre: int, half: int) -> Front | None:
    """Return the front that moves over the window of ``half`` rows on both sides of ``centre``, if there is one."""
    side = max(2, half // 2)
    shown = min(side, SHOWN)
    begin, end = centre - half, centre + half
    old, new = stretch.sketch(begin - shown, begin), stretch.sketch(end, end + shown)
    picture = _between_bars(np.maximum(old, new))
    old, new = old[picture], new[picture]
    difference = float(np.abs(new - old).mean())
    if difference < MIN_DIFFERENCE:
        return None
    first, last = stretch.shot(begin - max(side, REST), begin, end, end + max(side, REST))
    unrest = max(
        float(np.abs(stretch.sketch(first, min(first + SHOWN, begin))[picture] - old).mean()),
        float(np.abs(stretch.sketch(max(last - SHOWN, end), last)[picture] - new).mean()),
    )
    unrest /= difference
    if unrest > MAX_UNREST:
        return None
    rows = np.arange(begin - 1, end + 2, 1 + (end - begin + 3) // SAMPLES_PER_WINDOW)
    rows = rows[rows < len(stretch)]
    pictures = stretch.sketches(rows)[:, picture[0], picture[1]]
    span = new - old
    changed = np.abs(span) > max(FAINT, 0.4 * difference)
    if changed.mean() < MIN_PIXELS:
        return None
    limit = MAX_WIPE_FAULT if difference > STRONG else MAX_WEAK_FAULT
    found = _switching(old, span, changed, pictures, limit - unrest / 2)
    if found is None:
        found = _moving(old, new, pictures, MAX_PUSH_FAULT - unrest / 2)
    if found is None:
        return None
    first, last, fault = found
    step = int(rows[1] - rows[0])
    return Front(int(rows[first]), int(rows[last]) + step, difference * (1 - fault - unrest / 2))


def _between_bars(brightest: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows ``(36, 1)`` and columns ``(64,)`` that spread the picture between black bars over all cells."""
    lit = brightest >= BAR_LUMA
    rows, columns = (_spread(np.flatnonzero(lit.mean(axis=axis) > BAR_MARKS), lit.shape[1 - axis]) for axis in (1, 0))
    return rows[:, None], columns


def _spread(lit: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Return ``count`` lines from the first to the last of the lit ones."""
    if not len(lit):
        return np.arange(count)
    return lit[0] + np.arange(count) * (lit[-1] + 1 - lit[0]) // count


def _switching(
    old: NDArray[np.float32],
    span: NDArray[np.float32],
    cells: NDArray[np.bool_],
    pictures: NDArray[np.float32],
    max_fault: float,
) -> tuple[int, int, float] | None:
    """Return the first and last picture of a wipe of any shape, and its mean distance from both, 0-1."""
    sizes = np.abs(span)
    shares = (pictures[:, cells] - old[cells]) / span[cells]
    weights = np.minimum(sizes[cells], 60)  # a few very different pixels do not decide
    weights /= weights.sum()
    is_new = shares > 0.5  # noqa: PLR2004 - nearer to the new picture
    area = is_new @ weights
    switches = float((np.abs(np.diff(is_new.astype(np.int8), axis=0)) @ weights).sum())
    between = ((shares > 0.25) & (shares < 0.75)) @ weights  # noqa: PLR2004 - the middle half
    is_wipe = _advances(area, EDGE) and switches < MAX_SWITCHES and float(between[1:-1].max()) < MAX_BETWEEN
    if not is_wipe:
        return None
    faults = np.minimum(np.abs(pictures - old), np.abs(pictures - old - span)).mean(axis=(1, 2))
    fault = float(faults.mean() / sizes.mean())
    if fault > max_fault:
        return None
    first, last = _passing(area)
    middle = (first + last) // 2
    shifted = min(_shift_residual(picture, pictures[middle]) for picture in (old, old + span))
    is_strong = sizes.mean() > STRONGER
    if shifted < (MIN_SHIFTED_STRONG if is_strong else MIN_SHIFTED) * faults[middle]:
        return None
    return first, last, fault


def _shift_residual(picture: NDArray[np.float32], later: NDArray[np.float32]) -> float:
    """Return the difference of two pictures of which the first is shifted by some pixels, as in a pan."""
    first, second = (one.reshape(SKETCH_ROWS // 2, 2, -1, 2).mean(axis=(1, 3)) for one in (picture, later))
    rows, columns = first.shape
    best = np.inf
    for down in range(-MAX_SHIFT_ROWS, MAX_SHIFT_ROWS + 1):
        for right in range(-MAX_SHIFT_COLUMNS, MAX_SHIFT_COLUMNS + 1):
            moved = first[max(0, down) : rows + min(0, down), max(0, right) : columns + min(0, right)]
            stayed = second[max(0, -down) : rows + min(0, -down), max(0, -right) : columns + min(0, -right)]
            best = min(best, float(np.abs(moved - stayed).mean()))
    return best


def _moving(
    old: NDArray[np.float32], new: NDArray[np.float32], pictures: NDArray[np.float32], max_fault: float
) -> tuple[int, int, float] | None:
    """Return the first and last picture of a push, slide or zoom, and its mean distance from the model, 0-1."""
    span, both = new - old, np.concatenate([old.ravel(), new.ravel()])
    difference = float(np.abs(span).mean())
    moved = pictures - old
    share = np.einsum("ijk,jk->i", moved, span) / np.einsum("jk,jk->", span, span)
    # Of smooth pictures, a mix may be like the old picture beside the new one.
    of_mix = np.abs(moved - share[:, None, None] * span).mean(axis=(1, 2)) / difference
    models, coarse_models = _models()
    middle = len(pictures) // 2
    coarse = np.abs(both[coarse_models] - pictures[middle].ravel()[::COARSE]).mean(axis=1)
    best = int(coarse.argmin())
    if coarse[best] > min(max_fault + SPREAD_OF_FAULT, float(of_mix[middle])) * difference:
        return None
    kind = best // (STEPS - 1)
    model = both[models[kind * (STEPS - 1) : (kind + 1) * (STEPS - 1), ::2]]
    steps = np.concatenate([old.reshape(1, -1)[:, ::2], model, new.reshape(1, -1)[:, ::2]])
    flat = pictures.reshape(len(pictures), -1)[:, ::2]
    distances = np.stack([np.abs(steps - picture).mean(axis=1) for picture in flat]) / difference
    position, residual = distances.argmin(axis=1) / STEPS, distances.min(axis=1)
    fault = float(residual.mean())
    if residual.max() > MAX_RESIDUAL or fault > min(max_fault, MAX_OF_MIX * float(of_mix.mean())):
        return None
    return (*_passing(position), fault) if _advances(position, PUSH_EDGE) else None


def _passing(share: NDArray[np.float32] | NDArray[np.float64]) -> tuple[int, int]:
    """Return the first and last picture that shows parts of both."""
    passing = np.flatnonzero((share > 0.05) & (share < 0.95))  # noqa: PLR2004 - parts of both
    return int(passing[0]), int(passing[-1])


def _advances(share: NDArray[np.float32] | NDArray[np.float64], edge: float) -> bool:
    """Return whether the share of the new picture rises from 0 to 1, in several steps and hardly ever back."""
    steps = np.diff(share)
    return bool(
        share[0] < edge
        and share[-1] > 1 - edge
        and -np.minimum(steps, 0).sum() < MAX_RETURN
        and steps.max() < MAX_STEP
        and ((share > 0.05) & (share < 0.95)).sum() >= MIN_SAMPLES  # noqa: PLR2004 - parts of both
    )


@lru_cache(maxsize=1)
def _models() -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the sources ``(14 * 23, 2304)`` of the pixels of all steps of all movements: old picture, then new one.

    Also return those of every fourth pixel.

    Movements: both pictures, only the new, or only the old one move to each of four sides, and a picture grows from the
    middle or shrinks into it.
    """
    rows, columns = np.mgrid[0:SKETCH_ROWS, 0:SKETCH_COLUMNS]
    sources: list[NDArray[np.int32]] = []
    for down, right in ((0, -1), (0, 1), (-1, 0), (1, 0)):
        for old_moves, new_moves in ((True, True), (False, True), (True, False)):
            for step in range(1, STEPS):
                here = (rows, columns)
                moved = (
                    rows - round(down * step / STEPS * SKETCH_ROWS),
                    columns - round(right * step / STEPS * SKETCH_COLUMNS),
                )
                entered = (moved[0] + down * SKETCH_ROWS, moved[1] + right * SKETCH_COLUMNS)
                sources.append(_laid(_inside(*moved), moved if old_moves else here, entered if new_moves else here))
    middle = ((SKETCH_ROWS - 1) / 2, (SKETCH_COLUMNS - 1) / 2)
    for grows in (True, False):
        for step in range(1, STEPS):
            size = step / STEPS if grows else 1 - step / STEPS
            scaled = tuple(
                np.rint((at - centre) / size + centre).astype(np.int64)
                for at, centre in zip((rows, columns), middle, strict=True)
            )
            small, whole = (scaled[0], scaled[1]), (rows, columns)
            is_small = _inside(*small)
            sources.append(_laid(~is_small, whole, small) if grows else _laid(is_small, small, whole))
    models = np.stack(sources)
    return models, np.ascontiguousarray(models[:, ::COARSE])


def _inside(rows: NDArray[np.int64], columns: NDArray[np.int64]) -> NDArray[np.bool_]:
    return (rows >= 0) & (rows < SKETCH_ROWS) & (columns >= 0) & (columns < SKETCH_COLUMNS)


def _laid(
    is_old: NDArray[np.bool_],
    old: tuple[NDArray[np.int64], NDArray[np.int64]],
    new: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> NDArray[np.int32]:
    """Return the sources of the pixels of a frame that shows the old picture here and the new one there."""
    places = [
        rows.clip(0, SKETCH_ROWS - 1) * SKETCH_COLUMNS + columns.clip(0, SKETCH_COLUMNS - 1)
        for rows, columns in (old, new)
    ]
    return np.where(is_old, places[0], SKETCH_ROWS * SKETCH_COLUMNS + places[1]).ravel().astype(np.int32)
