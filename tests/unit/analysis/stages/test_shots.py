from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenedex.analysis.stages.shots import STILL_INTERVAL, ShotCollector
from scenedex.engines.drawn import place, shown, still
from scenedex.engines.keyframes.clearest import ClearestFrame
from scenedex.engines.keyframes.first import FirstFrame
from scenedex.engines.shots.planes import PlaneShotDetector
from scenedex.engines.shots.scripted import ScriptedShotDetector
from scenedex.timeline import Timecode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.engines.drawn import ArrayFrame
    from scenedex.engines.keyframes import KeyframeChooser
    from scenedex.engines.scenes.looks import SeenShot
    from scenedex.engines.shots import ShotDetector
    from scenedex.timeline import Frame


class RecordingStore:
    """Recorder of the stills stored."""

    def __init__(self) -> None:
        self.times: list[Timecode] = []

    def save(self, frame: Frame) -> None:
        self.times.append(frame.time)


def collected(
    frames: Sequence[ArrayFrame], detector: ShotDetector, chooser: KeyframeChooser
) -> tuple[list[SeenShot], RecordingStore]:
    store = RecordingStore()
    collector = ShotCollector(detector, chooser, store)
    for frame in frames:
        collector.feed(frame)
    collector.finish(frames[-1].time + Fraction(1, 25))
    return collector.shots, store


@settings(deadline=None, max_examples=20)
@given(cuts=st.sets(st.integers(1, 399)), delay=st.integers(0, 90))
def test_shots_tile_the_asset_and_begin_at_the_boundaries(cuts: set[int], delay: int) -> None:
    frames = shown([place(1)] * 400)

    shots, _ = collected(frames, ScriptedShotDetector(cuts, delay=delay), FirstFrame())

    assert [shot.range.start for shot in shots] == [frames[index].time for index in sorted({0, *cuts})]
    assert all(a.range.end == b.range.start for a, b in pairwise(shots))
    assert shots[-1].range.end.seconds == 16


@settings(deadline=None, max_examples=20)
@given(cuts=st.sets(st.integers(1, 399)), delay=st.integers(0, 90))
def test_every_still_is_in_its_shot_and_is_stored(cuts: set[int], delay: int) -> None:
    shots, store = collected(shown([place(1)] * 400), ScriptedShotDetector(cuts, delay=delay), FirstFrame())

    assert all(shot.range.contains(still.time) for shot in shots for still in shot.stills)
    assert store.times == [still.time for shot in shots for still in shot.stills]


@settings(deadline=None, max_examples=20)
@given(
    steps=st.one_of(
        st.integers(17, 1000).map(lambda step: [step] * 200),
        st.lists(st.integers(17, 1000), min_size=200, max_size=200),
    ),
    cuts=st.sets(st.integers(1, 199)),
    delay=st.integers(0, 90),
    is_seen=st.booleans(),
)
def test_the_bundled_chooser_keeps_to_shots_at_every_frame_rate(
    steps: list[int], cuts: set[int], delay: int, *, is_seen: bool
) -> None:
    shot_of = [sum(cut <= n for cut in cuts) if is_seen else 0 for n in range(200)]
    places = {seed: place(seed)[::4, ::4] for seed in set(shot_of)}
    times = [Fraction(sum(steps[:n]), 1000) for n in range(200)]
    frames = shown([places[seed] for seed in shot_of], times=times)

    chooser = ClearestFrame(delay=delay, max_held=4)
    shots, _ = collected(frames, ScriptedShotDetector(cuts, delay=delay), chooser)

    assert len(shots) == len(cuts) + 1
    assert all(shot.range.contains(still.time) for shot in shots for still in shot.stills)


@pytest.mark.parametrize("delay", [0, 30, 250])
def test_a_long_shot_has_a_still_every_few_seconds(delay: int) -> None:
    shots, _ = collected(shown([place(1)] * 1500), ScriptedShotDetector([], delay=delay), ClearestFrame())

    times = [Fraction(0), *(still.time.seconds for still in shots[0].stills), Fraction(60)]

    assert all(b - a <= 2 * STILL_INTERVAL for a, b in pairwise(times))
    assert len(times) <= 14


def test_the_bundled_engines_give_each_shot_of_a_montage_its_own_still() -> None:
    lengths = [60, 1, 30, 2, 2, 45, 200, 8, 12, 60]
    frames = shown([p for seed, length in enumerate(lengths) for p in still(seed, length)])

    shots, _ = collected(frames, PlaneShotDetector(), ClearestFrame())

    assert [round((s.range.duration) * 25) for s in shots] == lengths
    assert all(s.range.contains(still.time) for s in shots for still in s.stills)


def test_one_frame_is_one_shot() -> None:
    shots, store = collected(shown([place(1)]), PlaneShotDetector(), ClearestFrame())

    assert len(shots) == 1
    assert store.times == [Timecode(Fraction(0))]
