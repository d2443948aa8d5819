"""What every keyframe chooser keeps to."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from scenedex.engines.drawn import shown, still
from scenedex.engines.keyframes import ClearestFrame, FirstFrame, NoFrameToChoose
from scenedex.timeline import Timecode, TimeRange

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scenedex.engines.drawn import ArrayFrame
    from scenedex.engines.keyframes import KeyframeChooser, Still

LATE = 60


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
