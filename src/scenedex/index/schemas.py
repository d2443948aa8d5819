"""Wire shapes of indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

import msgspec
from msgspec import Meta

from scenedex.index.records import AnalysisSetting, StageEngine
from scenedex.index.scene_schemas import SCENE, SceneObject
from scenedex.wire import described
from scenedex.wire.envelope import Wire

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.index.records import IndexHead
    from scenedex.wire.parsing import WireTime

IndexType = Annotated[Literal["IMAGE", "VIDEO"], Meta(description="Type of the media asset")]


class EngineObject(Wire, frozen=True, kw_only=True):
    """Engine that ran a stage, or the reason why the stage was not analysed."""

    stage: Annotated[str, Meta(description="Stage of the analysis")]
    name: Annotated[str, Meta(description="Name of the engine")] | None = None
    version: Annotated[str, Meta(description="Version of the engine")] | None = None
    weights: Annotated[str, Meta(description="Weights that the engine used")] | None = None
    not_analysed: (
        Annotated[str, Meta(description="Reason why the stage was not analysed, and the command that enables it")]
        | None
    ) = None
    note: Annotated[str, Meta(description="Remark on the result of the stage")] | None = None


class AnalysisSettingObject(Wire, frozen=True, kw_only=True):
    """Options of an analysis, and the engines that ran."""

    analysis_engine: Annotated[str, Meta(description="Name of the analysis engine")]
    scene_range: (
        Annotated[Literal["EXTRA_SHORT", "SHORT", "MEDIUM", "LONG"], Meta(description="Length of scenes")] | None
    ) = None
    min_scene_duration_sec: (
        Annotated[int, Meta(ge=10, le=30, description="Shortest scene in seconds", examples=[15])] | None
    ) = None
    max_scene_duration_sec: (
        Annotated[int, Meta(ge=11, le=600, description="Longest scene in seconds", examples=[60])] | None
    ) = None
    analysis_person_count: Annotated[int, Meta(ge=0, le=10, description="Maximum number of persons to find")]
    tag_id_list: (
        Annotated[list[int], Meta(description="Person tags that limit the persons", examples=[[101, 203]])] | None
    ) = None
    source_language: (
        Annotated[Literal["ENKO", "EN", "KO", "JA", "ZH-CN", "ZH-TW"], Meta(description="Language spoken")] | None
    ) = None
    detect_audio_effects: (
        Annotated[bool, Meta(description="True if applause, laughter and background music were searched for")] | None
    ) = None
    audio_tracks: (
        Annotated[
            str | list[int],
            Meta(description="Sound tracks that were asked for, unless each different speech once", examples=[[1, 2]]),
        ]
        | None
    ) = None
    engines: (
        Annotated[list[EngineObject], Meta(description="Engines that ran, for a result that can be reproduced")] | None
    ) = None

    @classmethod
    def of(cls, setting: AnalysisSetting, engines: Sequence[StageEngine] | None = None) -> Self:
        """Convert the options of an analysis."""
        return cls(
            analysis_engine="scenedex",
            **msgspec.structs.asdict(setting),
            engines=None if engines is None else msgspec.convert(engines, list[EngineObject], from_attributes=True),
        )


class IndexHeadObject(Wire, frozen=True, kw_only=True):
    """An index without its scenes."""

    index_id: described.IndexId
    type: IndexType
    created_time: described.CreatedTime
    created_user_name: described.CreatedUserName
    updated_time: described.UpdatedTime
    updated_user_name: described.UpdatedUserName
    analysis_setting: Annotated[AnalysisSettingObject, Meta(description="Options and engines of the analysis")]

    @staticmethod
    def of(head: IndexHead, times: WireTime) -> IndexHeadObject:
        """Convert an index without its scenes."""
        return IndexHeadObject(
            index_id=head.index_id,
            type=head.type,
            created_time=times(head.created_time),
            created_user_name=head.created_user_name,
            updated_time=times(head.updated_time),
            updated_user_name=head.updated_user_name,
            analysis_setting=AnalysisSettingObject.of(
                msgspec.convert(head.options, AnalysisSetting), msgspec.convert(head.engines, list[StageEngine])
            ),
        )


class IndexObject(IndexHeadObject, frozen=True, kw_only=True):
    """The analysis result of an asset: scenes tile it from 0 to its end."""

    frame_rate: described.AverageFrameRate | None = None
    start_timecode: described.StartTimecode | None = None
    scenes: Annotated[list[SceneObject], Meta(description="Scenes, which tile the asset from 0 to its end")]


class IndexListObject(Wire, frozen=True, kw_only=True):
    """Indexes of an asset: the latest one, if any."""

    total_count: Annotated[int, Meta(ge=0, le=1, description="Number of indexes")]
    indexes: Annotated[list[IndexHeadObject], Meta(description="The latest index, if there is one")]


SETTING = AnalysisSettingObject(
    analysis_engine="scenedex",
    scene_range="MEDIUM",
    analysis_person_count=3,
    source_language="ENKO",
    detect_audio_effects=False,
)
_ENGINES = [
    EngineObject(stage="shots", name="scenedex-shots", version="1"),
    EngineObject(stage="faces", name="dlib-resnet", version="1", weights="dlib-resnet-v1"),
    EngineObject(
        stage="speech",
        name="whisper",
        version="3",
        weights="whisper-base",
        note="4 utterances were not understood and left out: 3 in German, 1 unclear",
    ),
    EngineObject(
        stage="sounds",
        not_analysed="applause and laughter: the weights ced-tiny are missing. "
        "To enable it: scenedex weights pull ced-tiny",
    ),
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
    **msgspec.structs.asdict(INDEX_HEAD), frame_rate="25/1", start_timecode="10:00:00:00", scenes=[SCENE]
)
