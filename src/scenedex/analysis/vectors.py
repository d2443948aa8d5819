"""What the scenes of an index mean to the engines that compare: one vector for the picture, one for the words. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.engines.selection import select_engines
from scenedex.index.records import IndexedVector

if TYPE_CHECKING:
    from pathlib import Path

    from scenedex.analysis.findings import Findings
    from scenedex.analysis.stages.meaning import MeaningResult
    from scenedex.engines.engine import EngineChoice
    from scenedex.engines.registry import EngineRegistry
    from scenedex.index.records import VectorSpace
    from scenedex.settings import EngineSettings


def vectors_of(
    found: Findings,
    picture_engine: EngineChoice | None,
    meaning: MeaningResult | None,
    text_engine: EngineChoice | None,
) -> dict[int, tuple[IndexedVector, ...]]:
    """The vectors of each scene, by its position; a scene without words has none for words."""
    vectors: dict[int, tuple[IndexedVector, ...]] = {}
    pictures = {} if found.pictures is None else {one.time.timecode(): one.vector for one in found.pictures.vectors}
    for place, scene in enumerate(found.scenes):
        made: list[IndexedVector] = []
        picture = pictures.get(scene.shots[scene.keyframe_of].shot.keyframe)
        if picture and picture_engine is not None:
            made.append(IndexedVector("PICTURE", engine_id(picture_engine), picture))
        if meaning is not None and text_engine is not None and meaning.vectors[place]:
            made.append(IndexedVector("TEXT", engine_id(text_engine), meaning.vectors[place]))
        vectors[place] = tuple(made)
    return vectors


def engine_id(choice: EngineChoice) -> str:
    """Engine, version and weights in one: only what agrees in all three can be compared."""
    return " ".join(part for part in (choice.name, choice.version, choice.weights) if part)


def vector_engines(
    settings: EngineSettings, weights: Path, registry: EngineRegistry
) -> dict[VectorSpace, EngineChoice]:
    """Return the selected engine of each space of vectors. A space that no engine serves is missing."""
    selection = select_engines(settings, weights, "ENKO", registry=registry)
    selected: dict[VectorSpace, EngineChoice | None] = {
        "PICTURE": selection.choice("pictures"),
        "TEXT": selection.choice("meaning"),
    }
    return {space: choice for space, choice in selected.items() if choice is not None}
