"""Answers about workspaces, projects and assets.

Names are snake_case in Python and camelCase on the wire. Unknown fields are ignored, and all fields but ids may be
absent (None), so that the SDK works with every host that implements this API. Times are as the service wrote them.
A time without a zone is in the time zone that the service is configured for.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Self

import msgspec


class Answer(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Part of an answer."""


class OpenEnum(StrEnum):
    """Values of a service. Those that this SDK does not know become UNKNOWN."""

    @classmethod
    def _missing_(cls, value: object) -> Self:  # noqa: ARG003  # the protocol of enum passes the value
        return cls("UNKNOWN")


class Workspace(Answer, frozen=True, kw_only=True):
    """A boundary between tenants. ``monthly_analysis_count`` is set if a single workspace was requested."""

    workspace_name: str
    workspace_url: str | None = None
    bucket_name: str | None = None
    monthly_analysis_count: int | None = None
    created_user_name: str | None = None
    created_time: datetime | None = None
    updated_user_name: str | None = None
    updated_time: datetime | None = None


class Project(Answer, frozen=True, kw_only=True):
    """A folder of assets. The base project of a workspace can be neither renamed nor deleted."""

    project_id: int
    name: str
    is_base_project: bool = False
    created_user_name: str | None = None
    created_time: datetime | None = None
    updated_user_name: str | None = None
    updated_time: datetime | None = None


class ProjectList(Answer, frozen=True, kw_only=True):
    """All projects of a workspace."""

    projects: tuple[Project, ...] = ()


class UploadStatus(OpenEnum):
    """State of an import or upload."""

    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    FILE_NOT_EXIST = "FILE_NOT_EXIST"
    INVALID_METADATA = "INVALID_METADATA"
    UNKNOWN = "UNKNOWN"

    @property
    def is_final(self) -> bool:
        """Return whether the import or upload has ended."""
        return self not in {UploadStatus.IN_PROGRESS, UploadStatus.UNKNOWN}


class MetaData(Answer, frozen=True, kw_only=True):
    """Properties of a file: ``resolution`` such as ``1920x1080``, ``duration_ms`` (0 for images), ``size`` in bytes."""

    resolution: str | None = None
    duration_ms: int | None = None
    size: int | None = None
    format: str | None = None


class AudioTrack(Answer, frozen=True, kw_only=True):
    """A sound track of a video, with its number from 1. ``language`` is the tag of the file."""

    track: int | None = None
    codec: str | None = None
    channels: int | None = None
    language: str | None = None
    title: str | None = None


class Asset(Answer, frozen=True, kw_only=True):
    """A registered video or image.

    Attributes:
        meta_data: facts about the file, once its import has completed.
        frame_rate: average frames per second as a fraction. Lists of assets do not have it.
        start_timecode: timecode of the first frame, if the file has one. Lists of assets do not have it.
        audio_tracks: sound tracks of a video. Lists of assets do not have them.
    """

    asset_id: int
    file_name: str | None = None
    project_id: int | None = None
    meta_data: MetaData | None = None
    frame_rate: str | None = None
    start_timecode: str | None = None
    audio_tracks: tuple[AudioTrack, ...] = ()
    key: str | None = None
    create_user_name: str | None = None
    created_time: datetime | None = None
    update_user_name: str | None = None
    updated_time: datetime | None = None


class Registration(Answer, frozen=True, kw_only=True):
    """Registration of an asset whose import runs in the background. ``key`` is that of the request."""

    asset_id: int
    key: str | None = None
    create_user_name: str | None = None
    created_time: datetime | None = None
    update_user_name: str | None = None
    updated_time: datetime | None = None


class AssetState(Asset, frozen=True, kw_only=True):
    """An asset with the states of its import, latest analysis and latest scene summary.

    Attributes:
        analysed_time: time of the analysis whose result the index shows. None without an index.
        duplicate_of: earliest asset of the workspace with the same bytes.
    """

    bucket_name: str | None = None
    import_status: UploadStatus = UploadStatus.UNKNOWN
    import_result: str | None = None
    import_reason: str | None = None
    import_percent: float | None = None
    analysis_status: str | None = None
    analysis_message: str | None = None
    analysis_stage: str | None = None
    analysis_percent: float | None = None
    analysed_time: datetime | None = None
    summary_status: str | None = None
    duplicate_of: int | None = None


class StateFilter(StrEnum):
    """Filter of assets: a failed import or analysis, an import without an index, or the bytes of an earlier asset."""

    FAILED = "FAILED"
    NOT_ANALYSED = "NOT_ANALYSED"
    DUPLICATE = "DUPLICATE"


class BucketObject(Answer, frozen=True, kw_only=True):
    """An object of a bucket. ``size`` is in bytes."""

    key: str
    size: int | None = None
    modified_time: datetime | None = None


class BucketObjectList(Answer, frozen=True, kw_only=True):
    """A page of the objects of a bucket, in the order of their keys."""

    objects: tuple[BucketObject, ...] = ()
    has_more: bool = False


class ImportStatus(Answer, frozen=True, kw_only=True):
    """State of an import: result and reason as text, and progress in percent (0-100)."""

    asset_id: int
    upload_status: UploadStatus
    upload_result: str | None = None
    upload_reason: str | None = None
    progress_percent: float | None = None
    meta_data: MetaData | None = None


class UploadTicket(Answer, frozen=True, kw_only=True):
    """URL for one PUT of the bytes of a file within ``expiration_seconds``."""

    key: str = msgspec.field(name="assetFileKey")
    url: str = msgspec.field(name="presignedUploadUrl")
    expiration_seconds: int | None = None


class UploadAnswer(Answer, frozen=True, kw_only=True):
    """Result of an upload."""

    asset_key: str
    upload_status: UploadStatus
    upload_message: str | None = None
    asset_id: int | None = None


class Upload(Answer, frozen=True, kw_only=True):
    """Registration of an uploaded file whose import runs in the background."""

    asset_id: int
    asset_key: str
    file_name: str | None = None
