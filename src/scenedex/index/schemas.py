"""Wire shapes of indexes."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
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


SETTING = AnalysisSettingObject(
    analysis_engine="scenedex",
    scene_range="MEDIUM",
    analysis_person_count=0,
    source_language="ENKO",
    detect_audio_effects=False,
)
_KEYFRAME = "http://127.0.0.1:8600/objects/assets/1001/index-77/1.jpg?expires=1745428463&token=&signature=9f86d0818"
INDEX = IndexObject(
    index_id=77,
    type="VIDEO",
    created_time="2025-04-23T17:14:11.482913",
    created_user_name="username",
    updated_time="2025-04-23T17:14:11.482913",
    updated_user_name="username",
    analysis_setting=msgspec.structs.replace(
        SETTING, engines=[EngineObject(stage="shots", name="scenedex-shots", version="1")]
    ),
    scenes=[
        SceneObject(
            scene_id=1,
            start_time_ms=0,
            end_time_ms=91565,
            keyframe_url=_KEYFRAME,
            shots=[ShotObject(shot_id=1, start_time_ms=0, end_time_ms=91565, keyframe_url=_KEYFRAME)],
        )
    ],
)
