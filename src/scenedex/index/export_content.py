"""Conversion of indexes to the content of exports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.exports.content import AssetScenes, ExportedScene, ExportedShot, SceneFinding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scenedex.index.records import Index, IndexedScene


def asset_scenes(index: Index) -> AssetScenes:
    """Convert an index."""
    scenes = [exported_scene(scene) for scene in index.scenes]
    return AssetScenes(index.head.asset_id, index.head.index_id, index.file_name, scenes)


def exported_scene(scene: IndexedScene) -> ExportedScene:
    """Convert a scene with its shots and findings."""
    shots = tuple(ExportedShot(shot.shot_id, shot.start_ms, shot.end_ms) for shot in scene.shots)
    return ExportedScene(scene.scene_id, scene.start_ms, scene.end_ms, shots, tuple(_findings(scene)))


def _findings(scene: IndexedScene) -> Iterator[SceneFinding]:
    for person in scene.persons:
        for seen in person.appearances:
            times = seen.start_ms, seen.end_ms, seen.confidence
            yield SceneFinding("person", *times, person.name or "", person.person_id)
    for keyword in scene.keywords:
        for start_ms, end_ms in keyword.appearances:
            label = keyword.keyword
            yield SceneFinding("keyword", start_ms, end_ms, keyword.confidence, label, category=keyword.category)
    for text in scene.texts:
        box = text.left, text.top, text.width, text.height
        yield SceneFinding("text", text.start_ms, text.end_ms, text.confidence, text.text, box=box)
    for line in scene.scripts:
        yield SceneFinding(
            "script",
            line.start_ms,
            line.end_ms,
            line.confidence,
            line.text,
            line.script_id,
            speaker=line.speaker,
            language=line.language,
        )
    for sound in scene.sounds:
        yield SceneFinding("audioEffect", sound.start_ms, sound.end_ms, sound.confidence, sound.type)
