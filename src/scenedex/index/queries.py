"""The statements that read and remove indexes."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, Generic, LiteralString, TypeVar

from scenedex.index.records import (
    IndexedAppearance,
    IndexedKeyword,
    IndexedPerson,
    IndexedScene,
    IndexedScript,
    IndexedShot,
    IndexedSound,
    IndexedText,
    IndexHead,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from scenedex.db.database import Transaction
    from scenedex.index.records import SoundType

T = TypeVar("T")
_HEAD = (
    "index_id, asset_id, type, options, engines, duration_ms,"
    " created_user_name, created_time, updated_user_name, updated_time"
)
SPEAKING: LiteralString = (
    "scripts s LEFT JOIN persons_of_speakers USING (index_id, speaker) LEFT JOIN persons linked USING (person_id)"
    " LEFT JOIN persons person ON person.person_id = linked.root_id AND person.deleted_time IS NULL"
)
"""Lines, and the person that the speaker of each is said to be."""
SPEAKER: LiteralString = "coalesce(person.name, s.speaker)"
_SCRIPT = (
    f"s.script_id, {SPEAKER}, s.text, s.language, s.confidence, s.start_ms, s.end_ms, person.person_id FROM {SPEAKING}"
)
# Stored as 32-bit floats; rounded, so that what is shown is what was found and what a threshold is compared with.
_DIGITS: Final = 4


async def find_head(tx: Transaction, asset_id: int) -> IndexHead | None:
    """The index of an asset, without its scenes."""
    return await tx.one(IndexHead, f"SELECT {_HEAD} FROM indexes WHERE asset_id = %s", asset_id)


async def scenes_of(tx: Transaction, index_id: int) -> tuple[IndexedScene, ...]:
    """The scenes of an index with their shots and all that was found in them, in order of time."""
    shots = await _shots(tx, index_id)
    persons = await _persons(tx, index_id)
    keywords = await _keywords(tx, index_id)
    texts = await _texts(tx, index_id)
    scripts = await _scripts(tx, index_id)
    sounds = await _sounds(tx, index_id)

    def scene(scene_id: int, start_ms: int, end_ms: int, keyframe_key: str) -> IndexedScene:
        return IndexedScene(
            scene_id,
            start_ms,
            end_ms,
            keyframe_key,
            shots.of(scene_id),
            persons.of(scene_id),
            keywords.of(scene_id),
            texts.of(scene_id),
            scripts.of(scene_id),
            sounds.of(scene_id),
        )

    found = await tx.all(
        scene,
        "SELECT scene_id, start_ms, end_ms, keyframe_key FROM scenes WHERE index_id = %s ORDER BY scene_id",
        index_id,
    )
    return tuple(found)


async def persons_of_scene(tx: Transaction, index_id: int, scene_id: int) -> tuple[IndexedPerson, ...]:
    """Who is seen in a scene, in order of time."""
    return (await _persons(tx, index_id, scene_id)).of(scene_id)


async def find_script(tx: Transaction, index_id: int, script_id: int) -> IndexedScript | None:
    """A line of an index."""
    return await tx.one(_script, f"SELECT {_SCRIPT} WHERE s.index_id = %s AND s.script_id = %s", index_id, script_id)


async def delete_former(tx: Transaction, asset_id: int) -> int:
    """Remove the index of an asset, if there is one; how often people had changed it."""
    return await tx.value("DELETE FROM indexes WHERE asset_id = %s RETURNING edit_count", asset_id) or 0


async def delete_of(tx: Transaction, asset_id: int, index_id: int | None = None) -> bool:
    """Remove the index of an asset, with an id only that one; False where there is none."""
    return (
        await tx.run(
            "DELETE FROM indexes WHERE asset_id = %s AND index_id = coalesce(%s, index_id)", asset_id, index_id
        )
        > 0
    )


class _ByScene(Generic[T]):
    """What was found, by the scene that it was found in; rows are made with the scene's id as first column."""

    def __init__(self, make: Callable[..., T]) -> None:
        self._make = make
        self._found: defaultdict[int, list[T]] = defaultdict(list)

    def __call__(self, scene_id: int, *columns: object) -> None:
        self._found[scene_id].append(self._make(*columns))

    def of(self, scene_id: int) -> tuple[T, ...]:
        return tuple(self._found.get(scene_id, ()))


async def _shots(tx: Transaction, index_id: int) -> _ByScene[IndexedShot]:
    shots = _ByScene(IndexedShot)
    await tx.all(
        shots,
        "SELECT scene_id, shot_id, start_ms, end_ms, keyframe_key FROM shots WHERE index_id = %s ORDER BY shot_id",
        index_id,
    )
    return shots


async def _persons(tx: Transaction, index_id: int, only_scene: int | None = None) -> _ByScene[IndexedPerson]:
    persons = _ByScene(IndexedPerson)
    appearances: dict[tuple[int, int], list[IndexedAppearance]] = {}
    known: dict[int, tuple[str | None, str | None]] = {}

    def appearance(
        scene_id: int,
        person_id: int,
        start_ms: int,
        end_ms: int,
        confidence: float,
        name: str | None,
        thumbnail_key: str | None,
    ) -> None:
        seen = IndexedAppearance(start_ms, end_ms, round(confidence, _DIGITS))
        appearances.setdefault((scene_id, person_id), []).append(seen)
        known[person_id] = (name, thumbnail_key)

    await tx.all(
        appearance,
        "SELECT scene_id, person.person_id, seen.start_ms, seen.end_ms, seen.confidence, person.name, thumbnails.key"
        " FROM appearances seen JOIN persons registered ON registered.person_id = seen.person_id"
        " JOIN persons person ON person.person_id = registered.root_id"
        " LEFT JOIN person_thumbnails thumbnails ON thumbnails.thumbnail_id = person.primary_thumbnail_id"
        " WHERE index_id = %s AND scene_id = coalesce(%s, scene_id)"
        " ORDER BY seen.start_ms, seen.end_ms, person.person_id",
        index_id,
        only_scene,
    )
    for (scene_id, person_id), seen in appearances.items():
        persons(scene_id, person_id, tuple(seen), *known[person_id])
    return persons


async def _keywords(tx: Transaction, index_id: int) -> _ByScene[IndexedKeyword]:
    def keyword(
        keyword: str, category: str, confidence: float, start_ms: list[int], end_ms: list[int]
    ) -> IndexedKeyword:
        return IndexedKeyword(keyword, category, round(confidence, _DIGITS), tuple(zip(start_ms, end_ms, strict=True)))

    keywords = _ByScene(keyword)
    await tx.all(
        keywords,
        "SELECT scene_id, keyword, category, confidence, start_ms, end_ms FROM keywords"
        " WHERE index_id = %s ORDER BY confidence DESC, keyword, category",
        index_id,
    )
    return keywords


async def _texts(tx: Transaction, index_id: int) -> _ByScene[IndexedText]:
    def text(text: str, *numbers: float) -> IndexedText:
        left, top, width, height, confidence = (round(number, _DIGITS) for number in numbers[:5])
        start_ms, end_ms = (int(number) for number in numbers[5:])
        return IndexedText(text, left, top, width, height, confidence, start_ms, end_ms)

    texts = _ByScene(text)
    await tx.all(
        texts,
        "SELECT scene_id, text, box_left, box_top, box_width, box_height, confidence, start_ms, end_ms FROM texts"
        " WHERE index_id = %s ORDER BY start_ms, box_top, box_left, end_ms, text",
        index_id,
    )
    return texts


async def _scripts(tx: Transaction, index_id: int) -> _ByScene[IndexedScript]:
    scripts = _ByScene(_script)
    await tx.all(
        scripts, f"SELECT s.scene_id, {_SCRIPT} WHERE s.index_id = %s ORDER BY s.start_ms, s.script_id", index_id
    )
    return scripts


def _script(
    script_id: int,
    speaker: str,
    text: str,
    language: str,
    confidence: float,
    start_ms: int,
    end_ms: int,
    person_id: int | None,
) -> IndexedScript:
    return IndexedScript(script_id, speaker, text, language, round(confidence, _DIGITS), start_ms, end_ms, person_id)


async def _sounds(tx: Transaction, index_id: int) -> _ByScene[IndexedSound]:
    def sound(type_: SoundType, confidence: float, start_ms: int, end_ms: int) -> IndexedSound:
        return IndexedSound(type_, round(confidence, _DIGITS), start_ms, end_ms)

    sounds = _ByScene(sound)
    await tx.all(
        sounds,
        "SELECT scene_id, type, confidence, start_ms, end_ms FROM audio_effects"
        " WHERE index_id = %s ORDER BY start_ms, end_ms, type",
        index_id,
    )
    return sounds
