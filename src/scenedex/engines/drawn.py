"""Fake of `scenedex.timeline.Frame`, and small synthetic films for tests of engines."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from scenedex.engines.layout import row_pairs
from scenedex.timeline import Timecode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

ROWS, COLUMNS = 72, 128
BLACK = 16


class ArrayFrame:
    """Frame with given planes. Its picture is its luma in grey, reduced by whole rows."""

    def __init__(self, index: int, time: Timecode, planes: Sequence[NDArray[np.uint8]]) -> None:
        self.index = index
        self.time = time
        self._planes = tuple(planes)
        for plane in self._planes:
            plane.flags.writeable = False

    @classmethod
    def grey(cls, index: int, time: Timecode, luma: NDArray[np.uint8]) -> ArrayFrame:
        """Create a frame without colour."""
        flat = np.full((max(1, luma.shape[0] // 2), max(1, luma.shape[1] // 2)), 128, np.uint8)
        return cls(index, time, (luma, flat, flat))

    def sampled_planes(self) -> Sequence[NDArray[np.uint8]]:
        """Return the planes."""
        return self._planes

    def luma_lines(self) -> NDArray[np.uint8]:
        """Return pairs of rows of the sampled luma. See `Frame`."""
        return row_pairs(self._planes[0])

    def rgb(self, max_height: int) -> NDArray[np.uint8]:
        """Return a grey picture."""
        luma = self._planes[0]
        step = -(-luma.shape[0] // max_height)
        return np.repeat(luma[::step, ::step, None], 3, axis=2)


def place(seed: int, *, low: int = 30, high: int = 220) -> NDArray[np.float32]:
    """Return a patchwork of grey levels between the bounds with a little texture, different for each seed."""
    chance = np.random.default_rng(seed)
    patches = np.kron(chance.uniform(low, high, (9, 16)), np.ones((8, 8)))
    return (patches + chance.normal(0, (high - low) / 40, (ROWS, COLUMNS))).astype(np.float32)


def still(seed: int, count: int, *, low: int = 30, high: int = 220) -> list[NDArray[np.float32]]:
    """Return pictures of a static place with grain."""
    here = place(seed, low=low, high=high)
    chance = np.random.default_rng((seed, 1))
    return [here + chance.normal(0, 1, here.shape).astype(np.float32) for _ in range(count)]


def speaker(lean: int, count: int) -> list[NDArray[np.float32]]:
    """Return pictures with grain of a large figure that sways slowly before a wall, in another posture at each place.

    Args:
        lean: place of the figure, 0 to 24 columns from the left one.
        count: number of pictures.
    """
    chance = np.random.default_rng(lean)
    light = np.linspace(150, 0, ROWS, dtype=np.float32)[:, None]
    wall, figure = place(1, low=50, high=90) + light, place(2 + lean, low=10, high=70) + light
    pictures: list[NDArray[np.float32]] = []
    for n in range(count):
        share, left = math.modf(16 + lean + 2 * math.sin(n / 6))
        near, far = (wall.copy() for _ in range(2))
        for picture, begin in ((near, int(left)), (far, int(left) + 1)):
            picture[12:, begin : begin + 72] = figure[12:, 20:92]
        grain = chance.normal(0, 1, (ROWS, COLUMNS)).astype(np.float32)
        pictures.append(_mix(near, far, share) + grain)
    return pictures


def dissolve(first: int, second: int, count: int) -> list[NDArray[np.float32]]:
    """Return the mixed pictures between two places."""
    old, young = place(first), place(second)
    return [_mix(old, young, (n + 1) / (count + 1)) for n in range(count)]


def _mix(old: NDArray[np.float32], young: NDArray[np.float32], share: float) -> NDArray[np.float32]:
    return (old + (young - old) * share).astype(np.float32)


def fade_out(seed: int, count: int) -> list[NDArray[np.float32]]:
    """Return pictures of a place that fades to black."""
    here = place(seed)
    dark = np.full_like(here, BLACK)
    return [_mix(here, dark, n / (count - 1)) for n in range(count)]


def black(count: int) -> list[NDArray[np.float32]]:
    """Return black pictures."""
    return [np.full((ROWS, COLUMNS), BLACK, np.float32)] * count


def shown(
    pictures: Iterable[NDArray[np.float32]], *, times: Sequence[Fraction] | None = None, rate: int = 25
) -> list[ArrayFrame]:
    """Return pictures as grey frames, at a constant rate or at the given times in seconds."""
    return [
        ArrayFrame.grey(
            index,
            Timecode(Fraction(index, rate) if times is None else times[index]),
            np.clip(picture, 0, 255).astype(np.uint8),
        )
        for index, picture in enumerate(pictures)
    ]
