"""Scores boundaries as TRECVID's shot boundary task did: one-to-one, cuts by distance, gradual transitions by overlap.

A cut is found by a boundary within the tolerance of its frame. A gradual transition is found by a boundary between its
first and last frame, widened by the tolerance. Each boundary finds one transition at most. The remaining ones are
false.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus import Transition


@dataclass
class Tally:
    """Counts of one kind of transition or clip."""

    correct: int = 0
    missed: int = 0
    false: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.correct + other.correct, self.missed + other.missed, self.false + other.false)

    @property
    def precision(self) -> float:
        """Share of reported boundaries that are right."""
        return self.correct / max(1, self.correct + self.false)

    @property
    def recall(self) -> float:
        """Share of transitions that were found."""
        return self.correct / max(1, self.correct + self.missed)

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        return 2 * self.correct / max(1, 2 * self.correct + self.false + self.missed)


@dataclass
class Scores:
    """Tallies by theme of clip, and what was found and missed by kind of transition."""

    themes: dict[str, Tally] = field(default_factory=dict[str, Tally])
    kinds: dict[str, Tally] = field(default_factory=dict[str, Tally])

    @property
    def total(self) -> Tally:
        """All clips together."""
        return sum(self.themes.values(), Tally())

    def add(self, theme: str, transitions: Sequence[Transition], found: Sequence[int], tolerance: int) -> None:
        """Counts one clip."""
        hits = matched(transitions, found, tolerance)
        tally = Tally(sum(hits), len(hits) - sum(hits), len(found) - sum(hits))
        self.themes[theme] = self.themes.get(theme, Tally()) + tally
        for transition, hit in zip(transitions, hits, strict=True):
            one = Tally(correct=int(hit), missed=int(not hit))
            self.kinds[transition.kind] = self.kinds.get(transition.kind, Tally()) + one


def matched(transitions: Sequence[Transition], found: Sequence[int], tolerance: int) -> list[bool]:
    """For each transition, in order, whether a boundary of its own finds it."""
    free = sorted(found)
    hits: list[bool] = []
    for transition in transitions:
        last = max(transition.begin, transition.end)
        middle = (transition.begin + last) / 2
        inside = [index for index in free if transition.begin - tolerance <= index <= last + tolerance]
        hits.append(bool(inside))
        if inside:
            free.remove(min(inside, key=lambda index: abs(index - middle)))
    return hits


def frame_at(times: Sequence[float], seconds: float) -> int:
    """The frame shown nearest to a moment."""
    after = bisect_left(times, seconds)
    return min((i for i in (after - 1, after) if 0 <= i < len(times)), key=lambda i: abs(times[i] - seconds))
