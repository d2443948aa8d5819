"""Contract of keyframe choosers."""

from __future__ import annotations

import gc
import weakref
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenedex.engines.drawn import ArrayFrame, shown, still
from scenedex.engines.keyframes import NoFrameToChoose
from scenedex.engines.keyframes.clearest import ClearestFrame
from scenedex.engines.keyframes.first import FirstFrame
from scenedex.timeline import Timecode, TimeRange

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scenedex.engines.keyframes import KeyframeChooser, Still

LATE = 60


def clearest(delay: int) -> KeyframeChooser:
    return ClearestFrame(delay=delay, max_held=4)


def first(delay: int) -> KeyframeChooser:
    return FirstFrame(delay=delay)


def film(steps_ms: Sequence[int], looks: Sequence[int]) -> list[ArrayFrame]:
    """Return frames of these lengths. Equal looks are equal pictures."""
    pictures = {look: np.random.default_rng(look).integers(16, 235, (18, 32)).astype(np.uint8) for look in set(looks)}
    starts = [sum(steps_ms[:n]) for n in range(len(steps_ms))]
    return [
        ArrayFrame.grey(n, Timecode.from_ms(start), pictures[look])
        for n, (start, look) in enumerate(zip(starts, looks, strict=True))
    ]


@st.composite
def films(draw: st.DrawFn) -> list[ArrayFrame]:
    """Films at constant or variable rates of 1 to 60 frames per second, with calm, restless and cut pictures."""
    count = draw(st.integers(1, 150))
    rate = draw(st.integers(17, 1000))
    steps = draw(st.one_of(st.just([rate] * count), st.lists(st.integers(17, 1000), min_size=count, max_size=count)))
    looks = draw(st.lists(st.integers(0, draw(st.integers(0, 50))), min_size=count, max_size=count))
    return film(steps, looks)


@pytest.mark.parametrize("make", [clearest, first])
@settings(deadline=None, max_examples=150)
@given(frames=films(), cuts=st.sets(st.integers(1, 149)), late=st.integers(0, 120))
def test_every_still_is_a_frame_of_its_shot(
    make: Callable[[int], KeyframeChooser], frames: list[ArrayFrame], cuts: set[int], late: int
) -> None:
    edges = sorted(cut for cut in cuts if cut < len(frames))

    chosen = stills(make(late), frames, edges, late)

    bounds = [0, *edges, len(frames)]
    assert len(chosen) == len(edges) + 1
    for place, one in enumerate(chosen):
        assert bounds[place] <= one.frame.index < bounds[place + 1]
        assert one.frame.time == frames[one.frame.index].time
        assert np.array_equal(one.frame.sampled_planes()[0], frames[one.frame.index].sampled_planes()[0])


@pytest.mark.parametrize("make", [clearest, first])
def test_what_is_held_does_not_grow_with_the_length(make: Callable[[int], KeyframeChooser]) -> None:
    chooser = make(20)
    alive: list[weakref.ref[ArrayFrame]] = []

    def feed(index: int) -> None:
        luma = np.full((9, 16), index % 200 + 20, np.uint8)
        frame = ArrayFrame.grey(index, Timecode(Fraction(index, 5)), luma)
        alive.append(weakref.ref(frame))
        chooser.feed(frame)

    for index in range(400):
        feed(index)
    gc.collect()

    assert sum(ref() is not None for ref in alive) <= 24


@pytest.fixture(params=[ClearestFrame, FirstFrame], ids=["clearest", "first"])
def chooser(request: pytest.FixtureRequest) -> KeyframeChooser:
    make: Callable[[], KeyframeChooser] = request.param
    return make()


def stills(chooser: KeyframeChooser, frames: Sequence[ArrayFrame], edges: Sequence[int], late: int) -> list[Still]:
    chosen: list[Still] = []
    waiting = list(edges)
    for frame in frames:
        chooser.feed(frame)
        while waiting and frame.index >= waiting[0] + late:
            chosen.append(chooser.choose(frames[waiting.pop(0)].time))
    chosen += [chooser.choose(frames[edge].time) for edge in waiting]
    return [*chosen, chooser.choose(None)]


@pytest.mark.parametrize("late", [0, 1, LATE])
@pytest.mark.parametrize("lengths", [[40], [1], [40, 1, 40], [1, 1, 1], [30, 2, 3, 90], [8, 8, 8, 8]], ids=str)
def test_every_shot_has_a_still_of_its_own(chooser: KeyframeChooser, lengths: list[int], late: int) -> None:
    frames = shown([picture for seed, length in enumerate(lengths) for picture in still(seed, length)])
    edges = [sum(lengths[:n]) for n in range(1, len(lengths))]

    chosen = stills(chooser, frames, edges, late)

    bounds = [0, *edges, len(frames)]
    for place, one in enumerate(chosen):
        assert bounds[place] <= one.frame.index < bounds[place + 1]
        assert 0 <= one.quality <= 1
        assert one.looks.ndim == 2
    assert len(chosen) == len(lengths)


def test_looks_of_all_stills_have_the_same_width(chooser: KeyframeChooser) -> None:
    frames = shown([*still(1, 30), *[picture[::2, ::2] for picture in still(2, 30)]])

    first, second = stills(chooser, frames, [30], 0)

    assert first.looks.shape[1] == second.looks.shape[1]


def test_nothing_cannot_be_chosen_from(chooser: KeyframeChooser) -> None:
    with pytest.raises(NoFrameToChoose):
        chooser.choose(None)


def test_a_long_stretch_can_be_ended_in_its_past(chooser: KeyframeChooser) -> None:
    frames = shown(still(1, 500))
    for frame in frames:
        chooser.feed(frame)

    edges = [Timecode(Fraction(n)) for n in (5, 10, 15)]
    chosen = [chooser.choose(edge) for edge in edges]

    starts = [Timecode(Fraction(0)), *edges]
    assert all(TimeRange(a, b).contains(s.frame.time) for a, b, s in zip(starts, edges, chosen, strict=False))


def test_it_says_what_it_is(chooser: KeyframeChooser) -> None:
    assert chooser.engine.name
    assert chooser.engine.version
