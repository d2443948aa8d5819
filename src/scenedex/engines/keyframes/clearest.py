"""The bundled chooser: the sharpest and clearest frame near the middle, outside of transitions."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.engines.keyframes.port import CLEAREST_FRAME, NoFrameToChoose, Still
from scenedex.engines.keyframes.sharpness import fine_detail
from scenedex.engines.keyframes.sketches import Sketches
from scenedex.engines.layout import cell_means

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from scenedex.timeline import Frame, Timecode, TimeRange

SPACING = 0.25
"""Seconds between two held frames of a calm picture."""

CALM = 0.6
"""Seconds that one held frame may represent, two spacings, while a boundary may still be found among them."""

DELAY = 512
"""Default number of frames that a boundary may be late."""

JUMP = 2.0
JUMP_RATIO = 1.5
LOOK_ROWS, LOOK_COLUMNS = 6, 8
EDGE_PENALTY = 0.6

CUT = 255.0
"""Step to a picture without a predecessor of its size."""

RESTLESS = 8.0
"""Mean change of the samples, in grey levels, that halves the clarity of a frame."""

MAX_WAITING = 4
"""Frames that are measured together. Each is held whole until then."""

LOOK_SPACING = 0.12
"""Seconds between two frames whose sharpness is measured, except at jumps."""

LEAST_DETAIL = 0.05
"""Fine detail in grey levels below which all pictures are equally sharp."""

MARGIN = 0.15
"""Share of the length of a transition that is added on both sides, because its ends are estimated."""

EDGE = 0.08
"""Seconds next to a boundary whose frames are not chosen. They may be mixed with the other shot."""

RAMP = 1.02
"""Factor by which contrast grows from frame to frame in a fade, as long as it lasts."""

MAX_RAMP = 2.5
"""Maximum seconds of a fade on one side of its plain frames."""

PLAIN = 6.0
"""Deviation of luma, in grey levels, up to which a picture is plain."""


@dataclass(slots=True)
class _HeldFrame:
    """Held frame and the stretch it represents, which begins with a change of ``jump``. ``end`` is exclusive."""

    frame: Frame
    seconds: float
    clarity: float
    detail: float
    jump: float
    jumps: bool
    begin: float
    end: float
    end_index: int
    is_pressed: bool = False

    @property
    def quality(self) -> float:
        """Clarity and sharpness, 0-1."""
        return self.clarity * (self.detail + 0.1) / (self.detail + 0.5)


class ClearestFrame:
    """Holds a frame per quarter of a second and one per possible cut, fewer the older they are.

    Each of the last ``delay`` frames may be in a shot of its own. Their sampled planes are held, so that every shot has
    a still, and frames on two sides of a possible cut are not thinned to one. Frames over ``max_held`` are compressed.

    Args:
        delay: frames that a boundary may be late.
        max_held: maximum number of frames that are held whole.
        press: compresses a frame. Without it only the sampled planes are kept.
    """

    def __init__(
        self, *, delay: int = DELAY, max_held: int = 24, press: Callable[[Frame], Frame] | None = None
    ) -> None:
        if max_held < 2:  # noqa: PLR2004 - thinning compares neighbours
            raise ValueError("a chooser holds at least two frames")
        self.engine: Final = CLEAREST_FRAME
        # A long shot is divided a frame later than the latest boundary. The still may be the frame before that.
        self._window = delay + 1
        self._sketches = Sketches(self._window + 2)
        self._batch = max(1, min(MAX_WAITING, max_held // 4))
        # One of the waiting frames is the last frame, which is held anyway.
        self._max_held = max_held - max(0, self._batch - 2)
        self._press = press
        self._held: list[_HeldFrame] = []
        self._slot_end = 0.0
        self._begin: Timecode | None = None
        self._last: tuple[Frame, Timecode] | None = None
        self._waiting: list[tuple[Frame, float]] = []
        self._lumas = np.zeros((1, 0, 0), np.float32)
        self._follows = False
        self._next_look = 0.0
        self._clear_from = float("-inf")
        self._contrasts: deque[tuple[float, float]] = deque(maxlen=self._window + 2)
        self._steps: deque[float] = deque(maxlen=8)

    def feed(self, frame: Frame) -> None:
        """Add the next frame."""
        planes, time = frame.sampled_planes(), frame.time
        thinned = planes[0][::2, ::2]
        if thinned.shape != self._lumas.shape[1:]:
            self._score()
            self._lumas = np.zeros((self._batch + 1, *thinned.shape), np.float32)
            self._follows = False
        self._waiting.append((frame, time.seconds.numerator / time.seconds.denominator))
        self._lumas[len(self._waiting)] = thinned
        self._last = (frame, time)
        self._sketches.add(frame.index, time, planes)
        if self._begin is None:
            self._begin = time
        if len(self._waiting) == self._batch:
            self._score()

    def choose(self, until: Timecode | None, transition: TimeRange | None = None) -> Still:
        """End a stretch and return its still."""
        if self._last is None or self._begin is None:
            raise NoFrameToChoose
        last, last_time = self._last
        if last_time < self._begin or (until is not None and until <= self._begin):
            raise NoFrameToChoose
        self._score()
        inside = [c for c in self._held if until is None or c.frame.time < until]
        begin, span = float(self._begin.seconds), float((until or last_time) - self._begin)
        clear_until, next_clear_from = self._around(until, transition)
        if inside:
            best = self._best(inside, begin, span, clear_until)
            chosen, quality = best.frame, best.quality
        else:
            sketch = self._sketches.between(self._begin, until, last)
            chosen = sketch or self._held[0].frame
            quality = _clarity_of(chosen)
        self._held = self._held[len(inside) :]
        self._begin = until
        self._clear_from = next_clear_from
        if not self._held:
            self._slot_end = 0.0
            if until is not None and last_time >= until:
                now = float(last_time.seconds)
                self._hold(last, now, _clarity_of(last), self._detail_of(last, now), 0.0, jumps=True)
        seen = [c.frame for c in inside] or [chosen]
        moments = {frame.index: frame for frame in (seen[0], chosen, seen[-1])}
        return Still(chosen, quality, np.stack([_look(frame) for frame in moments.values()]))

    def _best(self, inside: Sequence[_HeldFrame], begin: float, span: float, clear_until: float) -> _HeldFrame:
        """Return the clearest frame outside of both transitions, or the one farthest from them."""
        clear = [c for c in inside if self._clear_from <= c.seconds < clear_until]
        if not clear:
            return max(inside, key=lambda c: min(c.seconds - self._clear_from, clear_until - c.seconds))
        sharpest = max(c.detail for c in clear) + LEAST_DETAIL
        return max(
            clear,
            key=lambda c: c.clarity * ((c.detail + LEAST_DETAIL) / sharpest) ** 4 * _middle(c.seconds - begin, span),
        )

    def _around(self, until: Timecode | None, transition: TimeRange | None) -> tuple[float, float]:
        """Return the end of the clear frames before a boundary, and the start of those after it."""
        if until is None:
            return float("inf"), float("-inf")
        at = float(until.seconds)
        if transition is None:
            return at - EDGE, at + EDGE
        start, end = float(transition.start.seconds), float(transition.end.seconds)
        margin = MARGIN * (end - start)
        start, end = self._with_ramps(start, end)
        return min(start, at) - margin - EDGE, max(end, at) + margin + EDGE

    def _with_ramps(self, start: float, end: float) -> tuple[float, float]:
        """Return the time of a fade with the frames in which contrast falls before and grows after the plain ones."""
        plain = [n for n, (time, deviation) in enumerate(self._contrasts) if start <= time <= end and deviation < PLAIN]
        if not plain:
            return start, end
        contrasts = list(self._contrasts)
        first = _end_of_ramp(contrasts[plain[0] :: -1])
        last = _end_of_ramp(contrasts[plain[-1] :])
        return min(start, max(first, start - MAX_RAMP)), max(end, min(last, end + MAX_RAMP))

    def _score(self) -> None:
        """Measure the waiting frames together, which takes little longer than measuring one."""
        count = len(self._waiting)
        if not count:
            return
        lumas = self._lumas[: count + 1]
        steps: list[float] = _mean_sizes(lumas[1:] - lumas[:-1]).tolist()
        if not self._follows:
            steps[0] = CUT
        measured, deviations = _clarities(lumas[1:])
        clarities: list[float] = measured.tolist()
        self._contrasts.extend(zip((now for _, now in self._waiting), deviations.tolist(), strict=True))
        for (frame, now), step, clarity in zip(self._waiting, steps, clarities, strict=True):
            self._consider(frame, now, step, clarity)
        self._waiting.clear()
        self._lumas[0] = lumas[count]
        self._follows = True

    def _consider(self, frame: Frame, now: float, step: float, clarity: float) -> None:
        jumps = step > JUMP and step > JUMP_RATIO * self._usual_step()
        self._steps.append(step)
        if not jumps:
            clarity /= 1 + step / RESTLESS
        if jumps or now >= self._slot_end:
            self._hold(frame, now, clarity, self._detail_of(frame, now), step, jumps=jumps)
            self._thin(frame.index)
            return
        latest = self._held[-1]
        latest.end, latest.end_index = now, frame.index
        if now < self._next_look:
            return
        detail = self._detail_of(frame, now)
        if clarity * (detail + LEAST_DETAIL) > latest.clarity * (latest.detail + LEAST_DETAIL):
            latest.frame, latest.seconds, latest.clarity, latest.is_pressed = frame, now, clarity, False
            latest.detail = detail

    def _detail_of(self, frame: Frame, now: float) -> float:
        self._next_look = now + LOOK_SPACING
        return fine_detail(frame.luma_lines())

    def _usual_step(self) -> float:
        return median(self._steps) if len(self._steps) == self._steps.maxlen else 0.0

    def _hold(self, frame: Frame, now: float, clarity: float, detail: float, step: float, *, jumps: bool) -> None:
        self._slot_end = now + SPACING
        self._held.append(_HeldFrame(frame, now, clarity, detail, step, jumps, now, now, frame.index))

    def _thin(self, latest: int) -> None:
        """Drop the less clear of two neighbours, or compress frames, until the limit is met."""
        if len(self._held) <= self._max_held:
            return
        self._merge([i for i in range(1, len(self._held)) if self._held[i].end_index < latest - self._window])
        if len(self._held) > self._max_held:
            self._merge([i for i in range(1, len(self._held)) if self._is_calm(self._held[i - 1], self._held[i])])
        whole = [candidate for candidate in self._held[:-1] if not candidate.is_pressed]
        if len(whole) < self._max_held:
            return
        if self._press is None:
            self._merge(range(1, len(self._held)))
            return
        dullest = min(whole, key=lambda candidate: candidate.quality)
        dullest.frame, dullest.is_pressed = self._press(dullest.frame), True

    def _is_calm(self, left: _HeldFrame, right: _HeldFrame) -> bool:
        return not right.jumps and right.end - left.begin < CALM

    def _merge(self, rights: Sequence[int]) -> None:
        """Merge the closest and most similar pair of neighbours. ``rights`` are the positions of the second ones."""
        if not rights:
            return
        held = self._held
        right = min(rights, key=lambda i: (held[i].seconds - held[i - 1].seconds) * (1 + held[i].jump))
        first, second = held[right - 1], held[right]
        kept = first if first.quality >= second.quality else second
        held[right - 1 : right + 1] = [
            replace(
                kept, jump=first.jump, jumps=first.jumps, begin=first.begin, end=second.end, end_index=second.end_index
            )
        ]


def _middle(offset: float, span: float) -> float:
    if span <= 0:
        return 1.0
    return 1 - EDGE_PENALTY * abs(2 * offset / span - 1) ** 3


def _end_of_ramp(contrasts: Sequence[tuple[float, float]]) -> float:
    """Return the time of the last picture up to which contrast grows, from a plain picture on."""
    reached, height = contrasts[0]
    for time, deviation in contrasts[1:]:
        if deviation < height * RAMP and deviation > PLAIN:
            break
        reached, height = time, deviation
    return reached


def _clarity_of(frame: Frame) -> float:
    return float(_clarities(frame.sampled_planes()[0][None, ::2, ::2].astype(np.float32))[0][0])


def _clarities(lumas: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the clarity ``(n,)``, 0-1, of pictures ``(n, height, width)``, and their deviation in grey levels.

    Clear pictures have detail and contrast, and are well exposed.
    """
    size = lumas.shape[1] * lumas.shape[2]
    mean = np.einsum("nrc->n", lumas) / size
    deviation = np.sqrt(np.maximum(np.einsum("nrc,nrc->n", lumas, lumas) / size - mean * mean, 0))
    exposure = np.minimum(mean / 60, (255 - mean) / 50).clip(0, 1)
    change = _mean_sizes(lumas[:, 1:] - lumas[:, :-1]) + _mean_sizes(lumas[:, :, 1:] - lumas[:, :, :-1])
    detail, contrast = change / (change + 16), deviation / (deviation + 20)
    return np.sqrt(detail * contrast * exposure), deviation


def _mean_sizes(differences: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the mean absolute value of each of ``n`` difference pictures, overwriting them."""
    size = max(1, differences.shape[1] * differences.shape[2])
    return np.einsum("nrc->n", np.abs(differences, out=differences)) / size


def _look(frame: Frame) -> NDArray[np.float32]:
    planes = [plane[None].astype(np.float32) for plane in frame.sampled_planes()]
    return np.concatenate([cell_means(plane, LOOK_ROWS, LOOK_COLUMNS).ravel() for plane in planes])
