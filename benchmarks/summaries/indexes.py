"""Evidence of scenes from indexes in JSON, as `scenedex index show --json` prints them."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # used at run time by callers
from typing import TYPE_CHECKING, Literal

import msgspec

from scenedex.engines.summaries import (
    EvidenceKeyword,
    EvidenceLine,
    EvidencePerson,
    EvidenceSound,
    EvidenceText,
    SceneEvidence,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


class _Times(msgspec.Struct, rename="camel"):
    start_time_ms: int
    end_time_ms: int


class _Person(msgspec.Struct, rename="camel"):
    person_id: int
    appearances: list[_Times]
    person_name: str | None = None


class _Keyword(msgspec.Struct, rename="camel"):
    keyword: str
    category: str
    confidence: float


class _Box(msgspec.Struct):
    height: float


class _Text(_Times, rename="camel"):
    text: str
    confidence: float
    bounding_box: _Box


class _Line(_Times, rename="camel"):
    script_id: int
    speaker: str
    text: str
    is_rough: bool = False
    language: str = ""


class _Sound(_Times, rename="camel"):
    type: Literal["APPLAUSE", "LAUGHTER", "BACKGROUND_MUSIC"]


class _Scene(_Times, rename="camel"):
    scene_id: int
    shots: list[_Times] = []
    persons: list[_Person] = []
    keywords: list[_Keyword] = []
    texts: list[_Text] = []
    scripts: list[_Line] = []
    audio_effects: list[_Sound] = []


class _Index(msgspec.Struct, rename="camel"):
    scenes: list[_Scene]


def evidence_in(path: Path, names: Mapping[int, str]) -> list[SceneEvidence]:
    """Return the scenes of an index, with names for some of its persons."""
    scenes = msgspec.json.decode(path.read_bytes(), type=_Index).scenes
    return [_evidence(scene, len(scenes), names) for scene in scenes]


def _evidence(scene: _Scene, count: int, names: Mapping[int, str]) -> SceneEvidence:
    return SceneEvidence(
        scene.scene_id,
        count,
        scene.start_time_ms,
        scene.end_time_ms,
        max(1, len(scene.shots)),
        persons=tuple(
            EvidencePerson(
                one.person_id,
                one.person_name or names.get(one.person_id),
                tuple((time.start_time_ms, time.end_time_ms) for time in one.appearances),
            )
            for one in scene.persons
        ),
        lines=tuple(
            EvidenceLine(
                one.script_id, one.speaker, one.text, one.language, one.start_time_ms, one.end_time_ms, one.is_rough
            )
            for one in scene.scripts
        ),
        texts=tuple(
            EvidenceText(one.text, one.confidence, one.start_time_ms, one.end_time_ms, one.bounding_box.height)
            for one in scene.texts
        ),
        keywords=tuple(EvidenceKeyword(one.keyword, one.category, one.confidence) for one in scene.keywords),
        sounds=tuple(EvidenceSound(one.type, one.start_time_ms, one.end_time_ms) for one in scene.audio_effects),
        not_analysed=frozenset({"keywords", "sounds"}),
    )
