"""What the slice talks about. Times are whole milliseconds from the first presented frame, as on the wire."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # msgspec reads the annotations
from typing import Generic, Literal, TypeVar

import msgspec

T = TypeVar("T")
IndexType = Literal["IMAGE", "VIDEO"]
SoundType = Literal["APPLAUSE", "LAUGHTER", "BACKGROUND_MUSIC"]
VectorSpace = Literal["PICTURE", "TEXT"]


class Engine(msgspec.Struct, frozen=True, omit_defaults=True):
    """What produced the findings of a stage, or why nothing did.

    Attributes:
        stage: what was to be found.
        name: the engine; None where the stage was not analysed.
        version: that of the engine.
        weights: the files of its model, where they are not part of the engine.
        not_analysed: why nothing was looked for, with the command that would change it.
    """

    stage: str
    name: str | None = None
    version: str | None = None
    weights: str | None = None
    not_analysed: str | None = None


class AnalysisSetting(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """What was asked of an analysis, by the wire's names."""

    analysis_person_count: int
    scene_range: str | None = None
    min_scene_duration_sec: int | None = None
    max_scene_duration_sec: int | None = None
    tag_id_list: tuple[int, ...] | None = None
    source_language: str | None = None
    detect_audio_effects: bool | None = None


@dataclass(frozen=True, slots=True)
class IndexedShot:
    """An uncut run of frames."""

    shot_id: int
    start_ms: int
    end_ms: int
    keyframe_key: str


@dataclass(frozen=True, slots=True)
class IndexedAppearance:
    """When a person is seen, and how certain that is (0-1)."""

    start_ms: int
    end_ms: int
    confidence: float


@dataclass(frozen=True, slots=True)
class IndexedPerson:
    """A person in a scene.

    Name and thumbnail are those that the person has when the index is read; they are not written with it.
    """

    person_id: int
    appearances: tuple[IndexedAppearance, ...]
    name: str | None = None
    thumbnail_key: str | None = None


@dataclass(frozen=True, slots=True)
class IndexedKeyword:
    """A label of a scene; keyword and category together occur once in it. Appearances are starts and ends."""

    keyword: str
    category: str
    confidence: float
    appearances: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class IndexedText:
    """Text read on screen; the box is in fractions of the picture's width and height."""

    text: str
    left: float
    top: float
    width: float
    height: float
    confidence: float
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class IndexedScript:
    """A line of one speaker; ``script_id`` counts from 1 through the whole index.

    Speaker is a label, which is written with the index. When the index is read, it is the name of the person whom that
    speaker was said to be, while the person has one; ``speaker_person_id`` is that person.
    """

    script_id: int
    speaker: str
    text: str
    language: str
    confidence: float
    start_ms: int
    end_ms: int
    speaker_person_id: int | None = None


@dataclass(frozen=True, slots=True)
class IndexedSound:
    """A sound that is no speech."""

    type: SoundType
    confidence: float
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class IndexedVector:
    """What the picture or the words of a scene mean to an engine; one for each space, comparable within one engine.

    Attributes:
        space: what the vector was made of.
        engine: engine and weights, so that only vectors of the same are compared.
        embedding: 32-bit floats, little-endian.
    """

    space: VectorSpace
    engine: str
    embedding: bytes


@dataclass(frozen=True, slots=True)
class IndexedScene:
    """Consecutive shots of one place and time; scenes tile the asset, and shots tile their scene.

    What was found in it is in order of time, keywords with the surest first. Vectors are written with an index, and
    not read with it.
    """

    scene_id: int
    start_ms: int
    end_ms: int
    keyframe_key: str
    shots: tuple[IndexedShot, ...]
    persons: tuple[IndexedPerson, ...] = ()
    keywords: tuple[IndexedKeyword, ...] = ()
    texts: tuple[IndexedText, ...] = ()
    scripts: tuple[IndexedScript, ...] = ()
    sounds: tuple[IndexedSound, ...] = ()
    vectors: tuple[IndexedVector, ...] = ()


class IndexHead(msgspec.Struct, frozen=True):
    """An index without its scenes."""

    index_id: int
    asset_id: int
    type: IndexType
    options: dict[str, object]
    engines: list[dict[str, str]]
    duration_ms: int
    created_user_name: str
    created_time: datetime
    updated_user_name: str
    updated_time: datetime


@dataclass(frozen=True, slots=True)
class Index:
    """The analysis result of an asset, which is called by the name of its file."""

    file_name: str
    head: IndexHead
    setting: AnalysisSetting
    engines: tuple[Engine, ...]
    scenes: tuple[IndexedScene, ...]


@dataclass(frozen=True, slots=True)
class NewIndex:
    """An analysis result to be published."""

    index_id: int
    asset_id: int
    type: IndexType
    setting: AnalysisSetting
    engines: tuple[Engine, ...]
    duration_ms: int
    scenes: tuple[IndexedScene, ...]
    user_name: str


@dataclass(frozen=True, slots=True)
class IndexedSpeaker:
    """A speaker of an index, as shown.

    Attributes:
        speaker: the name of the person while that has one, else the label.
        labels: what is written in the scripts; several where they are linked to one person.
        person_id: who the speaker is said to be.
        script_count: lines of the speaker.
    """

    speaker: str
    labels: tuple[str, ...]
    person_id: int | None
    script_count: int


@dataclass(frozen=True, slots=True)
class Edited(Generic[T]):
    """What an edit of an index left, by whom and when."""

    result: T
    user_name: str
    time: datetime


def keyframe_folder(asset_id: int, index_id: int) -> str:
    """The folder of managed storage for the keyframes of an index; it is erased with the index's row."""
    return f"assets/{asset_id}/index-{index_id}"
