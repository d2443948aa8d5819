"""Wire shapes of analyses."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from scenedex.index.schemas import SETTING, AnalysisSettingObject
from scenedex.wire import described
from scenedex.wire.envelope import Wire

AnalysisStatusName = Literal[
    "BEFORE_ANALYZE", "WAIT_ANALYZE", "ANALYZING", "ANALYZE_COMPLETED", "ANALYZE_FAIL", "ANALYZE_CANCEL"
]


class RequestAnalysis(Wire, frozen=True, kw_only=True):
    """Body of a request for an analysis."""

    analysis_person_count: Annotated[
        int, described.number("Most prominent persons to find. 0 skips persons and is faster", minimum=0, maximum=10)
    ]
    scene_range: (
        Annotated[
            Literal["EXTRA_SHORT", "SHORT", "MEDIUM", "LONG"],
            Meta(description="Length of scenes. MEDIUM unless a minimum and maximum are given", examples=["MEDIUM"]),
        ]
        | None
    ) = None
    min_scene_duration_sec: Annotated[
        Annotated[int, described.number("Shortest scene in seconds. Only with a maximum", minimum=10, maximum=30)]
        | None,
        Meta(examples=[15]),
    ] = None
    max_scene_duration_sec: Annotated[
        Annotated[
            int,
            described.number(
                "Longest scene in seconds, more than the minimum. Only with a minimum", minimum=11, maximum=600
            ),
        ]
        | None,
        Meta(examples=[60]),
    ] = None
    tag_id_list: Annotated[
        Annotated[
            list[int | str],
            described.items("Person tags: only persons with one of them are looked for", min_count=1, max_count=30),
        ]
        | None,
        Meta(examples=[[101, 203]]),
    ] = None
    source_language: (
        Annotated[
            Literal["ENKO", "EN", "KO", "JA", "ZH-CN", "ZH-TW"],
            Meta(description="Language spoken. ENKO by default: English and Korean", examples=["ENKO"]),
        ]
        | None
    ) = None
    detect_audio_effects: (
        Annotated[bool, Meta(description="Find applause, laughter and background music", examples=[True])] | None
    ) = None
    audio_tracks: Annotated[
        Annotated[str, Meta(pattern="^(auto|all)$")] | list[int] | None,
        Meta(
            description="Sound tracks whose speech is transcribed: auto (default) for each different speech once, all, "
            "or 1 to 32 numbers of tracks, from 1",
            examples=["auto"],
        ),
    ] = None


class AnalysisObject(Wire, frozen=True, kw_only=True):
    """An analysis that was requested."""

    index_id: described.IndexId
    id: Annotated[int, Meta(description="The same as indexId, in answers of the older path")] | None = None
    status: Annotated[AnalysisStatusName, Meta(description="Status of the analysis")]
    analysis_setting: Annotated[AnalysisSettingObject, Meta(description="Options of the analysis")]
    created_time: described.CreatedTime
    created_user_name: described.CreatedUserName
    updated_time: described.UpdatedTime
    updated_user_name: described.UpdatedUserName


class ProgressObject(Wire, frozen=True, kw_only=True):
    """Progress of an analysis."""

    stage: Annotated[str, Meta(description="Stage that runs")]
    percent: Annotated[int, Meta(ge=0, le=100, description="Progress of the whole analysis in percent")]


class AnalysisStatusObject(Wire, frozen=True, kw_only=True):
    """Status of the latest analysis. Its message has both names that occur in public."""

    status: Annotated[AnalysisStatusName, Meta(description="Status of the latest analysis")]
    analyze_status_message: Annotated[str, Meta(description="Message mapped to the status")]
    analysis_status_message: Annotated[str, Meta(description="The same as analyzeStatusMessage")]
    index_id: Annotated[int, Meta(ge=1, description="Index ID, once an analysis has been requested")] | None = None
    progress: Annotated[ProgressObject | None, Meta(description="Progress, only while the analysis runs")] = None


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
