"""Wire shapes of assets."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from scenedex.assets.records import MediaFormat
from scenedex.wire.envelope import Wire

UploadStatus = Literal["IN_PROGRESS", "COMPLETED", "FAILED", "FILE_NOT_EXIST", "INVALID_METADATA"]


class RegisterAsset(Wire, frozen=True, kw_only=True):
    """An object of a bucket to register."""

    key: Annotated[str, Meta(description="Full file name of the media in Object Storage")]
    bucket_name: Annotated[str, Meta(description="Object Storage bucket name")]


class MetaData(Wire, frozen=True, kw_only=True):
    """Facts that an import finds about a file."""

    resolution: Annotated[str, Meta(description="Width x height, upright", examples=["1920x1080"])]
    duration_ms: Annotated[int, Meta(description="Video length in milliseconds, 0 for images")]
    size: Annotated[int, Meta(description="File size in bytes")]
    format: MediaFormat


class RegisteredAsset(Wire, frozen=True, kw_only=True):
    """A new asset whose import is in progress."""

    asset_id: int
    create_user_name: str
    created_time: str
    update_user_name: str
    updated_time: str
    video_id: int | None = None


class AssetObject(Wire, frozen=True, kw_only=True):
    """An asset. ``metaData`` appears once its import has completed."""

    asset_id: int
    file_name: str
    project_id: int
    meta_data: MetaData | None = None
    key: str
    create_user_name: str
    created_time: str
    update_user_name: str
    updated_time: str
    video_id: int | None = None
    video_name: str | None = None


class ImportStatusObject(Wire, frozen=True, kw_only=True):
    """Progress and result of an import."""

    asset_id: int
    upload_status: UploadStatus
    upload_result: str | None = None
    upload_reason: Annotated[str, Meta(description="Details of the result")] | None = None
    progress_percent: Annotated[int, Meta(ge=0, le=100, description="Progress of the import")] | None = None
    meta_data: MetaData | None = None
    video_id: int | None = None


class OpenUpload(Wire, frozen=True, kw_only=True):
    """A file to upload directly."""

    asset_file_name: Annotated[str, Meta(description="File name, 1-255 characters")]


class UploadPlace(Wire, frozen=True, kw_only=True):
    """A URL that takes the file with one HTTP PUT."""

    asset_file_key: str
    presigned_upload_url: str
    expiration_seconds: int


class CompleteUpload(Wire, frozen=True, kw_only=True):
    """A finished upload."""

    asset_key: Annotated[str, Meta(description="assetFileKey of the presigned URL")]


class UploadOutcome(Wire, frozen=True, kw_only=True):
    """Result of an upload."""

    asset_key: str
    upload_status: Literal["COMPLETED", "FAILED"]
    upload_message: str | None = None
    asset_id: int | None = None
    video_id: int | None = None


REGISTER_ASSET = RegisterAsset(key="sample-video.mp4", bucket_name="my-storage-bucket")
REGISTERED_ASSET = RegisteredAsset(
    asset_id=1001,
    create_user_name="username",
    created_time="2025-04-23T16:49:23.885456",
    update_user_name="username",
    updated_time="2025-04-23T16:49:23.885456",
)
META_DATA = MetaData(resolution="1280x720", duration_ms=91565, size=101176289, format="mp4")
ASSET_EXAMPLE = AssetObject(
    asset_id=1001,
    file_name="sample-video.mp4",
    project_id=1234,
    meta_data=META_DATA,
    key="sample-video.mp4",
    create_user_name="username",
    created_time="2025-04-23T16:49:24",
    update_user_name="username",
    updated_time="2025-04-23T16:49:25",
)
ASSET_BY_BOTH_NAMES = msgspec.structs.replace(
    ASSET_EXAMPLE, video_id=ASSET_EXAMPLE.asset_id, video_name=ASSET_EXAMPLE.file_name
)
IMPORT_STATUS = ImportStatusObject(
    asset_id=1001,
    upload_status="COMPLETED",
    upload_result="Upload completed",
    progress_percent=100,
    meta_data=META_DATA,
)
OPEN_UPLOAD = OpenUpload(asset_file_name="sample-video.mp4")
UPLOAD_PLACE = UploadPlace(
    asset_file_key="5f0c3a5e9d6b4c5f8a7e6d5c4b3a2918",
    presigned_upload_url="http://127.0.0.1:8600/objects/uploads/5f0c3a5e9d6b4c5f8a7e6d5c4b3a2918/data"
    "?expires=1745428463&token=0a1b2c3d4e5f6071&signature=9f86d0818",
    expiration_seconds=900,
)
COMPLETE_UPLOAD = CompleteUpload(asset_key=UPLOAD_PLACE.asset_file_key)
UPLOAD_OUTCOME = UploadOutcome(asset_key=UPLOAD_PLACE.asset_file_key, upload_status="COMPLETED", asset_id=1001)
