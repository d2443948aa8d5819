"""Calls about pictures to search with, which belong to users and not to workspaces."""

from __future__ import annotations

from typing import Annotated, Final

from litestar import post

from scenedex.assets.links import Links
from scenedex.audit.marks import NO_EVENT
from scenedex.auth.caller import Caller
from scenedex.auth.middleware import RATE, READS_ONLY
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
from scenedex.pictures.routes import NO_WORKER_IN_TIME, checked_file_name
from scenedex.pictures.uploads import PictureUploads
from scenedex.wire.envelope import Envelope
from scenedex.wire.routing import Injected, answers, json_body

QUERY_ASSETS: Final = "/api/v1/query-assets"

_EXTENSIONS = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif")


@post(
    QUERY_ASSETS + "/uploads/presigned-url",
    status_code=200,
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
    file_name = checked_file_name("assetFileName", data.asset_file_name, _EXTENSIONS)
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
    status_code=200,
    tags=["search"],
    operation_id="completeQueryAssetUpload",
    summary="Complete the upload of a picture to search with",
    opt={READS_ONLY: True, RATE: "complete"} | NO_EVENT,
    responses={**answers(QUERY_ASSET_OUTCOME, PictureNotFound), **NO_WORKER_IN_TIME},
)
async def complete_query_asset(
    picture_uploads: Injected[PictureUploads],
    caller: Injected[Caller],
    data: Annotated[CompleteQueryAsset, json_body(COMPLETE_QUERY_ASSET)],
) -> Envelope[QueryAssetOutcome]:
    """Check that the picture can be searched with. Its user can use the key for a day, in any workspace."""
    done = await picture_uploads.complete(caller, PicturePurpose.QUERY_IMAGE, data.asset_key)
    return Envelope(
        result=QueryAssetOutcome(
            asset_key=done.key,
            upload_status="COMPLETED" if done.problem is None else "FAILED",
            upload_message=done.problem,
        )
    )


routes = [open_query_asset, complete_query_asset]
