"""Calls about searches."""

from __future__ import annotations

from typing import Annotated

from litestar import get, post
from litestar.params import PathParameter, QueryParameter

from scenedex.assets.errors import AssetNotFound
from scenedex.assets.links import Links
from scenedex.auth.caller import Caller
from scenedex.auth.middleware import RATE, READS_ONLY
from scenedex.persons.errors import PersonNotFound
from scenedex.projects.errors import ProjectNotFound
from scenedex.search.asking import read_request
from scenedex.search.errors import SearchNotFound
from scenedex.search.schemas import (
    REQUEST_SEARCH,
    SEARCH,
    SEARCH_STUB,
    RequestSearch,
    SearchObject,
    SearchStub,
)
from scenedex.search.service import Searches
from scenedex.search.shaping import search_object
from scenedex.wire.envelope import Envelope
from scenedex.wire.parsing import PageRequest, WireTime
from scenedex.wire.routing import Injected, WorkspaceName, answers, json_body
from scenedex.workspaces.errors import WorkspaceNotFound

SEARCHES = "/api/v1/workspaces/{workspace_name:str}/assets/search"

SearchId = Annotated[str, PathParameter(description="Id of the search.")]
HitsPageNum = Annotated[int, QueryParameter(name="pageNum", ge=1, le=2**31, description="Page number, from 1.")]
HitsPageSize = Annotated[int, QueryParameter(name="pageSize", ge=1, le=100, description="Hits on a page, 1-100.")]


@post(
    SEARCHES,
    status_code=200,
    opt={READS_ONLY: True, RATE: "search"},
    tags=["search"],
    operation_id="requestSearch",
    summary="Search the scenes of a workspace",
    responses=answers(
        Envelope[SearchStub],
        Envelope(result=SEARCH_STUB),
        WorkspaceNotFound,
        ProjectNotFound,
        AssetNotFound,
        PersonNotFound,
    ),
)
async def request_search(
    searches: Injected[Searches],
    caller: Injected[Caller],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    data: Annotated[RequestSearch, json_body(REQUEST_SEARCH)],
) -> Envelope[SearchStub]:
    """Ask which scenes answer a text, a picture or conditions; get the hits by the id."""
    search_id = await searches.request(caller, workspace_name, read_request(data, times))
    return Envelope(result=SearchStub(search_id=search_id, status="RUNNING"))


@get(
    SEARCHES + "/{search_id:str}",
    tags=["search"],
    operation_id="getSearch",
    summary="Get the hits of a search",
    responses=answers(Envelope[SearchObject], Envelope(result=SEARCH), WorkspaceNotFound, SearchNotFound),
)
async def get_search(
    searches: Injected[Searches],
    links: Injected[Links],
    caller: Injected[Caller],
    base_url: Injected[str],
    workspace_name: WorkspaceName,
    search_id: SearchId,
    page_num: HitsPageNum = 1,
    page_size: HitsPageSize = 50,
) -> Envelope[SearchObject]:
    """How far a search has come and, once it has completed, a page of its hits."""
    page = PageRequest(page_num, page_size)
    found = await searches.get(caller, workspace_name, search_id, page)
    return Envelope(result=search_object(found, page, links, base_url))


routes = [request_search, get_search]
