"""Bulk imports, and what they have skipped."""

from __future__ import annotations

from datetime import datetime  # msgspec reads the annotations
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NewType, Self

import msgspec

from scenedex.assets.records import AssetId  # msgspec reads the annotations
from scenedex.imports.selection import SkipReason  # as above
from scenedex.index.records import AnalysisSetting  # as above
from scenedex.projects.records import ProjectId  # as above

if TYPE_CHECKING:
    from collections.abc import Mapping

BulkImportId = NewType("BulkImportId", int)


class BulkImportStatus(StrEnum):
    """State of a bulk import."""

    WAITING = "WAITING"
    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELED = "CANCELED"

    @property
    def is_over(self) -> bool:
        """Return whether no job will continue the import by itself or after a pause."""
        return self in {BulkImportStatus.COMPLETED, BulkImportStatus.CANCELED}


class BulkImportOptions(msgspec.Struct, frozen=True):
    """Options of a bulk import.

    Attributes:
        prefix: start of the keys.
        is_recursive: whether objects below further folders are imported.
        include: globs of which an object must match one, if there are any.
        exclude: globs of which an object must match none.
        skips_known: whether an object that the project knows in this version is skipped.
        analysis: options of the analysis that is requested when an asset has been imported, or `None` for none.
    """

    bucket_name: str
    prefix: str
    is_recursive: bool
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    skips_known: bool
    analysis: AnalysisSetting | None


class SkipCounts(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """Numbers of skipped objects by reason."""

    unsupported_format: int = 0
    empty: int = 0
    too_large: int = 0
    known: int = 0
    excluded: int = 0
    beyond_limit: int = 0
    name_not_valid: int = 0

    @classmethod
    def of_reasons(cls, counts: Mapping[str, int]) -> Self:
        """Return the counts of reasons."""
        return msgspec.convert(counts, cls)

    def plus(self, more: SkipCounts) -> SkipCounts:
        """Return the sums."""
        return SkipCounts(*map(sum, zip(msgspec.structs.astuple(self), msgspec.structs.astuple(more), strict=True)))

    def of(self, reason: SkipReason | None) -> int:
        """Return the number of objects that were skipped for a reason, or for any."""
        counts = msgspec.to_builtins(self)
        return sum(counts.values()) if reason is None else counts.get(reason, 0)


NO_SKIPS: Final = SkipCounts()


class BulkImport(msgspec.Struct, frozen=True):
    """A bulk import.

    Attributes:
        message: reason of a failure, or what a running import waits for.
        position: last key of the pages that are done.
        listed: number of listed objects.
        registered: number of objects that became assets, or a new version of one.
    """

    import_id: BulkImportId
    options: BulkImportOptions
    status: BulkImportStatus
    message: str | None
    position: str
    listed: int
    registered: int
    skipped: SkipCounts
    create_user_name: str
    created_time: datetime
    update_user_name: str
    updated_time: datetime


class BulkImportClaim(msgspec.Struct, frozen=True):
    """An attempt of a bulk import. Its writes count only while it is the latest and the import runs."""

    import_id: BulkImportId
    attempt: int
    tries: int
    project_id: ProjectId
    workspace_id: int
    reads_open_buckets: bool
    user_name: str
    position: str
    skipped: SkipCounts
    options: BulkImportOptions


class SkippedObject(msgspec.Struct, frozen=True):
    """An object that a bulk import skipped. ``asset_id`` is the asset that it is known as."""

    key: str
    reason: SkipReason
    detail: str | None
    size_bytes: int
    asset_id: AssetId | None
