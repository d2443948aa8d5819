"""Records of indexes. Times are whole milliseconds from the first presented frame, as on the wire."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import datetime  # msgspec reads the annotations
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

import msgspec

if TYPE_CHECKING:
    from scenedex.assets.records import StoredMedia
    from scenedex.index.previews import IndexPreview

T = TypeVar("T")
IndexType = Literal["IMAGE", "VIDEO"]
SoundType = Literal["APPLAUSE", "LAUGHTER", "BACKGROUND_MUSIC"]
VectorSpace = Literal["PICTURE", "TEXT"]
SummaryBasis = Literal["seen", "heard", "read"]
LocaleName = Literal["ko-KR", "en-US", "ja-JP", "zh-CN", "zh-TW"]
"""Language and script of summaries."""

SceneKey = tuple[int, int]
"""Ids of an index and of a scene in it."""


class StageEngine(msgspec.Struct, frozen=True, omit_defaults=True):
    """Engine that ran a stage, or the reason why the stage was not analysed.

    Attributes:
        name: name of the engine, or `None` if the stage was not analysed.
        weights: id of the weights, if they are not part of the engine.
        not_analysed: reason, with the command that would change it.
        note: remark on the result, such as a number of utterances that were left out.
    """

    stage: str
    name: str | None = None
    version: str | None = None
    weights: str | None = None
    not_analysed: str | None = None
    note: str | None = None


class AnalysisSetting(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """Options of an analysis. Stored under the names of the wire."""

    analysis_person_count: int
    scene_range: str | None = None
    min_scene_duration_sec: int | None = None
    max_scene_duration_sec: int | None = None
    tag_id_list: tuple[int, ...] | None = None
    source_language: str | None = None
    detect_audio_effects: bool | None = None
    audio_tracks: Literal["auto", "all"] | tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class IndexedShot:
    """An uncut run of frames. The time of its keyframe is not known in indexes of earlier releases."""

    shot_id: int
    start_ms: int
    end_ms: int
    keyframe_key: str
    keyframe_ms: int | None = None


@dataclass(frozen=True, slots=True)
class IndexedAppearance:
    """A time at which a person is visible, with the certainty, from 0 to 1."""

    start_ms: int
    end_ms: int
    confidence: float


@dataclass(frozen=True, slots=True)
class IndexedPerson:
    """A person in a scene.

    Name and thumbnail are not stored with the index. They are current at the time of reading.
    """

    person_id: int
    appearances: tuple[IndexedAppearance, ...]
    name: str | None = None
    thumbnail_key: str | None = None


@dataclass(frozen=True, slots=True)
class IndexedKeyword:
    """A label of a scene, unique by keyword and category. Appearances are pairs of start and end."""

    keyword: str
    category: str
    confidence: float
    appearances: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class IndexedText:
    """Text on screen. The box is in fractions of the picture's width and height."""

    text: str
    left: float
    top: float
    width: float
    height: float
    confidence: float
    start_ms: int
    end_ms: int


class IndexedWord(msgspec.Struct, frozen=True, array_like=True):
    """A word of a spoken line, without surrounding spaces, with the certainty, from 0 to 1."""

    text: str
    start_ms: int
    end_ms: int
    confidence: float


@dataclass(frozen=True, slots=True)
class IndexedScript:
    """A spoken line of one speaker. Script ids count from 1 through the whole index.

    The label of the speaker is stored with the index. If the label is linked to a person with a name, a read index has
    that name as the speaker. ``speaker_person_id`` is the linked person.

    ``is_rough`` is true if many words are wrong. ``words`` are in order of time. Both are dropped by a correction.
    ``sound_track`` is the number of the sound track, from 1, if the file has several.
    """

    script_id: int
    speaker: str
    text: str
    language: str
    confidence: float
    start_ms: int
    end_ms: int
    speaker_person_id: int | None = None
    is_rough: bool = False
    words: tuple[IndexedWord, ...] = ()
    sound_track: int | None = None


@dataclass(frozen=True, slots=True)
class IndexedSound:
    """A sound other than speech."""

    type: SoundType
    confidence: float
    start_ms: int
    end_ms: int


class IndexedSentence(msgspec.Struct, frozen=True, array_like=True):
    """A sentence of a summary, and the kind of findings that support it."""

    text: str
    basis: SummaryBasis


@dataclass(frozen=True, slots=True)
class IndexedSummary:
    """Text about a scene.

    Attributes:
        text: all sentences. Empty if the findings support none.
        engine: identity of the engine that wrote it.
        model: model of the service that the engine called, if it called one.
        prompt_version: version of the instructions to the model, if there were any.
    """

    text: str
    locale: LocaleName
    sentences: tuple[IndexedSentence, ...]
    engine: str
    model: str | None = None
    prompt_version: str | None = None


@dataclass(frozen=True, slots=True)
class IndexedVector:
    """Embedding of a picture or a passage of a scene.

    Attributes:
        space: what is embedded.
        engine: id of engine and weights. Only vectors with the same id are comparable.
        embedding: 32-bit floats, little-endian.
        start_ms: start of the shot, or of the line or text, that the vector is of.
        end_ms: its end.
    """

    space: VectorSpace
    engine: str
    embedding: bytes
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class IndexedScene:
    """Consecutive shots of one place and time. Scenes tile the asset, and shots tile their scene.

    Findings are in order of time, keywords in order of falling confidence. Vectors are stored with an index but not
    read with it.

    ``brightness`` is the mean of its stills, from 0 to 1, or `None` if it was not measured. It is read with an index.
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
    summary: IndexedSummary | None = None
    brightness: float | None = None


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
class IndexedFile:
    """Media file of an index: its workspace and its name."""

    workspace_id: int
    file_name: str


@dataclass(frozen=True, slots=True)
class Index:
    """The analysis result of an asset, and the facts about its file."""

    file_name: str
    head: IndexHead
    scenes: tuple[IndexedScene, ...]
    media: StoredMedia | None = None


@dataclass(frozen=True, slots=True)
class NewIndex:
    """An analysis result before it is published. ``voice_tracks`` are the sound tracks with the voice."""

    index_id: int
    asset_id: int
    type: IndexType
    setting: AnalysisSetting
    engines: tuple[StageEngine, ...]
    duration_ms: int
    scenes: tuple[IndexedScene, ...]
    user_name: str
    preview: IndexPreview | None = None
    voice_tracks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexedSpeaker:
    """A speaker of an index, as shown.

    Attributes:
        speaker: name of the linked person, or the label.
        labels: labels in the scripts, several if they are linked to one person.
    """

    speaker: str
    labels: list[str]
    person_id: int | None
    script_count: int


@dataclass(frozen=True, slots=True)
class Edited(Generic[T]):
    """Result of an edit of an index, with its user and time."""

    result: T
    user_name: str
    time: datetime


def vector_literal(embedding: bytes) -> str:
    """Format 32-bit floats as a literal of pgvector. Five digits are more than its 16-bit floats hold."""
    values = struct.unpack(f"<{len(embedding) // 4}f", embedding)
    return f"[{','.join(f'{value:.5g}' for value in values)}]"
