"""The bundled chooser: the clearest frame near the middle, scored on sampled planes."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.engines.engine import Engine
from scenedex.engines.keyframes.port import NoFrameToChoose, Still
from scenedex.engines.layout import cell_means

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scenedex.timeline import Frame, Timecode

SPACING = 0.25
"""Seconds between two held frames of a calm picture."""

PENDING = 5.0
"""Seconds that boundaries are usually late; older frames are thinned out first."""

JUMP = 2.0
JUMP_RATIO = 1.5
LOOK_ROWS, LOOK_COLUMNS = 6, 8
EDGE_PENALTY = 0.6


@dataclass(slots=True)
class _Candidate:
    frame: Frame
    seconds: float
    clarity: float
    jump: float


class ClearestFrame:
    """Holds at most ``most_held`` frames, one per quarter of a second and one per possible cut, thinned with age."""

    def __init__(self, *, most_held: int = 24) -> None:
        if most_held < 2:  # noqa: PLR2004 - thinning compares neighbours
            raise ValueError("a chooser holds at least two frames")
        self.engine: Final = Engine("clearest-frame", "1")
        self._most_held = most_held
        self._held: list[_Candidate] = []
        self._slot_end = 0.0
        self._begin: Timecode | None = None
        self._last: Frame | None = None
        self._last_luma: NDArray[np.int16] | None = None
        self._steps: deque[float] = deque(maxlen=8)

    def feed(self, frame: Frame) -> None:
        """Takes the next frame; see `KeyframeChooser`."""
        luma = frame.sampled_planes()[0][::2, ::2].astype(np.int16)
        before, self._last_luma = self._last_luma, luma
        step = 255.0 if before is None or before.shape != luma.shape else _mean_size(luma - before)
        usual = median(self._steps) if len(self._steps) == self._steps.maxlen else 0.0
        jumps = step > max(JUMP, JUMP_RATIO * usual)
        self._steps.append(step)
        self._last = frame
        if self._begin is None:
            self._begin = frame.time
        now = float(frame.time.seconds)
        if jumps or now >= self._slot_end:
            self._slot_end = now + SPACING
            self._held.append(_Candidate(frame, now, _clarity(luma, 0.0 if jumps else step), step))
            if len(self._held) > self._most_held:
                self._thin(now)
        elif frame.index % 4 == 0:
            clarity = _clarity(luma, step)
            latest = self._held[-1]
            if clarity > latest.clarity:
                latest.frame, latest.seconds, latest.clarity = frame, now, clarity

    def choose(self, until: Timecode | None) -> Still:
        """Ends a stretch; see `KeyframeChooser`."""
        last, luma = self._last, self._last_luma
        if last is None or luma is None or self._begin is None or not self._held:
            raise NoFrameToChoose
        if until is not None and until <= self._begin:
            raise NoFrameToChoose
        inside = [c for c in self._held if until is None or c.frame.time < until]
        begin, span = float(self._begin.seconds), float((until or last.time) - self._begin)
        chosen = max(inside, key=lambda c: c.clarity * _middle(c.seconds - begin, span)) if inside else self._held[0]
        self._held = self._held[len(inside) :]
        self._begin = until
        if not self._held:
            self._slot_end = 0.0
            if until is not None and last.time >= until:
                self._held.append(_Candidate(last, float(last.time.seconds), _clarity(luma, 0.0), 0.0))
                self._slot_end = float(last.time.seconds) + SPACING
        seen = inside or [chosen]
        moments = {c.frame.index: c.frame for c in (seen[0], chosen, seen[-1])}
        return Still(chosen.frame, chosen.clarity, np.stack([_look(frame) for frame in moments.values()]))

    def _thin(self, now: float) -> None:
        """Lets go of the less clear of two neighbours: old ones first, close and alike ones before others."""
        old = sum(now - c.seconds > PENDING for c in self._held)
        last = old if old >= 2 else len(self._held)  # noqa: PLR2004 - a pair
        pairs = range(1, last)
        right = min(
            pairs,
            key=lambda i: (self._held[i].seconds - self._held[i - 1].seconds) * (1 + self._held[i].jump),
        )
        left_one, right_one = self._held[right - 1], self._held[right]
        kept = left_one if left_one.clarity >= right_one.clarity else right_one
        self._held[right - 1 : right + 1] = [_Candidate(kept.frame, kept.seconds, kept.clarity, left_one.jump)]


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
