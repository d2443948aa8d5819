"""Routes of analyses."""

from __future__ import annotations

from typing import Annotated

from litestar import get

from scenedex.analysis.errors import AnalysisAlreadyRunning, AnalysisNotRunning, AssetNotReady
from scenedex.analysis.records import AnalysisStatus
from scenedex.analysis.request_parsing import check_options
from scenedex.analysis.schemas import (
    ANALYSIS,
    ANALYSIS_STATUS,
    REQUEST_ANALYSIS,
    AnalysisObject,
    AnalysisStatusObject,
    ProgressObject,
    RequestAnalysis,
)
from scenedex.analysis.service import Analyses
from scenedex.assets.errors import OF_ASSET, AssetBusy
from scenedex.assets.routes import ASSET, asset_path
from scenedex.audit.actor import Actor
from scenedex.audit.marks import event
from scenedex.auth.caller import Caller
from scenedex.index.errors import IndexNotFound
from scenedex.index.schemas import AnalysisSettingObject
from scenedex.persons.errors import PersonTagNotFound
from scenedex.wire.envelope import Done, Envelope
from scenedex.wire.parsing import WireTime
from scenedex.wire.routing import AssetIdText, Injected, ProjectIdText, WorkspaceName, answers, delete, json_body, post


@post(
    ASSET + "/index",
    tags=["index"],
    operation_id="requestAnalysis",
    summary="Request an analysis",
    opt=event("Analyze Video Asset"),
    responses=answers(ANALYSIS, AssetNotReady, PersonTagNotFound, *OF_ASSET, AnalysisAlreadyRunning),
)
async def request_analysis(
    analyses: Injected[Analyses],
    actor: Injected[Actor],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    asset_id: AssetIdText,
    data: Annotated[RequestAnalysis, json_body(REQUEST_ANALYSIS)],
) -> Envelope[AnalysisObject]:
    """Request an analysis of an asset. The former index is served until the new one is published."""
    path = asset_path(project_id, asset_id)
    setting = check_options(data)
    analysis = await analyses.request(actor, workspace_name, *path, setting)
    return Envelope(result=times.shape(AnalysisObject, analysis, analysis_setting=AnalysisSettingObject.of(setting)))


@get(
    ASSET + "/index/status",
    tags=["index"],
    operation_id="getAnalysisStatus",
    summary="Get the status of an analysis",
    responses=answers(ANALYSIS_STATUS, *OF_ASSET),
)
async def get_analysis_status(
    analyses: Injected[Analyses],
    caller: Injected[Caller],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    asset_id: AssetIdText,
) -> Envelope[AnalysisStatusObject]:
    """Return the status of the latest analysis of an asset."""
    analysis = await analyses.latest(caller, workspace_name, *asset_path(project_id, asset_id))
    status = AnalysisStatus.BEFORE_ANALYZE if analysis is None else AnalysisStatus(analysis.status)
    message = (analysis and analysis.message) or status.message
    progress = None
    if analysis is not None and status is AnalysisStatus.ANALYZING:
        progress = ProgressObject(stage=analysis.stage or "start", percent=analysis.percent)
    return Envelope(
        result=AnalysisStatusObject(
            status=status.value,
            analyze_status_message=message,
            analysis_status_message=message,
            index_id=analysis and analysis.index_id,
            progress=progress,
        )
    )


@post(
    ASSET + "/index/cancel",
    tags=["index"],
    operation_id="cancelAnalysis",
    summary="Cancel an analysis",
    opt=event("Cancel Video Asset"),
    responses=answers(Done(), *OF_ASSET, AnalysisNotRunning),
)
async def cancel_analysis(
    analyses: Injected[Analyses],
    actor: Injected[Actor],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    asset_id: AssetIdText,
) -> Done:
    """Stop a waiting or running analysis. The former index stays."""
    await analyses.cancel(actor, workspace_name, *asset_path(project_id, asset_id))
    return Done()


@delete(
    ASSET + "/index",
    tags=["index"],
    operation_id="deleteIndex",
    summary="Delete the index of an asset",
    opt=event("Delete Index"),
    responses=answers(Done(), *OF_ASSET, IndexNotFound, AssetBusy),
)
async def delete_index(
    analyses: Injected[Analyses],
    actor: Injected[Actor],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    asset_id: AssetIdText,
) -> Done:
    """Delete the index of an asset."""
    await analyses.delete_index(actor, workspace_name, *asset_path(project_id, asset_id))
    return Done()


routes = [request_analysis, get_analysis_status, cancel_analysis, delete_index]
