"""Wire shapes of bulk imports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from msgspec import Meta, field

from scenedex.analysis.schemas import REQUEST_ANALYSIS, RequestAnalysis
from scenedex.imports.selection import SkipReason
from scenedex.index.schemas import SETTING, AnalysisSettingObject
from scenedex.wire import described
from scenedex.wire.envelope import Wire

if TYPE_CHECKING:
    from scenedex.imports.records import BulkImport, SkippedObject
    from scenedex.wire.parsing import WireTime

BulkImportStatusName = Literal["WAITING", "RUNNING", "PAUSED", "COMPLETED", "FAILED", "CANCELED"]
_GLOBS = (
    "A pattern without a slash is compared with file names, one that starts with a slash with whole keys, others with "
    "what follows the last slash of the prefix. `*` and `?` stop at slashes, `**` is any number of folders, and "
    "`[a-z]` is one character. Upper and lower case differ"
)
ImportId = Annotated[int, Meta(ge=1, description="Bulk import ID", examples=[12])]
BucketNameField = Annotated[str, Meta(description="Object Storage bucket name", examples=["my-storage-bucket"])]
PrefixField = Annotated[str, Meta(description="Start of the keys", examples=["films/2025/"])]
RecursiveField = Annotated[bool, Meta(description="Whether objects of further folders belong to it", examples=[True])]
IncludeField = Annotated[
    list[str], Meta(description="Patterns of what is imported, all if empty", examples=[["*.mp4"]])
]
ExcludeField = Annotated[list[str], Meta(description="Patterns of what is not imported", examples=[["drafts/**"]])]
AnalysisField = Annotated[
    AnalysisSettingObject | None, Meta(description="Options of the analysis of each arriving asset")
]


class SourceSelection(Wire, frozen=True, kw_only=True):
    """Objects of a bucket, and the analysis that each gets."""

    bucket_name: Annotated[str, described.text("Object Storage bucket name", shortest=3, longest=63)]
    prefix: Annotated[
        str,
        Meta(
            description="Start of the keys. End it with a slash to name a folder. Empty for the whole bucket",
            extra_json_schema={"maxLength": 1024},
            examples=["films/2025/"],
        ),
    ] = ""
    recursive: Annotated[
        bool, Meta(description="Whether objects with further slashes after the prefix are imported", examples=[True])
    ] = True
    include: Annotated[
        list[str],
        Meta(
            description=f"Import only objects that match one of these patterns. {_GLOBS}",
            extra_json_schema={"maxItems": 100},
            examples=[["*.mp4", "*.mov"]],
        ),
    ] = field(default_factory=list)
    exclude: Annotated[
        list[str],
        Meta(
            description="Do not import objects that match one of these patterns",
            extra_json_schema={"maxItems": 100},
            examples=[["drafts/**"]],
        ),
    ] = field(default_factory=list)
    analysis: Annotated[
        RequestAnalysis | None,
        Meta(description="Options of an analysis that is requested when an asset has been imported, if any"),
    ] = None


class RequestBulkImport(SourceSelection, frozen=True, kw_only=True):
    """Body of a request for a bulk import."""

    skip_known: Annotated[
        bool,
        Meta(
            description="Skip an object if the project knows its key, ETag and size. Else, each object becomes a "
            "further asset",
            examples=[True],
        ),
    ] = True


class SkippedCountsObject(Wire, frozen=True, kw_only=True):
    """Numbers of skipped objects, by reason. A missing number is 0."""

    unsupported_format: Annotated[
        int, Meta(ge=0, description="Names without the ending of a video or image", examples=[12])
    ] = 0
    empty: Annotated[int, Meta(ge=0, description="Objects without bytes", examples=[1])] = 0
    too_large: Annotated[int, Meta(ge=0, description="Objects over the limit of their kind", examples=[1])] = 0
    known: Annotated[
        int, Meta(ge=0, description="Versions that are assets of the project, or were refused before", examples=[8])
    ] = 0
    excluded: Annotated[int, Meta(ge=0, description="Objects that the patterns exclude", examples=[2])] = 0
    beyond_limit: Annotated[
        int, Meta(ge=0, description="Objects beyond the maximum number of assets", examples=[0])
    ] = 0
    name_not_valid: Annotated[
        int, Meta(ge=0, description="Keys that no asset can have, such as those of folders", examples=[1])
    ] = 0


class BulkImportObject(Wire, frozen=True, kw_only=True):
    """A bulk import and its progress."""

    import_id: ImportId
    status: Annotated[BulkImportStatusName, Meta(description="State of the bulk import")]
    message: (
        Annotated[
            str, Meta(description="Reason of a failure, with what to do", examples=["The storage does not answer."])
        ]
        | None
    ) = None
    bucket_name: BucketNameField
    prefix: PrefixField
    recursive: RecursiveField
    include: IncludeField
    exclude: ExcludeField
    skip_known: Annotated[bool, Meta(description="Whether known objects are skipped", examples=[True])]
    analysis: AnalysisField = None
    listed: Annotated[int, Meta(ge=0, description="Objects that have been looked at", examples=[1200])]
    registered: Annotated[int, Meta(ge=0, description="Objects whose import has been requested", examples=[1180])]
    skipped: Annotated[SkippedCountsObject, Meta(description="Objects that were skipped, by reason")]
    created_time: described.CreatedTime
    created_user_name: described.CreatedUserName
    updated_time: described.UpdatedTime
    updated_user_name: described.UpdatedUserName

    @classmethod
    def of(cls, found: BulkImport, times: WireTime) -> Self:
        """Return the wire shape of a bulk import."""
        options = found.options
        return cls(
            import_id=found.import_id,
            status=found.status.value,
            message=found.message,
            bucket_name=options.bucket_name,
            prefix=options.prefix,
            recursive=options.is_recursive,
            include=list(options.include),
            exclude=list(options.exclude),
            skip_known=options.skips_known,
            analysis=None if options.analysis is None else AnalysisSettingObject.of(options.analysis),
            listed=found.listed,
            registered=found.registered,
            skipped=times.shape(SkippedCountsObject, found.skipped),
            created_time=times(found.created_time),
            created_user_name=found.create_user_name,
            updated_time=times(found.updated_time),
            updated_user_name=found.update_user_name,
        )


class SkippedObjectObject(Wire, frozen=True, kw_only=True):
    """An object that a bulk import skipped."""

    key: Annotated[str, Meta(description="Key of the object", examples=["films/2025/notes.txt"])]
    reason: Annotated[SkipReason, Meta(description="Reason to skip it", examples=["unsupportedFormat"])]
    detail: (
        Annotated[str, Meta(description="Details of the reason", examples=["A pattern of exclude matches."])] | None
    ) = None
    size: Annotated[int, Meta(ge=0, description="Size of the object in bytes", examples=[1042])]
    asset_id: Annotated[int, Meta(ge=1, description="Asset that it is known as", examples=[1001])] | None = None

    @classmethod
    def of(cls, one: SkippedObject) -> Self:
        """Return the wire shape of a skipped object."""
        return cls(key=one.key, reason=one.reason, detail=one.detail, size=one.size_bytes, asset_id=one.asset_id)


REQUEST_BULK_IMPORT = RequestBulkImport(
    bucket_name="my-storage-bucket", prefix="films/2025/", exclude=["drafts/**"], analysis=REQUEST_ANALYSIS
)
BULK_IMPORT = BulkImportObject(
    import_id=12,
    status="RUNNING",
    bucket_name="my-storage-bucket",
    prefix="films/2025/",
    recursive=True,
    include=[],
    exclude=["drafts/**"],
    skip_known=True,
    analysis=SETTING,
    listed=1200,
    registered=1180,
    skipped=SkippedCountsObject(unsupported_format=12, known=8),
    created_time="2025-04-23T17:14:11.482913",
    created_user_name="username",
    updated_time="2025-04-23T17:14:12.282913",
    updated_user_name="username",
)
SKIPPED_OBJECT = SkippedObjectObject(
    key="films/2025/notes.txt",
    reason="unsupportedFormat",
    detail="The name does not end with .heic, .heif, .jpeg, .jpg, .m4v, .mkv, .mov, .mp4, .png, .webm.",
    size=1042,
)
