"""The bundled chooser: the clearest frame near the middle, scored on sampled planes."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.engines.engine import Engine
from scenedex.engines.keyframes.port import NoFrameToChoose, Still
from scenedex.engines.keyframes.sketches import Sketches
from scenedex.engines.layout import cell_means

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from scenedex.timeline import Frame, Timecode

SPACING = 0.25
"""Seconds between two held frames of a calm picture."""

CALM = 0.6
"""Seconds that one held frame may stand for, two spacings, while a boundary may still be found among them."""

DELAY = 512
"""Frames that a boundary may be late, unless told otherwise."""

JUMP = 2.0
JUMP_RATIO = 1.5
LOOK_ROWS, LOOK_COLUMNS = 6, 8
EDGE_PENALTY = 0.6


@dataclass(slots=True)
class _Candidate:
    """A held frame and the stretch it stands for, which begins with a change of ``jump``; ``end`` is exclusive."""

    frame: Frame
    seconds: float
    clarity: float
    jump: float
    jumps: bool
    begin: float
    end: float
    end_index: int
    is_pressed: bool = False


class ClearestFrame:
    """Holds a frame per quarter of a second and one per possible cut, fewer the older they are.

    The last ``delay`` frames may yet turn out to lie in shots of their own. Of each of them the sampled planes are
    held, so that every shot has a still, and frames on two sides of a possible cut are not thinned to one: what is more
    than ``most_held`` frames is pressed.

    Args:
        delay: frames that a boundary may be late.
        most_held: frames that are held whole.
        press: makes a small stand-in of a frame; without it the sampled planes must do.
    """

    def __init__(
        self, *, delay: int = DELAY, most_held: int = 24, press: Callable[[Frame], Frame] | None = None
    ) -> None:
        if most_held < 2:  # noqa: PLR2004 - thinning compares neighbours
            raise ValueError("a chooser holds at least two frames")
        self.engine: Final = Engine("clearest-frame", "2")
        # A long shot is divided a frame later than the latest boundary; the still may be the frame before that.
        self._window = delay + 1
        self._sketches = Sketches(self._window + 2)
        self._most_held = most_held
        self._press = press
        self._held: list[_Candidate] = []
        self._slot_end = 0.0
        self._begin: Timecode | None = None
        self._last: tuple[Frame, Timecode] | None = None
        self._last_luma: NDArray[np.int16] | None = None
        self._steps: deque[float] = deque(maxlen=8)

    def feed(self, frame: Frame) -> None:
        """Takes the next frame; see `KeyframeChooser`."""
        planes, time = frame.sampled_planes(), frame.time
        luma = planes[0][::2, ::2].astype(np.int16)
        before, self._last_luma = self._last_luma, luma
        step = 255.0 if before is None or before.shape != luma.shape else _mean_size(luma - before)
        usual = median(self._steps) if len(self._steps) == self._steps.maxlen else 0.0
        jumps = step > max(JUMP, JUMP_RATIO * usual)
        self._steps.append(step)
        self._last = (frame, time)
        self._sketches.add(frame.index, time, planes)
        if self._begin is None:
            self._begin = time
        now = float(time.seconds)
        if jumps or now >= self._slot_end:
            self._hold(frame, now, _clarity(luma, 0.0 if jumps else step), step, jumps=jumps)
            self._thin(frame.index)
            return
        latest = self._held[-1]
        latest.end, latest.end_index = now, frame.index
        if frame.index % 4 == 0:
            clarity = _clarity(luma, step)
            if clarity > latest.clarity:
                latest.frame, latest.seconds, latest.clarity, latest.is_pressed = frame, now, clarity, False

    def choose(self, until: Timecode | None) -> Still:
        """Ends a stretch; see `KeyframeChooser`."""
        if self._last is None or self._last_luma is None or self._begin is None:
            raise NoFrameToChoose
        last, last_time = self._last
        if last_time < self._begin or (until is not None and until <= self._begin):
            raise NoFrameToChoose
        inside = [c for c in self._held if until is None or c.frame.time < until]
        begin, span = float(self._begin.seconds), float((until or last_time) - self._begin)
        if inside:
            best = max(inside, key=lambda c: c.clarity * _middle(c.seconds - begin, span))
            chosen, clarity = best.frame, best.clarity
        else:
            sketch = self._sketches.between(self._begin, until, last)
            chosen = sketch or self._held[0].frame
            clarity = _clarity(chosen.sampled_planes()[0][::2, ::2].astype(np.int16), 0.0)
        self._held = self._held[len(inside) :]
        self._begin = until
        if not self._held:
            self._slot_end = 0.0
            if until is not None and last_time >= until:
                self._hold(last, float(last_time.seconds), _clarity(self._last_luma, 0.0), 0.0, jumps=True)
        seen = [c.frame for c in inside] or [chosen]
        moments = {frame.index: frame for frame in (seen[0], chosen, seen[-1])}
        return Still(chosen, clarity, np.stack([_look(frame) for frame in moments.values()]))

    def _hold(self, frame: Frame, now: float, clarity: float, step: float, *, jumps: bool) -> None:
        self._slot_end = now + SPACING
        self._held.append(_Candidate(frame, now, clarity, step, jumps, now, now, frame.index))

    def _thin(self, latest: int) -> None:
        """Lets go of the less clear of two neighbours, or of the size of frames, until few enough are held."""
        if len(self._held) > self._most_held:
            self._merge([i for i in range(1, len(self._held)) if self._held[i].end_index < latest - self._window])
        if len(self._held) > self._most_held:
            self._merge([i for i in range(1, len(self._held)) if self._is_calm(self._held[i - 1], self._held[i])])
        whole = [candidate for candidate in self._held[:-1] if not candidate.is_pressed]
        if len(whole) < self._most_held:
            return
        if self._press is None:
            self._merge(range(1, len(self._held)))
            return
        least = min(whole, key=lambda candidate: candidate.clarity)
        least.frame, least.is_pressed = self._press(least.frame), True

    def _is_calm(self, left: _Candidate, right: _Candidate) -> bool:
        return not right.jumps and right.end - left.begin < CALM

    def _merge(self, rights: Sequence[int]) -> None:
        """Makes one of the closest and most alike pair of neighbours; ``rights`` are the places of second ones."""
        if not rights:
            return
        held = self._held
        right = min(rights, key=lambda i: (held[i].seconds - held[i - 1].seconds) * (1 + held[i].jump))
        first, second = held[right - 1], held[right]
        kept = first if first.clarity >= second.clarity else second
        held[right - 1 : right + 1] = [
            replace(
                kept,
                jump=first.jump,
                jumps=first.jumps,
                begin=first.begin,
                end=second.end,
                end_index=second.end_index,
            )
        ]


def _middle(offset: float, span: float) -> float:
    if span <= 0:
        return 1.0
    return 1 - EDGE_PENALTY * abs(2 * offset / span - 1) ** 3


def _clarity(luma: NDArray[np.int16], step: float) -> float:
    """0-1: full of detail and contrast, neither burnt out nor black, and at rest."""
    change = _mean_size(luma[1:] - luma[:-1]) + _mean_size(luma[:, 1:] - luma[:, :-1])
    mean, deviation = float(luma.mean()), float(luma.std())
    exposure = max(0.0, min(1.0, mean / 60, (255 - mean) / 50))
    detail, contrast = change / (change + 16), deviation / (deviation + 20)
    return (detail * contrast * exposure) ** 0.5 / (1 + step / 8)


def _mean_size(values: NDArray[np.int16]) -> float:
    return int(np.abs(values).sum()) / max(1, values.size)


def _look(frame: Frame) -> NDArray[np.float32]:
    planes = [plane[None].astype(np.float32) for plane in frame.sampled_planes()]
    return np.concatenate([cell_means(plane, LOOK_ROWS, LOOK_COLUMNS).ravel() for plane in planes])
