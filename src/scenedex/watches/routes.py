"""Routes of watches. They are an addition to the API of the vendor."""

from __future__ import annotations

from typing import Annotated, Final

from litestar import get

from scenedex.assets.errors import BucketUnknown
from scenedex.audit.actor import Actor
from scenedex.audit.marks import event
from scenedex.auth.caller import Caller
from scenedex.persons.errors import PersonTagNotFound
from scenedex.projects.errors import ProjectNotFound
from scenedex.watches.errors import TooManyWatches, WatchNotFound
from scenedex.watches.event_routes import EVENTS
from scenedex.watches.request_parsing import watch_options
from scenedex.watches.schemas import CREATE_WATCH, WATCH, CreateWatch, WatchObject
from scenedex.watches.service import Watches
from scenedex.wire.body_limits import LONG_LIST
from scenedex.wire.envelope import Done, Envelope, Page
from scenedex.wire.parsing import PageRequest, WireTime, parse_id
from scenedex.wire.routing import (
    Injected,
    PageNum,
    PageSize,
    ProjectIdText,
    WorkspaceName,
    answers,
    delete,
    id_parameter,
    json_body,
    post,
)
from scenedex.workspaces.errors import WorkspaceNotFound

WATCHES: Final = "/api/v1/workspaces/{workspace_name:str}/projects/{project_id:str}/watches"
WATCH_PATH: Final = WATCHES + "/{watch_id:str}"
_OF_PROJECT: Final = (WorkspaceNotFound, ProjectNotFound)
_OF_WATCH: Final = (*_OF_PROJECT, WatchNotFound)

WatchIdText = Annotated[str, id_parameter("Watch ID, an integer.", "3")]


@post(
    WATCHES,
    tags=["assets"],
    operation_id="createWatch",
    summary="Watch a prefix of a bucket",
    opt=event("Create Watch") | LONG_LIST,
    responses=answers(WATCH, *_OF_PROJECT, BucketUnknown, PersonTagNotFound, TooManyWatches),
)
async def create_watch(
    watches: Injected[Watches],
    actor: Injected[Actor],
    times: Injected[WireTime],
    server_url: Injected[str],
    min_watch_seconds: Injected[int],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    data: Annotated[CreateWatch, json_body(CREATE_WATCH)],
) -> Envelope[WatchObject]:
    """Import new and changed objects of a prefix as they appear. The answer has the URL for events, once."""
    number, options = parse_id("project_id", project_id), watch_options(data, min_every_seconds=min_watch_seconds)
    found, token = await watches.create(actor, workspace_name, number, options)
    return Envelope(result=WatchObject.of(found, times, _event_url(server_url, token)))


@get(
    WATCHES,
    tags=["assets"],
    operation_id="listWatches",
    summary="List watches",
    responses=answers(Page([WATCH], 1, 1, 1, 100), *_OF_PROJECT),
)
async def list_watches(
    watches: Injected[Watches],
    caller: Injected[Caller],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    page_num: PageNum = 1,
    page_size: PageSize = 100,
) -> Envelope[Page[WatchObject]]:
    """List the watches of a project with their states, oldest first."""
    page = PageRequest(page_num, page_size)
    found, total = await watches.page(caller, workspace_name, parse_id("project_id", project_id), page)
    content = [WatchObject.of(one, times) for one in found]
    return Envelope(result=Page(content, total, page.pages_of(total), page.number, page.size))


@get(WATCH_PATH, tags=["assets"], operation_id="getWatch", summary="Get a watch", responses=answers(WATCH, *_OF_WATCH))
async def get_watch(
    watches: Injected[Watches],
    caller: Injected[Caller],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    watch_id: WatchIdText,
) -> Envelope[WatchObject]:
    """Return a watch with its last look, its next one and its last error."""
    found = await watches.get(caller, workspace_name, *_watch_path(project_id, watch_id))
    return Envelope(result=WatchObject.of(found, times))


@post(
    WATCH_PATH + "/pause",
    tags=["assets"],
    operation_id="pauseWatch",
    summary="Pause a watch",
    opt=event("Pause Watch"),
    responses=answers(WATCH, *_OF_WATCH),
)
async def pause_watch(
    watches: Injected[Watches],
    actor: Injected[Actor],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    watch_id: WatchIdText,
) -> Envelope[WatchObject]:
    """Look at nothing for now. Events are stored until the watch is resumed."""
    found = await watches.pause(actor, workspace_name, *_watch_path(project_id, watch_id))
    return Envelope(result=WatchObject.of(found, times))


@post(
    WATCH_PATH + "/resume",
    tags=["assets"],
    operation_id="resumeWatch",
    summary="Resume a watch",
    opt=event("Resume Watch"),
    responses=answers(WATCH, *_OF_WATCH),
)
async def resume_watch(
    watches: Injected[Watches],
    actor: Injected[Actor],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    watch_id: WatchIdText,
) -> Envelope[WatchObject]:
    """Look at once, and go on. An active watch looks at once, too."""
    found = await watches.resume(actor, workspace_name, *_watch_path(project_id, watch_id))
    return Envelope(result=WatchObject.of(found, times))


@post(
    WATCH_PATH + "/token",
    tags=["assets"],
    operation_id="renewWatchToken",
    summary="Replace the URL for events of a watch",
    opt=event("Renew Watch Token"),
    responses=answers(WATCH, *_OF_WATCH),
)
async def renew_watch_token(
    watches: Injected[Watches],
    actor: Injected[Actor],
    times: Injected[WireTime],
    server_url: Injected[str],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    watch_id: WatchIdText,
) -> Envelope[WatchObject]:
    """Return another URL for events, once. The former one is unknown from then on."""
    found, token = await watches.renew_token(actor, workspace_name, *_watch_path(project_id, watch_id))
    return Envelope(result=WatchObject.of(found, times, _event_url(server_url, token)))


@delete(
    WATCH_PATH,
    tags=["assets"],
    operation_id="deleteWatch",
    summary="Delete a watch",
    opt=event("Delete Watch"),
    responses=answers(Done(), *_OF_WATCH),
)
async def delete_watch(
    watches: Injected[Watches],
    actor: Injected[Actor],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    watch_id: WatchIdText,
) -> Done:
    """Delete a watch. Its assets stay."""
    await watches.delete(actor, workspace_name, *_watch_path(project_id, watch_id))
    return Done()


def _event_url(server_url: str, token: str) -> str:
    return f"{server_url.rstrip('/')}{EVENTS}/{token}"


def _watch_path(project_id: str, watch_id: str) -> tuple[int, int]:
    """Parse the ids of a path."""
    return parse_id("project_id", project_id), parse_id("watch_id", watch_id)


routes = [create_watch, list_watches, get_watch, pause_watch, resume_watch, renew_watch_token, delete_watch]
