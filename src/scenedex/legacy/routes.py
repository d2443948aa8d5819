"""The table of deprecated calls, and the few whose answers differ in shape from all current ones."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import get
from msgspec import Meta

from scenedex.analysis import routes as analysis_routes
from scenedex.analysis.schemas import AnalysisObject
from scenedex.analysis.service import Analyses
from scenedex.assets import routes as asset_routes
from scenedex.assets import upload_routes
from scenedex.assets.errors import OF_ASSET, AssetBusy
from scenedex.assets.links import Links
from scenedex.assets.routes import ASSET, asset_path
from scenedex.assets.schemas import AssetObject, ImportStatusObject, RegisteredAsset, UploadOutcome
from scenedex.audit.actor import Actor
from scenedex.auth.caller import Caller
from scenedex.index import routes as index_routes
from scenedex.index.confidence import ConfidenceLevel
from scenedex.index.errors import IndexNotFound, IndexNotReady
from scenedex.index.routes import ConfidenceLevelName
from scenedex.index.schemas import INDEX, INDEX_LIST, IndexHeadObject, IndexListObject, IndexObject
from scenedex.index.service import Indexes
from scenedex.legacy.alias import TAG, alias
from scenedex.persons.errors import PersonNotFound
from scenedex.pictures import routes as picture_routes
from scenedex.search import routes as search_routes
from scenedex.search.request_parsing import parse_request
from scenedex.search.schemas import REQUEST_SEARCH, SEARCH_STUB, RequestSearch, SearchStub
from scenedex.search.service import Searches
from scenedex.summaries import routes as summary_routes
from scenedex.summaries.errors import SummaryNotFound, SummaryNotRunning, SummaryRunNotFound
from scenedex.summaries.records import SummaryRunPath
from scenedex.summaries.schemas import (
    REQUEST_SUMMARY,
    SUMMARIES,
    SUMMARY_RUN,
    SUMMARY_STATUS,
    RequestSummary,
    SummariesObject,
    SummaryRunObject,
    SummaryStatusObject,
)
from scenedex.summaries.service import Summaries
from scenedex.summaries.use import Prices
from scenedex.wire.envelope import Done, Envelope, Page
from scenedex.wire.parsing import WireTime, parse_id
from scenedex.wire.routing import (
    AssetIdText,
    Injected,
    ProjectIdText,
    WorkspaceName,
    answers,
    delete,
    id_parameter,
    json_body,
    post,
)

IndexIdText = Annotated[str, id_parameter("Index ID, an integer.", "77")]
_VIDEOS = "/api/v1/workspaces/{workspace_name:str}/projects/{project_id:str}/video-assets"
_VIDEO = _VIDEOS + "/{video_asset_id:str}"
SummaryIdText = Annotated[str, id_parameter("Scene summary ID, an integer.", "501")]
_INDEX_OF_VIDEO, _INDEX = _VIDEO + "/indexes/{index_id:str}", ASSET + "/indexes/{index_id:str}"
_SUMMARIES = _INDEX + "/scene-summaries"
_SUMMARY = _SUMMARIES + "/{scene_summary_id:str}"


@get(
    ASSET + "/indexes",
    tags=[TAG],
    operation_id="listIndexes",
    summary="Get the indexes of an asset (older path)",
    deprecated=True,
    responses=answers(INDEX_LIST, *OF_ASSET),
)
async def list_indexes(
    indexes: Injected[Indexes],
    caller: Injected[Caller],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    asset_id: AssetIdText,
) -> Envelope[IndexListObject]:
    """Deprecated. Call `getIndex` instead."""
    head = await indexes.head(caller, workspace_name, *asset_path(project_id, asset_id))
    found = [] if head is None else [IndexHeadObject.of(head, times)]
    return Envelope(result=IndexListObject(total_count=len(found), indexes=found))


@get(
    _INDEX,
    tags=[TAG],
    operation_id="getIndexById",
    summary="Get an index of an asset (older path)",
    deprecated=True,
    responses=answers(INDEX, *OF_ASSET, IndexNotFound),
)
async def get_index_by_id(  # noqa: PLR0913, PLR0917  # each part of its path and query
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
    """Deprecated. Call `getIndex` instead."""
    number = parse_id("index_id", index_id)
    try:
        path = asset_path(project_id, asset_id)
        index = await indexes.get(caller, workspace_name, *path, ConfidenceLevel(confidence_level))
    except IndexNotReady as error:
        raise IndexNotFound from error
    if index.head.index_id != number:
        raise IndexNotFound
    return Envelope(result=index_routes.index_object(index, links, base_url, times))


@delete(
    _INDEX,
    opt=analysis_routes.delete_index.opt,
    tags=[TAG],
    operation_id="deleteIndexById",
    summary="Delete an index of an asset (older path)",
    deprecated=True,
    responses=answers(Done(), *OF_ASSET, IndexNotFound, AssetBusy),
)
async def delete_index_by_id(
    analyses: Injected[Analyses],
    actor: Injected[Actor],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    asset_id: AssetIdText,
    index_id: IndexIdText,
) -> Done:
    """Deprecated. Call `deleteIndex` instead."""
    path = asset_path(project_id, asset_id)
    await analyses.delete_index(actor, workspace_name, *path, index_id=parse_id("index_id", index_id))
    return Done()


@post(
    _SUMMARIES,
    opt=summary_routes.request_summary.opt,
    tags=[TAG],
    operation_id="requestSceneSummaryOfIndex",
    summary="Request a scene summary (older path)",
    deprecated=True,
    responses=answers(msgspec.structs.replace(SUMMARY_RUN, id=501), *summary_routes.REFUSALS, IndexNotFound),
)
async def request_summary_of_index(
    summaries: Injected[Summaries],
    actor: Injected[Actor],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    asset_id: AssetIdText,
    index_id: IndexIdText,
    data: Annotated[RequestSummary, json_body(REQUEST_SUMMARY)] = summary_routes.ALL_SCENES,
) -> Envelope[SummaryRunObject]:
    """Deprecated. Call `requestSceneSummary` instead."""
    run = await summaries.request(
        actor,
        workspace_name,
        *asset_path(project_id, asset_id),
        scene_ids=summary_routes.chosen_scenes(data),
        locale=data.locale,
        index_id=parse_id("index_id", index_id),
    )
    return Envelope(result=msgspec.structs.replace(SummaryRunObject.of(run, times), id=run.summary_id))


@get(
    _SUMMARIES,
    tags=[TAG],
    operation_id="getSceneSummaryOfIndex",
    summary="Get the summaries of the scenes of an index (older path)",
    deprecated=True,
    responses=answers(SUMMARIES, *OF_ASSET, SummaryNotFound),
)
async def get_summary_of_index(
    summaries: Injected[Summaries],
    caller: Injected[Caller],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    asset_id: AssetIdText,
    index_id: IndexIdText,
) -> Envelope[SummariesObject]:
    """Deprecated. Call `getSceneSummary` instead."""
    path = asset_path(project_id, asset_id)
    found = await summaries.get(caller, workspace_name, *path, index_id=parse_id("index_id", index_id))
    return Envelope(result=SummariesObject.of(found, times))


@get(
    _SUMMARY + "/status",
    tags=[TAG],
    operation_id="getSceneSummaryStatusById",
    summary="Get the status of a scene summary (older path)",
    deprecated=True,
    responses=answers(SUMMARY_STATUS, *OF_ASSET, SummaryRunNotFound),
)
async def get_summary_status_by_id(
    summaries: Injected[Summaries],
    caller: Injected[Caller],
    times: Injected[WireTime],
    prices: Injected[Prices],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    asset_id: AssetIdText,
    index_id: IndexIdText,
    scene_summary_id: SummaryIdText,
) -> Envelope[SummaryStatusObject]:
    """Deprecated. Call `getSceneSummaryStatus` instead."""
    wanted = parse_id("index_id", index_id), parse_id("scene_summary_id", scene_summary_id)
    run = await summaries.latest(caller, workspace_name, *asset_path(project_id, asset_id))
    if run is None or (run.index_id, run.summary_id) != wanted:
        raise SummaryRunNotFound
    return Envelope(result=SummaryStatusObject.of(run, times, prices))


@delete(
    _SUMMARY,
    opt=summary_routes.cancel_summary.opt,
    tags=[TAG],
    operation_id="cancelSceneSummaryById",
    summary="Cancel a scene summary (older path)",
    deprecated=True,
    responses=answers(Done(), *OF_ASSET, SummaryRunNotFound, SummaryNotRunning),
)
async def cancel_summary_by_id(
    summaries: Injected[Summaries],
    actor: Injected[Actor],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    asset_id: AssetIdText,
    index_id: IndexIdText,
    scene_summary_id: SummaryIdText,
) -> Done:
    """Deprecated. Call `cancelSceneSummary` instead."""
    run = SummaryRunPath(parse_id("index_id", index_id), parse_id("scene_summary_id", scene_summary_id))
    await summaries.cancel(actor, workspace_name, *asset_path(project_id, asset_id), only=run)
    return Done()


class RequestSceneSearch(RequestSearch, frozen=True, kw_only=True):
    """A search whose path does not name the workspace."""

    workspace_name: (
        Annotated[str, Meta(description="Workspace. Default: the workspace of the filter's projects and assets")] | None
    ) = None


_REQUEST = RequestSceneSearch(workspace_name="newsroom", **msgspec.structs.asdict(REQUEST_SEARCH))


@post(
    "/api/v1/scene-search",
    opt=search_routes.request_search.opt,
    tags=[TAG],
    operation_id="requestSceneSearch",
    summary="Search the scenes of a workspace (older path)",
    deprecated=True,
    responses=answers(SEARCH_STUB, *OF_ASSET, PersonNotFound),
)
async def request_scene_search(
    searches: Injected[Searches],
    caller: Injected[Caller],
    times: Injected[WireTime],
    data: Annotated[RequestSceneSearch, json_body(_REQUEST)],
) -> Envelope[SearchStub]:
    """Deprecated. Call `requestSearch` instead."""
    request = parse_request(data, times)
    workspace_name = data.workspace_name or await searches.workspace_of(caller, request.scope)
    search_id = await searches.request(caller, workspace_name, request)
    return Envelope(result=SearchStub(search_id=search_id, status="RUNNING"))


def with_video_names(
    answer: Envelope[AssetObject | RegisteredAsset | ImportStatusObject | UploadOutcome],
) -> Envelope[AssetObject | RegisteredAsset | ImportStatusObject | UploadOutcome]:
    """Add `videoId`, and `videoName` of an asset, beside the current names."""
    named = answer.result
    if isinstance(named, AssetObject):
        return Envelope(result=asset_routes.with_video_names(named))
    return Envelope(result=msgspec.structs.replace(named, video_id=named.asset_id))


def with_id(answer: Envelope[AnalysisObject]) -> Envelope[AnalysisObject]:
    """Add `id` beside `indexId`."""
    return Envelope(result=msgspec.structs.replace(answer.result, id=answer.result.index_id))


def page_with_video_names(answer: Envelope[Page[AssetObject]]) -> Envelope[Page[AssetObject]]:
    """Add `videoId` and `videoName` to each asset of a page, beside the current names."""
    # The page may be JSON already.
    assets = msgspec.json.decode(msgspec.json.encode(answer.result.content), type=list[AssetObject])
    content = [asset_routes.with_video_names(asset) for asset in assets]
    return Envelope(result=msgspec.structs.replace(answer.result, content=content))


routes = [
    alias(
        asset_routes.register_asset, _VIDEOS + "/import/object-storage", "registerVideoAsset", convert=with_video_names
    ),
    alias(asset_routes.list_assets, _VIDEOS, "listVideoAssets", convert=page_with_video_names),
    alias(asset_routes.get_asset, _VIDEO, "getVideoAsset", convert=with_video_names),
    alias(asset_routes.get_import_status, _VIDEO + "/import-status", "getVideoImportStatus", convert=with_video_names),
    alias(asset_routes.move_asset, _VIDEO, "moveVideoAsset"),
    alias(asset_routes.delete_asset, _VIDEO, "deleteVideoAsset"),
    alias(upload_routes.open_upload, _VIDEOS + "/uploads/presigned-url", "openVideoUpload"),
    alias(
        upload_routes.complete_upload, _VIDEOS + "/uploads/complete", "completeVideoUpload", convert=with_video_names
    ),
    alias(analysis_routes.request_analysis, ASSET + "/analyze", "analyzeAsset", convert=with_id),
    alias(analysis_routes.cancel_analysis, ASSET + "/analyze", "cancelAssetAnalysis", method="DELETE"),
    alias(analysis_routes.get_analysis_status, ASSET + "/analyze-status", "getAnalyzeStatus"),
    list_indexes,
    get_index_by_id,
    delete_index_by_id,
    request_summary_of_index,
    get_summary_of_index,
    get_summary_status_by_id,
    cancel_summary_by_id,
    alias(analysis_routes.request_analysis, _VIDEO + "/analyze", "analyzeVideoAsset", convert=with_id),
    alias(analysis_routes.cancel_analysis, _VIDEO + "/analyze", "cancelVideoAnalyze", method="DELETE"),
    alias(analysis_routes.get_analysis_status, _VIDEO + "/analyze-status", "getVideoAnalyzeStatus"),
    alias(list_indexes, _VIDEO + "/indexes", "listVideoIndexes"),
    alias(get_index_by_id, _INDEX_OF_VIDEO, "getVideoIndexById"),
    alias(delete_index_by_id, _INDEX_OF_VIDEO, "deleteVideoIndexById"),
    alias(analysis_routes.request_analysis, _VIDEO + "/index", "requestVideoAnalysis"),
    alias(index_routes.get_index, _VIDEO + "/index", "getVideoIndex"),
    alias(analysis_routes.get_analysis_status, _VIDEO + "/index/status", "getVideoAnalysisStatus"),
    alias(analysis_routes.cancel_analysis, _VIDEO + "/index/cancel", "cancelVideoAnalysis"),
    alias(analysis_routes.delete_index, _VIDEO + "/index", "deleteVideoIndex"),
    alias(picture_routes.open_thumbnail, picture_routes.THUMBNAILS + "/presign", "presignThumbnail"),
    alias(picture_routes.complete_thumbnail, picture_routes.THUMBNAILS + "/complete", "completeThumbnail"),
    request_scene_search,
    alias(
        search_routes.get_search,
        "/api/v1/workspaces/{workspace_name:str}/scene-search/{search_id:str}",
        "getSceneSearch",
    ),
]
