"""Assets, imports and uploads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # msgspec reads the annotations
from typing import Literal, NewType

import msgspec

AssetId = NewType("AssetId", int)

MediaFormat = Literal["mp4", "mkv", "mov", "webm", "png", "jpg", "heic"]


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


@dataclass(frozen=True, slots=True)
class NewAsset:
    """A newly registered asset."""

    asset_id: AssetId
    created_time: datetime
    workspace_id: int


@dataclass(frozen=True, slots=True)
class AssetPlace:
    """The user who registered an asset, and its workspace and project."""

    user_name: str
    workspace_name: str
    project_id: int


class ImportState(msgspec.Struct, frozen=True):
    """Progress and result of an import."""

    status: str
    result: str | None
    reason: str | None
    percent: int
    asset: Asset


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """Facts that an import finds about a file."""

    format: MediaFormat
    width: int
    height: int
    duration_ms: int
    size_bytes: int


class ImportClaim(msgspec.Struct, frozen=True):
    """An attempt of an import. Its writes count only while no later attempt has claimed the asset."""

    asset_id: AssetId
    attempt: int
    tries: int
    bucket_name: str | None
    key: str
    upload_key: str | None


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
