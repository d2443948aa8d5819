"""Batches of scenes, made and copied in for many assets at a time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import psycopg
from benchmarks.search.filled import (
    DIRECTIONS,
    NOISE_IN_ALL,
    PERSONS,
    PICTURE_ENGINE,
    PICTURE_NOISE,
    PICTURES,
    SCENE_MS,
    SCENES_OF_ASSET,
    SHOWING_A_PERSON,
    TEXT_ENGINE,
    TEXT_NOISE,
    TOPICS,
    USER,
    WORDS_OF_TOPIC,
    Answered,
)
from benchmarks.search.planted import plants
from benchmarks.search.vocabulary import SHARES, languages

from scenedex.engines.embeddings import MEANING, MPEG7
from scenedex.engines.embeddings.mpeg7 import Mpeg7Pictures
from scenedex.engines.engine import EngineContext
from scenedex.engines.loader import open_engine
from scenedex.engines.registry import EngineRegistry
from scenedex.index.records import IndexedFile, IndexedKeyword, IndexedScene, IndexedScript, IndexedText
from scenedex.index.search_terms import terms_of_scene

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.search.vocabulary import Language
    from numpy.typing import NDArray

    from scenedex.settings import Settings

    Connection = psycopg.Connection[tuple[object, ...]]

_BATCH = 100  # assets
_COPY_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_COPY_END = b"\xff\xff"
_TABLES = (
    "scenes (index_id, scene_id, start_ms, end_ms, keyframe_key, words)",
    "scripts (index_id, scene_id, script_id, speaker, text, language, confidence, start_ms, end_ms)",
    "texts (index_id, scene_id, text, box_left, box_top, box_width, box_height, confidence, start_ms, end_ms)",
    "keywords (index_id, scene_id, keyword, category, confidence, start_ms, end_ms)",
    "appearances (index_id, scene_id, person_id, start_ms, end_ms, confidence)",
)
_VECTORS = "COPY scene_vectors (index_id, scene_id, workspace_id, space, engine, embedding) FROM STDIN (FORMAT binary)"
_PICTURE = f"""
WITH made AS (
    INSERT INTO pictures (picture_key, user_name, purpose, file_name, state, object_key, expires_time)
    VALUES (%(key)s, %(user)s, 'QUERY_IMAGE', 'query.jpg', 'COMPLETED', 'pictures/x', now() + interval '1 year')
)
INSERT INTO vectors_of_pictures (picture_key, engine, embedding)
VALUES (%(key)s, '{PICTURE_ENGINE}', %(vector)s::halfvec)
"""


@dataclass(frozen=True, slots=True)
class Part:
    """Assets that one process fills, with ids from ``first`` on. Their indexes have the same ids."""

    conninfo: str
    workspace_id: int
    first: int
    count: int
    first_person: int
    plan: Plan


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Data that all parts share.

    Attributes:
        topics: unit vectors of the words of topics.
        looks: 162 numbers of 0 to 1 for each topic.
        radii: radii of the circles of these numbers in a vector of the engine of pictures.
        lines: lines and vectors of planted scenes, by asset and scene.
        seen: keys of the pictures of queries, by the scene that they show.
    """

    topics: NDArray[np.float32]
    looks: NDArray[np.float32]
    radii: NDArray[np.float32]
    lines: Mapping[tuple[int, int], tuple[str, NDArray[np.float32] | None]]
    seen: Mapping[tuple[int, int], str]


def fill_part(part: Part) -> Counter[str]:
    """Fill in the assets. Return the number of scenes that contain each term."""
    spoken = languages()
    counts: Counter[str] = Counter()
    with psycopg.connect(part.conninfo, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        for start in range(part.first, part.first + part.count, _BATCH):
            ids = range(start, min(start + _BATCH, part.first + part.count))
            _Batch(part, spoken, np.random.default_rng(start), counts).fill(connection, ids)
    return counts


@dataclass(frozen=True, slots=True)
class _Batch:
    part: Part
    spoken: Sequence[Language]
    chance: np.random.Generator
    counts: Counter[str]
    rows: dict[str, list[str]] = field(default_factory=lambda: {columns: [] for columns in _TABLES})

    def fill(self, connection: Connection, ids: range) -> None:
        keys = [(index_id, scene_id) for index_id in ids for scene_id in range(1, SCENES_OF_ASSET + 1)]
        topics = np.repeat(self.chance.integers(TOPICS, size=(len(ids), 5)), SCENES_OF_ASSET // 5, axis=1).ravel()
        tongues = np.searchsorted(np.cumsum(SHARES[:-1]), self.chance.random(len(ids)))
        for place, key in enumerate(keys):
            self._scene(key, self.spoken[int(tongues[place // SCENES_OF_ASSET])], int(topics[place]))
        with connection.transaction(), connection.cursor() as cursor:
            for columns, lines in self.rows.items():
                with cursor.copy(f"COPY {columns} FROM STDIN".encode()) as copy:
                    copy.write("".join(lines))
            for space, engine, vectors in (
                ("TEXT", TEXT_ENGINE, self._meanings(keys, topics)),
                ("PICTURE", PICTURE_ENGINE, self._looks(connection, keys, topics)),
            ):
                with cursor.copy(_VECTORS) as copy:
                    copy.write(_binary(self.part.workspace_id, keys, space, engine, vectors))

    def _scene(self, key: tuple[int, int], language: Language, topic: int) -> None:
        index_id, scene_id = key
        draws = iter(language.draw(self.chance, 26))
        of_topic = _words_of_topic(language, topic)
        dice = self.chance.random(8)
        lengths = (4 + int(dice[0] * 6), 4 + int(dice[1] * 6))
        at = (scene_id - 1) * SCENE_MS, scene_id * SCENE_MS
        said = [
            language.sentence([*(next(draws) for _ in range(length)), of_topic[int(dice[2 + place] * WORDS_OF_TOPIC)]])
            for place, length in enumerate(lengths)
        ]
        if key in self.part.plan.lines:
            said = [self.part.plan.lines[key][0]]
        shown = language.gap.join(next(draws) for _ in range(1 + int(dice[4] * 3)))
        label = of_topic[int(dice[5] * WORDS_OF_TOPIC)]
        number = 2 * scene_id - 1
        scene = IndexedScene(
            scene_id,
            *at,
            f"assets/{index_id}/index-{index_id}/{scene_id}.jpg",
            (),
            keywords=(IndexedKeyword(label, "TEXT", round(0.3 + 0.6 * dice[6], 3), (at,)),),
            texts=(IndexedText(shown, 0.1, 0.8, 0.5, 0.1, round(0.4 + 0.55 * dice[7], 3), *at),),
            scripts=tuple(
                IndexedScript(number + place, "Speaker 1", text, language.code, 0.9, *at)
                for place, text in enumerate(said)
            ),
        )
        words = terms_of_scene(scene, IndexedFile(self.part.workspace_id, f"take-{index_id}.mp4"))
        self.counts.update(words.terms)
        self._write(index_id, scene, words.vector)

    def _write(self, index_id: int, scene: IndexedScene, words: str) -> None:
        scenes, scripts, texts, keywords, appearances = self.rows.values()
        head, span = f"{index_id}\t{scene.scene_id}\t", f"{scene.start_ms}\t{scene.end_ms}"
        scenes.append(f"{head}{span}\t{scene.keyframe_key}\t{words}\n")
        scripts += [
            f"{head}{it.script_id}\t{it.speaker}\t{it.text}\t{it.language}\t0.9\t{span}\n" for it in scene.scripts
        ]
        texts += [f"{head}{it.text}\t0.1\t0.8\t0.5\t0.1\t{it.confidence}\t{span}\n" for it in scene.texts]
        spans = f"{{{scene.start_ms}}}\t{{{scene.end_ms}}}"
        keywords += [f"{head}{it.keyword}\t{it.category}\t{it.confidence}\t{spans}\n" for it in scene.keywords]
        if self.chance.random() < SHOWING_A_PERSON:
            person = self.part.first_person + int(PERSONS * self.chance.random() ** 3)
            appearances.append(f"{head}{person}\t{span}\t0.9\n")

    def _meanings(self, keys: Sequence[tuple[int, int]], topics: NDArray[np.int64]) -> NDArray[np.float32]:
        centres = self.part.plan.topics[topics]
        vectors = centres + self._noise(centres.shape, TEXT_NOISE)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        for place, key in enumerate(keys):
            _, vector = self.part.plan.lines.get(key, ("", None))
            if vector is not None:
                vectors[place] = vector
        return vectors

    def _looks(
        self, connection: Connection, keys: Sequence[tuple[int, int]], topics: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        numbers = self._changed(self.part.plan.looks[topics])
        for place, key in enumerate(keys):
            if key in self.part.plan.seen:
                query = self._vectors(self._changed(numbers[place], 0.25))
                text = f"[{','.join(f'{value:.5g}' for value in query)}]"
                connection.execute(_PICTURE, {"key": self.part.plan.seen[key], "user": USER, "vector": text})
        return self._vectors(numbers)

    def _changed(self, numbers: NDArray[np.float32], share: float = 1) -> NDArray[np.float32]:
        return np.clip(numbers + share * self._noise(numbers.shape, PICTURE_NOISE), 0, 1, dtype=np.float32)

    def _noise(self, shape: tuple[int, ...], length: float) -> NDArray[np.float32]:
        """Return noise of about this length.

        Like vectors of engines, it varies in a few directions, and a little in all.
        """
        directions, _ = np.linalg.qr(np.random.default_rng(7).standard_normal((shape[-1], DIRECTIONS)))
        along = self.chance.standard_normal((*shape[:-1], DIRECTIONS)) @ directions.T / DIRECTIONS**0.5
        around = self.chance.standard_normal(shape) / shape[-1] ** 0.5
        return (length * (along + NOISE_IN_ALL * around)).astype(np.float32)

    def _vectors(self, numbers: NDArray[np.float32]) -> NDArray[np.float32]:
        angles, radii = numbers * np.float32(np.pi / 2), self.part.plan.radii
        return np.concatenate([radii * np.cos(angles), radii * np.sin(angles)], axis=-1)


def _words_of_topic(language: Language, topic: int) -> Sequence[str]:
    start = 300 + topic * WORDS_OF_TOPIC
    return language.words[start : start + WORDS_OF_TOPIC]


def _binary(
    workspace_id: int, keys: Sequence[tuple[int, int]], space: str, engine: str, vectors: NDArray[np.float32]
) -> bytes:
    """Encode rows of vectors in the binary format of ``COPY``."""
    dimension = vectors.shape[1]
    row = np.dtype(
        [
            ("columns", ">i2"),
            ("index_bytes", ">i4"),
            ("index", ">i8"),
            ("scene_bytes", ">i4"),
            ("scene", ">i4"),
            ("workspace_bytes", ">i4"),
            ("workspace", ">i8"),
            ("space_bytes", ">i4"),
            ("space", f"S{len(space)}"),
            ("engine_bytes", ">i4"),
            ("engine", f"S{len(engine)}"),
            ("vector_bytes", ">i4"),
            ("dimension", ">i2"),
            ("unused", ">i2"),
            ("vector", ">f2", (dimension,)),
        ]
    )
    rows = np.zeros(len(keys), row)
    sizes = {"index": 8, "scene": 4, "workspace": 8, "space": len(space), "engine": len(engine)}
    for name, size in {**sizes, "vector": 4 + 2 * dimension}.items():
        rows[f"{name}_bytes"] = size
    rows["columns"], rows["dimension"], rows["workspace"] = 6, dimension, workspace_id
    rows["space"], rows["engine"], rows["vector"] = space.encode(), engine.encode(), vectors
    rows["index"], rows["scene"] = np.array(keys).T
    return _COPY_HEADER + rows.tobytes() + _COPY_END


def made_plan(settings: Settings, first: int, count: int) -> tuple[Plan, list[Answered], list[Answered]]:
    """Return the plan, and the queries with the scenes that answer them."""
    chance = np.random.default_rng(5)
    spoken = languages()
    embedder = open_engine(MEANING, EngineRegistry().of_identity(TEXT_ENGINE, settings.weights_folder, MEANING))
    topics = embedder.embed([" ".join(_words_of_topic(spoken[0], topic)) for topic in range(TOPICS)])
    flat = Mpeg7Pictures(EngineContext(MPEG7)).embed(np.full((64, 64, 3), 128, np.uint8)).reshape(2, -1)
    looks = chance.uniform(0.2, 0.8, size=(TOPICS, flat.shape[1])).astype(np.float32)
    wanted = plants(spoken)
    answers = sum(len(plant.lines) for plant in wanted)
    places = chance.choice(count * SCENES_OF_ASSET, answers + PICTURES, replace=False).tolist()
    free = iter([(first + place // SCENES_OF_ASSET, 1 + place % SCENES_OF_ASSET) for place in places])
    lines: dict[tuple[int, int], tuple[str, NDArray[np.float32] | None]] = {}
    texts: list[Answered] = []
    for plant in wanted:
        keys = tuple(next(free) for _ in plant.lines)
        vectors = embedder.embed(plant.lines) if plant.is_english else [None] * len(keys)
        lines |= dict(zip(keys, zip(plant.lines, vectors, strict=True), strict=True))
        texts.append(Answered(plant.query, plant.kind, keys))
    seen = {next(free): f"picture-{number}" for number in range(PICTURES)}
    pictures = [Answered(key, "picture", (scene,)) for scene, key in seen.items()]
    return Plan(topics, looks, np.hypot(*flat), lines, seen), texts, pictures
