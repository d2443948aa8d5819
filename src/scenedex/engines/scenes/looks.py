"""Look of shots: stills with colour layouts, and the change between shots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scenedex.timeline import Timecode, TimeRange

LINKED = 4
"""Number of shots on either side of a boundary that may show the same place (reverse shots, cutaways)."""

NEAR = 6
"""Number of layouts of a long shot that are compared, those nearest to the boundary."""


@dataclass(frozen=True, slots=True, eq=False)
class ShotStill:
    """Still of a shot: its time, its quality (0-1) and ``(n, k)`` colour layouts around it in grey levels."""

    time: Timecode
    quality: float
    looks: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class SeenShot:
    """Shot with its stills, at least one, in order of time.

    ``begins_gradually`` is true after a dissolve or fade, which begin a new scene more often than cuts.
    """

    range: TimeRange
    stills: tuple[ShotStill, ...]
    begins_gradually: bool = False

    def best(self, within: TimeRange) -> ShotStill:
        """Return the clearest still in a part of the shot, or the one nearest to its middle if it has none."""
        inside = [still for still in self.stills if within.contains(still.time)]
        if inside:
            return max(inside, key=lambda still: still.quality)
        middle = within.start + within.duration / 2
        return min(self.stills, key=lambda still: abs(still.time - middle))


def breaks(shots: Sequence[SeenShot]) -> NDArray[np.float64]:
    """Return the change of place ``(len(shots) - 1,)`` at the boundary after each shot, with 0 as the average.

    The change is the smallest difference between any of the `LINKED` shots before and after: one returning view keeps a
    scene together.
    """
    if len(shots) < 2:  # noqa: PLR2004 - one shot has no boundary
        return np.zeros(0)
    looks = [np.concatenate([still.looks for still in shot.stills]) for shot in shots]
    links = np.empty(len(shots) - 1)
    for boundary in range(len(shots) - 1):
        before = np.concatenate([look[-NEAR:] for look in looks[max(0, boundary + 1 - LINKED) : boundary + 1]])
        after = np.concatenate([look[:NEAR] for look in looks[boundary + 1 : boundary + 1 + LINKED]])
        links[boundary] = np.abs(before[:, None] - after[None]).mean(axis=2).min()
    links /= max(float(links.mean()), 1e-6)
    softly = np.array([shot.begins_gradually for shot in shots[1:]])
    return np.minimum(links, 3.0) - 1 + 0.5 * softly
