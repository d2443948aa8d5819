"""The bundled shot detector: NumPy on the decoder's own planes, a few dozen microseconds a frame."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.engines.shots.cuts import LOOKAHEAD, CutFinder, Settled
from scenedex.engines.shots.fades import LONGEST, FadeFinder
from scenedex.engines.shots.features import measure
from scenedex.engines.shots.gradual import HALF_LENGTHS, GradualFinder
from scenedex.engines.shots.port import PLANE_LAYOUT, Boundary, FrameOutOfOrder, Transition
from scenedex.timeline import TimeRange

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scenedex.engines.shots.gradual import Gradual
    from scenedex.timeline import Frame, Timecode

CHUNK = 32
SAMPLE_SPACING = 1 / 36
"""Seconds between samples for gradual transitions. They are searched at 18 to 36 samples a second at any frame rate."""

MAX_FRAMES_PER_SAMPLE = 2
SPACING_FROM_CUT = Fraction(1, 2)
SPACING_FROM_GRADUAL = Fraction(1)
"""Minimum seconds from a gradual transition to other boundaries. A closer one is the same transition."""


DELAY = CHUNK + LOOKAHEAD + max(LONGEST, MAX_FRAMES_PER_SAMPLE * (GradualFinder.DELAY + CHUNK))
"""Maximum delay of a boundary, in frames: a chunk, the neighbourhood of a cut and the longest transition."""


@dataclass(frozen=True, slots=True)
class _Found:
    """Boundary at a position, the change of a gradual one from ``begin`` to ``end``, counted in frames from 0."""

    position: int
    transition: Transition
    begin: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class _Moment:
    """Time of a frame. ``seconds`` is ``time`` rounded, for approximate use."""

    index: int
    time: Timecode
    seconds: float

    def follows(self, other: _Moment) -> bool:
        # Rounding keeps the order, so only equal ones need the exact comparison, which is ten times slower.
        return self.index > other.index and (self.seconds > other.seconds or self.time > other.time)


class PlaneShotDetector:
    """Finds cuts, dissolves, fades and wipes by block means, luma histograms and small pictures of 72 sampled rows.

    Frames are measured in chunks, so a boundary comes back up to `delay` frames late. Memory is a few hundred rows of
    432 numbers and 2304 bytes. Jump cuts that change a small part of the picture, and gradual transitions between
    pictures of nearly the same colour layout, are not found.
    """

    def __init__(self) -> None:
        self.delay: Final = DELAY
        self.engine: Final = PLANE_LAYOUT
        self._chunk: tuple[NDArray[np.uint8], ...] = ()
        self._shapes: tuple[tuple[int, ...], ...] = ()
        self._filled = 0
        self._last: _Moment | None = None
        self._cuts = CutFinder()
        self._gradual = GradualFinder()
        self._fades = FadeFinder()
        self._sampler = _Sampler()
        self._moments: deque[_Moment] = deque()
        self._first_moment = 0
        self._settled = 0
        self._waiting: list[_Found] = []
        self._reported: Boundary | None = None

    def feed(self, frame: Frame) -> Sequence[Boundary]:
        """Add the next frame and return the boundaries that it settles."""
        last = self._last
        moment = _Moment(frame.index, frame.time, float(frame.time.seconds))
        if last is not None and not moment.follows(last):
            raise FrameOutOfOrder
        self._last = moment
        luma, blue, red = frame.sampled_planes()
        found: Sequence[Boundary] = ()
        if self._shapes != (luma.shape, blue.shape, red.shape):
            found = self._flush()
            self._shapes = (luma.shape, blue.shape, red.shape)
            self._chunk = tuple(np.empty((CHUNK, *shape), np.uint8) for shape in self._shapes)
        row = self._filled
        self._chunk[0][row], self._chunk[1][row], self._chunk[2][row] = luma, blue, red
        self._filled = row + 1
        self._moments.append(moment)
        return [*found, *self._flush()] if self._filled == CHUNK else found

    def finish(self) -> Sequence[Boundary]:
        """Return the remaining boundaries."""
        found = list(self._flush())
        self._take(self._cuts.finish())
        self._waiting += map(self._of_frames, self._gradual.finish())
        return found + self._report(self._settled)

    @property
    def held_rows(self) -> int:
        """Number of held rows of measurements, bounded for any length of the asset."""
        return len(self._moments) + self._sampler.held + self._gradual.held + len(self._waiting)

    def _flush(self) -> Sequence[Boundary]:
        if not self._filled:
            return ()
        features = measure([plane[: self._filled] for plane in self._chunk])
        self._filled = 0
        self._take(self._cuts.feed(features))
        undecided = self._sampler.frame(self._gradual.settled)
        return self._report(min(self._settled, self._fades.settled, undecided))

    def _take(self, settled: Settled) -> None:
        begin = self._settled
        self._settled += len(settled.change)
        self._waiting += [_Found(begin + int(row), Transition.CUT) for row in np.flatnonzero(settled.is_cut)]
        self._waiting += [
            _Found((first + end) // 2, Transition.FADE, first, end) for first, end in self._fades.feed(settled)
        ]
        first = begin - self._first_moment
        times = [moment.seconds for moment in islice(self._moments, first, first + len(settled.change))]
        sampled = self._sampler.sample(settled, times)
        if len(sampled.change):
            self._waiting += map(self._of_frames, self._gradual.feed(sampled))

    def _of_frames(self, found: Gradual) -> _Found:
        position, begin, end = (self._sampler.frame(sample) for sample in (found.middle, found.begin, found.end))
        return _Found(position, found.transition, begin, end)

    def _report(self, horizon: int) -> list[Boundary]:
        """Return the settled boundaries that precede every later one."""
        self._waiting.sort(key=lambda found: found.position)
        ready: list[Boundary] = []
        while self._waiting and self._waiting[0].position < horizon:
            boundary = self._boundary(self._waiting.pop(0))
            if boundary.transition is Transition.CUT or self._stands_apart(boundary):
                ready.append(boundary)
                self._reported = boundary
        # A transition that is found later may begin before the horizon.
        kept_from = horizon - MAX_FRAMES_PER_SAMPLE * HALF_LENGTHS[-1]
        while self._first_moment < kept_from and len(self._moments) > 1:
            self._moments.popleft()
            self._first_moment += 1
        self._sampler.forget(kept_from)
        return ready

    def _boundary(self, found: _Found) -> Boundary:
        moment = self._moment(found.position)
        if found.transition is Transition.CUT:
            return Boundary(moment.index, moment.time, found.transition)
        extent = TimeRange(self._moment(found.begin).time, self._moment(found.end).time)
        return Boundary(moment.index, moment.time, found.transition, extent)

    def _moment(self, position: int) -> _Moment:
        """Return the moment of a position, or the nearest one that is held."""
        return self._moments[min(max(position - self._first_moment, 0), len(self._moments) - 1)]

    def _stands_apart(self, boundary: Boundary) -> bool:
        last = self._reported
        if last is not None:
            spacing = SPACING_FROM_CUT if last.transition is Transition.CUT else SPACING_FROM_GRADUAL
            if boundary.time - last.time < spacing:
                return False
        cuts = (found.position for found in self._waiting if found.transition is Transition.CUT)
        following = next(cuts, None)
        return following is None or self._moment(following).time - boundary.time >= SPACING_FROM_CUT


class _Sampler:
    """Thins frames to `SAMPLE_SPACING` and records the frame of each sample."""

    def __init__(self) -> None:
        self._frames: deque[int] = deque()
        self._first = 0
        self._count = 0
        self._seen = 0
        self._last = -SAMPLE_SPACING
        self._skipped = 0
        self._change = 0.0
        self._is_break = False

    def sample(self, settled: Settled, times: Sequence[float]) -> Settled:
        """Return the rows that are samples. Jumps and changes of the rows between them are added to the next sample."""
        rows: list[int] = []
        changes: list[float] = []
        breaks: list[bool] = []
        steps, jumps = settled.change.tolist(), settled.is_break.tolist()
        for row, time in enumerate(times):
            self._change += steps[row]
            self._is_break |= jumps[row]
            self._skipped += 1
            if time - self._last >= SAMPLE_SPACING or self._skipped == MAX_FRAMES_PER_SAMPLE:
                rows.append(row)
                changes.append(self._change)
                breaks.append(self._is_break)
                self._last, self._skipped, self._change, self._is_break = time, 0, 0.0, False
        self._frames.extend(self._seen + row for row in rows)
        self._count += len(rows)
        self._seen += len(times)
        return Settled(
            settled.layout[rows],
            settled.sketch[rows],
            settled.variance[rows],
            np.array(changes, np.float32),
            settled.is_cut[rows],
            np.array(breaks, np.bool_),
            settled.is_plain[rows],
        )

    @property
    def held(self) -> int:
        """Number of recorded samples."""
        return len(self._frames)

    def frame(self, sample: int) -> int:
        """Return the frame of this sample, or the next frame for future samples."""
        if sample >= self._count:
            return self._seen
        return self._frames[max(0, sample - self._first)]

    def forget(self, frame: int) -> None:
        """Drop the samples before this frame."""
        while self._frames and self._frames[0] < frame:
            self._frames.popleft()
            self._first += 1
