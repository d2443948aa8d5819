"""Routes of uploaded pictures: of persons, and to search with, which belong to users and not to workspaces."""

from __future__ import annotations

from typing import Annotated, Any, Final

import msgspec
from litestar import Request, Response, put
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery

from scenedex.assets.link_routes import check_link, receive_once
from scenedex.assets.links import OBJECTS, Links
from scenedex.audit.marks import NO_EVENT
from scenedex.auth.caller import Caller
from scenedex.auth.middleware import PUBLIC, RATE, READS_ONLY
from scenedex.pictures.errors import PictureNotFound
from scenedex.pictures.query_schemas import (
    COMPLETE_QUERY_ASSET,
    OPEN_QUERY_ASSET,
    QUERY_ASSET_OUTCOME,
    QUERY_ASSET_PLACE,
    CompleteQueryAsset,
    OpenQueryAsset,
    QueryAssetOutcome,
    QueryAssetPlace,
)
from scenedex.pictures.records import PicturePurpose, uploaded_object
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
from scenedex.storage.store import ManagedStore
from scenedex.wire.envelope import Envelope, GatewayEnvelope, GatewayErrorBody
from scenedex.wire.errors import FieldProblem, GatewayFault, InvalidRequest
from scenedex.wire.parsing import check_name
from scenedex.wire.routing import ANY_CONTENT, Injected, NamedExample, WorkspaceName, answers, json_body, post
from scenedex.workspaces.errors import WorkspaceNotFound

THUMBNAILS: Final = "/api/v1/workspaces/{workspace_name:str}/person-thumbnail"
QUERY_ASSETS: Final = "/api/v1/query-assets"

_LONGEST_FILE_NAME = 255
_EXTENSIONS = (".jpg", ".jpeg", ".png", ".webp")
_QUERY_EXTENSIONS = (*_EXTENSIONS, ".heic", ".heif")
_TIMEOUT = GatewayFault.ENDPOINT_TIMEOUT
_NO_WORKER_IN_TIME = {
    _TIMEOUT.status: ResponseSpec(
        GatewayEnvelope,
        generate_examples=False,
        description=_TIMEOUT.message,
        examples=[
            NamedExample(
                id=f"Gateway{_TIMEOUT.code}",
                summary=_TIMEOUT.message,
                value=msgspec.to_builtins(GatewayEnvelope(GatewayErrorBody(_TIMEOUT.code, _TIMEOUT.message, "…"))),
            )
        ],
    )
}


@post(
    THUMBNAILS + "/uploads/presigned-url",
    tags=["persons"],
    operation_id="openThumbnailUpload",
    summary="Get a URL to upload a picture of a person to",
    opt={RATE: "presigned"} | NO_EVENT,
    responses=answers(THUMBNAIL_PLACE, WorkspaceNotFound),
)
async def open_thumbnail(
    picture_uploads: Injected[PictureUploads],
    links: Injected[Links],
    caller: Injected[Caller],
    base_url: Injected[str],
    workspace_name: WorkspaceName,
    data: Annotated[OpenThumbnail, json_body(OPEN_THUMBNAIL)],
) -> Envelope[ThumbnailPlace]:
    """Return a URL that takes the file once, with one HTTP PUT. Complete the upload afterwards."""
    file_name = _checked_file_name("thumbnailFileName", data.thumbnail_file_name, _EXTENSIONS)
    purpose = PicturePurpose.PERSON_THUMBNAIL
    key, url = await picture_uploads.open(caller, purpose, file_name, workspace_name=workspace_name)
    return Envelope(
        result=ThumbnailPlace(
            thumbnail_key=key,
            url=url or links.writable(uploaded_object(key), base_url),
            expiration_seconds=int(picture_uploads.life.total_seconds()),
        )
    )


@post(
    THUMBNAILS + "/uploads/complete",
    tags=["persons"],
    operation_id="completeThumbnailUpload",
    summary="Complete the upload of a picture of a person",
    opt={RATE: "complete"} | NO_EVENT,
    responses={**answers(THUMBNAIL_OUTCOME, WorkspaceNotFound, PictureNotFound), **_NO_WORKER_IN_TIME},
)
async def complete_thumbnail(
    picture_uploads: Injected[PictureUploads],
    caller: Injected[Caller],
    workspace_name: WorkspaceName,
    data: Annotated[CompleteThumbnail, json_body(COMPLETE_THUMBNAIL)],
) -> Envelope[ThumbnailOutcome]:
    """Check that the picture shows one face. The key of one that does can be used for a day."""
    purpose = PicturePurpose.PERSON_THUMBNAIL
    outcome = await picture_uploads.complete(caller, purpose, data.thumbnail_key, workspace_name=workspace_name)
    return Envelope(
        result=ThumbnailOutcome(
            thumbnail_key=data.thumbnail_key,
            upload_status="COMPLETED" if outcome.is_usable else "FAILED",
            upload_message=outcome.message,
        )
    )


@put(
    OBJECTS + "/pictures/{picture_key:str}/data",
    include_in_schema=False,
    opt={PUBLIC: True, ANY_CONTENT: True},
    request_max_body_size=None,
)
async def write_picture(
    request: Request[Any, Any, Any],
    managed: Injected[ManagedStore],
    links: Injected[Links],
    picture_uploads: Injected[PictureUploads],
    picture_key: FromPath[str],
    expires: FromQuery[int],
    signature: FromQuery[str],
    token: FromQuery[str] = "",
) -> Response[bytes]:
    """Stream the bytes of a picture into managed storage, once."""
    name = uploaded_object(picture_key)
    check_link(links, "PUT", name, expires, token, signature)
    return await receive_once(request, managed, picture_uploads, picture_key, name)


@post(
    QUERY_ASSETS + "/uploads/presigned-url",
    tags=["search"],
    operation_id="openQueryAssetUpload",
    summary="Get a URL for uploading a picture to search with",
    opt={READS_ONLY: True, RATE: "presigned"} | NO_EVENT,
    responses=answers(QUERY_ASSET_PLACE),
)
async def open_query_asset(
    picture_uploads: Injected[PictureUploads],
    links: Injected[Links],
    caller: Injected[Caller],
    base_url: Injected[str],
    data: Annotated[OpenQueryAsset, json_body(OPEN_QUERY_ASSET)],
) -> Envelope[QueryAssetPlace]:
    """Return a URL that takes the file once, with one HTTP PUT. Complete the upload afterwards."""
    file_name = _checked_file_name("assetFileName", data.asset_file_name, _QUERY_EXTENSIONS)
    key, url = await picture_uploads.open(caller, PicturePurpose.QUERY_IMAGE, file_name)
    return Envelope(
        result=QueryAssetPlace(
            asset_file_key=key,
            presigned_upload_url=url or links.writable(uploaded_object(key), base_url),
            expiration_seconds=int(picture_uploads.life.total_seconds()),
        )
    )


@post(
    QUERY_ASSETS + "/uploads/complete",
    tags=["search"],
    operation_id="completeQueryAssetUpload",
    summary="Complete the upload of a picture to search with",
    opt={READS_ONLY: True, RATE: "complete"} | NO_EVENT,
    responses={**answers(QUERY_ASSET_OUTCOME, PictureNotFound), **_NO_WORKER_IN_TIME},
)
async def complete_query_asset(
    picture_uploads: Injected[PictureUploads],
    caller: Injected[Caller],
    data: Annotated[CompleteQueryAsset, json_body(COMPLETE_QUERY_ASSET)],
) -> Envelope[QueryAssetOutcome]:
    """Check that the picture can be searched with. Its user can for a day, in the workspaces of the access key."""
    outcome = await picture_uploads.complete(caller, PicturePurpose.QUERY_IMAGE, data.asset_key)
    return Envelope(
        result=QueryAssetOutcome(
            asset_key=data.asset_key,
            upload_status="COMPLETED" if outcome.is_usable else "FAILED",
            upload_message=outcome.message,
        )
    )


def _checked_file_name(field: str, name: str, extensions: tuple[str, ...]) -> str:
    """Return the name of a file to upload unchanged if it is valid, and has one of these extensions."""
    checked = check_name(field, name, max_length=_LONGEST_FILE_NAME)
    if "/" in checked:
        raise InvalidRequest(FieldProblem(field, "must not contain /"))
    if not checked.lower().endswith(extensions):
        raise InvalidRequest(FieldProblem(field, f"must end in one of {' '.join(extensions)}"))
    return checked


routes = [open_thumbnail, complete_thumbnail, write_picture, open_query_asset, complete_query_asset]
