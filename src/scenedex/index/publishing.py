"""The statements that write an index: copied in, as a long film has a hundred thousand findings."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, LiteralString

import msgspec

from scenedex.index.findable import find_by
from scenedex.index.finding import count_terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scenedex.db.database import Transaction
    from scenedex.index.findable import Place, SceneWords
    from scenedex.index.records import IndexedScene, NewIndex

    Row = tuple[object, ...]


async def insert(tx: Transaction, index: NewIndex, place: Place) -> None:
    """An index with its scenes, all that was found in them, and what they are found by."""
    await tx.run(
        "INSERT INTO indexes (index_id, asset_id, type, options, engines, duration_ms,"
        " created_user_name, updated_user_name) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        index.index_id,
        index.asset_id,
        index.type,
        msgspec.json.encode(index.setting).decode(),
        msgspec.json.encode(index.engines).decode(),
        index.duration_ms,
        index.user_name,
        index.user_name,
    )
    scenes = index.scenes
    words = [find_by(scene, place) for scene in scenes]
    rows: tuple[tuple[LiteralString, Iterator[Row]], ...] = (
        ("scenes (index_id, scene_id, start_ms, end_ms, keyframe_key, words)", _scenes(scenes, words)),
        ("shots (index_id, scene_id, shot_id, start_ms, end_ms, keyframe_key)", _shots(scenes)),
        ("appearances (index_id, scene_id, person_id, start_ms, end_ms, confidence)", _appearances(scenes)),
        ("keywords (index_id, scene_id, keyword, category, confidence, start_ms, end_ms)", _keywords(scenes)),
        (
            "texts (index_id, scene_id, text, box_left, box_top, box_width, box_height, confidence, start_ms, end_ms)",
            _texts(scenes),
        ),
        (
            "scripts (index_id, scene_id, script_id, speaker, text, language, confidence, start_ms, end_ms)",
            _scripts(scenes),
        ),
        ("audio_effects (index_id, scene_id, type, confidence, start_ms, end_ms)", _sounds(scenes)),
        (
            "scene_vectors (index_id, scene_id, workspace_id, space, engine, embedding)",
            _vectors(scenes, place.workspace_id),
        ),
    )
    for columns, found in rows:
        await _copy(tx, columns, index.index_id, found)
    await count_terms(tx, place.workspace_id, words)


async def _copy(tx: Transaction, columns: LiteralString, index_id: int, rows: Iterable[Row]) -> None:
    async with tx.connection.cursor() as cursor, cursor.copy(f"COPY {columns} FROM STDIN") as copy:
        for row in rows:
            await copy.write_row((index_id, *row))


def _scenes(scenes: tuple[IndexedScene, ...], words: Iterable[SceneWords]) -> Iterator[Row]:
    for scene, one in zip(scenes, words, strict=True):
        yield scene.scene_id, scene.start_ms, scene.end_ms, scene.keyframe_key, one.vector


def _shots(scenes: tuple[IndexedScene, ...]) -> Iterator[Row]:
    for scene in scenes:
        for shot in scene.shots:
            yield scene.scene_id, shot.shot_id, shot.start_ms, shot.end_ms, shot.keyframe_key


def _appearances(scenes: tuple[IndexedScene, ...]) -> Iterator[Row]:
    for scene in scenes:
        for person in scene.persons:
            for seen in person.appearances:
                yield scene.scene_id, person.person_id, seen.start_ms, seen.end_ms, seen.confidence


def _keywords(scenes: tuple[IndexedScene, ...]) -> Iterator[Row]:
    for scene in scenes:
        for found in scene.keywords:
            starts = [start_ms for start_ms, _ in found.appearances]
            ends = [end_ms for _, end_ms in found.appearances]
            yield scene.scene_id, _storable(found.keyword), found.category, found.confidence, starts, ends


def _texts(scenes: tuple[IndexedScene, ...]) -> Iterator[Row]:
    for scene in scenes:
        for found in scene.texts:
            box = found.left, found.top, found.width, found.height
            yield scene.scene_id, _storable(found.text), *box, found.confidence, found.start_ms, found.end_ms


def _scripts(scenes: tuple[IndexedScene, ...]) -> Iterator[Row]:
    for scene in scenes:
        for line in scene.scripts:
            said = line.speaker, _storable(line.text), line.language
            yield scene.scene_id, line.script_id, *said, line.confidence, line.start_ms, line.end_ms


def _sounds(scenes: tuple[IndexedScene, ...]) -> Iterator[Row]:
    for scene in scenes:
        for sound in scene.sounds:
            yield scene.scene_id, sound.type, sound.confidence, sound.start_ms, sound.end_ms


def _vectors(scenes: tuple[IndexedScene, ...], workspace_id: int) -> Iterator[Row]:
    for scene in scenes:
        for vector in scene.vectors:
            yield scene.scene_id, workspace_id, vector.space, vector.engine, halves(vector.embedding)


def halves(embedding: bytes) -> str:
    """A vector as the database reads it; five digits are more than its 16-bit floats hold."""
    values = struct.unpack(f"<{len(embedding) // 4}f", embedding)
    return f"[{','.join(f'{value:.5g}' for value in values)}]"


def _storable(text: str) -> str:
    """What engines read, without what the database has no place for: NUL, and halves of surrogate pairs."""
    return text.replace("\0", "").encode(errors="ignore").decode()
