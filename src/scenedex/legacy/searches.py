"""Older paths of the calls about searches. Source: api-contract, deprecated paths."""

from __future__ import annotations

from typing import Annotated

from litestar import get, post
from msgspec import Meta

from scenedex.assets.errors import AssetNotFound
from scenedex.assets.links import Links
from scenedex.auth.caller import Caller
from scenedex.auth.middleware import RATE, READS_ONLY
from scenedex.persons.errors import PersonNotFound
from scenedex.projects.errors import ProjectNotFound
from scenedex.search import routes as current
from scenedex.search.asking import read_request
from scenedex.search.errors import SearchNotFound
from scenedex.search.routes import HitsPageNum, HitsPageSize, SearchId
from scenedex.search.schemas import REQUEST_SEARCH, SEARCH, SEARCH_STUB, RequestSearch, SearchObject, SearchStub
from scenedex.search.service import Searches
from scenedex.wire.envelope import Envelope
from scenedex.wire.parsing import WireTime
from scenedex.wire.routing import Injected, WorkspaceName, answers, json_body
from scenedex.workspaces.errors import WorkspaceNotFound


class RequestSceneSearch(RequestSearch, frozen=True, kw_only=True):
    """A search; the path does not say where."""

    workspace_name: (
        Annotated[str, Meta(description="Workspace; that of the filter's projects and assets if not given")] | None
    ) = None


_REQUEST = RequestSceneSearch(
    workspace_name="newsroom",
    query=REQUEST_SEARCH.query,
    query_option=REQUEST_SEARCH.query_option,
    filter=REQUEST_SEARCH.filter,
)


@post(
    "/api/v1/scene-search",
    status_code=200,
    opt={READS_ONLY: True, RATE: "search"},
    tags=["deprecated"],
    operation_id="requestSceneSearch",
    summary="Search the scenes of a workspace (older path)",
    deprecated=True,
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
    data: Annotated[RequestSceneSearch, json_body(_REQUEST)],
) -> Envelope[SearchStub]:
    """Deprecated: ask which scenes answer a text, a picture or conditions."""
    request = read_request(data, times)
    workspace_name = data.workspace_name or await searches.workspace_of(caller, request.scope)
    return Envelope(
        result=SearchStub(search_id=await searches.request(caller, workspace_name, request), status="RUNNING")
    )


@get(
    "/api/v1/workspaces/{workspace_name:str}/scene-search/{search_id:str}",
    tags=["deprecated"],
    operation_id="getSceneSearch",
    summary="Get the hits of a search (older path)",
    deprecated=True,
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
    """Deprecated: how far a search has come, and a page of its hits."""
    return await current.get_search.fn(
        searches, links, caller, base_url, workspace_name, search_id, page_num, page_size
    )


routes = [request_search, get_search]
