"""Wire shapes of assets with the states of their imports and analyses."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from scenedex.analysis.schemas import AnalysisStatusName
from scenedex.assets.schemas import META_DATA, MetaData, UploadStatus
from scenedex.summaries.schemas import SummaryStatusName
from scenedex.wire.envelope import Wire


class AssetStateObject(Wire, frozen=True, kw_only=True):
    """An asset with the states of its import and of its latest analysis. An addition of Scenedex to the API."""

    asset_id: Annotated[int, Meta(description="ID of the asset", examples=[1001])]
    file_name: Annotated[str, Meta(description="File name", examples=["sample-video.mp4"])]
    project_id: Annotated[int, Meta(description="ID of the project", examples=[1234])]
    meta_data: Annotated[MetaData | None, Meta(description="Facts about the file, once its import has completed")] = (
        None
    )
    key: Annotated[str, Meta(description="Full name of the object", examples=["clips/sample-video.mp4"])]
    bucket_name: (
        Annotated[str, Meta(description="Bucket of the object. Absent for an upload", examples=["my-storage-bucket"])]
        | None
    ) = None
    create_user_name: Annotated[str, Meta(description="User who registered the asset", examples=["username"])]
    created_time: Annotated[str, Meta(description="Time of the registration", examples=["2025-04-23T16:49:24"])]
    update_user_name: Annotated[str, Meta(description="User of the last change", examples=["username"])]
    updated_time: Annotated[str, Meta(description="Time of the last change", examples=["2025-04-23T16:49:25"])]
    import_status: Annotated[UploadStatus, Meta(description="State of the import", examples=["COMPLETED"])]
    import_result: Annotated[str, Meta(description="Result of an import that failed", examples=["No file"])] | None = (
        None
    )
    import_reason: (
        Annotated[str, Meta(description="Details of the result", examples=['There is no bucket "films".'])] | None
    ) = None
    import_percent: Annotated[int, Meta(ge=0, le=100, description="Progress of the import", examples=[100])]
    analysis_status: Annotated[
        AnalysisStatusName, Meta(description="State of the latest analysis", examples=["ANALYZE_COMPLETED"])
    ]
    analysis_message: Annotated[str, Meta(description="Details of the state", examples=["Analysis failed"])] | None = (
        None
    )
    analysis_stage: Annotated[str, Meta(description="Stage that runs", examples=["visual"])] | None = None
    analysis_percent: (
        Annotated[int, Meta(ge=0, le=100, description="Progress of the analysis", examples=[40])] | None
    ) = None
    analysed_time: (
        Annotated[str, Meta(description="Time of the analysis of the present index", examples=["2025-04-23T17:14:11"])]
        | None
    ) = None
    summary_status: Annotated[
        SummaryStatusName, Meta(description="State of the latest scene summary", examples=["SUMMARIZE_COMPLETED"])
    ]
    duplicate_of: (
        Annotated[
            int,
            Meta(
                description="Earliest asset of the workspace with the same bytes. "
                "Some files are compared once they are analysed",
                examples=[1000],
            ),
        ]
        | None
    ) = None
    keyframe_url: (
        Annotated[
            str,
            Meta(
                description="Presigned URL of a small picture of the asset, at most 180 pixels high. For an index of "
                "an earlier release, the keyframe of its first scene",
                examples=["https://my-storage-bucket.example.com/outputs/1/0e3f/poster.jpg"],
            ),
        ]
        | None
    ) = None


class StateCountsObject(Wire, frozen=True, kw_only=True):
    """Number of assets of a project in each state. An addition of Scenedex to the API."""

    total: Annotated[int, Meta(description="All assets", examples=[12])]
    importing: Annotated[int, Meta(description="Assets whose import runs", examples=[1])]
    failed: Annotated[int, Meta(description="Assets whose import or latest analysis failed", examples=[1])]
    not_analysed: Annotated[int, Meta(description="Imported assets without an index", examples=[3])]
    waiting: Annotated[int, Meta(description="Assets whose analysis waits", examples=[2])]
    analysing: Annotated[int, Meta(description="Assets whose analysis runs", examples=[1])]
    analysed: Annotated[int, Meta(description="Assets with an index", examples=[7])]
    duplicate: Annotated[int, Meta(description="Assets with the bytes of an earlier one", examples=[0])]


ASSET_STATE = AssetStateObject(
    asset_id=1001,
    file_name="sample-video.mp4",
    project_id=1234,
    meta_data=META_DATA,
    key="clips/sample-video.mp4",
    bucket_name="my-storage-bucket",
    create_user_name="username",
    created_time="2025-04-23T16:49:24",
    update_user_name="username",
    updated_time="2025-04-23T16:49:25",
    import_status="COMPLETED",
    import_percent=100,
    analysis_status="ANALYZE_COMPLETED",
    analysed_time="2025-04-23T17:14:11",
    summary_status="SUMMARIZE_COMPLETED",
)
STATE_COUNTS = StateCountsObject(
    total=12, importing=1, failed=1, not_analysed=3, waiting=2, analysing=1, analysed=7, duplicate=0
)
