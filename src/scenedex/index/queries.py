"""The statements that read and remove indexes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
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
    from collections.abc import Callable, Sequence

    from scenedex.db.database import Transaction
    from scenedex.index.records import SoundType

    SceneKey = tuple[int, int]
    """A scene: of which index, and which one of it."""

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


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of which scenes findings are read: a condition on ``index_id`` and ``scene_id``, and its parameters."""

    where: LiteralString
    params: tuple[object, ...]

    @classmethod
    def of_index(cls, index_id: int) -> Wanted:
        """All scenes of an index."""
        return cls("index_id = %s", (index_id,))

    @classmethod
    def scenes(cls, keys: Sequence[SceneKey]) -> Wanted:
        """These scenes."""
        return cls(
            "(index_id, scene_id) IN (SELECT * FROM unnest(%s::bigint[], %s::integer[]))",
            ([index_id for index_id, _ in keys], [scene_id for _, scene_id in keys]),
        )


async def scenes_of(tx: Transaction, index_id: int) -> tuple[IndexedScene, ...]:
    """The scenes of an index with their shots and all that was found in them, in order of time."""
    wanted = Wanted.of_index(index_id)
    shots = await _shots(tx, index_id)
    findings = await findings_of(tx, wanted)
    sounds = await _sounds(tx, wanted)

    def scene(scene_id: int, start_ms: int, end_ms: int, keyframe_key: str) -> IndexedScene:
        key = index_id, scene_id
        bare = IndexedScene(scene_id, start_ms, end_ms, keyframe_key, shots.of(key), sounds=sounds.of(key))
        return findings.added_to(bare, key)

    found = await tx.all(
        scene,
        "SELECT scene_id, start_ms, end_ms, keyframe_key FROM scenes WHERE index_id = %s ORDER BY scene_id",
        index_id,
    )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Findings:
    """Who is seen, what is labelled, written and said in some scenes."""

    persons: _ByScene[IndexedPerson]
    keywords: _ByScene[IndexedKeyword]
    texts: _ByScene[IndexedText]
    scripts: _ByScene[IndexedScript]

    def added_to(self, scene: IndexedScene, key: SceneKey) -> IndexedScene:
        """A scene with what was found in it."""
        return replace(
            scene,
            persons=self.persons.of(key),
            keywords=self.keywords.of(key),
            texts=self.texts.of(key),
            scripts=self.scripts.of(key),
        )


async def findings_of(tx: Transaction, wanted: Wanted) -> Findings:
    """What was found in these scenes, in four statements whatever their number."""
    return Findings(
        await _persons(tx, wanted), await _keywords(tx, wanted), await _texts(tx, wanted), await _scripts(tx, wanted)
    )


async def persons_of_scene(tx: Transaction, index_id: int, scene_id: int) -> tuple[IndexedPerson, ...]:
    """Who is seen in a scene, in order of time."""
    key = index_id, scene_id
    return (await _persons(tx, Wanted.scenes([key]))).of(key)


async def find_script(tx: Transaction, index_id: int, script_id: int) -> IndexedScript | None:
    """A line of an index."""
    return await tx.one(_script, f"SELECT {_SCRIPT} WHERE s.index_id = %s AND s.script_id = %s", index_id, script_id)


async def asset_of(tx: Transaction, index_id: int) -> int | None:
    """The asset of an index; None: it has gone."""
    return await tx.value("SELECT asset_id FROM indexes WHERE index_id = %s", index_id)


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
    """What was found, by the scene that it was found in; index and scene are the first columns of a row."""

    def __init__(self, make: Callable[..., T]) -> None:
        self._make = make
        self._found: defaultdict[SceneKey, list[T]] = defaultdict(list)

    def __call__(self, index_id: int, scene_id: int, *columns: object) -> None:
        self._found[index_id, scene_id].append(self._make(*columns))

    def of(self, key: SceneKey) -> tuple[T, ...]:
        return tuple(self._found.get(key, ()))


async def _shots(tx: Transaction, index_id: int) -> _ByScene[IndexedShot]:
    shots = _ByScene(IndexedShot)
    await tx.all(
        shots,
        "SELECT index_id, scene_id, shot_id, start_ms, end_ms, keyframe_key FROM shots"
        " WHERE index_id = %s ORDER BY shot_id",
        index_id,
    )
    return shots


async def _persons(tx: Transaction, wanted: Wanted) -> _ByScene[IndexedPerson]:
    persons = _ByScene(IndexedPerson)
    appearances: dict[tuple[int, int, int], list[IndexedAppearance]] = {}
    known: dict[int, tuple[str | None, str | None]] = {}

    def appearance(  # one argument for each column
        index_id: int,
        scene_id: int,
        person_id: int,
        start_ms: int,
        end_ms: int,
        confidence: float,
        name: str | None,
        thumbnail_key: str | None,
    ) -> None:
        seen = IndexedAppearance(start_ms, end_ms, round(confidence, _DIGITS))
        appearances.setdefault((index_id, scene_id, person_id), []).append(seen)
        known[person_id] = (name, thumbnail_key)

    await tx.all(
        appearance,
        "SELECT index_id, scene_id, person.person_id, seen.start_ms, seen.end_ms, seen.confidence, person.name,"
        " thumbnails.key FROM appearances seen JOIN persons registered ON registered.person_id = seen.person_id"
        " JOIN persons person ON person.person_id = registered.root_id"
        " LEFT JOIN person_thumbnails thumbnails ON thumbnails.thumbnail_id = person.primary_thumbnail_id"
        f" WHERE {wanted.where} ORDER BY seen.start_ms, seen.end_ms, person.person_id",
        *wanted.params,
    )
    for (index_id, scene_id, person_id), seen in appearances.items():
        persons(index_id, scene_id, person_id, tuple(seen), *known[person_id])
    return persons


async def _keywords(tx: Transaction, wanted: Wanted) -> _ByScene[IndexedKeyword]:
    def keyword(
        keyword: str, category: str, confidence: float, start_ms: list[int], end_ms: list[int]
    ) -> IndexedKeyword:
        return IndexedKeyword(keyword, category, round(confidence, _DIGITS), tuple(zip(start_ms, end_ms, strict=True)))

    keywords = _ByScene(keyword)
    await tx.all(
        keywords,
        "SELECT index_id, scene_id, keyword, category, confidence, start_ms, end_ms FROM keywords"
        f" WHERE {wanted.where} ORDER BY confidence DESC, keyword, category",
        *wanted.params,
    )
    return keywords


async def _texts(tx: Transaction, wanted: Wanted) -> _ByScene[IndexedText]:
    def text(text: str, *numbers: float) -> IndexedText:
        left, top, width, height, confidence = (round(number, _DIGITS) for number in numbers[:5])
        start_ms, end_ms = (int(number) for number in numbers[5:])
        return IndexedText(text, left, top, width, height, confidence, start_ms, end_ms)

    texts = _ByScene(text)
    await tx.all(
        texts,
        "SELECT index_id, scene_id, text, box_left, box_top, box_width, box_height, confidence, start_ms, end_ms"
        f" FROM texts WHERE {wanted.where} ORDER BY start_ms, box_top, box_left, end_ms, text",
        *wanted.params,
    )
    return texts


async def _scripts(tx: Transaction, wanted: Wanted) -> _ByScene[IndexedScript]:
    scripts = _ByScene(_script)
    await tx.all(
        scripts,
        f"SELECT index_id, s.scene_id, {_SCRIPT} WHERE {wanted.where} ORDER BY s.start_ms, s.script_id",
        *wanted.params,
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


async def _sounds(tx: Transaction, wanted: Wanted) -> _ByScene[IndexedSound]:
    def sound(type_: SoundType, confidence: float, start_ms: int, end_ms: int) -> IndexedSound:
        return IndexedSound(type_, round(confidence, _DIGITS), start_ms, end_ms)

    sounds = _ByScene(sound)
    await tx.all(
        sounds,
        "SELECT index_id, scene_id, type, confidence, start_ms, end_ms FROM audio_effects"
        f" WHERE {wanted.where} ORDER BY start_ms, end_ms, type",
        *wanted.params,
    )
    return sounds
