from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scenedex.index.ranges import ExportRange, index_within
from scenedex.index.records import (
    Index,
    IndexedAppearance,
    IndexedKeyword,
    IndexedPerson,
    IndexedScene,
    IndexedScript,
    IndexedShot,
    IndexHead,
)

_TIME = datetime(2026, 1, 2, tzinfo=UTC)
_HEAD = IndexHead(1, 2, "VIDEO", {}, [], 30_000, "alice", _TIME, "alice", _TIME)


def _index() -> Index:
    first = IndexedScene(
        scene_id=1,
        start_ms=0,
        end_ms=10_000,
        keyframe_key="1.jpg",
        shots=(IndexedShot(1, 0, 4000, "1.jpg"), IndexedShot(2, 4000, 10_000, "2.jpg")),
        persons=(
            IndexedPerson(7, (IndexedAppearance(0, 1000, 0.9), IndexedAppearance(8000, 9000, 0.9))),
            IndexedPerson(8, (IndexedAppearance(0, 1000, 0.9),)),
        ),
        keywords=(IndexedKeyword("boat", "OBJECT", 0.5, ((0, 2000), (7000, 10_000))),),
        scripts=(
            IndexedScript(1, "Speaker 1", "One", "en", 0.9, 0, 5000),
            IndexedScript(2, "Speaker 1", "Two", "en", 0.9, 4000, 6000),
        ),
    )
    shots = (IndexedShot(3, 10_000, 30_000, "3.jpg"),)
    return Index("film.mp4", _HEAD, (first, IndexedScene(2, 10_000, 30_000, "3.jpg", shots)))


def test_a_range_keeps_the_findings_that_it_touches() -> None:
    first, second = index_within(_index(), ExportRange(5000, 20_000)).scenes
    assert [(person.person_id, len(person.appearances)) for person in first.persons] == [(7, 1)]
    assert [keyword.appearances for keyword in first.keywords] == [((7000, 10_000),)]
    assert [(line.text, line.start_ms) for line in first.scripts] == [("Two", 4000)]
    assert second.scene_id == 2


def test_scenes_and_shots_end_with_the_range() -> None:
    scenes = index_within(_index(), ExportRange(5000, 20_000)).scenes
    assert [(scene.start_ms, scene.end_ms) for scene in scenes] == [(5000, 10_000), (10_000, 20_000)]
    assert [(shot.shot_id, shot.start_ms, shot.end_ms) for scene in scenes for shot in scene.shots] == [
        (2, 5000, 10_000),
        (3, 10_000, 20_000),
    ]


@pytest.mark.parametrize(
    ("times", "scenes"), [(ExportRange(0, None), 2), (ExportRange(0, 10_000), 1), (ExportRange(30_000, None), 0)]
)
def test_a_range_has_the_scenes_that_it_touches(times: ExportRange, scenes: int) -> None:
    assert len(index_within(_index(), times).scenes) == scenes


def test_the_whole_range_is_the_index() -> None:
    assert index_within(_index(), ExportRange(0, None)) == _index()
