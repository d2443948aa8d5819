"""Vectors that scenes are compared by: one of the picture, one of the words."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from scenedex.analysis.stages.meaning import MEANING_STAGE, MeaningOptions
from scenedex.analysis.stages.pictures import PICTURES_STAGE, PicturesOptions
from scenedex.analysis.stages.scenes import SCENES_STAGE
from scenedex.engines.embeddings import MEANING, PICTURES
from scenedex.engines.selection import select_engines
from scenedex.index.records import IndexedVector
from scenedex.media.source import LocalFile
from scenedex.media.stills import StillPackWriter
from scenedex.media.work_folder import work_folder
from scenedex.timeline import Timecode

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Sequence
    from pathlib import Path

    from scenedex.analysis.child_runner import ChildRunner
    from scenedex.analysis.stage import Inputs
    from scenedex.engines.engine import EngineChoice
    from scenedex.engines.registry import EngineRegistry
    from scenedex.index.records import VectorSpace
    from scenedex.settings import EngineSettings


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


def vectors_of(inputs: Inputs) -> dict[int, tuple[IndexedVector, ...]]:
    """Return the vectors of each scene of an analysis, by its position. A scene without words has none for words."""
    pictures, meaning = inputs.find(PICTURES_STAGE), inputs.find(MEANING_STAGE)
    by_time = {} if pictures is None else {one.time.timecode(): one.vector for one in pictures.vectors}
    vectors: dict[int, tuple[IndexedVector, ...]] = {}
    for place, scene in enumerate(inputs.of(SCENES_STAGE).scenes):
        made: list[IndexedVector] = []
        if picture := by_time.get(scene.shots[scene.keyframe_of].shot.keyframe):
            made.append(IndexedVector("PICTURE", str(inputs.choice(PICTURES).engine), picture))
        if meaning is not None and meaning.vectors[place]:
            made.append(IndexedVector("TEXT", str(inputs.choice(MEANING).engine), meaning.vectors[place]))
        vectors[place] = tuple(made)
    return vectors


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
