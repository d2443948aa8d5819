"""Evidence of scenes, and the address of what is made of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from index_samples import plain_scene, with_findings
from scenedex.index.records import IndexedShot
from scenedex.summaries.evidence import address_of, evidence_of, picture_time, pictured_shots

if TYPE_CHECKING:
    from scenedex.engines.summaries import EvidenceKind

ALL = frozenset({"faces", "speech", "text", "labels", "objects", "music", "sounds"})


def shots(count: int) -> tuple[IndexedShot, ...]:
    return tuple(IndexedShot(number, 10 * number, 10 * number + 10, f"{number}.jpg") for number in range(count))


def test_a_scene_becomes_evidence() -> None:
    scene = replace(with_findings(plain_scene(2, 0, 1000), 7), brightness=0.4)

    found = evidence_of(scene, 5, ALL)

    assert (found.scene_id, found.scene_count, found.start_ms, found.end_ms, found.shot_count) == (2, 5, 0, 1000, 1)
    assert [(one.person_id, one.name, one.appearances) for one in found.persons] == [(7, None, ((0, 300), (500, 1000)))]
    assert [(one.speaker, one.text, one.language, one.is_rough) for one in found.lines] == [
        ("Speaker 1", "Good morning from the harbour.", "EN", False)
    ]
    assert [(one.text, one.confidence) for one in found.texts] == [("부산 BUSAN", 0.97)]
    assert [one.keyword for one in found.keywords] == ["harbour", "ship", "sea", "fog", "ghost"]
    assert [(one.type, one.start_ms, one.end_ms) for one in found.sounds] == [("APPLAUSE", 500, 990)]
    assert (found.brightness, found.pictures, found.not_analysed) == (0.4, (), frozenset())


@pytest.mark.parametrize(
    ("missing", "kind"),
    [
        ("faces", "persons"),
        ("speech", "lines"),
        ("text", "texts"),
        ("labels", "keywords"),
        ("objects", "keywords"),
        ("music", "sounds"),
        ("sounds", "sounds"),
    ],
)
def test_what_no_engine_looked_for_is_not_analysed(missing: str, kind: EvidenceKind) -> None:
    assert evidence_of(plain_scene(), 1, ALL - {missing}).not_analysed == {kind}


@pytest.mark.parametrize(
    ("count", "wanted", "found"), [(1, 4, [0]), (4, 4, [0, 1, 2, 3]), (10, 4, [0, 2, 5, 7]), (3, 1, [0]), (3, 0, [])]
)
def test_keyframes_are_taken_at_even_distances(count: int, wanted: int, found: list[int]) -> None:
    scene = replace(plain_scene(), shots=shots(count))

    assert [shot.shot_id for shot in pictured_shots(scene, wanted)] == found


def test_a_keyframe_without_a_time_is_in_the_middle_of_its_shot() -> None:
    assert picture_time(IndexedShot(1, 100, 300, "1.jpg")) == 200
    assert picture_time(IndexedShot(1, 100, 300, "1.jpg", 120)) == 120


def test_the_address_changes_with_all_that_a_summary_is_made_of() -> None:
    scene = with_findings(plain_scene(), 7)
    evidence = evidence_of(scene, 5, ALL)
    known = address_of(evidence, (), "en-US", "composed 1", None, None)

    assert address_of(evidence_of(scene, 5, ALL), (), "en-US", "composed 1", None, None) == known
    changed = [
        address_of(evidence, shots(1), "en-US", "composed 1", None, None),
        address_of(evidence, (), "ko-KR", "composed 1", None, None),
        address_of(evidence, (), "en-US", "composed 2", None, None),
        address_of(evidence, (), "en-US", "composed 1", "model", None),
        address_of(evidence_of(scene, 5, ALL - {"speech"}), (), "en-US", "composed 1", None, None),
        address_of(evidence_of(replace(scene, texts=()), 5, ALL), (), "en-US", "composed 1", None, None),
    ]
    assert known not in changed
    assert len(set(changed)) == len(changed)
