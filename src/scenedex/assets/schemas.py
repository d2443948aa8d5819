"""Wire shapes of assets."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from scenedex.media_formats import MediaFormat
from scenedex.wire import described
from scenedex.wire.envelope import Wire

UploadStatus = Literal["IN_PROGRESS", "COMPLETED", "FAILED", "FILE_NOT_EXIST", "INVALID_METADATA"]


class RegisterAsset(Wire, frozen=True, kw_only=True):
    """An object of a bucket to register."""

    key: Annotated[str, described.text("Full file name of media uploaded to Object Storage", longest=1024)]
    bucket_name: Annotated[str, described.text("Object Storage bucket name", shortest=3, longest=63)]


class MetaData(Wire, frozen=True, kw_only=True):
    """Facts that an import finds about a file."""

    resolution: Annotated[
        str,
        Meta(
            pattern=r"^\d+x\d+$",
            description="Width x height of the upright picture in coded pixels, which need not be square",
            examples=["1920x1080"],
        ),
    ]
    duration_ms: Annotated[int, Meta(ge=0, description="Video length in milliseconds, 0 for images")]
    size: Annotated[int, Meta(ge=0, description="Asset file size in bytes")]
    format: Annotated[MediaFormat, Meta(description="File format, found in its bytes")]


class RegisteredAsset(Wire, frozen=True, kw_only=True):
    """A new asset whose import is in progress."""

    asset_id: described.AssetId
    create_user_name: described.RegistrantName
    created_time: described.RegisteredTime
    update_user_name: described.EditorName
    updated_time: described.ModifiedTime
    video_id: described.VideoId | None = None


class AudioTrackObject(Wire, frozen=True, kw_only=True):
    """A sound track of a video."""

    track: Annotated[int, Meta(ge=1, description="Number of the track, from 1")]
    codec: Annotated[str, Meta(description="FFmpeg's name of the codec", examples=["aac"])]
    channels: Annotated[int, Meta(ge=0, description="Number of channels, 0 if it is not known", examples=[2])]
    language: Annotated[str, Meta(description="Language tag of the file, if it has one", examples=["kor"])] | None = (
        None
    )
    title: Annotated[str, Meta(description="Title of the track, if it has one", examples=["Commentary"])] | None = None


class AssetObject(Wire, frozen=True, kw_only=True):
    """An asset. ``metaData`` appears once its import has completed.

    The frame rate, timecode and sound tracks are in the answer of one asset alone.
    """

    asset_id: described.AssetId
    file_name: described.FileName
    project_id: described.ProjectId
    meta_data: Annotated[MetaData | None, Meta(description="Metadata details, once the import has completed")] = None
    frame_rate: described.AverageFrameRate | None = None
    start_timecode: described.StartTimecode | None = None
    audio_tracks: (
        Annotated[list[AudioTrackObject], Meta(description="Sound tracks of a video, in the order of the file")] | None
    ) = None
    key: Annotated[str, Meta(min_length=1, description="Full file name of the media uploaded to Object Storage")]
    create_user_name: described.RegistrantName
    created_time: described.RegisteredSecond
    update_user_name: described.EditorName
    updated_time: described.ModifiedSecond
    video_id: described.VideoId | None = None
    video_name: (
        Annotated[str, Meta(description="Media file name, under its older name", examples=["sample-video.mp4"])] | None
    ) = None


class ImportStatusObject(Wire, frozen=True, kw_only=True):
    """Progress and result of an import."""

    asset_id: described.AssetId
    upload_status: Annotated[UploadStatus, Meta(description="Asset upload status")]
    upload_result: Annotated[str, Meta(description="Message mapped to the asset upload status")] | None = None
    upload_reason: (
        Annotated[
            str,
            Meta(
                description="Details of the result: which limit and setting, or what is wrong with the file",
                examples=["The file has 3840x2160 pixels. The setting limits.max_short_side is 1080."],
            ),
        ]
        | None
    ) = None
    progress_percent: Annotated[int, Meta(ge=0, le=100, description="Progress of the import in percent")] | None = None
    meta_data: Annotated[MetaData | None, Meta(description="Metadata details, once the import has completed")] = None
    video_id: described.VideoId | None = None


class OpenUpload(Wire, frozen=True, kw_only=True):
    """A file to upload directly."""

    asset_file_name: Annotated[str, described.text("File name, no path", longest=255, pattern=described.NAME_PATTERN)]


class UploadPlace(Wire, frozen=True, kw_only=True):
    """A URL that takes the file with one HTTP PUT."""

    asset_file_key: described.UploadKey
    presigned_upload_url: described.UploadUrl
    expiration_seconds: described.ExpirationSeconds


class CompleteUpload(Wire, frozen=True, kw_only=True):
    """A finished upload."""

    asset_key: described.UploadKeyGiven


class UploadOutcome(Wire, frozen=True, kw_only=True):
    """Result of an upload."""

    asset_key: described.UploadKey
    upload_status: Annotated[
        Literal["COMPLETED", "FAILED"], Meta(description="COMPLETED if the file has arrived and is registered")
    ]
    upload_message: Annotated[str, Meta(description="Reason of a failure", examples=["FILE_NOT_EXIST"])] | None = None
    asset_id: described.AssetId | None = None
    video_id: described.VideoId | None = None


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
ASSET_DETAIL = msgspec.structs.replace(
    ASSET_EXAMPLE,
    frame_rate="25/1",
    start_timecode="10:00:00:00",
    audio_tracks=[AudioTrackObject(track=1, codec="aac", channels=2, language="kor")],
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
