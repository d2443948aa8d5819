"""Findings among scenes: nothing is lost, nothing leaves its scene, and every scene tells what lies in it."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from scenedex.analysis.assembly import SHORTEST_PART_MS, SceneTimes, assemble, words_of_scenes
from scenedex.analysis.findings import Findings, Line
from scenedex.analysis.stages.face_tracks import FaceTrack
from scenedex.analysis.stages.moments import Moment, Place, Span
from scenedex.analysis.stages.scenes import GroupedScene, PicturedShot
from scenedex.analysis.stages.sounds import SoundEvent
from scenedex.analysis.stages.terms import FoundKeyword
from scenedex.analysis.stages.text import TextRegion, TextResult
from scenedex.analysis.stages.visual import VisualResult
from scenedex.timeline import Shot, Timecode, TimeRange


def at(seconds: float) -> Timecode:
    return Timecode(Fraction(seconds))


def between(start: float, end: float) -> TimeRange:
    return TimeRange(at(start), at(end))


def span(start: float, end: float) -> Span:
    return Span.of(between(start, end))


def scene(*edges: float) -> GroupedScene:
    shots = [Shot(between(a, b), at(a)) for a, b in pairwise(edges)]
    return GroupedScene(tuple(PicturedShot(shot, f"{shot.keyframe.ms}.jpg") for shot in shots), 0)


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


def findings(**found: object) -> Findings:
    visual = VisualResult(is_picture=False, duration=Moment.of(at(30)), shots=(), engines=(), damaged_packets=0)
    parts: dict[str, object] = {
        "visual": visual,
        "scenes": SCENES,
        "tracks": (),
        "text": None,
        "lines": (),
        "sounds": (),
        "keywords": (),
        "pictures": None,
        "engines": (),
    }
    return Findings(**{**parts, **found})  # type: ignore[arg-type]  # named fields


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
    assert inside - 2 * SHORTEST_PART_MS <= covered <= inside


def test_scenes_and_shots_are_numbered_from_one_and_show_their_keyframes() -> None:
    scenes = assemble(findings(), {}, "folder/{}".format, {})

    assert [one.scene_id for one in scenes] == [1, 2, 3]
    assert [[shot.shot_id for shot in one.shots] for one in scenes] == [[1, 2], [3], [4, 5]]
    assert [one.keyframe_key for one in scenes] == ["folder/0.jpg", "folder/10000.jpg", "folder/20000.jpg"]
    assert [(one.start_ms, one.end_ms) for one in scenes] == [(0, 10_000), (10_000, 20_000), (20_000, 30_000)]


def test_a_person_of_several_tracks_appears_in_each_of_its_scenes() -> None:
    found = findings(tracks=(track(1, 2), track(2, 12), track(25, 26), track(3, 4)))

    scenes = assemble(found, {0: 7, 1: 7, 2: 7}, str, {})

    seen = [[(one.person_id, [(a.start_ms, a.end_ms) for a in one.appearances]) for one in s.persons] for s in scenes]
    assert seen == [[(7, [(1000, 10_000)])], [(7, [(10_000, 12_000)])], [(7, [(25_000, 26_000)])]]


def test_a_line_belongs_to_the_scene_that_holds_most_of_it_and_is_not_cut() -> None:
    lines = (Line(1, "first", "en", 0.9, between(8, 11)), Line(2, "second", "ko", 0.8, between(19.5, 23)))

    scenes = assemble(findings(lines=lines), {}, str, {})

    assert [[(one.script_id, one.speaker, one.start_ms, one.end_ms) for one in s.scripts] for s in scenes] == [
        [(1, "Speaker 1", 8000, 11_000)],
        [],
        [(2, "Speaker 2", 19_500, 23_000)],
    ]


def test_texts_keywords_and_sounds_are_divided_among_scenes() -> None:
    found = findings(
        text=TextResult((TextRegion("NEWS", Place(0.1, 0.2, 0.3, 0.1), 0.9, span(5, 15)),), 0, 3),
        keywords=(
            FoundKeyword("news", "TEXT", 0.6, (span(5, 15), span(24, 25))),
            FoundKeyword("news", "TEXT", 0.4, (span(6, 7),)),
        ),
        sounds=(SoundEvent("APPLAUSE", span(9, 21), 0.7),),
    )

    scenes = assemble(found, {}, str, {})

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
    found = findings(
        scenes=picture,
        tracks=(track(0, 0),),
        text=TextResult((TextRegion("NEWS", Place(0, 0, 1, 1), 0.9, span(0, 0)),), 0, 1),
    )

    (one,) = assemble(found, {0: 3}, str, {})

    assert (one.start_ms, one.end_ms) == (0, 0)
    assert [person.person_id for person in one.persons] == [3]
    assert [text.text for text in one.texts] == ["NEWS"]


def test_the_words_of_a_scene_are_each_text_once() -> None:
    regions = tuple(TextRegion("NEWS", Place(0, 0, 1, 1), 0.9, span(*times)) for times in [(1, 2), (3, 4)])
    lines = (Line(1, "good morning", "en", 0.9, between(5, 6)),)

    assert words_of_scenes(findings(text=TextResult(regions, 0, 2), lines=lines)) == ["NEWS\ngood morning", "", ""]
