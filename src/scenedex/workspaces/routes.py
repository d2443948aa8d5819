"""Calls about workspaces."""

from __future__ import annotations

from typing import Annotated

from litestar import get

from scenedex.audit.actor import Actor
from scenedex.audit.marks import event
from scenedex.auth.caller import Caller
from scenedex.storage.names import is_bucket_name
from scenedex.wire.envelope import Envelope, Page
from scenedex.wire.errors import FieldProblem, InvalidRequest
from scenedex.wire.parsing import PageRequest, WireTime, check_workspace_name
from scenedex.wire.routing import Injected, PageNum, PageSize, WorkspaceName, answers, delete, json_body, post
from scenedex.workspaces.errors import TooManyWorkspaces, WorkspaceBusy, WorkspaceNameTaken, WorkspaceNotFound
from scenedex.workspaces.schemas import (
    CREATE_WORKSPACE,
    CREATED_WORKSPACE,
    LISTED_WORKSPACE,
    WORKSPACE,
    CreateWorkspace,
    DeletedWorkspace,
    WorkspaceObject,
)
from scenedex.workspaces.service import Workspaces


@get(
    "/api/v1/workspaces",
    tags=["workspaces"],
    operation_id="listWorkspaces",
    summary="List workspaces",
    responses=answers(Page([LISTED_WORKSPACE], 1, 1, 1, 1000)),
)
async def list_workspaces(
    workspaces: Injected[Workspaces],
    caller: Injected[Caller],
    times: Injected[WireTime],
    server_url: Injected[str],
    page_num: PageNum,
    page_size: PageSize = 1000,
) -> Envelope[Page[WorkspaceObject]]:
    """List the workspaces that the access key may see, oldest first."""
    page = PageRequest(page_num, page_size)
    found, total = await workspaces.page(caller, page)
    content = [times.shape(WorkspaceObject, one, workspace_url=_url(server_url, one.workspace_name)) for one in found]
    return Envelope(result=Page(content, total, page.pages_of(total), page.number, page.size))


@post(
    "/api/v1/workspaces",
    tags=["workspaces"],
    operation_id="createWorkspace",
    summary="Create a workspace",
    opt=event("Create Workspace"),
    responses=answers(CREATED_WORKSPACE, TooManyWorkspaces, WorkspaceNotFound, WorkspaceNameTaken),
)
async def create_workspace(
    workspaces: Injected[Workspaces],
    actor: Injected[Actor],
    times: Injected[WireTime],
    data: Annotated[CreateWorkspace, json_body(CREATE_WORKSPACE)],
) -> Envelope[WorkspaceObject]:
    """Create a workspace with its base project."""
    name = check_workspace_name("workspaceName", data.workspace_name)
    if data.bucket_name is not None and not is_bucket_name(data.bucket_name):
        raise InvalidRequest(FieldProblem("bucketName", "is no well-formed bucket name"))
    return Envelope(result=times.shape(WorkspaceObject, await workspaces.create(actor, name, data.bucket_name)))


@get(
    "/api/v1/workspaces/{workspace_name:str}",
    tags=["workspaces"],
    operation_id="getWorkspace",
    summary="Get a workspace",
    responses=answers(WORKSPACE, WorkspaceNotFound),
)
async def get_workspace(
    workspaces: Injected[Workspaces],
    caller: Injected[Caller],
    times: Injected[WireTime],
    server_url: Injected[str],
    workspace_name: WorkspaceName,
) -> Envelope[WorkspaceObject]:
    """Return a workspace with the number of analyses requested in the current calendar month."""
    workspace, analyses = await workspaces.get(caller, workspace_name)
    url = _url(server_url, workspace_name)
    return Envelope(result=times.shape(WorkspaceObject, workspace, workspace_url=url, monthly_analysis_count=analyses))


@delete(
    "/api/v1/workspaces/{workspace_name:str}",
    tags=["workspaces"],
    operation_id="deleteWorkspace",
    summary="Delete a workspace",
    opt=event("Delete Workspace"),
    responses=answers(DeletedWorkspace(workspace_name="my-workspace"), WorkspaceNotFound, WorkspaceBusy),
)
async def delete_workspace(
    workspaces: Injected[Workspaces], actor: Injected[Actor], workspace_name: WorkspaceName
) -> Envelope[DeletedWorkspace]:
    """Delete a workspace with its projects, assets and indexes. The users' own buckets are not touched."""
    await workspaces.delete(actor, workspace_name)
    return Envelope(result=DeletedWorkspace(workspace_name=workspace_name))


def _url(server_url: str, name: str) -> str:
    return f"{server_url}/api/v1/workspaces/{name}"


routes = [list_workspaces, create_workspace, get_workspace, delete_workspace]
