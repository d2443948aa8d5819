"""What is known of a shot when shots are grouped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scenedex.timeline import Timecode, TimeRange

LINKED = 4
"""Shots on either side of a boundary that may show the same place (shot and reverse shot, cutaways)."""

NEAR = 6
"""Layouts of a long shot that are compared: those nearest to the boundary."""


@dataclass(frozen=True, slots=True, eq=False)
class Glimpse:
    """A still of a shot: its moment, its quality (0-1) and ``(n, k)`` colour layouts around it in grey levels."""

    time: Timecode
    quality: float
    looks: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class SeenShot:
    """A shot with the stills taken of it, at least one, in order of time.

    ``begins_gradually`` says that it came by a dissolve or fade, which more often than a cut begins a new scene.
    """

    range: TimeRange
    glimpses: tuple[Glimpse, ...]
    begins_gradually: bool = False

    def best(self, within: TimeRange) -> Glimpse:
        """The clearest still in a part of the shot, or the one nearest to its middle where it has none."""
        inside = [glimpse for glimpse in self.glimpses if within.contains(glimpse.time)]
        if inside:
            return max(inside, key=lambda glimpse: glimpse.quality)
        middle = within.start + within.duration / 2
        return min(self.glimpses, key=lambda glimpse: abs(glimpse.time - middle))


def breaks(shots: Sequence[SeenShot]) -> NDArray[np.float64]:
    """``(len(shots) - 1,)``: how much the place changes at the boundary after each shot; 0 is the average.

    The change is the smallest difference between any of the `LINKED` shots before and after: one returning view holds
    a scene together.
    """
    if len(shots) < 2:  # noqa: PLR2004 - one shot has no boundary
        return np.zeros(0)
    looks = [np.concatenate([glimpse.looks for glimpse in shot.glimpses]) for shot in shots]
    links = np.empty(len(shots) - 1)
    for boundary in range(len(shots) - 1):
        before = np.concatenate([look[-NEAR:] for look in looks[max(0, boundary + 1 - LINKED) : boundary + 1]])
        after = np.concatenate([look[:NEAR] for look in looks[boundary + 1 : boundary + 1 + LINKED]])
        links[boundary] = np.abs(before[:, None] - after[None]).mean(axis=2).min()
    links /= max(float(links.mean()), 1e-6)
    softly = np.array([shot.begins_gradually for shot in shots[1:]])
    return np.minimum(links, 3.0) - 1 + 0.5 * softly
