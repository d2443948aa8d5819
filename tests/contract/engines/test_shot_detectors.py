"""Contract of shot detectors."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from scenedex.engines.drawn import ArrayFrame, place, shown, still
from scenedex.engines.shots import Boundary, FrameOutOfOrder, Transition
from scenedex.engines.shots.planes import PlaneShotDetector
from scenedex.engines.shots.scripted import ScriptedShotDetector
from scenedex.timeline import Timecode

if TYPE_CHECKING:
    from collections.abc import Callable

    from scenedex.engines.shots import ShotDetector

CUTS = (30, 31, 80, 200, 390)


@pytest.fixture(
    params=[PlaneShotDetector, lambda: ScriptedShotDetector(CUTS), lambda: ScriptedShotDetector(CUTS, delay=40)],
    ids=["planes", "scripted", "scripted-late"],
)
def detector(request: pytest.FixtureRequest) -> ShotDetector:
    make: Callable[[], ShotDetector] = request.param
    return make()


def clip() -> list[ArrayFrame]:
    edges = [0, *CUTS, 400]
    return shown([p for n in range(len(CUTS) + 1) for p in still(n, edges[n + 1] - edges[n])])


def test_boundaries_come_in_order_none_twice_with_the_time_of_their_frame(detector: ShotDetector) -> None:
    frames = clip()

    found = [b for frame in frames for b in detector.feed(frame)]
    found += detector.finish()

    assert found == [Boundary(index, frames[index].time, Transition.CUT) for index in CUTS]


def test_no_boundary_is_later_than_the_delay(detector: ShotDetector) -> None:
    for frame in clip():
        assert all(frame.index - boundary.index <= detector.delay for boundary in detector.feed(frame))


def test_nothing_has_no_boundary(detector: ShotDetector) -> None:
    assert list(detector.finish()) == []


def test_one_frame_has_no_boundary(detector: ShotDetector) -> None:
    assert [*detector.feed(shown([place(1)])[0]), *detector.finish()] == []


@pytest.mark.parametrize(("index", "seconds"), [(4, Fraction(10)), (6, Fraction(1, 25)), (5, Fraction(5, 25))])
def test_a_frame_out_of_order_is_refused_and_changes_nothing(
    detector: ShotDetector, index: int, seconds: Fraction
) -> None:
    frames = clip()
    found = [b for frame in frames[:6] for b in detector.feed(frame)]

    with pytest.raises(FrameOutOfOrder):
        detector.feed(ArrayFrame(index, Timecode(seconds), frames[0].sampled_planes()))

    found += [b for frame in frames[6:] for b in detector.feed(frame)]
    found += detector.finish()
    assert [b.index for b in found] == list(CUTS)


def test_it_says_what_it_is(detector: ShotDetector) -> None:
    assert detector.engine.name
    assert detector.engine.version
