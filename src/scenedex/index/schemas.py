"""Wire shapes of indexes."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from scenedex.wire.envelope import Wire

Confidence = Annotated[float, Meta(ge=0, le=1)]
Share = Annotated[float, Meta(ge=0, le=1)]


class EngineObject(Wire, frozen=True, kw_only=True):
    """Engine that ran a stage, or the reason why the stage was not analysed."""

    stage: str
    name: str | None = None
    version: str | None = None
    weights: str | None = None
    not_analysed: (
        Annotated[str, Meta(description="Why nothing was looked for, with the command that would change it")] | None
    ) = None


class AnalysisSettingObject(Wire, frozen=True, kw_only=True):
    """Options of an analysis, and the engines that ran."""

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


class AppearanceObject(Wire, frozen=True, kw_only=True):
    """A time at which a person is visible."""

    start_time_ms: int
    end_time_ms: int
    confidence: Confidence


class ScenePersonObject(Wire, frozen=True, kw_only=True):
    """A person in a scene. An anonymous person has no name."""

    person_id: int
    name: str | None = None
    thumbnail_url: Annotated[str, Meta(description="Presigned URL of a JPEG")] | None = None
    appearances: list[AppearanceObject]


class SpanObject(Wire, frozen=True, kw_only=True):
    """A range of time."""

    start_time_ms: int
    end_time_ms: int


class KeywordObject(Wire, frozen=True, kw_only=True):
    """A label of a scene."""

    keyword: str
    category: str
    confidence: Confidence
    appearances: list[SpanObject]


class BoundingBoxObject(Wire, frozen=True, kw_only=True):
    """Rectangle in fractions of the picture's width and height."""

    left: Share
    top: Share
    width: Share
    height: Share


class ScreenTextObject(Wire, frozen=True, kw_only=True):
    """Text on screen."""

    text: str
    bounding_box: BoundingBoxObject
    confidence: Confidence
    start_time_ms: int
    end_time_ms: int


class ScriptObject(Wire, frozen=True, kw_only=True):
    """A spoken line of one speaker. Its id is unique in the index."""

    script_id: int
    speaker: str
    speaker_person_id: Annotated[int, Meta(description="Who the speaker is, if that was said")] | None = None
    text: str
    confidence: Confidence
    start_time_ms: int
    end_time_ms: int


class AudioEffectObject(Wire, frozen=True, kw_only=True):
    """A sound other than speech."""

    type: Literal["APPLAUSE", "LAUGHTER", "BACKGROUND_MUSIC"]
    confidence: Confidence
    start_time_ms: int
    end_time_ms: int


class SceneObject(Wire, frozen=True, kw_only=True):
    """Consecutive shots of one place and time."""

    scene_id: int
    start_time_ms: int
    end_time_ms: int
    keyframe_url: Annotated[str, Meta(description="Presigned URL of a JPEG")]
    shots: list[ShotObject]
    persons: list[ScenePersonObject]
    keywords: list[KeywordObject]
    texts: list[ScreenTextObject]
    scripts: list[ScriptObject]
    audio_effects: list[AudioEffectObject]


class IndexHeadObject(Wire, frozen=True, kw_only=True):
    """An index without its scenes."""

    index_id: int
    type: Literal["IMAGE", "VIDEO"]
    created_time: str
    created_user_name: str
    updated_time: str
    updated_user_name: str
    analysis_setting: AnalysisSettingObject


class IndexObject(IndexHeadObject, frozen=True, kw_only=True):
    """The analysis result of an asset: scenes tile it from 0 to its end."""

    scenes: list[SceneObject]


class IndexListObject(Wire, frozen=True, kw_only=True):
    """Indexes of an asset: the latest one, if any."""

    total_count: int
    indexes: list[IndexHeadObject]


SETTING = AnalysisSettingObject(
    analysis_engine="scenedex",
    scene_range="MEDIUM",
    analysis_person_count=3,
    source_language="ENKO",
    detect_audio_effects=False,
)
_OBJECTS = "http://127.0.0.1:8600/objects"
_SIGNED = "?expires=1745428463&token=&signature=9f86d0818"
_KEYFRAME = f"{_OBJECTS}/assets/1001/index-77/1.jpg{_SIGNED}"
_ENGINES = [
    EngineObject(stage="shots", name="scenedex-shots", version="1"),
    EngineObject(stage="faces", name="dlib-resnet", version="1", weights="dlib-resnet-v1"),
    EngineObject(stage="sounds", not_analysed="No weights for sounds; get them with: scenedex weights pull ced-tiny"),
]
INDEX_HEAD = IndexHeadObject(
    index_id=77,
    type="VIDEO",
    created_time="2025-04-23T17:14:11.482913",
    created_user_name="username",
    updated_time="2025-04-23T17:14:11.482913",
    updated_user_name="username",
    analysis_setting=msgspec.structs.replace(SETTING, engines=_ENGINES),
)
INDEX_LIST = IndexListObject(total_count=1, indexes=[INDEX_HEAD])
INDEX = IndexObject(
    **msgspec.structs.asdict(INDEX_HEAD),
    scenes=[
        SceneObject(
            scene_id=1,
            start_time_ms=0,
            end_time_ms=91565,
            keyframe_url=_KEYFRAME,
            shots=[ShotObject(shot_id=1, start_time_ms=0, end_time_ms=91565, keyframe_url=_KEYFRAME)],
            persons=[
                ScenePersonObject(
                    person_id=12,
                    name="Jane Doe",
                    thumbnail_url=f"{_OBJECTS}/persons/12/1.jpg{_SIGNED}",
                    appearances=[AppearanceObject(start_time_ms=1200, end_time_ms=8400, confidence=0.94)],
                )
            ],
            keywords=[
                KeywordObject(
                    keyword="harbour",
                    category="PLACE",
                    confidence=0.81,
                    appearances=[SpanObject(start_time_ms=0, end_time_ms=4000)],
                )
            ],
            texts=[
                ScreenTextObject(
                    text="BUSAN",
                    bounding_box=BoundingBoxObject(left=0.1, top=0.8, width=0.25, height=0.06),
                    confidence=0.97,
                    start_time_ms=500,
                    end_time_ms=4000,
                )
            ],
            scripts=[
                ScriptObject(
                    script_id=1,
                    speaker="Speaker 1",
                    text="Good morning from the harbour.",
                    confidence=0.88,
                    start_time_ms=1500,
                    end_time_ms=3900,
                )
            ],
            audio_effects=[AudioEffectObject(type="APPLAUSE", confidence=0.77, start_time_ms=8000, end_time_ms=9500)],
        )
    ],
)
