"""Statements that insert an index. Rows are copied, as a long film has a hundred thousand findings."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, LiteralString

import msgspec

from scenedex.index.records import vector_literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scenedex.db.database import Transaction
    from scenedex.index.records import IndexedScene, NewIndex
    from scenedex.index.search_terms import SceneTerms

    Row = tuple[object, ...]


async def insert(tx: Transaction, index: NewIndex, workspace_id: int, terms: Sequence[SceneTerms]) -> None:
    """Insert an index with its scenes, their findings and their terms. ``terms`` are in the order of the scenes."""
    await tx.run(
        """
        INSERT INTO indexes (
            index_id, asset_id, type, options, engines, duration_ms, voice_tracks, created_user_name,
            updated_user_name
        )
        VALUES (
            %(index_id)s, %(asset_id)s, %(type)s, %(options)s, %(engines)s, %(duration_ms)s,
            %(voice_tracks)s, %(user_name)s, %(user_name)s
        )
        """,
        index_id=index.index_id,
        asset_id=index.asset_id,
        type=index.type,
        options=msgspec.json.encode(index.setting).decode(),
        engines=msgspec.json.encode(index.engines).decode(),
        duration_ms=index.duration_ms,
        voice_tracks=list(index.voice_tracks),
        user_name=index.user_name,
    )
    scenes = index.scenes
    copies: tuple[tuple[LiteralString, Iterator[Row]], ...] = (
        (
            "COPY scenes (index_id, scene_id, start_ms, end_ms, keyframe_key, brightness, words) FROM STDIN",
            _scenes(scenes, terms),
        ),
        (
            "COPY shots (index_id, scene_id, shot_id, start_ms, end_ms, keyframe_key, keyframe_ms) FROM STDIN",
            _shots(scenes),
        ),
        (
            "COPY appearances (index_id, scene_id, person_id, start_ms, end_ms, confidence) FROM STDIN",
            _appearances(scenes),
        ),
        (
            "COPY keywords (index_id, scene_id, keyword, category, confidence, start_ms, end_ms) FROM STDIN",
            _keywords(scenes),
        ),
        (
            """
            COPY texts (
                index_id, scene_id, text, box_left, box_top, box_width, box_height, confidence, start_ms, end_ms
            )
            FROM STDIN
            """,
            _texts(scenes),
        ),
        (
            """
            COPY scripts (
                index_id, scene_id, script_id, speaker, text, language, confidence, start_ms, end_ms, is_rough, words,
                sound_track
            )
            FROM STDIN
            """,
            _scripts(scenes),
        ),
        ("COPY audio_effects (index_id, scene_id, type, confidence, start_ms, end_ms) FROM STDIN", _sounds(scenes)),
        (
            """
            COPY scene_vectors (index_id, scene_id, workspace_id, space, engine, place, start_ms, end_ms, embedding)
            FROM STDIN
            """,
            _vectors(scenes, workspace_id),
        ),
    )
    for statement, rows in copies:
        async with tx.connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                await copy.write_row((index.index_id, *row))


def _scenes(scenes: tuple[IndexedScene, ...], terms: Sequence[SceneTerms]) -> Iterator[Row]:
    for scene, entry in zip(scenes, terms, strict=True):
        span = scene.start_ms, scene.end_ms
        yield scene.scene_id, *span, scene.keyframe_key, scene.brightness, entry.vector


def _shots(scenes: tuple[IndexedScene, ...]) -> Iterator[Row]:
    for scene in scenes:
        for shot in scene.shots:
            span = shot.start_ms, shot.end_ms
            yield scene.scene_id, shot.shot_id, *span, shot.keyframe_key, shot.keyframe_ms


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
            words = [msgspec.structs.replace(word, text=_storable(word.text)) for word in line.words]
            heard = line.is_rough, msgspec.json.encode(words).decode(), line.sound_track
            yield scene.scene_id, line.script_id, *said, line.confidence, line.start_ms, line.end_ms, *heard


def _sounds(scenes: tuple[IndexedScene, ...]) -> Iterator[Row]:
    for scene in scenes:
        for sound in scene.sounds:
            yield scene.scene_id, sound.type, sound.confidence, sound.start_ms, sound.end_ms


def _vectors(scenes: tuple[IndexedScene, ...], workspace_id: int) -> Iterator[Row]:
    for scene in scenes:
        places: Counter[tuple[str, str]] = Counter()
        for vector in scene.vectors:
            kind = vector.space, vector.engine
            literal = vector_literal(vector.embedding)
            yield scene.scene_id, workspace_id, *kind, places[kind], vector.start_ms, vector.end_ms, literal
            places[kind] += 1


def _storable(text: str) -> str:
    """Remove characters that the database cannot store: NUL, and halves of surrogate pairs."""
    return text.replace("\0", "").encode(errors="ignore").decode()
