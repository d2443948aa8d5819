"""Assets, imports and uploads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # msgspec reads the annotations
from enum import StrEnum
from typing import Final, NewType

import msgspec

from scenedex.media_formats import MediaFormat  # msgspec reads the annotations

AssetId = NewType("AssetId", int)


class ImportStatus(StrEnum):
    """``uploadStatus`` on the wire. An import starts in the first state and ends in exactly one of the others."""

    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    FILE_NOT_EXIST = "FILE_NOT_EXIST"
    INVALID_METADATA = "INVALID_METADATA"

    @property
    def result(self) -> str:
        """Return ``uploadResult`` without further details. Source: Get media asset registration status."""
        return _RESULTS[self]


_RESULTS: Final = {
    ImportStatus.IN_PROGRESS: "Upload in progress",
    ImportStatus.COMPLETED: "Upload completed",
    ImportStatus.FAILED: "Upload failed",
    ImportStatus.FILE_NOT_EXIST: "No file",
    ImportStatus.INVALID_METADATA: "Invalid file",
}


class Asset(msgspec.Struct, frozen=True, gc=False):
    """A registered file. The facts about its content are None until its import has completed."""

    asset_id: AssetId
    file_name: str
    project_id: int
    key: str
    format: MediaFormat | None
    width: int | None
    height: int | None
    duration_ms: int | None
    size_bytes: int | None
    create_user_name: str
    created_time: datetime
    update_user_name: str
    updated_time: datetime


class AssetDetail(Asset, frozen=True, gc=False):
    """An asset with further facts about its content. See `MediaFacts`."""

    frame_rate: str | None
    start_timecode: str | None
    sound_tracks: list[StoredSoundTrack] | None


@dataclass(frozen=True, slots=True)
class AssetPage:
    """Page of the assets of a project.

    Attributes:
        content: the assets as a list in JSON, in the shape of the wire.
        total: number of all assets of the project.
    """

    content: bytes
    total: int


@dataclass(frozen=True, slots=True)
class NewAsset:
    """A newly registered asset."""

    asset_id: AssetId
    created_time: datetime
    workspace_id: int


@dataclass(frozen=True, slots=True)
class AssetPlace:
    """The user who registered an asset, its workspace and project, and its file name."""

    user_name: str
    workspace_id: int
    workspace_name: str
    project_id: int
    file_name: str


class ImportState(Asset, frozen=True, gc=False):
    """An asset with the progress and result of its import."""

    status: str
    result: str | None
    reason: str | None
    percent: int


class StoredSoundTrack(msgspec.Struct, frozen=True, array_like=True):
    """A sound track of a video.

    Attributes:
        codec: FFmpeg's name of the codec.
        channels: number of channels, 0 if it is not known.
        language: language tag of the file, such as ``kor``, or `None` without one.
        title: title of the track, or `None` without one.
    """

    codec: str
    channels: int
    language: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """Facts that an import finds about a file.

    Attributes:
        video_codec: FFmpeg's name of the codec of a video.
        pixel_format: FFmpeg's name of the format of its decoded pictures.
        audio_codec: FFmpeg's name of the codec of its sound, or `None` without sound.
        frame_rate: average frames per second as ``25/1``.
        start_timecode: timecode of the first frame as ``HH:MM:SS:FF``, or `None` without one.
        reel: name of the reel, tape or card, or `None` without one.
        sound_tracks: sound tracks in the order of the file.
        remark: what is wrong with a file that is accepted, or `None`.
    """

    format: MediaFormat
    width: int
    height: int
    duration_ms: int
    size_bytes: int
    video_codec: str | None = None
    pixel_format: str | None = None
    audio_codec: str | None = None
    frame_rate: str | None = None
    start_timecode: str | None = None
    reel: str | None = None
    sound_tracks: tuple[StoredSoundTrack, ...] = ()
    remark: str | None = None


class StoredMedia(msgspec.Struct, frozen=True):
    """Copy of an asset in managed storage. All facts are `None` until the import has completed.

    The codecs of a video are also `None` if it was imported by a release that did not record them. See `MediaFacts`.
    ``sound_codecs`` are those of its sound tracks, in the order of the file.
    """

    asset_id: AssetId
    workspace_id: int
    file_name: str
    import_status: str
    import_reason: str | None
    managed_key: str | None
    format: MediaFormat | None
    width: int | None
    height: int | None
    duration_ms: int | None
    size_bytes: int | None
    video_codec: str | None
    pixel_format: str | None
    audio_codec: str | None
    frame_rate: str | None
    start_timecode: str | None = None
    reel: str | None = None
    sound_codecs: list[str] | None = None


class ImportClaim(msgspec.Struct, frozen=True):
    """An attempt of an import. Its writes count only while no later attempt has claimed the asset.

    ``managed_key`` is that of the copy of a former version of the object, or `None`.
    """

    asset_id: AssetId
    attempt: int
    tries: int
    bucket_name: str | None
    key: str
    upload_key: str | None
    reads_open_buckets: bool
    managed_key: str | None = None


class SourceGrants(msgspec.Struct, frozen=True):
    """Name of a workspace, and the prefixes of the keys that its imports may read in a bucket."""

    workspace_name: str
    prefixes: list[str]


class AssetUpload(msgspec.Struct, frozen=True):
    """A direct upload."""

    asset_key: str
    project_id: int
    file_name: str
    state: str
    asset_id: AssetId | None
    expires_time: datetime


def managed_folder(asset_id: int) -> str:
    """Return the folder of managed storage with all objects of an asset. It is erased with the asset's row."""
    return f"assets/{asset_id}"


def upload_object(asset_key: str) -> str:
    """Return the key of the managed object that a direct upload writes."""
    return f"uploads/{asset_key}/data"
