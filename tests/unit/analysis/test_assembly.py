"""Assembly of scenes: nothing is lost, and everything is in the scene that it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from scenedex.analysis.assembly import assemble
from scenedex.analysis.passages import Passage
from scenedex.analysis.stages.face_tracks import FaceTrack
from scenedex.analysis.stages.meaning import passages_of_scenes
from scenedex.analysis.stages.moments import Place
from scenedex.analysis.stages.scene_times import MIN_PART_MS, SceneTimes
from scenedex.analysis.stages.scenes import GroupedScene, PicturedShot
from scenedex.analysis.stages.sounds import SoundEvent
from scenedex.analysis.stages.terms import FoundKeyword
from scenedex.analysis.stages.text import TextRegion
from scenedex.timeline import Shot, Timecode, TimeRange
from stage_outcomes import at, between, outcomes, scene, scope, selected, span, utterance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.analysis.stage import Inputs


SCENES = (scene(0, 4, 10), scene(10, 20), scene(20, 25, 30))


def track(start: float, end: float) -> FaceTrack:
    return FaceTrack(
        span=span(start, end),
        shot=0,
        confidence=0.9,
        sightings=(),
        embeddings=(),
        quality=0.5,
        is_presentable=True,
        prominence=1.0,
        crop="",
    )


def found(grouped: Sequence[GroupedScene] = SCENES, **parts: Any) -> Inputs:
    return outcomes(scope(selected()), grouped, **parts)


@given(st.integers(0, 31_000), st.integers(0, 31_000))
def test_the_parts_of_a_finding_lie_in_their_scenes_and_miss_no_more_than_rounding(a: int, b: int) -> None:
    start, end = sorted((a, b))
    times = SceneTimes(SCENES)

    parts = times.parts(TimeRange(Timecode.from_ms(start), Timecode.from_ms(end)))

    assert parts
    for part in parts:
        range_ = times.ranges[part.scene]
        assert range_.start.ms <= part.start_ms <= part.end_ms <= range_.end.ms
    covered = sum(part.end_ms - part.start_ms for part in parts)
    inside = max(0, min(end, 30_000) - min(start, 30_000))
    assert inside - 2 * MIN_PART_MS <= covered <= inside


def test_scenes_and_shots_are_numbered_from_one_and_show_their_keyframes() -> None:
    scenes = assemble(found(), {})

    assert [one.scene_id for one in scenes] == [1, 2, 3]
    assert [[shot.shot_id for shot in one.shots] for one in scenes] == [[1, 2], [3], [4, 5]]
    assert [one.keyframe_key for one in scenes] == ["folder/0.jpg", "folder/10000.jpg", "folder/20000.jpg"]
    assert [(one.start_ms, one.end_ms) for one in scenes] == [(0, 10_000), (10_000, 20_000), (20_000, 30_000)]


def test_a_person_of_several_tracks_appears_in_each_of_its_scenes() -> None:
    seen = found(tracks=(track(1, 2), track(2, 12), track(25, 26), track(3, 4)))

    scenes = assemble(seen, {0: 7, 1: 7, 2: 7})

    seen = [[(one.person_id, [(a.start_ms, a.end_ms) for a in one.appearances]) for one in s.persons] for s in scenes]
    assert seen == [[(7, [(1000, 10_000)])], [(7, [(10_000, 12_000)])], [(7, [(25_000, 26_000)])]]


def test_a_line_belongs_to_the_scene_that_holds_most_of_it_and_is_not_cut() -> None:
    said = ((1, utterance("first", 8, 11)), (2, utterance("second", 19.5, 23, language="ko", confidence=0.8)))

    scenes = assemble(found(said=said), {})

    assert [[(one.script_id, one.speaker, one.start_ms, one.end_ms) for one in s.scripts] for s in scenes] == [
        [(1, "Speaker 1", 8000, 11_000)],
        [],
        [(2, "Speaker 2", 19_500, 23_000)],
    ]


def test_texts_keywords_and_sounds_are_divided_among_scenes() -> None:
    heard = found(
        texts=(TextRegion("NEWS", Place(0.1, 0.2, 0.3, 0.1), 0.9, span(5, 15)),),
        keywords=(
            FoundKeyword("news", "TEXT", 0.6, (between(5, 15), between(24, 25))),
            FoundKeyword("news", "TEXT", 0.4, (between(6, 7),)),
        ),
        sounds=(SoundEvent("APPLAUSE", span(9, 21), 0.7),),
    )

    scenes = assemble(heard, {})

    assert [[(one.start_ms, one.end_ms) for one in s.texts] for s in scenes] == [
        [(5000, 10_000)],
        [(10_000, 15_000)],
        [],
    ]
    assert [[(one.confidence, one.appearances) for one in s.keywords] for s in scenes] == [
        [(0.6, ((5000, 10_000),))],
        [(0.6, ((10_000, 15_000),))],
        [(0.6, ((24_000, 25_000),))],
    ]
    assert [[one.type for one in s.sounds] for s in scenes] == [["APPLAUSE"]] * 3


def test_everything_in_a_picture_lies_in_its_one_scene() -> None:
    picture = (GroupedScene((PicturedShot(Shot(between(0, 0), at(0)), "a.jpg"),), 0),)
    seen = found(picture, tracks=(track(0, 0),), texts=(TextRegion("NEWS", Place(0, 0, 1, 1), 0.9, span(0, 0)),))

    (one,) = assemble(seen, {0: 3})

    assert (one.start_ms, one.end_ms) == (0, 0)
    assert [person.person_id for person in one.persons] == [3]
    assert [text.text for text in one.texts] == ["NEWS"]


def test_the_passages_of_a_scene_are_each_text_once() -> None:
    regions = tuple(TextRegion("NEWS", Place(0, 0, 1, 1), 0.9, span(*times)) for times in [(1, 2), (3, 4)])
    said = ((1, utterance("good morning", 5, 6)), (1, utterance("good night", 12, 13)))

    assert passages_of_scenes(found(texts=regions, said=said)) == [
        (Passage("NEWS", 1000, 2000, "NEWS"), Passage("good morning", 5000, 6000, "good morning")),
        (Passage("good night", 12_000, 13_000, "good night"),),
        (),
    ]
