"""Watches, their attempts, and the keys that they are to look at."""

from __future__ import annotations

from datetime import datetime  # msgspec reads the annotations
from enum import StrEnum
from typing import Literal, NewType

import msgspec

from scenedex.imports.records import NO_SKIPS, SkipCounts
from scenedex.index.records import AnalysisSetting  # msgspec reads the annotations
from scenedex.projects.records import ProjectId  # as above

WatchId = NewType("WatchId", int)
RemovalRule = Literal["keep", "delete"]


class WatchStatus(StrEnum):
    """State of a watch."""

    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"


class WatchOptions(msgspec.Struct, frozen=True):
    """Options of a watch.

    Attributes:
        every_seconds: time from the end of a look to the next.
        settle_seconds: time for which an object must stay the same before it is imported. `None`: no time for objects
            that appear as a whole, a few seconds for files.
        on_removed: what happens to the asset of a removed object.
        analysis: options of the analysis of each new or changed asset, or `None` for none.
    """

    bucket_name: str
    prefix: str
    is_recursive: bool
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    every_seconds: int
    settle_seconds: int | None
    on_removed: RemovalRule
    analysis: AnalysisSetting | None


class LookCounts(msgspec.Struct, frozen=True, omit_defaults=True):
    """Objects that a look has listed, and those that it skipped by reason."""

    objects: int = 0
    skipped: SkipCounts = NO_SKIPS


class Watch(msgspec.Struct, frozen=True):
    """A watch.

    Attributes:
        message: last error in words, with what to do. `None` if the last look succeeded.
        is_looking: whether a look is in progress.
        last_look: counts of the last look that has ended.
        registered: objects that have become assets.
        changed: objects whose other version has become their asset.
        removed: assets that were deleted after their objects.
        events: objects that events have named.
        ignored_events: objects of events in other buckets or outside the prefix.
        waiting: keys that are still to be looked at.
    """

    watch_id: WatchId
    options: WatchOptions
    status: WatchStatus
    message: str | None
    is_looking: bool
    last_look: LookCounts
    last_look_time: datetime | None
    next_look_time: datetime
    registered: int
    changed: int
    removed: int
    events: int
    ignored_events: int
    waiting: int
    create_user_name: str
    created_time: datetime
    update_user_name: str
    updated_time: datetime


class WatchClaim(msgspec.Struct, frozen=True):
    """An attempt of the job of a watch. Its writes count only while it is the latest and the watch is active.

    Attributes:
        failures: number of attempts since the last success that the storage refused or did not answer.
        position: last key of the look that is in progress, or `None` if none is.
        look: counts of that look.
        is_look_due: whether a look is in progress or due.
    """

    watch_id: WatchId
    attempt: int
    tries: int
    project_id: ProjectId
    workspace_id: int
    reads_open_buckets: bool
    user_name: str
    failures: int
    position: str | None
    is_look_due: bool
    look: LookCounts
    options: WatchOptions


class Touch(msgspec.Struct, frozen=True):
    """A key that is to be looked at.

    Attributes:
        serial: number that changes whenever the key is touched.
        etag: entity tag of the version that was seen before, with ``size_bytes``, or `None`.
    """

    key: str
    serial: int
    etag: str | None
    size_bytes: int | None


class EventSource(msgspec.Struct, frozen=True):
    """Watch that takes the events of a token."""

    token_hash: bytes
    watch_id: WatchId
    workspace_id: int
    bucket_name: str
    prefix: str
    is_recursive: bool
