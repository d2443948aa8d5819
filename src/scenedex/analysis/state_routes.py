"""Route that lists assets with their states. It is an addition to the API of the vendor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast
from unicodedata import normalize

from litestar import get
from litestar.params import QueryParameter

from scenedex.analysis.state_records import StateFilter, StateName
from scenedex.analysis.state_schemas import ASSET_STATE, AssetStateObject
from scenedex.analysis.states import AssetStates
from scenedex.assets.routes import meta_data
from scenedex.auth.caller import Caller
from scenedex.projects.errors import ProjectNotFound
from scenedex.wire.envelope import Envelope, Page
from scenedex.wire.errors import FieldProblem, InvalidRequest
from scenedex.wire.parsing import PageRequest, WireTime, parse_id
from scenedex.wire.routing import Injected, PageNum, PageSize, ProjectIdText, WorkspaceName, answers
from scenedex.workspaces.errors import WorkspaceNotFound

if TYPE_CHECKING:
    from scenedex.analysis.schemas import AnalysisStatusName
    from scenedex.analysis.state_records import AssetState
    from scenedex.assets.schemas import UploadStatus

_MAX_NAME_LENGTH = 255

State = Annotated[
    StateName | None,
    QueryParameter(
        name="state",
        description="FAILED: the import or the latest analysis failed. NOT_ANALYSED: imported, without an index. "
        "DUPLICATE: an earlier asset of the workspace has the same bytes.",
        schema_extra={"examples": ["FAILED"]},
    ),
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
async def list_asset_states(
    asset_states: Injected[AssetStates],
    caller: Injected[Caller],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    page_num: PageNum,
    page_size: PageSize = 1000,
    state_filter: State = None,
    name: NamePart = None,
) -> Envelope[Page[AssetStateObject]]:
    """List the assets of a project with the states of their imports and analyses, oldest first.

    An addition of Scenedex to the API.
    """
    if name is not None and (not 0 < len(name) <= _MAX_NAME_LENGTH or "\x00" in name):
        raise InvalidRequest(FieldProblem("name", "must be 1 to 255 characters without NUL"))
    page = PageRequest(page_num, page_size)
    wanted = StateFilter(state_filter, None if name is None else normalize("NFC", name))
    found, total = await asset_states.page(caller, workspace_name, parse_id("project_id", project_id), wanted, page)
    content = [_object(one, times) for one in found]
    return Envelope(result=Page(content, total, page.pages_of(total), page.number, page.size))


def _object(one: AssetState, times: WireTime) -> AssetStateObject:
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
        analysis_message=one.analysis_message,
        analysis_stage=one.analysis_stage,
        analysis_percent=one.analysis_percent,
        analysed_time=None if one.analysed_time is None else times.in_seconds(one.analysed_time),
        duplicate_of=one.duplicate_of,
    )


routes = [list_asset_states]
