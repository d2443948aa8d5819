"""Routes of bulk imports. They are an addition to the API of the vendor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Literal

from litestar import Response, get
from litestar.params import QueryParameter
from litestar.response import Stream

from scenedex.assets.errors import BucketUnknown
from scenedex.audit.actor import Actor
from scenedex.audit.marks import event
from scenedex.auth.caller import Caller
from scenedex.exports.routing import CSV, FileOperation
from scenedex.exports.spreadsheets import csv_line
from scenedex.exports.text import attachment
from scenedex.imports.errors import BulkImportEnded, BulkImportNotFound
from scenedex.imports.request_parsing import bulk_import_options
from scenedex.imports.schemas import (
    BULK_IMPORT,
    REQUEST_BULK_IMPORT,
    SKIPPED_OBJECT,
    BulkImportObject,
    RequestBulkImport,
    SkippedObjectObject,
)
from scenedex.imports.selection import SkipReason
from scenedex.imports.service import BulkImports
from scenedex.persons.errors import PersonTagNotFound
from scenedex.projects.errors import ProjectNotFound
from scenedex.wire.body_limits import LONG_LIST
from scenedex.wire.envelope import Envelope, Page
from scenedex.wire.parsing import PageRequest, WireTime, parse_id
from scenedex.wire.routing import (
    NO_SNIFFING,
    Injected,
    PageNum,
    PageSize,
    ProjectIdText,
    WorkspaceName,
    answers,
    id_parameter,
    json_body,
    post,
)
from scenedex.workspaces.errors import WorkspaceNotFound

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from scenedex.imports.records import BulkImportId

IMPORTS: Final = "/api/v1/workspaces/{workspace_name:str}/projects/{project_id:str}/imports"
IMPORT: Final = IMPORTS + "/{import_id:str}"
_OF_PROJECT: Final = (WorkspaceNotFound, ProjectNotFound)
_OF_IMPORT: Final = (*_OF_PROJECT, BulkImportNotFound)
_COLUMNS: Final = ("key", "reason", "detail", "size", "assetId")

ImportIdText = Annotated[str, id_parameter("Bulk import ID, an integer.", "12")]
Reason = Annotated[
    SkipReason | None,
    QueryParameter(description="Only objects that were skipped for this reason.", schema_extra={"examples": ["known"]}),
]
FormatName = Annotated[
    Literal["json", "csv"],
    QueryParameter(
        description="Format of the answer. csv has all skipped objects, one a line.", schema_extra={"examples": ["csv"]}
    ),
]


class SkippedOperation(FileOperation):
    """OpenAPI description of the report of skipped objects, which is JSON or a spreadsheet."""

    examples: ClassVar[Mapping[str, object]] = {
        "csv": ",".join(_COLUMNS) + "\r\nfilms/2025/a.mp4,known,,101176289,1001\r\n"
    }
    has_json = True


@post(
    IMPORTS,
    tags=["assets"],
    operation_id="requestBulkImport",
    summary="Import what lies below a prefix",
    opt=event("Request Bulk Import") | LONG_LIST,
    responses=answers(BULK_IMPORT, *_OF_PROJECT, BucketUnknown, PersonTagNotFound),
)
async def request_bulk_import(
    bulk_imports: Injected[BulkImports],
    actor: Injected[Actor],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    data: Annotated[RequestBulkImport, json_body(REQUEST_BULK_IMPORT)],
) -> Envelope[BulkImportObject]:
    """Register all videos and images below a prefix of a bucket as assets, page by page after the answer."""
    number, options = parse_id("project_id", project_id), bulk_import_options(data)
    found = await bulk_imports.request(actor, workspace_name, number, options)
    return Envelope(result=BulkImportObject.of(found, times))


@get(
    IMPORTS,
    tags=["assets"],
    operation_id="listBulkImports",
    summary="List bulk imports",
    responses=answers(Page([BULK_IMPORT], 1, 1, 1, 100), *_OF_PROJECT),
)
async def list_bulk_imports(
    bulk_imports: Injected[BulkImports],
    caller: Injected[Caller],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    page_num: PageNum = 1,
    page_size: PageSize = 100,
) -> Envelope[Page[BulkImportObject]]:
    """List the bulk imports of a project with their progress, the latest first."""
    page = PageRequest(page_num, page_size)
    found, total = await bulk_imports.page(caller, workspace_name, parse_id("project_id", project_id), page)
    content = [BulkImportObject.of(one, times) for one in found]
    return Envelope(result=Page(content, total, page.pages_of(total), page.number, page.size))


@get(
    IMPORT,
    tags=["assets"],
    operation_id="getBulkImport",
    summary="Get a bulk import",
    responses=answers(BULK_IMPORT, *_OF_IMPORT),
)
async def get_bulk_import(
    bulk_imports: Injected[BulkImports],
    caller: Injected[Caller],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    import_id: ImportIdText,
) -> Envelope[BulkImportObject]:
    """Return the state of a bulk import and its progress."""
    found = await bulk_imports.get(caller, workspace_name, *_import_path(project_id, import_id))
    return Envelope(result=BulkImportObject.of(found, times))


@post(
    IMPORT + "/pause",
    tags=["assets"],
    operation_id="pauseBulkImport",
    summary="Pause a bulk import",
    opt=event("Pause Bulk Import"),
    responses=answers(BULK_IMPORT, *_OF_IMPORT, BulkImportEnded),
)
async def pause_bulk_import(
    bulk_imports: Injected[BulkImports],
    actor: Injected[Actor],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    import_id: ImportIdText,
) -> Envelope[BulkImportObject]:
    """Register no more objects for now. Imports of registered assets go on."""
    found = await bulk_imports.pause(actor, workspace_name, *_import_path(project_id, import_id))
    return Envelope(result=BulkImportObject.of(found, times))


@post(
    IMPORT + "/resume",
    tags=["assets"],
    operation_id="resumeBulkImport",
    summary="Resume a bulk import",
    opt=event("Resume Bulk Import"),
    responses=answers(BULK_IMPORT, *_OF_IMPORT, BulkImportEnded),
)
async def resume_bulk_import(
    bulk_imports: Injected[BulkImports],
    actor: Injected[Actor],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    import_id: ImportIdText,
) -> Envelope[BulkImportObject]:
    """Continue a bulk import that is paused or has failed, after its last page."""
    found = await bulk_imports.resume(actor, workspace_name, *_import_path(project_id, import_id))
    return Envelope(result=BulkImportObject.of(found, times))


@post(
    IMPORT + "/cancel",
    tags=["assets"],
    operation_id="cancelBulkImport",
    summary="Cancel a bulk import",
    opt=event("Cancel Bulk Import"),
    responses=answers(BULK_IMPORT, *_OF_IMPORT, BulkImportEnded),
)
async def cancel_bulk_import(
    bulk_imports: Injected[BulkImports],
    actor: Injected[Actor],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    import_id: ImportIdText,
) -> Envelope[BulkImportObject]:
    """End a bulk import. Assets that it has registered stay, and so do their imports."""
    found = await bulk_imports.cancel(actor, workspace_name, *_import_path(project_id, import_id))
    return Envelope(result=BulkImportObject.of(found, times))


@get(
    IMPORT + "/skipped",
    tags=["assets"],
    operation_id="listSkippedObjects",
    operation_class=SkippedOperation,
    summary="List what a bulk import skipped",
    responses=answers(Page([SKIPPED_OBJECT], 1, 1, 1, 1000), *_OF_IMPORT),
)
async def list_skipped(  # each part of its path and query
    bulk_imports: Injected[BulkImports],
    caller: Injected[Caller],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    import_id: ImportIdText,
    reason: Reason = None,
    format: FormatName = "json",  # noqa: A002  # the wire's name, by which a refusal calls it
    page_num: PageNum = 1,
    page_size: PageSize = 1000,
) -> Response[Any]:
    """Return the objects that a bulk import has skipped and the reasons, in the order of their keys.

    The report is kept for as many days as the setting `imports.report_days` says.
    """
    path, page = _import_path(project_id, import_id), PageRequest(page_num, page_size)
    if format == "csv":
        found = await bulk_imports.get(caller, workspace_name, *path)
        name = attachment(f"skipped-{found.import_id}", format)
        headers = {"content-type": CSV.content_type, "content-disposition": name, **NO_SNIFFING}
        return Stream(_spreadsheet(bulk_imports, found.import_id, reason), headers=headers)
    skips, total = await bulk_imports.skipped(caller, workspace_name, *path, reason, page)
    content = [SkippedObjectObject.of(one) for one in skips]
    return Response(Envelope(result=Page(content, total, page.pages_of(total), page.number, page.size)))


async def _spreadsheet(
    bulk_imports: BulkImports, import_id: BulkImportId, reason: SkipReason | None
) -> AsyncGenerator[bytes]:
    yield csv_line(_COLUMNS).encode()
    async for one in bulk_imports.all_skipped(import_id, reason):
        row = (one.key, one.reason, one.detail, one.size_bytes, one.asset_id)
        yield csv_line(row).encode(errors="replace")


def _import_path(project_id: str, import_id: str) -> tuple[int, int]:
    """Parse the ids of a path."""
    return parse_id("project_id", project_id), parse_id("import_id", import_id)


routes = [
    request_bulk_import,
    list_bulk_imports,
    get_bulk_import,
    pause_bulk_import,
    resume_bulk_import,
    cancel_bulk_import,
    list_skipped,
]
