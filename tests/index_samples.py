"""Indexes with findings of every kind."""

from __future__ import annotations

import struct
from dataclasses import replace
from datetime import UTC, datetime

from scenedex.index.records import (
    Index,
    IndexedAppearance,
    IndexedKeyword,
    IndexedPerson,
    IndexedScene,
    IndexedScript,
    IndexedSentence,
    IndexedShot,
    IndexedSound,
    IndexedSummary,
    IndexedText,
    IndexedVector,
    IndexHead,
    StageEngine,
)

ENGINES = (
    StageEngine("shots", "scenedex-shots", "1"),
    StageEngine("faces", "dlib-resnet", "1", "dlib-resnet-v1"),
    StageEngine("sounds", not_analysed="No weights; get them with: scenedex weights pull ced-tiny"),
)
KEYWORDS = (
    IndexedKeyword("harbour", "TEXT", 0.9, ((0, 400), (600, 700))),
    IndexedKeyword("ship", "OBJECT", 0.7, ((0, 1000),)),
    IndexedKeyword("sea", "SCENE", 0.5, ((0, 1000),)),
    IndexedKeyword("fog", "SCENE", 0.3, ((0, 1000),)),
    IndexedKeyword("ghost", "SCENE", 0.1, ((0, 1000),)),
)
TEXT = IndexedText("부산 BUSAN", 0.1, 0.8, 0.25, 0.0612, 0.97, 100, 900)
SCRIPT = IndexedScript(1, "Speaker 1", "Good morning from the harbour.", "EN", 0.88, 150, 950)
SUMMARY = IndexedSummary(
    "A ship is in the harbour. Someone says good morning.",
    "en-US",
    (IndexedSentence("A ship is in the harbour.", "seen"), IndexedSentence("Someone says good morning.", "heard")),
    "composed 1",
)
SOUND = IndexedSound("APPLAUSE", 0.77, 500, 990)


def person(person_id: int) -> IndexedPerson:
    """A person who is seen twice."""
    return IndexedPerson(person_id, (IndexedAppearance(0, 300, 0.94), IndexedAppearance(500, 1000, 0.81)))


def vector(*values: float) -> bytes:
    """A vector as engines give it."""
    return struct.pack(f"<{len(values)}f", *values)


def with_findings(scene: IndexedScene, person_id: int | None = None) -> IndexedScene:
    """A scene of a second with findings of every kind."""
    return replace(
        scene,
        persons=() if person_id is None else (person(person_id),),
        keywords=KEYWORDS,
        texts=(TEXT,),
        scripts=(SCRIPT,),
        sounds=(SOUND,),
        vectors=(
            IndexedVector("PICTURE", "mpeg7", vector(0.25, -0.5, 0.125), scene.start_ms, scene.end_ms),
            IndexedVector("TEXT", "minilm", vector(1, 0), scene.start_ms, scene.end_ms),
        ),
    )


def plain_scene(scene_id: int = 1, start_ms: int = 0, end_ms: int = 1000) -> IndexedScene:
    """A scene of one shot without findings."""
    shot = IndexedShot(scene_id, start_ms, end_ms, f"{scene_id}.jpg")
    return IndexedScene(scene_id, start_ms, end_ms, f"{scene_id}.jpg", (shot,))


def index_of(*scenes: IndexedScene, file_name: str = "interview.mp4") -> Index:
    """Return an index of these scenes, in the form that readers get."""
    moment = datetime(2025, 4, 23, 17, 14, 11, tzinfo=UTC)
    duration = max((scene.end_ms for scene in scenes), default=0)
    head = IndexHead(77, 1001, "VIDEO", {}, [], duration, "alice", moment, "alice", moment)
    return Index(file_name, head, scenes)
