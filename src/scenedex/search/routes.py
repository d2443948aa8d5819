"""Calls of searches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

import msgspec
from litestar import get
from litestar.params import PathParameter, QueryParameter
from litestar.response import Stream

from scenedex.assets.errors import AssetNotFound
from scenedex.assets.links import Links
from scenedex.audit.marks import NO_EVENT
from scenedex.auth.caller import Caller
from scenedex.auth.middleware import RATE, READS_ONLY
from scenedex.exports.routing import (
    SELECTION_FORMATS,
    FileOperation,
    FrameRateOfEdit,
    HandleFrames,
    HandleSeconds,
    SelectionFormatName,
    edit_options,
    file_answer,
)
from scenedex.persons.errors import PersonNotFound
from scenedex.projects.errors import ProjectNotFound
from scenedex.search.errors import SearchNotCompleted, SearchNotFound
from scenedex.search.hits import SearchAddresses, SearchExport, search_object
from scenedex.search.request_parsing import parse_request
from scenedex.search.schemas import REQUEST_SEARCH, SEARCH, SEARCH_STUB, RequestSearch, SearchObject, SearchStub
from scenedex.search.service import Searches
from scenedex.wire.body_limits import LONG_LIST
from scenedex.wire.envelope import Envelope
from scenedex.wire.parsing import PageRequest, WireTime
from scenedex.wire.routing import Injected, WorkspaceName, answers, json_body, post
from scenedex.workspaces.errors import WorkspaceNotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

SEARCHES = "/api/v1/workspaces/{workspace_name:str}/assets/search"

SearchId = Annotated[
    str, PathParameter(description="Id of the search.", schema_extra={"examples": ["Tq3f8ZkLw0aN5xYbR7Vd"]})
]
HitsPageNum = Annotated[
    int,
    QueryParameter(name="pageNum", ge=1, le=2**31, description="Page number, from 1.", schema_extra={"examples": [1]}),
]
HitsPageSize = Annotated[
    int,
    QueryParameter(
        name="pageSize", ge=1, le=100, description="Hits on a page, 1-100.", schema_extra={"examples": [50]}
    ),
]
FormatName = Annotated[
    SelectionFormatName, QueryParameter(description="Format of the file.", schema_extra={"examples": ["csv"]})
]

# The name of an exported file contains the first characters of the id.
_SHOWN_ID_LENGTH = 8
_HANDLE_SECONDS = 2.0


class SearchExportOperation(FileOperation):
    """OpenAPI description of the export of a search."""

    examples: ClassVar[Mapping[str, object]] = {
        "csv": "rank,score,assetId,projectId,fileName\r\n1,91.27,1001,5,sample-video.mp4\r\n",
        "edl": "TITLE: search-Tq3f8ZkL\nFCM: NON-DROP FRAME\n\n"
        "001  SAMPLEVI AA/V  C        10:01:31:14 10:01:35:00 00:00:00:00 00:00:03:11\n",
        "otio": {"OTIO_SCHEMA": "Timeline.1", "name": "search-Tq3f8ZkL"},
        "fcpxml": '<fcpxml version="1.11"><resources/></fcpxml>',
    }


@post(
    SEARCHES,
    opt={READS_ONLY: True, RATE: "search"} | LONG_LIST | NO_EVENT,
    tags=["search"],
    operation_id="requestSearch",
    summary="Search the scenes of a workspace",
    responses=answers(SEARCH_STUB, WorkspaceNotFound, ProjectNotFound, AssetNotFound, PersonNotFound),
)
async def request_search(
    searches: Injected[Searches],
    caller: Injected[Caller],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    data: Annotated[RequestSearch, json_body(REQUEST_SEARCH)],
) -> Envelope[SearchStub]:
    """Search for scenes by text, picture or conditions. The id in the answer gives access to the hits."""
    search_id = await searches.request(caller, workspace_name, parse_request(data, times))
    return Envelope(result=SearchStub(search_id=search_id, status="RUNNING"))


@get(
    SEARCHES + "/{search_id:str}",
    tags=["search"],
    operation_id="getSearch",
    summary="Get the hits of a search",
    responses=answers(SEARCH, WorkspaceNotFound, SearchNotFound),
)
async def get_search(
    searches: Injected[Searches],
    links: Injected[Links],
    caller: Injected[Caller],
    base_url: Injected[str],
    server_url: Injected[str],
    workspace_name: WorkspaceName,
    search_id: SearchId,
    page_num: HitsPageNum = 1,
    page_size: HitsPageSize = 50,
) -> Envelope[SearchObject]:
    """Return the state of a search and, once it has completed, a page of its hits."""
    page = PageRequest(page_num, page_size)
    found = await searches.get(caller, workspace_name, search_id, page)
    addresses = SearchAddresses(links, base_url, server_url, workspace_name)
    return Envelope(result=search_object(found, page, addresses))


@get(
    SEARCHES + "/{search_id:str}/export",
    tags=["search"],
    operation_id="exportSearch",
    operation_class=SearchExportOperation,
    summary="Export the hits of a search as a file",
    # The operation describes the files.
    responses=answers(msgspec.Struct(), WorkspaceNotFound, SearchNotFound, SearchNotCompleted, shape=str),
)
async def export_search(  # each part of its path and query
    searches: Injected[Searches],
    caller: Injected[Caller],
    server_url: Injected[str],
    workspace_name: WorkspaceName,
    search_id: SearchId,
    format: FormatName,  # noqa: A002  # the wire's name, by which a refusal calls it
    frameRate: FrameRateOfEdit = None,  # noqa: N803  # as above
    handleSeconds: HandleSeconds = None,  # noqa: N803  # as above
    handleFrames: HandleFrames = None,  # noqa: N803  # as above
) -> Stream:
    """Return all hits, best first, as a spreadsheet or an edit of their moments."""
    options = edit_options(frameRate, handleSeconds, handleFrames, default_seconds=_HANDLE_SECONDS)
    hits = await searches.all_hits(caller, workspace_name, search_id)
    title = f"search-{search_id[:_SHOWN_ID_LENGTH]}"
    export = SearchExport(title, workspace_name, server_url, hits)
    return await file_answer(SELECTION_FORMATS[format], export.selection, options, title)


routes = [request_search, get_search, export_search]
