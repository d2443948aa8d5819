"""Routes of direct uploads, shaped like those of query images."""

from __future__ import annotations

from typing import Annotated

from scenedex.assets.errors import UploadNotFound
from scenedex.assets.links import Links
from scenedex.assets.records import upload_object
from scenedex.assets.routes import ASSETS
from scenedex.assets.schemas import (
    COMPLETE_UPLOAD,
    OPEN_UPLOAD,
    UPLOAD_OUTCOME,
    UPLOAD_PLACE,
    CompleteUpload,
    OpenUpload,
    UploadOutcome,
    UploadPlace,
)
from scenedex.assets.uploads import Uploads
from scenedex.audit.actor import Actor
from scenedex.audit.marks import NO_EVENT, event
from scenedex.auth.caller import Caller
from scenedex.auth.middleware import RATE
from scenedex.projects.errors import ProjectNotFound
from scenedex.wire.envelope import Envelope
from scenedex.wire.errors import FieldProblem, InvalidRequest
from scenedex.wire.parsing import check_name, parse_id
from scenedex.wire.routing import Injected, ProjectIdText, WorkspaceName, answers, json_body, post
from scenedex.workspaces.errors import WorkspaceNotFound

_MAX_FILE_NAME_LENGTH = 255


@post(
    ASSETS + "/uploads/presigned-url",
    tags=["assets"],
    operation_id="openUpload",
    summary="Get a URL to upload a media file to",
    opt={RATE: "presigned"} | NO_EVENT,
    responses=answers(UPLOAD_PLACE, WorkspaceNotFound, ProjectNotFound),
)
async def open_upload(
    uploads: Injected[Uploads],
    links: Injected[Links],
    caller: Injected[Caller],
    base_url: Injected[str],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    data: Annotated[OpenUpload, json_body(OPEN_UPLOAD)],
) -> Envelope[UploadPlace]:
    """Get a URL that takes the file once, with one HTTP PUT. Complete the upload afterwards."""
    number = parse_id("project_id", project_id)
    file_name = check_name("assetFileName", data.asset_file_name, max_length=_MAX_FILE_NAME_LENGTH)
    if "/" in file_name:
        raise InvalidRequest(FieldProblem("assetFileName", "must not contain /"))
    asset_key, url = await uploads.open(caller, workspace_name, number, file_name)
    return Envelope(
        result=UploadPlace(
            asset_file_key=asset_key,
            presigned_upload_url=url or links.writable(upload_object(asset_key), base_url),
            expiration_seconds=int(uploads.life.total_seconds()),
        )
    )


@post(
    ASSETS + "/uploads/complete",
    tags=["assets"],
    operation_id="completeUpload",
    summary="Complete an upload",
    opt={RATE: "complete"} | event("Import Video Asset From Upload"),
    responses=answers(UPLOAD_OUTCOME, WorkspaceNotFound, ProjectNotFound, UploadNotFound),
)
async def complete_upload(
    uploads: Injected[Uploads],
    actor: Injected[Actor],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    data: Annotated[CompleteUpload, json_body(COMPLETE_UPLOAD)],
) -> Envelope[UploadOutcome]:
    """Register the uploaded file as an asset. Completing again names the same asset."""
    number = parse_id("project_id", project_id)
    asset_id, problem = await uploads.complete(actor, workspace_name, number, data.asset_key)
    return Envelope(
        result=UploadOutcome(
            asset_key=data.asset_key,
            upload_status="COMPLETED" if problem is None else "FAILED",
            upload_message=problem,
            asset_id=asset_id,
        )
    )


routes = [open_upload, complete_upload]
