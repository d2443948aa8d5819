"""Paths of the calls about analyses and indexes that name an asset by its older name."""

from __future__ import annotations

from typing import Annotated

from litestar import delete, get, post

from scenedex.analysis import routes as current
from scenedex.analysis.errors import AnalysisAlreadyRunning, AnalysisNotRunning, AssetNotReady
from scenedex.analysis.schemas import (
    ANALYSIS,
    ANALYSIS_STATUS,
    REQUEST_ANALYSIS,
    AnalysisObject,
    AnalysisStatusObject,
    RequestAnalysis,
)
from scenedex.analysis.service import Analyses
from scenedex.assets.errors import AssetBusy, AssetNotFound
from scenedex.assets.links import Links
from scenedex.auth.caller import Caller
from scenedex.index import routes as current_index
from scenedex.index.errors import IndexNotFound, IndexNotReady
from scenedex.index.routes import ConfidenceLevelName
from scenedex.index.schemas import INDEX, INDEX_LIST, IndexListObject, IndexObject
from scenedex.index.service import Indexes
from scenedex.legacy import analyses as older
from scenedex.legacy.paths import VIDEO, IndexIdText, VideoAssetId, checked
from scenedex.persons.errors import PersonTagNotFound
from scenedex.projects.errors import ProjectNotFound
from scenedex.wire.envelope import Done, Envelope
from scenedex.wire.parsing import WireTime
from scenedex.wire.routing import Injected, ProjectIdText, WorkspaceName, answers, json_body
from scenedex.workspaces.errors import WorkspaceNotFound


@post(
    VIDEO + "/analyze",
    status_code=200,
    tags=["deprecated"],
    operation_id="analyzeVideoAsset",
    summary="Request an analysis of a media asset (older path)",
    deprecated=True,
    responses=answers(
        Envelope[AnalysisObject],
        Envelope(result=ANALYSIS),
        AssetNotReady,
        PersonTagNotFound,
        WorkspaceNotFound,
        ProjectNotFound,
        AssetNotFound,
        AnalysisAlreadyRunning,
    ),
)
async def analyze_video(
    analyses: Injected[Analyses],
    caller: Injected[Caller],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    video_asset_id: VideoAssetId,
    data: Annotated[RequestAnalysis, json_body(REQUEST_ANALYSIS)],
) -> Envelope[AnalysisObject]:
    """Deprecated: request an analysis of a media asset."""
    asset_id = checked(video_asset_id)
    return await current.request_analysis.fn(analyses, caller, times, workspace_name, project_id, asset_id, data)


@delete(
    VIDEO + "/analyze",
    status_code=200,
    tags=["deprecated"],
    operation_id="cancelVideoAnalyze",
    summary="Cancel an analysis of a media asset (older path)",
    deprecated=True,
    responses=answers(
        Done,
        Done(),
        WorkspaceNotFound,
        ProjectNotFound,
        AssetNotFound,
        AnalysisNotRunning,
    ),
)
async def cancel_video_analyze(
    analyses: Injected[Analyses],
    caller: Injected[Caller],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    video_asset_id: VideoAssetId,
) -> Done:
    """Deprecated: cancel an analysis of a media asset."""
    asset_id = checked(video_asset_id)
    return await current.cancel_analysis.fn(analyses, caller, workspace_name, project_id, asset_id)


@get(
    VIDEO + "/analyze-status",
    tags=["deprecated"],
    operation_id="getVideoAnalyzeStatus",
    summary="Get the status of a media asset's analysis (older path)",
    deprecated=True,
    responses=answers(
        Envelope[AnalysisStatusObject],
        Envelope(result=ANALYSIS_STATUS),
        WorkspaceNotFound,
        ProjectNotFound,
        AssetNotFound,
    ),
)
async def get_video_analyze_status(
    analyses: Injected[Analyses],
    caller: Injected[Caller],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    video_asset_id: VideoAssetId,
) -> Envelope[AnalysisStatusObject]:
    """Deprecated: get the status of a media asset's analysis."""
    asset_id = checked(video_asset_id)
    return await current.get_analysis_status.fn(analyses, caller, workspace_name, project_id, asset_id)


@get(
    VIDEO + "/indexes",
    tags=["deprecated"],
    operation_id="listVideoIndexes",
    summary="Get the indexes of a media asset (older path)",
    deprecated=True,
    responses=answers(
        Envelope[IndexListObject],
        Envelope(result=INDEX_LIST),
        WorkspaceNotFound,
        ProjectNotFound,
        AssetNotFound,
    ),
)
async def list_video_indexes(
    indexes: Injected[Indexes],
    caller: Injected[Caller],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    video_asset_id: VideoAssetId,
) -> Envelope[IndexListObject]:
    """Deprecated: get the indexes of a media asset."""
    asset_id = checked(video_asset_id)
    return await older.list_indexes.fn(indexes, caller, times, workspace_name, project_id, asset_id)


@get(
    VIDEO + "/indexes/{index_id:str}",
    tags=["deprecated"],
    operation_id="getVideoIndexById",
    summary="Get an index of a media asset (older path)",
    deprecated=True,
    responses=answers(
        Envelope[IndexObject],
        Envelope(result=INDEX),
        WorkspaceNotFound,
        ProjectNotFound,
        AssetNotFound,
        IndexNotFound,
    ),
)
async def get_video_index_by_id(  # noqa: PLR0913, PLR0917  # each part of its path and query
    indexes: Injected[Indexes],
    links: Injected[Links],
    caller: Injected[Caller],
    times: Injected[WireTime],
    base_url: Injected[str],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    video_asset_id: VideoAssetId,
    index_id: IndexIdText,
    confidence_level: ConfidenceLevelName = "MEDIUM",
) -> Envelope[IndexObject]:
    """Deprecated: get an index of a media asset."""
    asset_id = checked(video_asset_id)
    return await older.get_index.fn(
        indexes, links, caller, times, base_url, workspace_name, project_id, asset_id, index_id, confidence_level
    )


@delete(
    VIDEO + "/indexes/{index_id:str}",
    status_code=200,
    tags=["deprecated"],
    operation_id="deleteVideoIndexById",
    summary="Delete an index of a media asset (older path)",
    deprecated=True,
    responses=answers(
        Done,
        Done(),
        WorkspaceNotFound,
        ProjectNotFound,
        AssetNotFound,
        IndexNotFound,
        AssetBusy,
    ),
)
async def delete_video_index_by_id(
    analyses: Injected[Analyses],
    caller: Injected[Caller],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    video_asset_id: VideoAssetId,
    index_id: IndexIdText,
) -> Done:
    """Deprecated: delete an index of a media asset."""
    asset_id = checked(video_asset_id)
    return await older.delete_index.fn(analyses, caller, workspace_name, project_id, asset_id, index_id)


@post(
    VIDEO + "/index",
    status_code=200,
    tags=["deprecated"],
    operation_id="requestVideoAnalysis",
    summary="Request an analysis of a media asset (older path)",
    deprecated=True,
    responses=answers(
        Envelope[AnalysisObject],
        Envelope(result=ANALYSIS),
        AssetNotReady,
        PersonTagNotFound,
        WorkspaceNotFound,
        ProjectNotFound,
        AssetNotFound,
        AnalysisAlreadyRunning,
    ),
)
async def request_video_analysis(
    analyses: Injected[Analyses],
    caller: Injected[Caller],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    video_asset_id: VideoAssetId,
    data: Annotated[RequestAnalysis, json_body(REQUEST_ANALYSIS)],
) -> Envelope[AnalysisObject]:
    """Deprecated: request an analysis of a media asset."""
    asset_id = checked(video_asset_id)
    return await current.request_analysis.fn(analyses, caller, times, workspace_name, project_id, asset_id, data)


@get(
    VIDEO + "/index",
    tags=["deprecated"],
    operation_id="getVideoIndex",
    summary="Get the index of a media asset (older path)",
    deprecated=True,
    responses=answers(
        Envelope[IndexObject],
        Envelope(result=INDEX),
        WorkspaceNotFound,
        ProjectNotFound,
        AssetNotFound,
        IndexNotReady,
    ),
)
async def get_video_index(
    indexes: Injected[Indexes],
    links: Injected[Links],
    caller: Injected[Caller],
    times: Injected[WireTime],
    base_url: Injected[str],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    video_asset_id: VideoAssetId,
    confidence_level: ConfidenceLevelName = "MEDIUM",
) -> Envelope[IndexObject]:
    """Deprecated: get the index of a media asset."""
    asset_id = checked(video_asset_id)
    return await current_index.get_index.fn(
        indexes, links, caller, times, base_url, workspace_name, project_id, asset_id, confidence_level
    )


@get(
    VIDEO + "/index/status",
    tags=["deprecated"],
    operation_id="getVideoAnalysisStatus",
    summary="Get the status of a media asset's analysis (older path)",
    deprecated=True,
    responses=answers(
        Envelope[AnalysisStatusObject],
        Envelope(result=ANALYSIS_STATUS),
        WorkspaceNotFound,
        ProjectNotFound,
        AssetNotFound,
    ),
)
async def get_video_analysis_status(
    analyses: Injected[Analyses],
    caller: Injected[Caller],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    video_asset_id: VideoAssetId,
) -> Envelope[AnalysisStatusObject]:
    """Deprecated: get the status of a media asset's analysis."""
    asset_id = checked(video_asset_id)
    return await current.get_analysis_status.fn(analyses, caller, workspace_name, project_id, asset_id)


@post(
    VIDEO + "/index/cancel",
    status_code=200,
    tags=["deprecated"],
    operation_id="cancelVideoAnalysis",
    summary="Cancel an analysis of a media asset (older path)",
    deprecated=True,
    responses=answers(
        Done,
        Done(),
        WorkspaceNotFound,
        ProjectNotFound,
        AssetNotFound,
        AnalysisNotRunning,
    ),
)
async def cancel_video_analysis(
    analyses: Injected[Analyses],
    caller: Injected[Caller],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    video_asset_id: VideoAssetId,
) -> Done:
    """Deprecated: cancel an analysis of a media asset."""
    asset_id = checked(video_asset_id)
    return await current.cancel_analysis.fn(analyses, caller, workspace_name, project_id, asset_id)


@delete(
    VIDEO + "/index",
    status_code=200,
    tags=["deprecated"],
    operation_id="deleteVideoIndex",
    summary="Delete the index of a media asset (older path)",
    deprecated=True,
    responses=answers(
        Done,
        Done(),
        WorkspaceNotFound,
        ProjectNotFound,
        AssetNotFound,
        IndexNotFound,
        AssetBusy,
    ),
)
async def delete_video_index(
    analyses: Injected[Analyses],
    caller: Injected[Caller],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    video_asset_id: VideoAssetId,
) -> Done:
    """Deprecated: delete the index of a media asset."""
    asset_id = checked(video_asset_id)
    return await current.delete_index.fn(analyses, caller, workspace_name, project_id, asset_id)


routes = [
    analyze_video,
    cancel_video_analyze,
    get_video_analyze_status,
    list_video_indexes,
    get_video_index_by_id,
    delete_video_index_by_id,
    request_video_analysis,
    get_video_index,
    get_video_analysis_status,
    cancel_video_analysis,
    delete_video_index,
]
