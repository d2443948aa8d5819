"""What the slice talks about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # msgspec reads the annotations
from typing import Literal, NewType

import msgspec

AssetId = NewType("AssetId", int)

MediaFormat = Literal["mp4", "mkv", "mov", "webm", "png", "jpg", "heic"]


class Asset(msgspec.Struct, frozen=True, gc=False):
    """A registered file; the facts about its content are None until its import has completed."""

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
    """An asset that was just registered."""

    asset_id: AssetId
    created_time: datetime
    workspace_id: int


@dataclass(frozen=True, slots=True)
class AssetPlace:
    """Who registered an asset, and where it is."""

    user_name: str
    workspace_name: str
    project_id: int


class ImportState(msgspec.Struct, frozen=True):
    """How far the import of an asset has come, and with what result."""

    status: str
    result: str | None
    reason: str | None
    percent: int
    asset: Asset


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """What an import found out about a file."""

    format: MediaFormat
    width: int
    height: int
    duration_ms: int
    size_bytes: int


class ImportClaim(msgspec.Struct, frozen=True):
    """One try of an import. Its writes count only while no later try has claimed the asset."""

    asset_id: AssetId
    attempt: int
    tries: int
    bucket_name: str | None
    key: str
    upload_key: str | None


class Upload(msgspec.Struct, frozen=True):
    """A place for one direct upload."""

    asset_key: str
    project_id: int
    file_name: str
    state: str
    asset_id: AssetId | None
    expires_time: datetime


def managed_folder(asset_id: int) -> str:
    """The folder of managed storage that holds everything of an asset; it is erased with the asset's row."""
    return f"assets/{asset_id}"


def upload_object(asset_key: str) -> str:
    """The managed object that a direct upload writes."""
    return f"uploads/{asset_key}/data"
