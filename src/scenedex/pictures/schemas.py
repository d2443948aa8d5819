"""Wire shapes of uploaded pictures of persons."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from scenedex.wire import described
from scenedex.wire.envelope import Wire


class OpenThumbnail(Wire, frozen=True, kw_only=True):
    """A picture of a person to be uploaded."""

    thumbnail_file_name: Annotated[
        str, described.text("File name: .jpg .jpeg .png or .webp", longest=255, pattern=described.NAME_PATTERN)
    ]


class ThumbnailPlace(Wire, frozen=True, kw_only=True):
    """URL of an upload. It takes the file once, with one HTTP PUT."""

    thumbnail_key: described.UploadKey
    url: described.UploadUrl
    expiration_seconds: described.ExpirationSeconds


class CompleteThumbnail(Wire, frozen=True, kw_only=True):
    """An upload that is done."""

    thumbnail_key: described.UploadKeyGiven


class ThumbnailOutcome(Wire, frozen=True, kw_only=True):
    """Outcome of an upload."""

    thumbnail_key: described.UploadKey
    upload_status: Annotated[
        Literal["COMPLETED", "FAILED"], Meta(description="COMPLETED if the picture can be used, otherwise FAILED")
    ]
    upload_message: (
        Annotated[
            str,
            Meta(
                description="Reason why the picture cannot be used: FILE_NOT_EXIST, FILE_TOO_LARGE, NOT_AN_IMAGE, "
                "TOO_MANY_PIXELS, TOO_SMALL, NO_FACE, SEVERAL_FACES, NO_FACE_ENGINE or CHECK_FAILED. "
                "An explanation may follow after a colon. For a usable picture: the face that was taken of several",
                examples=["NO_FACE"],
            ),
        ]
        | None
    ) = None


OPEN_THUMBNAIL = OpenThumbnail(thumbnail_file_name="portrait.jpg")
THUMBNAIL_PLACE = ThumbnailPlace(
    thumbnail_key="7a1c0f6e2b9d4835a1f0c7e6d5b4a392",
    url="http://127.0.0.1:8600/objects/pictures/7a1c0f6e2b9d4835a1f0c7e6d5b4a392/data"
    "?expires=1745428463&token=0a1b2c3d4e5f6071&signature=9f86d0818",
    expiration_seconds=900,
)
COMPLETE_THUMBNAIL = CompleteThumbnail(thumbnail_key=THUMBNAIL_PLACE.thumbnail_key)
THUMBNAIL_OUTCOME = ThumbnailOutcome(thumbnail_key=THUMBNAIL_PLACE.thumbnail_key, upload_status="COMPLETED")
