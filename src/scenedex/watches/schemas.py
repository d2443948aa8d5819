"""Wire shapes of watches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from msgspec import Meta

from scenedex.analysis.schemas import REQUEST_ANALYSIS
from scenedex.imports.schemas import (
    AnalysisField,
    BucketNameField,
    ExcludeField,
    IncludeField,
    PrefixField,
    RecursiveField,
    SkippedCountsObject,
    SourceSelection,
)
from scenedex.index.schemas import SETTING, AnalysisSettingObject
from scenedex.watches.records import RemovalRule
from scenedex.wire import described
from scenedex.wire.envelope import Wire

if TYPE_CHECKING:
    from scenedex.watches.records import Watch
    from scenedex.wire.parsing import WireTime

MAX_EVERY_SECONDS = 7 * 86_400
MAX_SETTLE_SECONDS = 86_400
_Time = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?$"
_MOMENT = "2025-04-23T17:14:11.482913"


class CreateWatch(SourceSelection, frozen=True, kw_only=True):
    """Body of a request for a watch."""

    every_seconds: Annotated[
        Annotated[
            int,
            described.number(
                "Time from one look to the next in seconds, at least that of the setting imports.min_watch_seconds",
                minimum=1,
                maximum=MAX_EVERY_SECONDS,
            ),
        ],
        Meta(examples=[60]),
    ] = 60
    settle_seconds: Annotated[
        Annotated[
            int,
            described.number(
                "Time in seconds for which an object must stay the same before it is imported. By default 0 on S3, "
                "whose objects appear as a whole, and 5 for files",
                minimum=0,
                maximum=MAX_SETTLE_SECONDS,
            ),
        ]
        | None,
        Meta(examples=[5]),
    ] = None
    on_removed: Annotated[
        RemovalRule, Meta(description="What happens to the asset of a removed object", examples=["keep"])
    ] = "keep"


class WatchCountsObject(Wire, frozen=True, kw_only=True):
    """Counts of a watch. A missing number is 0."""

    objects: Annotated[int, Meta(ge=0, description="Objects that the last look listed", examples=[1200])] = 0
    skipped: Annotated[SkippedCountsObject, Meta(description="Those of them that were skipped, by reason")]
    registered: Annotated[int, Meta(ge=0, description="Objects that became assets", examples=[1180])] = 0
    changed: Annotated[int, Meta(ge=0, description="Objects that were imported again", examples=[3])] = 0
    removed: Annotated[int, Meta(ge=0, description="Assets deleted after their objects", examples=[1])] = 0
    events: Annotated[int, Meta(ge=0, description="Objects that events named", examples=[20])] = 0
    ignored_events: Annotated[
        int, Meta(ge=0, description="Objects of events elsewhere or outside the prefix", examples=[2])
    ] = 0
    waiting: Annotated[int, Meta(ge=0, description="Keys that are still to be looked at", examples=[4])] = 0


class WatchObject(Wire, frozen=True, kw_only=True):
    """A watch and its state."""

    watch_id: Annotated[int, Meta(ge=1, description="Watch ID", examples=[3])]
    status: Annotated[Literal["ACTIVE", "PAUSED"], Meta(description="State of the watch")]
    last_error: (
        Annotated[
            str,
            Meta(
                description="Why the last look failed, and what to do",
                examples=['There is no bucket "films", or no permission to read it.'],
            ),
        ]
        | None
    ) = None
    looking: Annotated[bool, Meta(description="Whether a look is in progress", examples=[True])] = False
    bucket_name: BucketNameField
    prefix: PrefixField
    recursive: RecursiveField
    include: IncludeField
    exclude: ExcludeField
    analysis: AnalysisField = None
    every_seconds: Annotated[int, Meta(ge=1, description="Time from one look to the next", examples=[60])]
    settle_seconds: (
        Annotated[int, Meta(ge=0, description="Time for which an object must stay the same", examples=[5])] | None
    ) = None
    on_removed: Annotated[RemovalRule, Meta(description="What happens to the asset of a removed object")]
    last_look_time: (
        Annotated[str, Meta(pattern=_Time, description="End of the last look", examples=[_MOMENT])] | None
    ) = None
    next_look_time: Annotated[str, Meta(pattern=_Time, description="Time of the next look", examples=[_MOMENT])]
    counts: Annotated[WatchCountsObject, Meta(description="What the watch has seen and done")]
    event_url: (
        Annotated[
            str,
            Meta(
                description="URL that takes notifications of the storage. It is a secret, and shown once",
                examples=["https://scenedex.example/events/s3/Jb7…"],
            ),
        ]
        | None
    ) = None
    created_time: described.CreatedTime
    created_user_name: described.CreatedUserName
    updated_time: described.UpdatedTime
    updated_user_name: described.UpdatedUserName

    @classmethod
    def of(cls, found: Watch, times: WireTime, event_url: str | None = None) -> Self:
        """Return the wire shape of a watch."""
        options = found.options
        counts = times.shape(
            WatchCountsObject,
            found,
            objects=found.last_look.objects,
            skipped=times.shape(SkippedCountsObject, found.last_look.skipped),
        )
        return cls(
            watch_id=found.watch_id,
            status=found.status.value,
            last_error=found.message,
            looking=found.is_looking,
            bucket_name=options.bucket_name,
            prefix=options.prefix,
            recursive=options.is_recursive,
            include=list(options.include),
            exclude=list(options.exclude),
            analysis=None if options.analysis is None else AnalysisSettingObject.of(options.analysis),
            every_seconds=options.every_seconds,
            settle_seconds=options.settle_seconds,
            on_removed=options.on_removed,
            last_look_time=None if found.last_look_time is None else times(found.last_look_time),
            next_look_time=times(found.next_look_time),
            counts=counts,
            event_url=event_url,
            created_time=times(found.created_time),
            created_user_name=found.create_user_name,
            updated_time=times(found.updated_time),
            updated_user_name=found.update_user_name,
        )


class TakenEventsObject(Wire, frozen=True, kw_only=True):
    """Answer to a notification."""

    accepted: Annotated[int, Meta(ge=0, description="Objects that the watch looks at", examples=[1])]
    ignored: Annotated[int, Meta(ge=0, description="Objects in other buckets or outside the prefix", examples=[0])]


CREATE_WATCH = CreateWatch(
    bucket_name="my-storage-bucket", prefix="inbox/", every_seconds=60, analysis=REQUEST_ANALYSIS
)
WATCH = WatchObject(
    watch_id=3,
    status="ACTIVE",
    bucket_name="my-storage-bucket",
    prefix="inbox/",
    recursive=True,
    include=[],
    exclude=[],
    analysis=SETTING,
    every_seconds=60,
    on_removed="keep",
    last_look_time=_MOMENT,
    next_look_time="2025-04-23T17:15:11.482913",
    counts=WatchCountsObject(objects=1200, skipped=SkippedCountsObject(known=1180), registered=1180, events=20),
    created_time=_MOMENT,
    created_user_name="username",
    updated_time=_MOMENT,
    updated_user_name="username",
)
