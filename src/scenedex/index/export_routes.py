"""Exporting an index as a file."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import msgspec
from litestar import Response, get
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIResponse, OpenAPIType, Operation, Schema
from litestar.params import QueryParameter
from litestar.response import Stream

from scenedex.assets.errors import AssetNotFound
from scenedex.assets.links import Links
from scenedex.assets.routes import ASSET, asset_path
from scenedex.auth.caller import Caller
from scenedex.index.confidence import ConfidenceLevel
from scenedex.index.errors import IndexNotReady
from scenedex.index.exports.formats import ExportFormat, FrameRate
from scenedex.index.exports.naming import attachment
from scenedex.index.exports.writing import write
from scenedex.index.routes import ConfidenceLevelName, index_object
from scenedex.index.schemas import INDEX, IndexObject
from scenedex.index.service import Indexes
from scenedex.projects.errors import ProjectNotFound
from scenedex.wire.parsing import WireTime
from scenedex.wire.routing import AssetIdText, Injected, NamedExample, ProjectIdText, WorkspaceName, answers
from scenedex.workspaces.errors import WorkspaceNotFound

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass
class FileOperation(Operation):
    """The description of a call whose answer is a file in one of many formats, for which the framework has no place.

    Attributes:
        files: an example of each format but JSON.
        is_json_too: whether JSON, which the framework describes, is one of the formats.
    """

    files: ClassVar[Mapping[ExportFormat, object]]
    is_json_too: ClassVar[bool]

    def __post_init__(self) -> None:
        """Describe the formats."""
        answer = (self.responses or {})["200"]
        if isinstance(answer, OpenAPIResponse):
            described = (answer.content or {}) if self.is_json_too else {}
            answer.content = described | {form.media_type: _content(form, file) for form, file in self.files.items()}


def _content(form: ExportFormat, example: object) -> OpenAPIMediaType:
    shown = NamedExample(id=form.value, summary=form.value, value=example)
    kind = OpenAPIType.STRING if isinstance(example, str) else OpenAPIType.OBJECT
    return OpenAPIMediaType(schema=Schema(type=kind), examples={form.value: shown})


class ExportOperation(FileOperation):
    """The description of the export of an index."""

    files: ClassVar[Mapping[ExportFormat, object]] = {
        ExportFormat.SRT: "1\n00:00:01,500 --> 00:00:03,900\nGood morning from the harbour.\n\n",
        ExportFormat.VTT: "WEBVTT\n\n00:00:01.500 --> 00:00:03.900\n<v Speaker 1>Good morning from the harbour.\n",
        ExportFormat.CSV: "kind,sceneId,id,startTimeMs,endTimeMs,text\r\nkeyword,1,,0,4000,harbour\r\n",
        ExportFormat.EDL: "TITLE: sample-video\nFCM: NON-DROP FRAME\n\n"
        "001  SAMPLEVI V     C        00:00:00:00 00:01:31:14 00:00:00:00 00:01:31:14\n",
        ExportFormat.OTIO: {"OTIO_SCHEMA": "Timeline.1", "name": "sample-video"},
    }
    is_json_too = True


FormatName = Annotated[
    Literal["json", "srt", "vtt", "csv", "edl", "otio"],
    QueryParameter(description="Format of the file; json is the index as the other call answers it."),
]
FrameRateName = Annotated[
    Literal["23.976", "24", "25", "29.97", "30", "50", "59.94", "60"],
    QueryParameter(description="Frames a second that edl and otio count in."),
]


@get(
    ASSET + "/index/export",
    tags=["index"],
    operation_id="exportIndex",
    operation_class=ExportOperation,
    summary="Export the index of an asset as a file",
    responses=answers(IndexObject, INDEX, WorkspaceNotFound, ProjectNotFound, AssetNotFound, IndexNotReady),
)
async def export_index(  # noqa: PLR0913, PLR0917  # each part of its path and query
    indexes: Injected[Indexes],
    links: Injected[Links],
    caller: Injected[Caller],
    times: Injected[WireTime],
    base_url: Injected[str],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    asset_id: AssetIdText,
    format: FormatName,  # noqa: A002  # the wire's name, by which a refusal calls it
    confidence_level: ConfidenceLevelName = "MEDIUM",
    frameRate: FrameRateName = "25",  # noqa: N803  # as before
) -> Response[Any]:
    """The latest analysis result for other programs: subtitles, a spreadsheet or an edit."""
    path = asset_path(project_id, asset_id)
    index = await indexes.get(caller, workspace_name, *path, ConfidenceLevel(confidence_level))
    form = ExportFormat(format)
    headers = {"content-disposition": attachment(index.file_name, form.value)}
    if form is ExportFormat.JSON:
        document = msgspec.json.encode(index_object(index, links, base_url, times))
        return Response(document, media_type=form.media_type, headers=headers)
    chunks = await asyncio.to_thread(write, index, form, FrameRate(frameRate))
    # The framework adds this to what calls itself text.
    media_type = f"{form.media_type}; charset=utf-8" if form is ExportFormat.SRT else form.media_type
    return Stream(chunks, media_type=media_type, headers=headers)


routes = [export_index]
