"""Wire shapes of analyses."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from scenedex.index.schemas import SETTING, AnalysisSettingObject
from scenedex.wire.envelope import Wire


class RequestAnalysis(Wire, frozen=True, kw_only=True):
    """Body of a request for an analysis."""

    analysis_person_count: Annotated[int, Meta(description="Most prominent persons to find, 0-10. 0 skips persons")]
    scene_range: (
        Annotated[
            Literal["EXTRA_SHORT", "SHORT", "MEDIUM", "LONG"],
            Meta(description="Length of scenes. MEDIUM unless a minimum and maximum are given"),
        ]
        | None
    ) = None
    min_scene_duration_sec: Annotated[int, Meta(description="Shortest scene, 10-30 s. Only with a maximum")] | None = (
        None
    )
    max_scene_duration_sec: (
        Annotated[int, Meta(description="Longest scene, more than the minimum, at most 600 s. Only with a minimum")]
        | None
    ) = None
    tag_id_list: Annotated[list[int | str], Meta(description="1-30 ids of person tags")] | None = None
    source_language: (
        Annotated[
            Literal["ENKO", "EN", "KO", "JA", "ZH-CN", "ZH-TW"], Meta(description="Language spoken. ENKO by default")
        ]
        | None
    ) = None
    detect_audio_effects: Annotated[bool, Meta(description="Find applause, laughter and background music")] | None = (
        None
    )


class AnalysisObject(Wire, frozen=True, kw_only=True):
    """An analysis that was requested."""

    index_id: int
    id: Annotated[int, Meta(description="The same as indexId, in answers of the older path")] | None = None
    status: str
    analysis_setting: AnalysisSettingObject
    created_time: str
    created_user_name: str
    updated_time: str
    updated_user_name: str


class ProgressObject(Wire, frozen=True, kw_only=True):
    """Progress of an analysis."""

    stage: str
    percent: Annotated[int, Meta(ge=0, le=100)]


AnalysisStatusName = Literal[
    "BEFORE_ANALYZE", "WAIT_ANALYZE", "ANALYZING", "ANALYZE_COMPLETED", "ANALYZE_FAIL", "ANALYZE_CANCEL"
]


class AnalysisStatusObject(Wire, frozen=True, kw_only=True):
    """Status of the latest analysis. Its message has both names that occur in public."""

    status: AnalysisStatusName
    analyze_status_message: str
    analysis_status_message: str
    index_id: int | None = None
    progress: ProgressObject | None = None


REQUEST_ANALYSIS = RequestAnalysis(analysis_person_count=0, scene_range="MEDIUM")
ANALYSIS = AnalysisObject(
    index_id=77,
    status="WAIT_ANALYZE",
    analysis_setting=SETTING,
    created_time="2025-04-23T17:14:11.482913",
    created_user_name="username",
    updated_time="2025-04-23T17:14:11.482913",
    updated_user_name="username",
)
ANALYSIS_STATUS = AnalysisStatusObject(
    status="ANALYZING",
    analyze_status_message="Analysis in progress",
    analysis_status_message="Analysis in progress",
    index_id=77,
    progress=ProgressObject(stage="shots", percent=40),
)
