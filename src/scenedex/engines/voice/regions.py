"""Regions of speech from probabilities of a voice. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.engines.voice.port import LONGEST_REGION, MARGIN, RATE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionRules:
    """Rules of a region. Lengths are in samples.

    Attributes:
        begin: likelihood at which a voice begins.
        hold: likelihood at which it continues.
        pause: minimum silence between two regions.
        shortest: minimum length of a voice.
        margin: length around a voice that belongs to its region, because consonants begin quietly.
        longest: maximum length of a region.
    """

    begin: float = 0.4
    hold: float = 0.25
    pause: int = 3 * RATE // 10
    shortest: int = RATE // 4
    margin: int = MARGIN
    longest: int = LONGEST_REGION


SPEECH: Final = RegionRules()


def voice_regions(
    likelihoods: NDArray[np.float32], step: int, samples: int, rules: RegionRules = SPEECH
) -> Sequence[tuple[int, int]]:
    """Return regions in order of time, disjoint, within ``0..samples``.

    ``likelihoods`` are those of a voice, 0 to 1, each for ``step`` samples.
    """
    voices = [
        (start * step, min(end * step, samples))
        for start, end in _joined(_runs(likelihoods, rules), rules.pause / step)
        if (end - start) * step >= rules.shortest
    ]
    regions: list[tuple[int, int]] = []
    for number, (start, end) in enumerate(voices):
        # Neighbours share the silence between them.
        former = (voices[number - 1][1] + start) // 2 if number else 0
        latter = (end + voices[number + 1][0]) // 2 if number + 1 < len(voices) else samples
        first, last = max(start - rules.margin, former), min(end + rules.margin, latter)
        regions += _split(first, last, likelihoods, step, rules.longest)
    return regions


def _runs(likelihoods: NDArray[np.float32], rules: RegionRules) -> list[tuple[int, int]]:
    """Return stretches above ``hold`` that reach ``begin``, each from the first step at which it does."""
    holds = np.concatenate([[False], likelihoods >= rules.hold, [False]])
    edges = np.flatnonzero(holds[1:] != holds[:-1]).reshape(-1, 2)
    runs: list[tuple[int, int]] = []
    for start, end in edges.tolist():
        reached = np.flatnonzero(likelihoods[start:end] >= rules.begin)
        if len(reached):
            runs.append((start + int(reached[0]), end))
    return runs


def _joined(runs: list[tuple[int, int]], pause: float) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in runs:
        if joined and start - joined[-1][1] < pause:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _split(first: int, last: int, likelihoods: NDArray[np.float32], step: int, longest: int) -> list[tuple[int, int]]:
    """Divide a region into parts of at most the longest length, at the lowest likelihood, without short parts."""
    parts: list[tuple[int, int]] = []
    while last - first > longest:
        earliest = -(-(first + longest // 3) // step)
        latest = (first + longest) // step
        place = (earliest + int(likelihoods[earliest : latest + 1].argmin())) * step
        parts.append((first, place))
        first = place
    return [*parts, (first, last)]
