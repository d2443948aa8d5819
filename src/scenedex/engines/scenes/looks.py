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

LINKED_SECONDS = 16
"""Maximum seconds from a boundary to a shot that may show the same place."""

SAME_LAYOUT = 11.0
SAME_PALETTE = 0.5
"""Differences up to which two shots show one place: of layouts in grey levels, of palettes from 0 to 2."""

BLACK = 20.0
"""Brightness of bars beside the picture, in grey levels, at most."""

BLANK = 3.0
"""Standard deviation of the brightness of a blank picture, in grey levels, at most. It resembles any dark place."""

MAX_RATIO = 2.5
GRADUAL = 0.2
"""Evidence of a dissolve or fade."""

LEVELS = 16

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
    """Return the evidence ``(len(shots) - 1,)`` for a change of place at the boundary after each shot.

    Above 0 the place changes, below it is the same. The evidence is the smallest difference of layouts and the smallest
    difference of palettes between any of the `LINKED` shots before and after. One returning view keeps a scene
    together, and so does another view of a place with the same colours.
    """
    if len(shots) < 2:  # noqa: PLR2004 - one shot has no boundary
        return np.zeros(0)
    looks = _without_bars([_without_blanks(np.concatenate([still.looks for still in shot.stills])) for shot in shots])
    palettes = np.stack([_palette(look) for look in looks])
    evidence = np.empty(len(shots) - 1)
    for boundary in range(len(shots) - 1):
        first, last = _neighbours(shots, boundary)
        before = np.concatenate([look[-NEAR:] for look in looks[first : boundary + 1]])
        after = np.concatenate([look[:NEAR] for look in looks[boundary + 1 : last]])
        layout = float(np.abs(before[:, None] - after[None]).mean(axis=2).min())
        colours = np.abs(palettes[first : boundary + 1, None] - palettes[None, boundary + 1 : last])
        palette = float(colours.sum(axis=2).min())
        evidence[boundary] = (min(layout / SAME_LAYOUT, MAX_RATIO) + min(palette / SAME_PALETTE, MAX_RATIO)) / 2 - 1
    softly = np.array([shot.begins_gradually for shot in shots[1:]])
    return evidence + GRADUAL * softly


def _neighbours(shots: Sequence[SeenShot], boundary: int) -> tuple[int, int]:
    """Return the first and the end of the shots that may show the same place on both sides of a boundary."""
    time = shots[boundary].range.end
    first, last = boundary, boundary + 2
    while first > 0 and boundary + 1 - first < LINKED and time - shots[first - 1].range.end < LINKED_SECONDS:
        first -= 1
    while last < len(shots) and last - boundary - 1 < LINKED and shots[last].range.start - time < LINKED_SECONDS:
        last += 1
    return first, last


def _without_blanks(looks: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the layouts of a shot without blank ones, as of a fade from black, unless all are blank."""
    brightness = looks.reshape(len(looks), 3, -1)[:, 0]
    shown = brightness.std(axis=1) > BLANK
    return looks[shown] if shown.any() else looks


def _without_bars(looks: Sequence[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
    """Return layouts without the cells that are black in all shots, unless all are."""
    planes = [look.reshape(len(look), 3, -1) for look in looks]
    brightest = np.max([plane[:, 0].max(axis=0) for plane in planes], axis=0)
    shown = brightest > BLACK
    kept = [plane[:, :, shown] if shown.any() else plane for plane in planes]
    return [plane.reshape(len(plane), -1) for plane in kept]


def _palette(looks: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the shares ``(3 * LEVELS,)`` of brightness and of both colours among all cells of layouts, in total 1."""
    planes = looks.reshape(len(looks), 3, -1)
    shares = np.zeros((3, LEVELS), np.float32)
    for plane, (middle, width) in enumerate(((128, 16), (128, 8), (128, 8))):
        places = np.clip((planes[:, plane].ravel() - middle) / width + LEVELS / 2, 0, LEVELS - 1.001)
        lower = places.astype(np.int64)
        upper_share = places - lower
        np.add.at(shares[plane], lower, 1 - upper_share)
        np.add.at(shares[plane], lower + 1, upper_share)
    return shares.ravel() / max(float(shares.sum()), 1.0)
