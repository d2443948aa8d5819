"""Objects that are registered many at a time: their place, and what is known of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import TYPE_CHECKING

import msgspec

from scenedex.assets.records import AssetId  # msgspec reads the annotations

if TYPE_CHECKING:
    from scenedex.projects.records import ProjectId
    from scenedex.storage.objects import ListedObject


@dataclass(frozen=True, slots=True)
class ObjectOwner:
    """Place of the assets that objects of a bucket become.

    Attributes:
        reads_open_buckets: whether their imports may read every bucket, if the settings say so.
        user_name: user who has them registered.
        watch_id: watch that registers them, or `None`.
    """

    project_id: ProjectId
    workspace_id: int
    bucket_name: str
    reads_open_buckets: bool
    user_name: str
    watch_id: int | None = None


class Novelty(Enum):
    """What a project knows of an object."""

    ABSENT = auto()
    """No asset has its key."""
    CHANGED = auto()
    """The latest asset of its key is another version."""
    FAILED = auto()
    """The import of this version has failed for a reason that may have passed."""
    BUSY = auto()
    """Another version is being imported."""
    KNOWN = auto()
    """This version is an asset, is being imported or was refused."""


@dataclass(frozen=True, slots=True)
class ComparedObject:
    """An object and what its project knows of it, with the asset of the object and the time of a failed import."""

    item: ListedObject
    novelty: Novelty
    asset_id: AssetId | None = None
    failed_time: datetime | None = None


class KnownObject(msgspec.Struct, frozen=True):
    """Asset of an object, with the versions of the object that it is or will be.

    Attributes:
        source_etag: entity tag of the version that has been imported, with ``size_bytes``.
        listed_etag: entity tag of a version that is being imported or was refused, with ``listed_size_bytes``.
    """

    asset_id: AssetId
    key: str
    import_status: str
    updated_time: datetime
    source_etag: str | None
    size_bytes: int | None
    listed_etag: str | None
    listed_size_bytes: int | None

    def has_version(self, etag: str, size_bytes: int) -> bool:
        """Return whether the asset is this version of its object, will be, or was refused as this version."""
        versions = ((self.source_etag, self.size_bytes), (self.listed_etag, self.listed_size_bytes))
        return any(
            tag is not None and tag.strip('"') == etag.strip('"') and size == size_bytes for tag, size in versions
        )
