"""Calls about projects."""

from __future__ import annotations

from typing import Annotated

from litestar import get, patch

from scenedex.audit.actor import Actor
from scenedex.audit.marks import event
from scenedex.auth.caller import Caller
from scenedex.projects.errors import BaseProjectFixed, ProjectBusy, ProjectNameTaken, ProjectNotFound, TooManyProjects
from scenedex.projects.schemas import (
    NAME_PROJECT,
    PROJECT,
    NameProject,
    ProjectList,
    ProjectListEnvelope,
    ProjectObject,
)
from scenedex.projects.service import Projects
from scenedex.wire.envelope import Done, Envelope
from scenedex.wire.parsing import WireTime, check_name, parse_id
from scenedex.wire.routing import Injected, ProjectIdText, WorkspaceName, answers, delete, json_body, post
from scenedex.workspaces.errors import WorkspaceNotFound

_MAX_NAME_LENGTH = 100
_PROJECTS = "/api/v1/workspaces/{workspace_name:str}/projects"
_PROJECT = _PROJECTS + "/{project_id:str}"


@get(
    _PROJECTS,
    tags=["projects"],
    operation_id="listProjects",
    summary="List projects",
    responses=answers(
        ProjectListEnvelope(result=ProjectList(projects=[PROJECT], total_count=1), total_count=1),
        WorkspaceNotFound,
        shape=ProjectListEnvelope,
    ),
)
async def list_projects(
    projects: Injected[Projects], caller: Injected[Caller], times: Injected[WireTime], workspace_name: WorkspaceName
) -> ProjectListEnvelope:
    """List all projects of a workspace, oldest first."""
    found = [times.shape(ProjectObject, project) for project in await projects.all(caller, workspace_name)]
    return ProjectListEnvelope(result=ProjectList(projects=found, total_count=len(found)), total_count=len(found))


@post(
    _PROJECTS,
    tags=["projects"],
    operation_id="createProject",
    summary="Create a project",
    opt=event("Create Project"),
    responses=answers(PROJECT, TooManyProjects, WorkspaceNotFound, ProjectNameTaken),
)
async def create_project(
    projects: Injected[Projects],
    actor: Injected[Actor],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    data: Annotated[NameProject, json_body(NAME_PROJECT)],
) -> Envelope[ProjectObject]:
    """Create a project, a folder of media assets."""
    name = check_name("name", data.name, max_length=_MAX_NAME_LENGTH)
    return Envelope(result=times.shape(ProjectObject, await projects.create(actor, workspace_name, name)))


@get(
    _PROJECT,
    tags=["projects"],
    operation_id="getProject",
    summary="Get a project",
    responses=answers(PROJECT, WorkspaceNotFound, ProjectNotFound),
)
async def get_project(
    projects: Injected[Projects],
    caller: Injected[Caller],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
) -> Envelope[ProjectObject]:
    """Return a project."""
    found = await projects.get(caller, workspace_name, parse_id("project_id", project_id))
    return Envelope(result=times.shape(ProjectObject, found))


@patch(
    _PROJECT,
    tags=["projects"],
    operation_id="renameProject",
    summary="Rename a project",
    opt=event("Update Project Name"),
    responses=answers(PROJECT, BaseProjectFixed, WorkspaceNotFound, ProjectNotFound, ProjectNameTaken),
)
async def rename_project(
    projects: Injected[Projects],
    actor: Injected[Actor],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    data: Annotated[NameProject, json_body(NAME_PROJECT)],
) -> Envelope[ProjectObject]:
    """Rename a project. The base project cannot be renamed."""
    number = parse_id("project_id", project_id)
    name = check_name("name", data.name, max_length=_MAX_NAME_LENGTH)
    return Envelope(result=times.shape(ProjectObject, await projects.rename(actor, workspace_name, number, name)))


@delete(
    _PROJECT,
    tags=["projects"],
    operation_id="deleteProject",
    summary="Delete a project",
    opt=event("Delete Project"),
    responses=answers(Done(), BaseProjectFixed, WorkspaceNotFound, ProjectNotFound, ProjectBusy),
)
async def delete_project(
    projects: Injected[Projects], actor: Injected[Actor], workspace_name: WorkspaceName, project_id: ProjectIdText
) -> Done:
    """Delete a project with its assets and their indexes. The base project cannot be deleted."""
    await projects.delete(actor, workspace_name, parse_id("project_id", project_id))
    return Done()


routes = [list_projects, create_project, get_project, rename_project, delete_project]
