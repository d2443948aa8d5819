"""Answers about analyses and indexes.

An image has one scene from 0 to 0. In a video the scenes cover the whole asset, and the shots cover each scene.
Lists that an analysis did not produce are empty.
"""

from datetime import datetime
from enum import StrEnum
from typing import Literal

import msgspec

from scenedex.client.answers import Answer, OpenEnum


class SceneRange(StrEnum):
    """Length of scenes."""

    EXTRA_SHORT = "EXTRA_SHORT"
    SHORT = "SHORT"
    MEDIUM = "MEDIUM"
    LONG = "LONG"


class SourceLanguage(StrEnum):
    """Language of the speech in an asset. ENKO is mixed English and Korean."""

    ENKO = "ENKO"
    EN = "EN"
    KO = "KO"
    JA = "JA"
    ZH_CN = "ZH-CN"
    ZH_TW = "ZH-TW"


class ConfidenceLevel(StrEnum):
    """Minimum confidence: LOW shows more keywords or scenes, HIGH only the most certain ones."""

    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"


class ExportFormat(StrEnum):
    """Format of an exported index: subtitles (SRT, VTT), chapters, a spreadsheet (CSV), an edit, or JSON.

    CHAPTERS is a WebVTT file with the summaries of scenes. EDL, OTIO and FCPXML are edits.
    """

    JSON = "json"
    SRT = "srt"
    VTT = "vtt"
    CHAPTERS = "chapters"
    CSV = "csv"
    EDL = "edl"
    OTIO = "otio"
    FCPXML = "fcpxml"


class AnalysisOptions(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Options of an analysis. The service chooses those that are None.

    Attributes:
        analysis_person_count: maximum number of persons, most prominent first, 0-10. 0, the default, skips persons and
            is faster.
        scene_range: length of scenes. Excludes the two durations.
        min_scene_duration_sec: minimum length of a scene in seconds, 10-30. Requires ``max_scene_duration_sec``.
        max_scene_duration_sec: maximum length of a scene in seconds.
        tag_id_list: tags of the persons to look for.
        source_language: language of the speech.
        detect_audio_effects: whether to detect applause, laughter and background music.
        audio_tracks: sound tracks to transcribe: each different speech once (auto), all, or their numbers.
    """

    analysis_person_count: int = 0
    scene_range: SceneRange | None = None
    min_scene_duration_sec: int | None = None
    max_scene_duration_sec: int | None = None
    tag_id_list: tuple[int, ...] | None = None
    source_language: SourceLanguage | None = None
    detect_audio_effects: bool | None = None
    audio_tracks: Literal["auto", "all"] | tuple[int, ...] | None = None


class AnalysisStatus(OpenEnum):
    """State of an analysis."""

    BEFORE_ANALYZE = "BEFORE_ANALYZE"
    WAIT_ANALYZE = "WAIT_ANALYZE"
    ANALYZING = "ANALYZING"
    ANALYZE_COMPLETED = "ANALYZE_COMPLETED"
    ANALYZE_FAIL = "ANALYZE_FAIL"
    ANALYZE_CANCEL = "ANALYZE_CANCEL"
    UNKNOWN = "UNKNOWN"

    @property
    def is_final(self) -> bool:
        """Return whether no analysis waits or runs."""
        return self not in {AnalysisStatus.WAIT_ANALYZE, AnalysisStatus.ANALYZING, AnalysisStatus.UNKNOWN}


class Progress(Answer, frozen=True, kw_only=True):
    """Current stage of an analysis and progress of the whole in percent (0-100)."""

    stage: str | None = None
    percent: float | None = None


class IndexStatus(Answer, frozen=True, kw_only=True):
    """State of the analysis of an asset. ``asset_id`` is that of the request."""

    asset_id: int | None = None
    status: AnalysisStatus
    analyze_status_message: str | None = None
    analysis_status_message: str | None = None
    index_id: int | str | None = None
    progress: Progress | None = None

    @property
    def message(self) -> str | None:
        """The message about the status, from either of its two fields."""
        return self.analysis_status_message or self.analyze_status_message


class Engine(Answer, frozen=True, kw_only=True):
    """Engine of a stage of an index, with version and weights.

    ``not_analysed`` is the reason why the stage did not run, with the command that would change it. ``note`` is a
    remark on its result.
    """

    stage: str
    name: str | None = None
    version: str | None = None
    weights: str | None = None
    not_analysed: str | None = None
    note: str | None = None


class AnalysisSetting(Answer, frozen=True, kw_only=True):
    """Options and engines of an index."""

    analysis_engine: str | None = None
    scene_range: str | None = None
    min_scene_duration_sec: int | None = None
    max_scene_duration_sec: int | None = None
    analysis_person_count: int | None = None
    tag_id_list: tuple[int, ...] | None = None
    source_language: str | None = None
    detect_audio_effects: bool | None = None
    audio_tracks: str | tuple[int, ...] | None = None
    engines: tuple[Engine, ...] = ()


class RequestedIndex(Answer, frozen=True, kw_only=True):
    """Answer to the request of an analysis. ``asset_id`` is that of the request."""

    asset_id: int | None = None
    index_id: int | str | None = None
    status: AnalysisStatus | None = None
    analysis_setting: AnalysisSetting | None = None
    created_user_name: str | None = None
    created_time: datetime | None = None
    updated_user_name: str | None = None
    updated_time: datetime | None = None


class Span(Answer, frozen=True, kw_only=True):
    """The time range ``[start, end)`` in milliseconds."""

    start_time_ms: int
    end_time_ms: int


class Appearance(Span, frozen=True, kw_only=True):
    """Time range of a detection, with its confidence (0-1)."""

    confidence: float | None = None


class Shot(Span, frozen=True, kw_only=True):
    """An uncut run of frames."""

    shot_id: int
    keyframe_url: str | None = None


class ScenePerson(Answer, frozen=True, kw_only=True):
    """A person in a scene. ``name`` is None if the person is anonymous."""

    person_id: int
    name: str | None = None
    thumbnail_url: str | None = None
    appearances: tuple[Appearance, ...] = ()


class Keyword(Answer, frozen=True, kw_only=True):
    """A label of a scene."""

    keyword: str
    category: str | None = None
    confidence: float | None = None
    appearances: tuple[Appearance, ...] = ()


class BoundingBox(Answer, frozen=True, kw_only=True):
    """A rectangle in an upright picture, in fractions of its width and height."""

    left: float
    top: float
    width: float
    height: float


class ScreenText(Appearance, frozen=True, kw_only=True):
    """Text on screen. ``bounding_box`` is the JSON value that the service wrote."""

    text: str
    bounding_box: object = None

    @property
    def box(self) -> BoundingBox | None:
        """The position of the text, or None if the service does not give it in fractions of the picture."""
        try:
            return msgspec.convert(self.bounding_box, BoundingBox, strict=False)
        except msgspec.ValidationError:
            return None


class SpokenWord(Appearance, frozen=True, kw_only=True):
    """A word of a line."""

    text: str


class Script(Appearance, frozen=True, kw_only=True):
    """A line of a speaker. ``speaker_person_id`` is the person that a user has linked to the speaker.

    ``rough`` is true if many words are wrong. A corrected line is not rough and has no ``words``. ``audio_track`` is
    the number of the sound track, if the file has several.
    """

    script_id: int | None = None
    speaker: str | None = None
    speaker_person_id: int | None = None
    text: str
    rough: bool = False
    words: tuple[SpokenWord, ...] = ()
    audio_track: int | None = None


class AudioEffect(Appearance, frozen=True, kw_only=True):
    """A sound: APPLAUSE, LAUGHTER or BACKGROUND_MUSIC."""

    type: str


class Scene(Span, frozen=True, kw_only=True):
    """Consecutive shots of one place and time. ``scene_id`` counts from 1 in its index.

    ``summary`` is None until a scene summary has completed.
    """

    scene_id: int
    keyframe_url: str | None = None
    shots: tuple[Shot, ...] = ()
    persons: tuple[ScenePerson, ...] = ()
    keywords: tuple[Keyword, ...] = ()
    texts: tuple[ScreenText, ...] = ()
    scripts: tuple[Script, ...] = ()
    audio_effects: tuple[AudioEffect, ...] = ()
    summary: str | None = None


class Index(Answer, frozen=True, kw_only=True):
    """The latest analysis result of an asset. ``type`` is IMAGE or VIDEO.

    ``frame_rate`` is the average of a video as a fraction. ``start_timecode`` is that of its first frame, or None.
    """

    index_id: int | str | None = None
    type: str | None = None
    analysis_setting: AnalysisSetting | None = None
    frame_rate: str | None = None
    start_timecode: str | None = None
    scenes: tuple[Scene, ...] = ()
    created_user_name: str | None = None
    created_time: datetime | None = None
    updated_user_name: str | None = None
    updated_time: datetime | None = None


class EditedPersons(Answer, frozen=True, kw_only=True):
    """Persons of a scene after a correction."""

    scene_id: int | None = None
    persons: tuple[ScenePerson, ...] = ()
    updated_user_name: str | None = None
    updated_time: datetime | None = None


class EditedScript(Script, frozen=True, kw_only=True):
    """A line after a correction."""

    updated_user_name: str | None = None
    updated_time: datetime | None = None


class EditedSpeaker(Answer, frozen=True, kw_only=True):
    """A speaker after a change: name, linked person and number of lines."""

    speaker: str
    person_id: int | None = None
    script_count: int | None = None
    updated_user_name: str | None = None
    updated_time: datetime | None = None
