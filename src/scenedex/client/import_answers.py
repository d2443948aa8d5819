"""Answers about bulk imports and watches. Only Scenedex has these routes."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003  # msgspec reads the annotations
from typing import Literal

import msgspec

from scenedex.client.answers import Answer, OpenEnum
from scenedex.client.index_answers import AnalysisSetting  # noqa: TC001  # as above

RemovalRule = Literal["keep", "delete"]
"""Keep or delete the asset of a removed object."""


class BulkImportStatus(OpenEnum):
    """State of a bulk import."""

    WAITING = "WAITING"
    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELED = "CANCELED"
    UNKNOWN = "UNKNOWN"

    @property
    def is_final(self) -> bool:
        """Return whether the bulk import neither waits nor runs."""
        return self not in {BulkImportStatus.WAITING, BulkImportStatus.RUNNING, BulkImportStatus.UNKNOWN}


class SkipCounts(Answer, frozen=True, kw_only=True):
    """Numbers of skipped objects by reason."""

    unsupported_format: int = 0
    empty: int = 0
    too_large: int = 0
    known: int = 0
    excluded: int = 0
    beyond_limit: int = 0
    name_not_valid: int = 0

    @property
    def total(self) -> int:
        """Number of all skipped objects."""
        return sum(msgspec.structs.astuple(self))


class BulkImport(Answer, frozen=True, kw_only=True):
    """An import of what lies below a prefix.

    Attributes:
        message: reason of a failure, with what to do.
        listed: objects that have been looked at.
        registered: objects whose import has been requested.
    """

    import_id: int
    status: BulkImportStatus
    message: str | None = None
    bucket_name: str
    prefix: str = ""
    recursive: bool = True
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    skip_known: bool = True
    analysis: AnalysisSetting | None = None
    listed: int = 0
    registered: int = 0
    skipped: SkipCounts = SkipCounts()
    created_time: datetime | None = None
    created_user_name: str | None = None
    updated_time: datetime | None = None
    updated_user_name: str | None = None


class SkippedObject(Answer, frozen=True, kw_only=True):
    """An object that a bulk import skipped. ``asset_id`` is the asset that it is known as."""

    key: str
    reason: str
    detail: str | None = None
    size: int = 0
    asset_id: int | None = None


class WatchCounts(Answer, frozen=True, kw_only=True):
    """Counts of a watch: objects and skips of the last look, and the others since the watch was created."""

    objects: int = 0
    skipped: SkipCounts = SkipCounts()
    registered: int = 0
    changed: int = 0
    removed: int = 0
    events: int = 0
    ignored_events: int = 0
    waiting: int = 0


class Watch(Answer, frozen=True, kw_only=True):
    """A watched prefix.

    Attributes:
        last_error: why the last look failed, and what to do.
        looking: whether a look is in progress.
        event_url: secret URL for notifications of the storage. Only the answer that makes it has it.
    """

    watch_id: int
    status: str
    last_error: str | None = None
    looking: bool = False
    bucket_name: str
    prefix: str = ""
    recursive: bool = True
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    analysis: AnalysisSetting | None = None
    every_seconds: int
    settle_seconds: int | None = None
    on_removed: RemovalRule = "keep"
    last_look_time: datetime | None = None
    next_look_time: datetime | None = None
    counts: WatchCounts = WatchCounts()
    event_url: str | None = None
    created_time: datetime | None = None
    created_user_name: str | None = None
    updated_time: datetime | None = None
    updated_user_name: str | None = None
