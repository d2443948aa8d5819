from __future__ import annotations

import gc
import weakref
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest

from scenedex.engines.drawn import ArrayFrame, black, dissolve, fade_out, place, shown, still
from scenedex.engines.keyframes.clearest import ClearestFrame
from scenedex.timeline import Timecode, TimeRange

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scenedex.timeline import Frame


def chosen(pictures: list[np.ndarray[tuple[int, ...], np.dtype[np.float32]]]) -> int:
    chooser = ClearestFrame()
    for frame in shown(pictures):
        chooser.feed(frame)
    return chooser.choose(None).frame.index


def test_a_still_shot_is_shown_by_a_frame_near_its_middle() -> None:
    assert 25 <= chosen(still(1, 100)) <= 75


def test_a_frame_at_rest_is_preferred_to_a_moving_one() -> None:
    wide = np.concatenate([place(seed) for seed in range(4)], axis=1)
    moving = [wide[:, 5 * n : 5 * n + 128] for n in range(50)]

    assert chosen([*moving, *[wide[:, 245:373]] * 40]) >= 50


def test_an_exposed_frame_is_preferred_to_black_and_to_fading_ones() -> None:
    assert chosen([*black(30), *fade_out(1, 30)[::-1], *still(1, 25)]) >= 60


def test_a_frame_outside_the_transition_is_preferred() -> None:
    assert chosen([*dissolve(1, 2, 12), *still(2, 40)]) >= 12


def chosen_around(pictures: Sequence[NDArray[np.float32]], boundary: int, transition: range) -> tuple[int, int]:
    """Return the indexes of the stills of two shots with a gradual boundary."""
    frames = shown(pictures)
    chooser = ClearestFrame()
    for frame in frames:
        chooser.feed(frame)
    extent = TimeRange(frames[transition.start].time, frames[transition.stop].time)
    return chooser.choose(frames[boundary].time, extent).frame.index, chooser.choose(None).frame.index


def test_no_still_is_taken_from_a_transition() -> None:
    # The pictures outside of the dissolve are dark, and so less clear than mixed ones.
    pictures = [*still(1, 30, high=60), *dissolve(1, 2, 50), *still(2, 30, high=60)]

    before, after = chosen_around(pictures, 55, range(30, 80))

    assert before < 30
    assert after >= 80


def test_no_still_is_taken_from_the_slopes_of_a_fade() -> None:
    pictures = [*still(1, 12), *fade_out(1, 30), *black(6), *fade_out(2, 30)[::-1], *still(2, 12)]

    before, after = chosen_around(pictures, 45, range(42, 48))

    assert before < 16
    assert after >= 74


def test_a_short_shot_within_transitions_has_the_still_farthest_from_them() -> None:
    before, after = chosen_around([*dissolve(1, 2, 20), *still(2, 10)], 10, range(20))

    assert before < 3
    assert after > 20


@pytest.mark.parametrize("axis", [0, 1])
def test_a_sharp_frame_is_preferred_to_blurred_ones(axis: int) -> None:
    sharp = place(1) + np.random.default_rng(1).normal(0, 30, (72, 128)).astype(np.float32)
    blurred = np.mean([np.roll(sharp, shift, axis) for shift in range(5)], axis=0)

    assert chosen([*[blurred] * 60, *[sharp] * 8, *[blurred] * 4]) in range(60, 68)


def test_held_frames_are_few_whatever_the_length() -> None:
    chooser = ClearestFrame(max_held=10)
    alive: list[weakref.ref[ArrayFrame]] = []
    chance = np.random.default_rng(1)

    def feed(index: int) -> None:
        luma = np.full((72, 128), chance.integers(0, 255), np.uint8)
        frame = ArrayFrame.grey(index, Timecode(Fraction(index, 25)), luma)
        alive.append(weakref.ref(frame))
        chooser.feed(frame)

    for index in range(1500):
        feed(index)
    gc.collect()

    assert sum(ref() is not None for ref in alive) <= 11


def test_thinning_keeps_the_shots_of_a_quick_montage() -> None:
    chooser = ClearestFrame(max_held=16)
    wide = np.pad(place(99), 12, mode="reflect")
    offsets = np.random.default_rng(2).integers(0, 6, (60, 2))
    shaking = [wide[y : y + 72, x : x + 128] for y, x in offsets]
    frames = shown([*shaking[:30], *still(1, 1), *still(2, 2), *still(3, 1), *shaking[30:]])
    for frame in frames:
        chooser.feed(frame)

    indices = [chooser.choose(frames[edge].time).frame.index for edge in (30, 31, 33, 34)]

    assert indices[1:] == [30, pytest.approx(31.5, abs=0.5), 33]


def test_many_shots_that_wait_for_their_boundaries_keep_pressed_stills() -> None:
    pressed: list[int] = []

    def press(frame: Frame) -> Frame:
        pressed.append(frame.index)
        return ArrayFrame(frame.index, frame.time, frame.sampled_planes())

    chooser = ClearestFrame(delay=100, max_held=6, press=press)
    lengths = [1 + seed % 3 for seed in range(50)]
    frames = shown([picture for seed, length in enumerate(lengths) for picture in still(seed, length)], rate=5)
    for frame in frames:
        chooser.feed(frame)

    edges = [sum(lengths[:n]) for n in range(1, 50)]
    chosen = [chooser.choose(frames[edge].time).frame for edge in edges]

    assert all(isinstance(frame, ArrayFrame) for frame in chosen)
    assert all(a <= frame.index < b for a, b, frame in zip([0, *edges], edges, chosen, strict=False))
    assert 40 <= len(pressed) <= 100


def test_a_calm_film_is_never_pressed() -> None:
    def press(frame: Frame) -> Frame:
        raise AssertionError(frame.index)

    chooser = ClearestFrame(delay=350, max_held=32, press=press)
    for frame in shown(still(1, 1000)):
        chooser.feed(frame)

    assert chooser.choose(None).frame.index < 1000


def test_looks_are_those_of_the_beginning_the_still_and_the_end() -> None:
    chooser = ClearestFrame()
    for frame in shown([*still(1, 40), *still(2, 40), *still(3, 40)]):
        chooser.feed(frame)

    looks = chooser.choose(None).looks

    assert looks.shape == (3, 144)
    assert np.abs(looks[0] - looks[2]).mean() > 5


def test_fewer_than_two_held_frames_make_no_sense() -> None:
    with pytest.raises(ValueError, match="at least two"):
        ClearestFrame(max_held=1)
