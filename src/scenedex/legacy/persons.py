"""Older paths of the calls about pictures of persons. Source: api-contract, deprecated paths."""

from __future__ import annotations

from typing import Annotated

from litestar import post

from scenedex.assets.links import Links
from scenedex.auth.caller import Caller
from scenedex.auth.middleware import RATE
from scenedex.pictures import routes as current
from scenedex.pictures.errors import PictureNotFound
from scenedex.pictures.schemas import (
    COMPLETE_THUMBNAIL,
    OPEN_THUMBNAIL,
    THUMBNAIL_OUTCOME,
    THUMBNAIL_PLACE,
    CompleteThumbnail,
    OpenThumbnail,
    ThumbnailOutcome,
    ThumbnailPlace,
)
from scenedex.pictures.uploads import PictureUploads
from scenedex.wire.envelope import Envelope
from scenedex.wire.routing import Injected, WorkspaceName, answers, json_body
from scenedex.workspaces.errors import WorkspaceNotFound


@post(
    current.THUMBNAILS + "/presign",
    status_code=200,
    tags=["deprecated"],
    operation_id="presignThumbnail",
    summary="Get a URL to upload a picture of a person to (older path)",
    deprecated=True,
    opt={RATE: "presigned"},
    responses=answers(Envelope[ThumbnailPlace], Envelope(result=THUMBNAIL_PLACE), WorkspaceNotFound),
)
async def presign_thumbnail(
    picture_uploads: Injected[PictureUploads],
    links: Injected[Links],
    caller: Injected[Caller],
    base_url: Injected[str],
    workspace_name: WorkspaceName,
    data: Annotated[OpenThumbnail, json_body(OPEN_THUMBNAIL)],
) -> Envelope[ThumbnailPlace]:
    """Deprecated: get a URL to upload a picture of a person to."""
    return await current.open_thumbnail.fn(picture_uploads, links, caller, base_url, workspace_name, data)


@post(
    current.THUMBNAILS + "/complete",
    status_code=200,
    tags=["deprecated"],
    operation_id="completeThumbnail",
    summary="Complete the upload of a picture of a person (older path)",
    deprecated=True,
    opt={RATE: "complete"},
    responses={
        **answers(Envelope[ThumbnailOutcome], Envelope(result=THUMBNAIL_OUTCOME), WorkspaceNotFound, PictureNotFound),
        **current.NO_WORKER_IN_TIME,
    },
)
async def complete_thumbnail(
    picture_uploads: Injected[PictureUploads],
    caller: Injected[Caller],
    workspace_name: WorkspaceName,
    data: Annotated[CompleteThumbnail, json_body(COMPLETE_THUMBNAIL)],
) -> Envelope[ThumbnailOutcome]:
    """Deprecated: complete the upload of a picture of a person."""
    return await current.complete_thumbnail.fn(picture_uploads, caller, workspace_name, data)


routes = [presign_thumbnail, complete_thumbnail]
