"""Wire shapes of indexes."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from scenedex.wire.envelope import Wire


class EngineObject(Wire, frozen=True, kw_only=True):
    """What produced the findings of a stage."""

    stage: str
    name: str
    version: str
    weights: str | None = None


class AnalysisSettingObject(Wire, frozen=True, kw_only=True):
    """What was asked, and what answered."""

    analysis_engine: str
    scene_range: str | None = None
    min_scene_duration_sec: int | None = None
    max_scene_duration_sec: int | None = None
    analysis_person_count: int
    tag_id_list: list[int] | None = None
    source_language: str | None = None
    detect_audio_effects: bool | None = None
    engines: list[EngineObject] | None = None


class ShotObject(Wire, frozen=True, kw_only=True):
    """An uncut run of frames."""

    shot_id: int
    start_time_ms: int
    end_time_ms: int
    keyframe_url: Annotated[str, Meta(description="Presigned URL of a JPEG")]


class SceneObject(Wire, frozen=True, kw_only=True):
    """Consecutive shots of one place and time."""

    scene_id: int
    start_time_ms: int
    end_time_ms: int
    keyframe_url: Annotated[str, Meta(description="Presigned URL of a JPEG")]
    shots: list[ShotObject]


class IndexObject(Wire, frozen=True, kw_only=True):
    """The analysis result of an asset: scenes tile it from 0 to its end."""

    index_id: int
    type: Literal["IMAGE", "VIDEO"]
    created_time: str
    created_user_name: str
    updated_time: str
    updated_user_name: str
    analysis_setting: AnalysisSettingObject
    scenes: list[SceneObject]
