"""Evidence of a scene for engines of summaries: what its index knows of it. Pure.

Texts come from media and from users. Engines treat them as data.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Final

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

    from scenedex.engines.summaries import EvidenceKind
    from scenedex.index.records import IndexedScene, IndexedShot

_PARTS: Final[Mapping[EvidenceKind, tuple[str, ...]]] = {
    "persons": ("faces",),
    "lines": ("speech",),
    "texts": ("text",),
    "keywords": ("labels", "objects"),
    "sounds": ("music", "sounds"),
}
"""Parts of an index whose engines all must have run before the absence of a kind of findings means something."""


def evidence_of(scene: IndexedScene, scene_count: int, analysed: frozenset[str]) -> SceneEvidence:
    """Return the evidence of a scene, without pictures.

    Args:
        scene: the scene with its findings.
        scene_count: number of scenes of the index.
        analysed: parts of the index that an engine made.
    """
    return SceneEvidence(
        scene_id=scene.scene_id,
        scene_count=scene_count,
        start_ms=scene.start_ms,
        end_ms=scene.end_ms,
        shot_count=len(scene.shots),
        persons=tuple(
            EvidencePerson(one.person_id, one.name, tuple((seen.start_ms, seen.end_ms) for seen in one.appearances))
            for one in scene.persons
        ),
        lines=tuple(
            EvidenceLine(one.script_id, one.speaker, one.text, one.language, one.start_ms, one.end_ms, one.is_rough)
            for one in scene.scripts
        ),
        texts=tuple(
            EvidenceText(one.text, one.confidence, one.start_ms, one.end_ms, one.height) for one in scene.texts
        ),
        keywords=tuple(EvidenceKeyword(one.keyword, one.category, one.confidence) for one in scene.keywords),
        sounds=tuple(EvidenceSound(one.type, one.start_ms, one.end_ms) for one in scene.sounds),
        brightness=scene.brightness,
        not_analysed=frozenset(kind for kind, parts in _PARTS.items() if not analysed.issuperset(parts)),
    )


def pictured_shots(scene: IndexedScene, max_pictures: int) -> tuple[IndexedShot, ...]:
    """Return the shots of a scene whose keyframes are shown to an engine: at even distances, the first among them."""
    shots = scene.shots
    if len(shots) <= max_pictures:
        return shots
    return tuple(shots[place * len(shots) // max_pictures] for place in range(max_pictures))


def picture_time(shot: IndexedShot) -> int:
    """Return the time of a keyframe in milliseconds, the middle of its shot if it is not known."""
    return (shot.start_ms + shot.end_ms) // 2 if shot.keyframe_ms is None else shot.keyframe_ms


def address_of(evidence: SceneEvidence, shown: tuple[IndexedShot, ...], *made_by: str | None) -> str:
    """Return the hash of what a summary is made of: evidence, keys of keyframes, locale and engine.

    The summaries of preceding scenes do not count. They are made of the same index.
    """
    facts = msgspec.to_builtins(replace(evidence, not_analysed=frozenset()))
    parts = (facts, sorted(evidence.not_analysed), [shot.keyframe_key for shot in shown], made_by)
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()
