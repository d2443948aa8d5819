"""What the service says about workspaces, projects and assets.

Names in Python are snake_case, on the wire camelCase. Fields that this SDK does not know are ignored, and all but
identifying fields may be absent (None), so that every host that speaks the contract is understood.
Times are what the service wrote: without a zone they are in the time zone that the service is configured for.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Self

import msgspec


class Answer(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A part of an answer."""


class Workspace(Answer, frozen=True, kw_only=True):
    """A tenant boundary; ``monthly_analysis_count`` is given where one workspace was asked for."""

    workspace_name: str
    workspace_url: str | None = None
    bucket_name: str | None = None
    monthly_analysis_count: int | None = None
    created_user_name: str | None = None
    created_time: datetime | None = None
    updated_user_name: str | None = None
    updated_time: datetime | None = None


class Project(Answer, frozen=True, kw_only=True):
    """A folder of assets; the base project of a workspace can be neither renamed nor deleted."""

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


class MetaData(Answer, frozen=True, kw_only=True):
    """What a file is: ``resolution`` such as ``1920x1080``, ``duration_ms`` (0 for images), ``size`` in bytes."""

    resolution: str | None = None
    duration_ms: int | None = None
    size: int | None = None
    format: str | None = None


class Asset(Answer, frozen=True, kw_only=True):
    """A registered video or image; ``meta_data`` appears once its import has completed."""

    asset_id: int
    file_name: str | None = None
    project_id: int | None = None
    meta_data: MetaData | None = None
    key: str | None = None
    create_user_name: str | None = None
    created_time: datetime | None = None
    update_user_name: str | None = None
    updated_time: datetime | None = None


class AssetAnswer(Answer, frozen=True, kw_only=True):
    """An asset in either spelling: the answer to a move says ``videoId`` and ``videoName`` on some hosts."""

    asset_id: int | None = None
    video_id: int | None = None
    file_name: str | None = None
    video_name: str | None = None
    project_id: int | None = None
    meta_data: MetaData | None = None
    key: str | None = None
    create_user_name: str | None = None
    created_time: datetime | None = None
    update_user_name: str | None = None
    updated_time: datetime | None = None

    def asset(self) -> Asset:
        """The asset under its present names.

        Raises:
            ValueError: the answer has no id in either spelling.
        """
        asset_id = self.video_id if self.asset_id is None else self.asset_id
        if asset_id is None:
            raise ValueError("Object missing required field `assetId`")
        return Asset(
            asset_id=asset_id,
            file_name=self.video_name if self.file_name is None else self.file_name,
            project_id=self.project_id,
            meta_data=self.meta_data,
            key=self.key,
            create_user_name=self.create_user_name,
            created_time=self.created_time,
            update_user_name=self.update_user_name,
            updated_time=self.updated_time,
        )


class Registration(Answer, frozen=True, kw_only=True):
    """The asset that a registration began; its import goes on behind it."""

    asset_id: int
    create_user_name: str | None = None
    created_time: datetime | None = None
    update_user_name: str | None = None
    updated_time: datetime | None = None


class UploadStatus(StrEnum):
    """How far an import or upload is; UNKNOWN stands for words that this SDK does not know."""

    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    FILE_NOT_EXIST = "FILE_NOT_EXIST"
    INVALID_METADATA = "INVALID_METADATA"
    UNKNOWN = "UNKNOWN"

    @classmethod
    def _missing_(cls, value: object) -> Self:  # noqa: ARG003  # the protocol of enum passes the value
        return cls("UNKNOWN")

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen."""
        return self not in {UploadStatus.IN_PROGRESS, UploadStatus.UNKNOWN}


class ImportStatus(Answer, frozen=True, kw_only=True):
    """How far an import is: the service's words for it, why it failed, and how much is done (0-100)."""

    asset_id: int
    upload_status: UploadStatus
    upload_result: str | None = None
    upload_reason: str | None = None
    progress_percent: float | None = None
    meta_data: MetaData | None = None


class UploadTicket(Answer, frozen=True, kw_only=True):
    """Where the bytes of a file may be put, once, within ``expiration_seconds``."""

    asset_file_key: str
    presigned_upload_url: str
    expiration_seconds: int | None = None


class UploadAnswer(Answer, frozen=True, kw_only=True):
    """What became of uploaded bytes."""

    asset_key: str
    upload_status: UploadStatus
    upload_message: str | None = None
    asset_id: int | None = None


class Upload(Answer, frozen=True, kw_only=True):
    """A file that was taken and registered; its import goes on behind it."""

    asset_id: int
    asset_key: str
