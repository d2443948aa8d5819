"""Strokes of writing in reduced grey pictures: detection of change, and recognition of a line in other stills."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scenedex.timeline import BoundingBox

SKETCH_SIDE: Final = 640
"""Longer side of a sketch, about, in points."""

_STEP: Final = 8
_BYTES: Final = np.uint64(0x0101010101010101)
_MIN_EDGE_STRENGTH: Final = 48
"""Minimum change at an edge of a stroke, horizontal plus vertical, in grey levels."""

_MIN_EDGES, _MIN_EDGES_PER_SIGN = 20, 5
_MIN_OTHER_EDGES, _MIN_OTHER_EDGES_PER_SIGN = 8, 2
"""Number of edges that are not in another sketch, such as those in which two digits differ."""


_MIN_STEADY: Final = 0.5
"""Share of the edges of a window that are also in another sketch, if its writing is."""

_MIN_RELATIVE_STRENGTH: Final = 0.35
_MAX_POINTS: Final = 2000
_MIN_POINTS: Final = 12
_MIN_CONTRAST: Final = 0.3
"""Minimum share of a stroke's contrast that counts as present, because lines fade in and out."""

MIN_PRESENT: Final = 0.6
"""Minimum share of a line's strokes that must be present."""

MIN_SHARE_OF_PART: Final = 0.6
"""Minimum share of the strokes of each part of a line that must be present."""

_MIN_KEPT: Final = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Sketch:
    """Horizontal and vertical differences of grey levels in a picture reduced to about 640 pixels.

    Both arrays have the shape ``(height, width)``.
    """

    across: NDArray[np.int16]
    down: NDArray[np.int16]

    @classmethod
    def of(cls, rgb: NDArray[np.uint8]) -> Sketch:
        """Return the sketch of a picture of shape ``(height, width, 3)``."""
        step = max(1, round(max(rgb.shape[:2]) / SKETCH_SIDE))
        grey = (rgb[:, :, 0] + 2 * rgb[:, :, 1].astype(np.int16) + rgb[:, :, 2]) >> 2
        height, width = max(1, grey.shape[0] // step), max(1, grey.shape[1] // step)
        if step > 1 and min(grey.shape) >= step:
            cells = grey[: height * step, : width * step].reshape(height, step, width, step)
            grey = np.einsum("hawb->hw", cells, dtype=np.int32) // (step * step)
        level = grey.astype(np.int16)
        across, down = np.zeros_like(level), np.zeros_like(level)
        across[:, 1:-1] = level[:, 2:] - level[:, :-2]
        down[1:-1] = level[2:] - level[:-2]
        return cls(across, down)

    def writing(self, *, not_in: Sketch | None = None, also_in: Sketch | None = None) -> NDArray[np.bool_]:
        """Return which windows of 16 x 16 points look like writing, with edges that rise and edges that fall.

        Args:
            not_in: sketch whose edges do not count.
            also_in: sketch in which edges must be, too. Sketches of another size have no edges in common.
        """
        strong = np.abs(self.across) + np.abs(self.down) > _MIN_EDGE_STRENGTH
        written = _looks_written(strong, self.across, _MIN_EDGES, _MIN_EDGES_PER_SIGN)
        least = _MIN_OTHER_EDGES, _MIN_OTHER_EDGES_PER_SIGN
        if also_in is not None and written.any():
            steady = strong & self._is_in(also_in)
            # Some edges of any two pictures are the same by chance.
            written &= _windows(steady) >= _MIN_STEADY * _windows(strong)
            strong, least = steady, (_MIN_EDGES, _MIN_EDGES_PER_SIGN)
        if not_in is not None and written.any():
            written &= _looks_written(strong & ~self._is_in(not_in), self.across, *least)
        return written

    def is_written(self, box: BoundingBox) -> bool:
        """Return whether there is something like writing in a box."""
        height, width = self.across.shape
        top, left = int(box.top * height) // _STEP, int(box.left * width) // _STEP
        bottom, right = int((box.top + box.height) * height) // _STEP, int((box.left + box.width) * width) // _STEP
        return bool(self.writing()[top : bottom + 1, left : right + 1].any())

    def _is_in(self, other: Sketch) -> NDArray[np.bool_]:
        """Return which edges are also in another sketch, at least weakly."""
        if other.across.shape != self.across.shape:
            return np.zeros(self.across.shape, np.bool_)
        along = self.across.astype(np.int32) * other.across + self.down.astype(np.int32) * other.down
        return 2 * along >= self.across.astype(np.int32) ** 2 + self.down.astype(np.int32) ** 2


class Strokes:
    """Strokes of one line at one place, as the points of a sketch with the strongest edges."""

    def __init__(self, sketch: Sketch, box: BoundingBox) -> None:
        self._size = height, width = sketch.across.shape
        top, left = int(box.top * height), int(box.left * width)
        bottom, right = int((box.top + box.height) * height) + 1, int((box.left + box.width) * width) + 1
        part = slice(top, bottom), slice(left, right)
        across, down = sketch.across[part].astype(np.float32), sketch.down[part].astype(np.float32)
        strength = np.abs(across) + np.abs(down)
        minimum = (
            max(_MIN_EDGE_STRENGTH / 2, _MIN_RELATIVE_STRENGTH * float(np.percentile(strength, 95)))
            if strength.size
            else 0.0
        )
        rows, columns = np.nonzero(strength > minimum)
        step = -(-len(rows) // _MAX_POINTS) or 1
        rows, columns = rows[::step], columns[::step]
        self._across, self._down = across[rows, columns], down[rows, columns]
        self._rows, self._columns = rows + top, columns + left
        self._points = len(rows)
        self._slice_width = max(8, (bottom - top) // 3)

    def find(self, sketch: Sketch, offset: tuple[float, float] = (0, 0), *, reach: int = 2) -> tuple[int, int] | None:
        """Find the line in another sketch near an offset from its place.

        A line of too few strokes is never found.

        Returns:
            Points to the right and down from its place, or `None` if it is not found.
        """
        if sketch.across.shape != self._size or len(self._rows) < _MIN_POINTS:
            return None
        places = _around(reach) + np.array([round(offset[0]), round(offset[1])], np.int64)
        shares = self._seen_at(sketch, places).mean(axis=1)
        best = int(shares.argmax())
        right, below = places[best].tolist()
        return (right, below) if shares[best] >= MIN_PRESENT else None

    def share_in(self, sketch: Sketch) -> float:
        """Return the share of the line that is at its place in another sketch, 0 to 1. 0 if it has too few strokes."""
        if sketch.across.shape != self._size or len(self._rows) < _MIN_POINTS:
            return 0.0
        return float(np.mean(self._seen(sketch, (0, 0))))

    def is_in(self, sketch: Sketch, *, min_share: float = MIN_SHARE_OF_PART) -> bool:
        """Return whether the whole line is at its place in another sketch. See `is_whole`."""
        place = self.find(sketch)
        return place is not None and self.is_whole(sketch, place, min_share=min_share)

    def is_whole(self, sketch: Sketch, place: tuple[int, int], *, min_share: float = MIN_SHARE_OF_PART) -> bool:
        """Return whether no part of the line has changed.

        Args:
            sketch: another sketch.
            place: what `find` returned for it.
            min_share: minimum share of the strokes of each part that is present.
        """
        seen = self._seen(sketch, place)
        parts = (self._columns - self._columns.min()) // self._slice_width
        counts = np.bincount(parts)
        shares = np.bincount(parts, weights=seen)[counts >= _MIN_POINTS] / counts[counts >= _MIN_POINTS]
        return bool((shares >= min_share).all())

    def prune(self, sketch: Sketch, place: tuple[int, int]) -> None:
        """Drop strokes that are not in another sketch, because they belong to the background."""
        seen = self._seen(sketch, place)
        if np.count_nonzero(seen) >= max(_MIN_POINTS, _MIN_KEPT * self._points):
            self._across, self._down = self._across[seen], self._down[seen]
            self._rows, self._columns = self._rows[seen], self._columns[seen]

    def release(self) -> None:
        """Free the memory. The line is not found any more."""
        self._across = self._down = self._across[:0].copy()
        self._rows = self._columns = self._rows[:0].copy()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the sketches in which the line can be found."""
        return self._size[1], self._size[0]

    def _seen(self, sketch: Sketch, place: tuple[int, int]) -> NDArray[np.bool_]:
        """Return which points have their edge, at least weakly. Points outside the picture do not."""
        return self._seen_at(sketch, np.array([place], np.int64))[0]

    def _seen_at(self, sketch: Sketch, places: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return `_seen` for places ``(n, 2)``, of shape ``(n, points)``."""
        height, width = self._size
        right, below = places[:, :1], places[:, 1:]
        points = (self._rows + below) * width + self._columns + right
        is_outside: NDArray[np.bool_] | None = None
        if not self._are_inside(right, below):
            rows, columns = self._rows + below, self._columns + right
            is_outside = (rows < 0) | (rows >= height) | (columns < 0) | (columns >= width)
            points[is_outside] = 0
        along = sketch.across.ravel()[points] * self._across
        along += sketch.down.ravel()[points] * self._down
        seen: NDArray[np.bool_] = along >= _MIN_CONTRAST * (self._across**2 + self._down**2)
        return seen if is_outside is None else seen & ~is_outside

    def _are_inside(self, right: NDArray[np.int64], below: NDArray[np.int64]) -> bool:
        """Return whether all points are in the picture at all places."""
        height, width = self._size
        return bool(
            len(self._rows)
            and self._rows.min() + below.min() >= 0
            and self._rows.max() + below.max() < height
            and self._columns.min() + right.min() >= 0
            and self._columns.max() + right.max() < width
        )


@lru_cache(maxsize=2)
def _around(reach: int) -> NDArray[np.int64]:
    """Return points ``(n, 2)`` up to ``reach`` to all sides, the nearest first, so that the smallest movement wins."""
    steps = range(-reach, reach + 1)
    return np.array(sorted(((x, y) for x in steps for y in steps), key=lambda place: abs(place[0]) + abs(place[1])))


def _looks_written(
    strong: NDArray[np.bool_], across: NDArray[np.int16], edges: int, edges_per_sign: int
) -> NDArray[np.bool_]:
    return (
        (_windows(strong) >= edges)
        & (_windows(strong & (across > 0)) >= edges_per_sign)
        & (_windows(strong & (across < 0)) >= edges_per_sign)
    )


def _windows(values: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return counts over windows of 16 x 16 points at each eighth row and column. Those at the edges may be smaller."""
    height, width = values.shape
    padded = np.zeros((height + -height % _STEP, width + -width % _STEP), np.uint8)
    padded[:height, :width] = values
    # Eight points side by side are one number. Their counts over eight rows fit into its bytes, and the product has the
    # sum of its bytes in the highest one.
    rows = padded.view(np.uint64).reshape(padded.shape[0] // _STEP, _STEP, -1).sum(axis=1, dtype=np.uint64)
    cells = ((rows * _BYTES) >> np.uint64(56)).astype(np.int64)
    cells[:-1] += cells[1:]
    cells[:, :-1] += cells[:, 1:]
    return cells
