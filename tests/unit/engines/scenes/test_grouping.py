from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenedex.engines.scenes import SceneLength, ScenePreset
from scenedex.engines.scenes.grouping import SceneGroup, group
from scenedex.engines.scenes.hearing import HeardSounds, HeardSpeech
from scenedex.engines.scenes.looks import SeenShot, ShotStill
from scenedex.timeline import Timecode, TimeRange


def shots(*described: tuple[Fraction | int, float]) -> list[SeenShot]:
    """Return shots of these lengths in seconds, each of one grey level."""
    made: list[SeenShot] = []
    start = Timecode(Fraction(0))
    for seconds, level in described:
        end = start + Fraction(seconds)
        still = ShotStill(start + (end - start) / 2, 0.5, np.full((1, 6), level, np.float32))
        made.append(SeenShot(TimeRange(start, end), (still,)))
        start = end
    return made


def seconds(start: int, end: int) -> TimeRange:
    return TimeRange(Timecode(Fraction(start)), Timecode(Fraction(end)))


def edges(groups: list[SceneGroup]) -> list[Fraction]:
    return [groups[0].scene.range.start.seconds, *(g.scene.range.end.seconds for g in groups)]


durations = st.fractions(min_value=Fraction(1, 60), max_value=90, max_denominator=30030)
shot_lists = st.lists(st.tuples(durations, st.floats(0, 255, width=16)), min_size=1, max_size=40)
lengths = st.one_of(
    st.sampled_from(ScenePreset).map(SceneLength.of),
    st.tuples(st.integers(10, 30), st.integers(1, 570)).map(
        lambda bounds: SceneLength(Fraction(bounds[0]), Fraction(bounds[0] + bounds[1]))
    ),
)


@settings(deadline=None)
@given(described=shot_lists, length=lengths)
def test_scenes_tile_the_asset_within_the_bounds(described: list[tuple[Fraction, float]], length: SceneLength) -> None:
    given_shots = shots(*described)

    groups = group(given_shots, length)

    assert groups[0].scene.range.start.seconds == 0
    assert groups[-1].scene.range.end == given_shots[-1].range.end
    assert all(a.scene.range.end == b.scene.range.start for a, b in pairwise(groups))
    assert all(g.scene.range.duration <= length.max_seconds for g in groups)
    if length.can_divide(given_shots[-1].range.end.seconds):
        assert all(g.scene.range.duration >= length.min_seconds for g in groups)
    else:
        assert len(groups) == length.parts_of(given_shots[-1].range.end.seconds)


@settings(deadline=None)
@given(described=shot_lists, length=lengths)
def test_shots_tile_each_scene_and_are_parts_of_the_given_ones(
    described: list[tuple[Fraction, float]], length: SceneLength
) -> None:
    given_shots = shots(*described)

    for one in group(given_shots, length):
        parts = one.scene.shots
        assert all(a.range.end == b.range.start for a, b in pairwise(parts))
        assert all(part.range.duration > 0 for part in parts)
        assert one.scene.keyframe in {part.keyframe for part in parts}
        for part, origin in zip(parts, one.origins, strict=True):
            whole = given_shots[origin].range
            assert whole.start <= part.range.start
            assert part.range.end <= whole.end


@settings(deadline=None)
@given(described=shot_lists, length=lengths)
def test_a_shot_is_divided_only_where_a_scene_begins(
    described: list[tuple[Fraction, float]], length: SceneLength
) -> None:
    given_shots = shots(*described)
    groups = group(given_shots, length)

    begins = {shot.range.start for shot in given_shots} | {g.scene.range.start for g in groups}

    assert [part.range.start for g in groups for part in g.scene.shots] == sorted(begins)


def test_a_picture_is_one_scene_from_0_to_0() -> None:
    groups = group(shots((0, 100)), SceneLength.of(ScenePreset.MEDIUM))

    assert edges(groups) == [0, 0]
    assert len(groups[0].scene.shots) == 1


def test_an_asset_shorter_than_the_least_scene_is_one_scene() -> None:
    assert edges(group(shots((3, 10), (4, 200)), SceneLength.of(ScenePreset.SHORT))) == [0, 7]


def test_a_scene_begins_where_the_place_changes() -> None:
    described = [(5, 20.0), (5, 24.0)] * 4 + [(5, 200.0), (5, 204.0)] * 5

    assert edges(group(shots(*described), SceneLength.of(ScenePreset.SHORT))) == [0, 40, 90]


def test_a_returning_view_holds_a_scene_together() -> None:
    dialogue = [(4, 40.0), (4, 160.0)] * 5
    described = [*dialogue, *[(4, 230.0), (4, 90.0)] * 5]

    assert edges(group(shots(*described), SceneLength.of(ScenePreset.SHORT))) == [0, 40, 80]


def test_unlike_stories_are_scenes_as_far_as_the_minimum_allows() -> None:
    stories = [(9, 30.0), (8, 200.0), (9, 90.0), (8, 240.0), (9, 60.0)]

    assert edges(group(shots(*stories), SceneLength.of(ScenePreset.MEDIUM))) in ([0, 17, 43], [0, 26, 43])


def test_bars_beside_the_pictures_hide_no_change_of_place() -> None:
    bars = np.array([[16] * 9 + [1] * 3, [128] * 12, [128] * 12], np.float32)
    given = [
        SeenShot(
            seconds(start, start + 5),
            (ShotStill(Timecode(Fraction(start)), 0.5, np.where(bars == 1, light, bars).reshape(1, -1)),),
        )
        for start, light in zip(range(0, 40, 5), [100] * 4 + [180] * 4, strict=True)
    ]

    assert edges(group(given, SceneLength.of(ScenePreset.MEDIUM))) == [0, 20, 40]


def test_black_before_a_fade_is_no_view_of_a_dark_place() -> None:
    bright, dark = (np.linspace(level, level + 40, 12, dtype=np.float32).reshape(1, -1) for level in (160, 10))
    black = np.full((1, 12), 18, np.float32)
    given = [
        SeenShot(seconds(start, start + 5), (ShotStill(Timecode(Fraction(start)), 0.5, looks),))
        for start, looks in zip(
            range(0, 40, 5), [np.concatenate((black, bright)), *[bright] * 3, *[dark] * 4], strict=True
        )
    ]

    assert edges(group(given, SceneLength.of(ScenePreset.MEDIUM))) == [0, 20, 40]


def test_views_of_the_same_colours_are_one_place() -> None:
    # Two views whose cells have the same values in another order, and a place of other values.
    view = np.tile(np.array([20, 220], np.float32), 9)[None]
    looks = [view, view[:, ::-1], np.full((1, 18), 120, np.float32)]
    start, given = 0, list[SeenShot]()
    for place in (0, 1, 0, 1, 1, 0, 2, 2, 2, 2):
        range_ = TimeRange(Timecode(Fraction(start)), Timecode(Fraction(start + 5)))
        given.append(SeenShot(range_, (ShotStill(range_.start, 0.5, looks[place]),)))
        start += 5

    assert edges(group(given, SceneLength.of(ScenePreset.MEDIUM))) == [0, 30, 50]


def test_a_scene_does_not_begin_within_an_utterance_if_the_pictures_leave_doubt() -> None:
    given = [
        SeenShot(
            seconds(start, start + 5),
            (ShotStill(Timecode(Fraction(start)), 0.5, np.array([[light, light, 128, 128, 128, 128]], np.float32)),),
        )
        for start, light in zip(range(0, 40, 5), [100] * 4 + [140] * 4, strict=True)
    ]
    boundary = Timecode(Fraction(20))
    spoken = HeardSpeech(TimeRange(Timecode(Fraction(15)), Timecode(Fraction(25))), None)
    length = SceneLength.of(ScenePreset.MEDIUM)

    assert edges(group(given, length)) == [0, 20, 40]
    assert edges(group(given, length, HeardSounds([spoken]))) == [0, 40]
    assert HeardSounds([spoken]).evidence([boundary])[0] < 0


@pytest.mark.parametrize(
    ("heard", "evidence"),
    [
        (HeardSounds(), 0.0),
        (HeardSounds([HeardSpeech(seconds(0, 9), 1), HeardSpeech(seconds(11, 19), 2)]), 0.25),
        (HeardSounds([HeardSpeech(seconds(0, 9), 1), HeardSpeech(seconds(11, 19), 1)]), 0.0),
        (HeardSounds([HeardSpeech(seconds(0, 9), None), HeardSpeech(seconds(11, 19), None)]), 0.0),
        (HeardSounds(events=[seconds(0, 10)]), 0.2),
        (HeardSounds(events=[seconds(4, 16)]), -0.15),
    ],
    ids=["silence", "other speakers", "one speaker", "speakers not compared", "music ends", "music goes on"],
)
def test_sounds_are_evidence_at_a_boundary(heard: HeardSounds, evidence: float) -> None:
    assert heard.evidence([Timecode(Fraction(10))]).tolist() == [pytest.approx(evidence)]


def test_a_shot_longer_than_a_scene_is_divided_evenly() -> None:
    assert edges(group(shots((50, 100)), SceneLength.of(ScenePreset.EXTRA_SHORT))) == [
        0,
        Fraction(50, 3),
        Fraction(100, 3),
        50,
    ]


def test_a_short_shot_is_divided_where_the_bounds_leave_nothing_else() -> None:
    groups = group(shots((9, 0), (19, 100), (9, 200)), SceneLength.of(ScenePreset.EXTRA_SHORT))

    assert [g.origins for g in groups] == [(0, 1), (1, 2)]


def test_an_asset_that_cannot_be_divided_is_parted_evenly() -> None:
    assert edges(group(shots((45, 100)), SceneLength(Fraction(30), Fraction(31)))) == [0, Fraction(45, 2), 45]


def test_each_part_of_a_long_shot_has_its_own_keyframe() -> None:
    whole = TimeRange(Timecode(Fraction(0)), Timecode(Fraction(60)))
    stills = tuple(
        ShotStill(Timecode(Fraction(second)), 0.5, np.zeros((1, 6), np.float32)) for second in range(2, 60, 5)
    )

    groups = group([SeenShot(whole, stills)], SceneLength.of(ScenePreset.EXTRA_SHORT))

    assert len(groups) > 2
    assert all(g.scene.range.contains(g.scene.keyframe) for g in groups)


def test_the_clearest_still_of_a_shot_is_its_keyframe() -> None:
    whole = TimeRange(Timecode(Fraction(0)), Timecode(Fraction(15)))
    stills = tuple(
        ShotStill(Timecode(Fraction(second)), quality, np.zeros((1, 6), np.float32))
        for second, quality in ((2, 0.3), (7, 0.8), (12, 0.5))
    )

    scene = group([SeenShot(whole, stills)], SceneLength.of(ScenePreset.MEDIUM))[0].scene

    assert scene.keyframe.seconds == 7
    assert scene.shots[0].keyframe.seconds == 7


def test_the_keyframe_of_a_scene_is_that_of_the_shot_most_like_it() -> None:
    scene = group(shots((1, 250), (8, 60), (1, 240), (6, 64)), SceneLength.of(ScenePreset.MEDIUM))[0].scene

    assert scene.keyframe == scene.shots[1].keyframe


@pytest.mark.parametrize(
    "bad",
    [[], shots((5, 1))[:0], shots((5, 1), (5, 2))[1:], [*shots((5, 1)), *shots((5, 1), (9, 2))[1:], *shots((30, 1))]],
    ids=["none", "empty", "late", "overlap"],
)
def test_shots_that_do_not_tile_are_refused(bad: list[SeenShot]) -> None:
    with pytest.raises(ValueError, match="shots to be grouped"):
        group(bad, SceneLength.of(ScenePreset.SHORT))


def test_a_shot_without_a_still_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a still"):
        group(
            [SeenShot(TimeRange(Timecode(Fraction(0)), Timecode(Fraction(9))), ())], SceneLength.of(ScenePreset.SHORT)
        )
