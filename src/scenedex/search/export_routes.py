"""Exporting the hits of a search as a file."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import msgspec
from litestar import get
from litestar.params import PathParameter, QueryParameter
from litestar.response import Stream

from scenedex.auth.caller import Caller
from scenedex.index.export_routes import FileOperation, FrameRateName
from scenedex.index.exports.formats import ExportFormat, FrameRate
from scenedex.index.exports.naming import attachment
from scenedex.search.errors import SearchNotCompleted, SearchNotFound
from scenedex.search.exports.writing import ReelFormat, write_reel
from scenedex.search.service import Searches
from scenedex.wire.routing import Injected, WorkspaceName, answers
from scenedex.workspaces.errors import WorkspaceNotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

# So much of an id is in the name of a file.
_SHOWN_LENGTH = 8


class ReelOperation(FileOperation):
    """The description of the export of a search."""

    files: ClassVar[Mapping[ExportFormat, object]] = {
        ExportFormat.CSV: "rank,score,assetId,projectId,fileName\r\n1,91.27,1001,5,sample-video.mp4\r\n",
        ExportFormat.EDL: "TITLE: search-Tq3f8ZkL\nFCM: NON-DROP FRAME\n\n"
        "001  SAMPLEVI V     C        00:01:31:14 00:01:35:00 00:00:00:00 00:00:03:11\n",
        ExportFormat.OTIO: {"OTIO_SCHEMA": "Timeline.1", "name": "search-Tq3f8ZkL"},
    }
    is_json_too = False


SearchIdText = Annotated[str, PathParameter(description="Search ID.")]
ReelFormatName = Annotated[Literal["csv", "edl", "otio"], QueryParameter(description="Format of the file.")]


@get(
    "/api/v1/workspaces/{workspace_name:str}/assets/search/{search_id:str}/export",
    tags=["search"],
    operation_id="exportSearch",
    operation_class=ReelOperation,
    summary="Export the hits of a search as a file",
    # The operation describes what a success answers.
    responses=answers(str, msgspec.Struct(), WorkspaceNotFound, SearchNotFound, SearchNotCompleted),
)
async def export_search(
    searches: Injected[Searches],
    caller: Injected[Caller],
    workspace_name: WorkspaceName,
    search_id: SearchIdText,
    format: ReelFormatName,  # noqa: A002  # the wire's name, by which a refusal calls it
    frameRate: FrameRateName = "25",  # noqa: N803  # as above
) -> Stream:
    """All hits, the best first, for other programs: a spreadsheet, or an edit that shows one after the other."""
    hits = await searches.all_hits(caller, workspace_name, search_id)
    form = ReelFormat(format)
    title = f"search-{search_id[:_SHOWN_LENGTH]}"
    chunks = await asyncio.to_thread(write_reel, hits, form, FrameRate(frameRate), title)
    headers = {"content-disposition": attachment(title, form.value)}
    return Stream(chunks, media_type=form.media_type, headers=headers)


routes = [export_search]
