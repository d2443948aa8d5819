"""Vectors that scenes are compared by: of the pictures of their shots, and of passages of their words."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.analysis.passages import texts_of, vectors_of_passages
from scenedex.analysis.stages.meaning import MEANING_STAGE, MeaningOptions, passages_of_scenes
from scenedex.analysis.stages.pictures import PICTURES_STAGE, PicturesOptions, vector_bytes
from scenedex.analysis.stages.scenes import SCENES_STAGE
from scenedex.engines.embeddings import MEANING, PICTURES
from scenedex.engines.selection import select_engines
from scenedex.index.records import IndexedVector
from scenedex.media.source import LocalFile
from scenedex.media.stills import StillPackWriter
from scenedex.media.work_folder import work_folder
from scenedex.timeline import Timecode

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Mapping, Sequence
    from pathlib import Path

    from scenedex.analysis.child_runner import ChildRunner
    from scenedex.analysis.passages import Passage
    from scenedex.analysis.stage import Inputs
    from scenedex.analysis.stages.pictures import StillVector
    from scenedex.engines.engine import EngineChoice
    from scenedex.engines.registry import EngineRegistry
    from scenedex.index.records import VectorSpace
    from scenedex.settings import EngineSettings
    from scenedex.timeline import Shot


MAX_SIMILARITY: Final = 0.98
"""Similarity of two stills of a motionless shot, one after another, which share a vector."""


@dataclass(frozen=True, slots=True)
class VectorMaker:
    """Runs the stages that make vectors apart from an analysis.

    Attributes:
        runner: runs their child steps.
        work: folder below which work is done. It is made if it is missing.
        threads: threads of each engine. 0: one per core.
    """

    runner: ChildRunner
    work: Path
    threads: int = 0

    async def of_texts(self, choice: EngineChoice, texts: Sequence[str], *, turn: str = "") -> tuple[bytes, ...]:
        """Return the vector of each text, as little-endian float32. A blank text has no bytes.

        ``turn`` is the name of the machine's turn to wait for, by default that of the stage.

        Raises:
            StageFailed: the engine failed.
        """
        options = MeaningOptions(choice=choice, texts=tuple(texts), threads=self.threads)
        with work_folder(self.work, "vectors") as folder:
            return (await self.runner.run(MEANING_STAGE, options, folder=folder, turn=turn)).vectors

    async def of_pictures(self, choice: EngineChoice, jpegs: AsyncIterable[bytes]) -> tuple[bytes, ...]:
        """Return the vector of each picture, as little-endian float32.

        Raises:
            StageFailed: the engine failed.
        """
        options = PicturesOptions(embedder=choice, threads=self.threads)
        with work_folder(self.work, "vectors") as folder:
            pack, number = folder / "keyframes.pack", 0
            with pack.open("wb") as file:
                writer = StillPackWriter(file, quality=1)
                async for jpeg in jpegs:
                    # A pack holds one picture per time.
                    writer.add_jpeg(Timecode(Fraction(number)), jpeg, is_keyframe=True)
                    number += 1
                writer.close()
            if number == 0:
                return ()
            found = await self.runner.run(PICTURES_STAGE, options, LocalFile(pack), folder=folder)
        return tuple(one.vector for one in found.vectors)


def vectors_of(inputs: Inputs) -> list[tuple[IndexedVector, ...]]:
    """Return the vectors of each scene of an analysis: of its shots and of its passages."""
    pictures, meaning = inputs.find(PICTURES_STAGE), inputs.find(MEANING_STAGE)
    passages = passages_of_scenes(inputs)
    vectors: list[list[IndexedVector]] = [[] for _ in passages]
    if pictures is not None:
        engine, seen = str(inputs.choice(PICTURES).engine), _SeenStills(pictures.vectors)
        for place, scene in enumerate(inputs.of(SCENES_STAGE).scenes):
            vectors[place] += [
                IndexedVector("PICTURE", engine, *one) for part in scene.shots for one in seen.of(part.shot)
            ]
    if meaning is not None:
        engine = str(inputs.choice(MEANING).engine)
        embedded = dict(zip(texts_of(chain.from_iterable(passages)), meaning.vectors, strict=True))
        for place, scene in enumerate(passages):
            vectors[place] += passage_vectors(engine, scene, embedded)
    return [tuple(scene) for scene in vectors]


def passage_vectors(engine: str, passages: Sequence[Passage], embedded: Mapping[str, bytes]) -> list[IndexedVector]:
    """Return the vectors of passages, given the vectors of the texts of `texts_of`."""
    known = {text: np.frombuffer(embedded[text], np.dtype("<f4")) for text in texts_of(passages)}
    return [
        IndexedVector("TEXT", engine, vector_bytes(vector), passage.start_ms, passage.end_ms)
        for passage, vector in zip(passages, vectors_of_passages(passages, known), strict=True)
    ]


class _SeenStills:
    """Vectors of stills, in order of time."""

    def __init__(self, vectors: Sequence[StillVector]) -> None:
        self._times = [one.time.timecode() for one in vectors]
        self._vectors = [np.frombuffer(one.vector, np.dtype("<f4")) for one in vectors]

    def of(self, shot: Shot) -> list[tuple[bytes, int, int]]:
        """Return the distinct vectors of a shot, each with the part of the shot that is nearest to its still."""
        inside = range(bisect_left(self._times, shot.range.start), bisect_left(self._times, shot.range.end))
        if not inside:
            # A part of a long shot may have none, and a picture is at the end of its shot.
            nearest = bisect_left(self._times, shot.keyframe)
            inside = range(nearest, nearest + 1)
        distinct = [inside.start]
        for place in inside[1:]:
            if float(np.dot(self._vectors[distinct[-1]], self._vectors[place])) < MAX_SIMILARITY:
                distinct.append(place)
        times = [self._times[place] for place in distinct]
        middles = [(time.ms + later.ms) // 2 for time, later in pairwise(times)]
        bounds = pairwise([shot.range.start.ms, *middles, shot.range.end.ms])
        return [(vector_bytes(self._vectors[place]), *bound) for place, bound in zip(distinct, bounds, strict=True)]


def vector_engines(
    settings: EngineSettings, weights: Path, registry: EngineRegistry
) -> dict[VectorSpace, EngineChoice]:
    """Return the selected engine of each space of vectors. A space that no engine serves is missing."""
    selection = select_engines(settings, weights, "ENKO", registry=registry)
    selected: dict[VectorSpace, EngineChoice | None] = {
        "PICTURE": selection.choice(PICTURES.name),
        "TEXT": selection.choice(MEANING.name),
    }
    return {space: choice for space, choice in selected.items() if choice is not None}
