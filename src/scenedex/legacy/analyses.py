"""Older paths of the calls about analyses and indexes."""

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
from scenedex.assets.routes import ASSET, asset_path
from scenedex.auth.caller import Caller
from scenedex.index import routes as current_index
from scenedex.index.errors import IndexNotFound, IndexNotReady
from scenedex.index.routes import ConfidenceLevelName, head_object
from scenedex.index.schemas import INDEX, INDEX_LIST, IndexListObject, IndexObject
from scenedex.index.service import Indexes
from scenedex.legacy.paths import IndexIdText
from scenedex.persons.errors import PersonTagNotFound
from scenedex.projects.errors import ProjectNotFound
from scenedex.wire.envelope import Done, Envelope
from scenedex.wire.parsing import WireTime, parse_id
from scenedex.wire.routing import AssetIdText, Injected, ProjectIdText, WorkspaceName, answers, json_body
from scenedex.workspaces.errors import WorkspaceNotFound


@post(
    ASSET + "/analyze",
    status_code=200,
    tags=["deprecated"],
    operation_id="analyzeAsset",
    summary="Request an analysis (older path)",
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
async def analyze(
    analyses: Injected[Analyses],
    caller: Injected[Caller],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    asset_id: AssetIdText,
    data: Annotated[RequestAnalysis, json_body(REQUEST_ANALYSIS)],
) -> Envelope[AnalysisObject]:
    """Deprecated: request an analysis."""
    return await current.request_analysis.fn(analyses, caller, times, workspace_name, project_id, asset_id, data)


@delete(
    ASSET + "/analyze",
    status_code=200,
    tags=["deprecated"],
    operation_id="cancelAssetAnalysis",
    summary="Cancel an analysis (older path)",
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
async def cancel(
    analyses: Injected[Analyses],
    caller: Injected[Caller],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    asset_id: AssetIdText,
) -> Done:
    """Deprecated: cancel an analysis."""
    return await current.cancel_analysis.fn(analyses, caller, workspace_name, project_id, asset_id)


@get(
    ASSET + "/analyze-status",
    tags=["deprecated"],
    operation_id="getAnalyzeStatus",
    summary="Get the status of an analysis (older path)",
    deprecated=True,
    responses=answers(
        Envelope[AnalysisStatusObject],
        Envelope(result=ANALYSIS_STATUS),
        WorkspaceNotFound,
        ProjectNotFound,
        AssetNotFound,
    ),
)
async def get_status(
    analyses: Injected[Analyses],
    caller: Injected[Caller],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    asset_id: AssetIdText,
) -> Envelope[AnalysisStatusObject]:
    """Deprecated: get the status of an analysis."""
    return await current.get_analysis_status.fn(analyses, caller, workspace_name, project_id, asset_id)


@get(
    ASSET + "/indexes",
    tags=["deprecated"],
    operation_id="listIndexes",
    summary="Get the indexes of an asset (older path)",
    deprecated=True,
    responses=answers(
        Envelope[IndexListObject],
        Envelope(result=INDEX_LIST),
        WorkspaceNotFound,
        ProjectNotFound,
        AssetNotFound,
    ),
)
async def list_indexes(
    indexes: Injected[Indexes],
    caller: Injected[Caller],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    asset_id: AssetIdText,
) -> Envelope[IndexListObject]:
    """Deprecated: get the indexes of an asset."""
    head = await indexes.head(caller, workspace_name, *asset_path(project_id, asset_id))
    found = [] if head is None else [head_object(head, times)]
    return Envelope(result=IndexListObject(total_count=len(found), indexes=found))


@get(
    ASSET + "/indexes/{index_id:str}",
    tags=["deprecated"],
    operation_id="getIndexById",
    summary="Get an index of an asset (older path)",
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
async def get_index(  # noqa: PLR0913, PLR0917  # each part of its path and query
    indexes: Injected[Indexes],
    links: Injected[Links],
    caller: Injected[Caller],
    times: Injected[WireTime],
    base_url: Injected[str],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    asset_id: AssetIdText,
    index_id: IndexIdText,
    confidence_level: ConfidenceLevelName = "MEDIUM",
) -> Envelope[IndexObject]:
    """Deprecated: get an index of an asset."""
    wanted = parse_id("index_id", index_id)
    try:
        answer = await current_index.get_index.fn(
            indexes, links, caller, times, base_url, workspace_name, project_id, asset_id, confidence_level
        )
    except IndexNotReady as error:
        raise IndexNotFound from error
    if answer.result.index_id != wanted:
        raise IndexNotFound
    return answer


@delete(
    ASSET + "/indexes/{index_id:str}",
    status_code=200,
    tags=["deprecated"],
    operation_id="deleteIndexById",
    summary="Delete an index of an asset (older path)",
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
async def delete_index(
    analyses: Injected[Analyses],
    caller: Injected[Caller],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    asset_id: AssetIdText,
    index_id: IndexIdText,
) -> Done:
    """Deprecated: delete an index of an asset."""
    path = asset_path(project_id, asset_id)
    await analyses.delete_index(caller, workspace_name, *path, index_id=parse_id("index_id", index_id))
    return Done()


routes = [analyze, cancel, get_status, list_indexes, get_index, delete_index]
