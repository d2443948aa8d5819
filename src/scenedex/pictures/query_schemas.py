"""Wire shapes of pictures to search with, shaped like those of direct uploads."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from scenedex.wire import described
from scenedex.wire.envelope import Wire


class OpenQueryAsset(Wire, frozen=True, kw_only=True):
    """A picture to search with, to be uploaded."""

    asset_type: Annotated[Literal["IMAGE"], Meta(description="Type of the query asset")]
    asset_file_name: Annotated[
        str,
        described.text("File name: .jpg .jpeg .png .webp .heic or .heif", longest=255, pattern=described.NAME_PATTERN),
    ]


class QueryAssetPlace(Wire, frozen=True, kw_only=True):
    """URL of an upload. It takes the file once, with one HTTP PUT."""

    asset_file_key: described.UploadKey
    presigned_upload_url: described.UploadUrl
    expiration_seconds: described.ExpirationSeconds


class CompleteQueryAsset(Wire, frozen=True, kw_only=True):
    """An upload that is done."""

    asset_key: described.UploadKeyGiven


class QueryAssetOutcome(Wire, frozen=True, kw_only=True):
    """Outcome of an upload."""

    asset_key: described.UploadKey
    upload_status: Annotated[
        Literal["COMPLETED", "FAILED"], Meta(description="COMPLETED if the picture can be used, otherwise FAILED")
    ]
    upload_message: (
        Annotated[
            str,
            Meta(
                description="Reason why the picture cannot be used: FILE_NOT_EXIST, FILE_TOO_LARGE, NOT_AN_IMAGE, "
                "TOO_MANY_PIXELS, TOO_SMALL, NO_PICTURE_ENGINE or CHECK_FAILED. An explanation may follow after "
                "a colon",
                examples=["TOO_SMALL: 180 px"],
            ),
        ]
        | None
    ) = None


OPEN_QUERY_ASSET = OpenQueryAsset(asset_type="IMAGE", asset_file_name="harbour.jpg")
QUERY_ASSET_PLACE = QueryAssetPlace(
    asset_file_key="c3d90b1f7a2e4c56b8d7e6f5a4b3c2d1",
    presigned_upload_url="http://127.0.0.1:8600/objects/pictures/c3d90b1f7a2e4c56b8d7e6f5a4b3c2d1/data"
    "?expires=1745428463&token=0a1b2c3d4e5f6071&signature=9f86d0818",
    expiration_seconds=900,
)
COMPLETE_QUERY_ASSET = CompleteQueryAsset(asset_key=QUERY_ASSET_PLACE.asset_file_key)
QUERY_ASSET_OUTCOME = QueryAssetOutcome(asset_key=QUERY_ASSET_PLACE.asset_file_key, upload_status="COMPLETED")
