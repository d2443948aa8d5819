"""Routes of assets with their states. They are additions to the API of the vendor."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, cast
from unicodedata import normalize

from litestar import get
from litestar.params import QueryParameter

from scenedex.analysis.state_records import AssetOrder, StateFilter, StateName
from scenedex.analysis.state_schemas import ASSET_STATE, STATE_COUNTS, AssetStateObject, StateCountsObject
from scenedex.analysis.states import AssetStates
from scenedex.assets.errors import AssetNotFound
from scenedex.assets.links import Links
from scenedex.assets.routes import meta_data
from scenedex.auth.caller import Caller
from scenedex.projects.errors import ProjectNotFound
from scenedex.wire.envelope import Envelope, Page
from scenedex.wire.errors import FieldProblem, InvalidRequest
from scenedex.wire.parsing import PageRequest, WireTime, parse_id
from scenedex.wire.routing import AssetIdText, Injected, PageNum, PageSize, ProjectIdText, WorkspaceName, answers
from scenedex.workspaces.errors import WorkspaceNotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scenedex.analysis.schemas import AnalysisStatusName
    from scenedex.analysis.state_records import AssetState
    from scenedex.assets.schemas import UploadStatus
    from scenedex.summaries.schemas import SummaryStatusName

_MAX_NAME_LENGTH = 255

State = Annotated[
    StateName | None,
    QueryParameter(
        name="state",
        description="IMPORTING: the import runs. FAILED: the import or the latest analysis failed. NOT_ANALYSED: "
        "imported, without an index. WAITING, ANALYSING: an analysis waits or runs. ANALYSED: with an index. "
        "DUPLICATE: an earlier asset of the workspace has the same bytes.",
        schema_extra={"examples": ["FAILED"]},
    ),
]
Order = Annotated[
    AssetOrder,
    QueryParameter(name="order", description="Order by registration.", schema_extra={"examples": ["NEWEST"]}),
]
NamePart = Annotated[
    str | None,
    QueryParameter(
        name="name",
        description="Part of the key, in upper or lower case, 1-255 characters.",
        schema_extra={"examples": ["interview"]},
    ),
]


@get(
    "/api/v1/workspaces/{workspace_name:str}/projects/{project_id:str}/asset-states",
    tags=["assets"],
    operation_id="listAssetStates",
    summary="List media assets with their states",
    responses=answers(Page([ASSET_STATE], 1, 1, 1, 1000), WorkspaceNotFound, ProjectNotFound),
)
async def list_asset_states(  # noqa: PLR0913, PLR0917  # filter, order and page, besides what a route has
    asset_states: Injected[AssetStates],
    caller: Injected[Caller],
    times: Injected[WireTime],
    links: Injected[Links],
    base_url: Injected[str],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    page_num: PageNum,
    page_size: PageSize = 1000,
    state_filter: State = None,
    name: NamePart = None,
    order: Order = "OLDEST",
) -> Envelope[Page[AssetStateObject]]:
    """List the assets of a project with the states of their imports and analyses.

    An addition of Scenedex to the API.
    """
    if name is not None and (not 0 < len(name) <= _MAX_NAME_LENGTH or "\x00" in name):
        raise InvalidRequest(FieldProblem("name", "must be 1 to 255 characters without NUL"))
    page = PageRequest(page_num, page_size)
    wanted = StateFilter(state_filter, None if name is None else normalize("NFC", name))
    number = parse_id("project_id", project_id)
    found, total = await asset_states.page(caller, workspace_name, number, wanted, order, page)
    urls = links.readable([one.keyframe_key for one in found if one.keyframe_key is not None], base_url)
    content = [_object(one, times, urls) for one in found]
    return Envelope(result=Page(content, total, page.pages_of(total), page.number, page.size))


@get(
    "/api/v1/workspaces/{workspace_name:str}/projects/{project_id:str}/asset-states/counts",
    tags=["assets"],
    operation_id="countAssetStates",
    summary="Count media assets by state",
    responses=answers(STATE_COUNTS, WorkspaceNotFound, ProjectNotFound),
)
async def count_asset_states(
    asset_states: Injected[AssetStates],
    caller: Injected[Caller],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
) -> Envelope[StateCountsObject]:
    """Count the assets of a project in each state. An asset may be in several.

    An addition of Scenedex to the API.
    """
    found = await asset_states.counts(caller, workspace_name, parse_id("project_id", project_id))
    return Envelope(result=StateCountsObject(**asdict(found)))


@get(
    "/api/v1/workspaces/{workspace_name:str}/asset-states/{asset_id:str}",
    tags=["assets"],
    operation_id="getAssetState",
    summary="Get a media asset with its states",
    responses=answers(ASSET_STATE, WorkspaceNotFound, AssetNotFound),
)
async def get_asset_state(
    asset_states: Injected[AssetStates],
    caller: Injected[Caller],
    times: Injected[WireTime],
    links: Injected[Links],
    base_url: Injected[str],
    workspace_name: WorkspaceName,
    asset_id: AssetIdText,
) -> Envelope[AssetStateObject]:
    """Get an asset by its workspace, with the states of its import and analysis.

    An addition of Scenedex to the API.
    """
    found = await asset_states.get(caller, workspace_name, parse_id("asset_id", asset_id))
    keys = () if found.keyframe_key is None else (found.keyframe_key,)
    return Envelope(result=_object(found, times, links.readable(keys, base_url)))


def _object(one: AssetState, times: WireTime, urls: Mapping[str, str]) -> AssetStateObject:
    return AssetStateObject(
        asset_id=one.asset_id,
        file_name=one.file_name,
        project_id=one.project_id,
        meta_data=meta_data(one),
        key=one.key,
        bucket_name=one.bucket_name,
        create_user_name=one.create_user_name,
        created_time=times.in_seconds(one.created_time),
        update_user_name=one.update_user_name,
        updated_time=times.in_seconds(one.updated_time),
        import_status=cast("UploadStatus", one.import_status),
        import_result=one.import_result,
        import_reason=one.import_reason,
        import_percent=one.import_percent,
        analysis_status=cast("AnalysisStatusName", one.analysis_status),
        summary_status=cast("SummaryStatusName", one.summary_status),
        analysis_message=one.analysis_message,
        analysis_stage=one.analysis_stage,
        analysis_percent=one.analysis_percent,
        analysed_time=None if one.analysed_time is None else times.in_seconds(one.analysed_time),
        duplicate_of=one.duplicate_of,
        keyframe_url=None if one.keyframe_key is None else urls[one.keyframe_key],
    )


routes = [list_asset_states, count_asset_states, get_asset_state]
