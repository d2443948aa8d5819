"""Statements that read the findings of scenes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Final, Generic, LiteralString, TypeVar

import msgspec

from scenedex.index.records import (
    IndexedAppearance,
    IndexedKeyword,
    IndexedPerson,
    IndexedScene,
    IndexedScript,
    IndexedSentence,
    IndexedSound,
    IndexedSummary,
    IndexedText,
    IndexedWord,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from scenedex.db.database import Transaction
    from scenedex.index.records import LocaleName, SceneKey, SoundType

T = TypeVar("T")
# Stored as 32-bit floats. Rounding shows the value that was found and that a threshold is compared with.
_DIGITS: Final = 4


class RowsByScene(Generic[T]):
    """Rows of a statement, grouped by scene. A row starts with the ids of its index and scene."""

    def __init__(self, make: Callable[..., T]) -> None:
        self._make = make
        self._found: defaultdict[SceneKey, list[T]] = defaultdict(list)

    def __call__(self, index_id: int, scene_id: int, *columns: object) -> None:
        """Add a row."""
        self._found[index_id, scene_id].append(self._make(*columns))

    def __iter__(self) -> Iterator[T]:
        return chain.from_iterable(self._found.values())

    def of(self, key: SceneKey) -> tuple[T, ...]:
        """Return the findings of a scene, in the order of the rows."""
        return tuple(self._found.get(key, ()))


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """Condition on the rows of findings, and its parameters."""

    condition: LiteralString
    params: Mapping[str, object]

    @classmethod
    def in_index(cls, index_id: int) -> FindingFilter:
        """Findings of all scenes of an index."""
        return cls("index_id = %(index_id)s", {"index_id": index_id})

    @classmethod
    def in_scenes(cls, keys: Sequence[SceneKey]) -> FindingFilter:
        """Findings of some scenes."""
        return cls(
            "(index_id, scene_id) IN (SELECT * FROM unnest(%(index_ids)s::bigint[], %(scene_ids)s::integer[]))",
            {"index_ids": [index_id for index_id, _ in keys], "scene_ids": [scene_id for _, scene_id in keys]},
        )

    @classmethod
    def script(cls, index_id: int, script_id: int) -> FindingFilter:
        """One script."""
        return cls(
            "index_id = %(index_id)s AND script_id = %(script_id)s", {"index_id": index_id, "script_id": script_id}
        )


@dataclass(frozen=True, slots=True)
class SceneFindings:
    """Findings of some scenes. Sounds are read with an index, and not with hits of a search."""

    persons: RowsByScene[IndexedPerson]
    keywords: RowsByScene[IndexedKeyword]
    texts: RowsByScene[IndexedText]
    scripts: RowsByScene[IndexedScript]
    summaries: RowsByScene[IndexedSummary]
    sounds: RowsByScene[IndexedSound] | None = None

    def added_to(self, scene: IndexedScene, index_id: int) -> IndexedScene:
        """Return a scene with its findings."""
        key = index_id, scene.scene_id
        return replace(
            scene,
            persons=self.persons.of(key),
            keywords=self.keywords.of(key),
            texts=self.texts.of(key),
            scripts=self.scripts.of(key),
            sounds=() if self.sounds is None else self.sounds.of(key),
            summary=next(iter(self.summaries.of(key)), None),
        )


async def findings_of(tx: Transaction, wanted: FindingFilter) -> SceneFindings:
    """Return persons, keywords, texts, scripts and summaries of scenes, in five statements for any number of scenes."""
    return SceneFindings(
        await _persons(tx, wanted),
        await _keywords(tx, wanted),
        await _texts(tx, wanted),
        await _scripts(tx, wanted),
        await _summaries(tx, wanted),
    )


async def all_findings_of(tx: Transaction, wanted: FindingFilter) -> SceneFindings:
    """Return everything that an index shows of scenes, in six statements."""
    return replace(await findings_of(tx, wanted), sounds=await _sounds(tx, wanted))


async def persons_of_scene(tx: Transaction, index_id: int, scene_id: int) -> tuple[IndexedPerson, ...]:
    """Return the persons in a scene, in order of time."""
    key = index_id, scene_id
    return (await _persons(tx, FindingFilter.in_scenes([key]))).of(key)


async def find_script(tx: Transaction, index_id: int, script_id: int) -> IndexedScript | None:
    """Return a script of an index."""
    return next(iter(await _scripts(tx, FindingFilter.script(index_id, script_id))), None)


async def _persons(tx: Transaction, wanted: FindingFilter) -> RowsByScene[IndexedPerson]:
    persons = RowsByScene(IndexedPerson)
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
        f"""
        SELECT index_id, scene_id, person.person_id, seen.start_ms, seen.end_ms, seen.confidence,
            person.name, thumbnails.key
        FROM appearances seen
        JOIN persons registered ON registered.person_id = seen.person_id
        JOIN persons person ON person.person_id = registered.root_id
        LEFT JOIN person_thumbnails thumbnails ON thumbnails.thumbnail_id = person.primary_thumbnail_id
        WHERE {wanted.condition}
        ORDER BY seen.start_ms, seen.end_ms, person.person_id
        """,
        **wanted.params,
    )
    for (index_id, scene_id, person_id), seen in appearances.items():
        persons(index_id, scene_id, person_id, tuple(seen), *known[person_id])
    return persons


async def _keywords(tx: Transaction, wanted: FindingFilter) -> RowsByScene[IndexedKeyword]:
    def keyword(
        keyword: str, category: str, confidence: float, start_ms: list[int], end_ms: list[int]
    ) -> IndexedKeyword:
        return IndexedKeyword(keyword, category, round(confidence, _DIGITS), tuple(zip(start_ms, end_ms, strict=True)))

    keywords = RowsByScene(keyword)
    await tx.all(
        keywords,
        f"""
        SELECT index_id, scene_id, keyword, category, confidence, start_ms, end_ms
        FROM keywords
        WHERE {wanted.condition}
        ORDER BY confidence DESC, keyword, category
        """,
        **wanted.params,
    )
    return keywords


async def _texts(tx: Transaction, wanted: FindingFilter) -> RowsByScene[IndexedText]:
    def text(text: str, *numbers: float) -> IndexedText:
        left, top, width, height, confidence = (round(number, _DIGITS) for number in numbers[:5])
        start_ms, end_ms = (int(number) for number in numbers[5:])
        return IndexedText(text, left, top, width, height, confidence, start_ms, end_ms)

    texts = RowsByScene(text)
    await tx.all(
        texts,
        f"""
        SELECT index_id, scene_id, text, box_left, box_top, box_width, box_height, confidence, start_ms, end_ms
        FROM texts
        WHERE {wanted.condition}
        ORDER BY start_ms, box_top, box_left, end_ms, text
        """,
        **wanted.params,
    )
    return texts


async def _scripts(tx: Transaction, wanted: FindingFilter) -> RowsByScene[IndexedScript]:
    def script(  # noqa: PLR0913, PLR0917  # one argument for each column
        script_id: int,
        speaker: str,
        text: str,
        language: str,
        confidence: float,
        start_ms: int,
        end_ms: int,
        person_id: int | None,
        is_rough: bool,  # noqa: FBT001  # one argument for each column
        words: str,
        sound_track: int | None,
    ) -> IndexedScript:
        return IndexedScript(
            script_id,
            speaker,
            text,
            language,
            round(confidence, _DIGITS),
            start_ms,
            end_ms,
            person_id,
            is_rough,
            msgspec.json.decode(words, type=tuple[IndexedWord, ...]),
            sound_track,
        )

    scripts = RowsByScene(script)
    await tx.all(
        scripts,
        f"""
        SELECT index_id, s.scene_id, s.script_id, coalesce(person.name, s.speaker), s.text, s.language, s.confidence,
            s.start_ms, s.end_ms, person.person_id, s.is_rough, s.words::text, s.sound_track
        FROM scripts s
        LEFT JOIN persons_of_speakers USING (index_id, speaker)
        LEFT JOIN persons linked USING (person_id)
        LEFT JOIN persons person ON person.person_id = linked.root_id AND person.deleted_time IS NULL
        WHERE {wanted.condition}
        ORDER BY s.start_ms, s.script_id
        """,
        **wanted.params,
    )
    return scripts


async def _summaries(tx: Transaction, wanted: FindingFilter) -> RowsByScene[IndexedSummary]:
    def summary(
        text: str, locale: LocaleName, sentences: str, engine: str, model: str | None, prompt_version: str | None
    ) -> IndexedSummary:
        shown = msgspec.json.decode(sentences, type=tuple[IndexedSentence, ...])
        return IndexedSummary(text, locale, shown, engine, model, prompt_version)

    summaries = RowsByScene(summary)
    await tx.all(
        summaries,
        f"""
        SELECT index_id, scene_id, text, locale, sentences::text, engine, model, prompt_version
        FROM scene_summaries
        WHERE {wanted.condition}
        """,
        **wanted.params,
    )
    return summaries


async def _sounds(tx: Transaction, wanted: FindingFilter) -> RowsByScene[IndexedSound]:
    def sound(type_: SoundType, confidence: float, start_ms: int, end_ms: int) -> IndexedSound:
        return IndexedSound(type_, round(confidence, _DIGITS), start_ms, end_ms)

    sounds = RowsByScene(sound)
    await tx.all(
        sounds,
        f"""
        SELECT index_id, scene_id, type, confidence, start_ms, end_ms
        FROM audio_effects
        WHERE {wanted.condition}
        ORDER BY start_ms, end_ms, type
        """,
        **wanted.params,
    )
    return sounds
