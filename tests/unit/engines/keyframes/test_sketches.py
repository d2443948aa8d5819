from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest

from scenedex.engines.keyframes.sketches import SketchedFrame, Sketches
from scenedex.engines.layout import row_pairs
from scenedex.timeline import Timecode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

START = Timecode(Fraction(0))


@dataclass(frozen=True)
class Turned:
    """A frame that is shown turned, each sample as ``size`` x ``size`` pixels."""

    picture: NDArray[np.uint8]
    quarter_turns: int = 0
    size: int = 4
    index: int = 0
    time: Timecode = START

    def sampled_planes(self) -> Sequence[NDArray[np.uint8]]:
        flat = np.full((self.picture.shape[0] // 2, self.picture.shape[1] // 2), 128, np.uint8)
        return (self.picture // 2 + 50, flat, flat)

    def luma_lines(self) -> NDArray[np.uint8]:
        return row_pairs(self.picture)

    def rgb(self, max_height: int) -> NDArray[np.uint8]:
        large = np.kron(np.rot90(self.picture, self.quarter_turns), np.ones((self.size, self.size), np.uint8))
        step = -(-large.shape[0] // max_height)
        return np.repeat(large[::step, ::step, None], 3, axis=2)


def corner(seed: int) -> NDArray[np.uint8]:
    """Dark with a bright corner, so that each turn of it looks different."""
    picture = np.random.default_rng(seed).integers(0, 20, (36, 64)).astype(np.uint8)
    picture[:12, :30] = 220
    return picture


@pytest.mark.parametrize("turns", range(4))
def test_a_sketch_stands_upright_and_is_as_large_as_other_pictures(turns: int) -> None:
    like = Turned(corner(1), turns)
    one = Turned(corner(2), turns)

    picture = SketchedFrame(3, START, one.sampled_planes(), like).rgb(120)

    shown = one.rgb(120)
    assert picture.shape == shown.shape
    assert picture.dtype == np.uint8
    assert np.corrcoef(picture.ravel(), shown.ravel())[0, 1] > 0.9


def test_colours_are_those_of_the_planes() -> None:
    grey = Turned(np.full((36, 64), 128, np.uint8))
    red = (np.full((36, 64), 81, np.uint8), np.full((18, 32), 90, np.uint8), np.full((18, 32), 240, np.uint8))

    picture = SketchedFrame(0, START, red, grey).rgb(100)

    assert picture.reshape(-1, 3).mean(axis=0) == pytest.approx([255, 0, 0], abs=4)


def test_the_middle_of_a_stretch_is_found_while_it_is_held() -> None:
    like = Turned(corner(1))
    sketches = Sketches(10)
    for index in range(30):
        sketches.add(index, Timecode(Fraction(index)), like.sampled_planes())

    found = sketches.between(Timecode(Fraction(22)), Timecode(Fraction(25)), like)

    assert found is not None
    assert found.index == 23
    assert sketches.between(Timecode(Fraction(5)), Timecode(Fraction(20)), like) is None


def test_sketches_of_very_wide_pictures_are_small() -> None:
    like = Turned(np.zeros((72, 9000), np.uint8))
    sketches = Sketches(1)

    sketches.add(0, START, like.sampled_planes())
    found = sketches.between(START, None, like)

    assert found is not None
    assert sum(plane.size for plane in found.sampled_planes()) < 30_000
