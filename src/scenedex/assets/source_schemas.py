"""Wire shapes of objects in users' buckets."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from scenedex.wire.envelope import Wire


class SourceObject(Wire, frozen=True, kw_only=True):
    """An object of a bucket."""

    key: Annotated[str, Meta(description="Full name of the object", examples=["clips/sample-video.mp4"])]
    size: Annotated[int, Meta(description="Size in bytes", examples=[101176289])]
    modified_time: Annotated[str, Meta(description="Time of the last change", examples=["2025-04-23T16:49:23.885456"])]


class SourceObjectList(Wire, frozen=True, kw_only=True, omit_defaults=False):
    """Objects of a bucket in the order of their keys."""

    bucket_name: Annotated[str, Meta(description="Name of the bucket", examples=["my-storage-bucket"])]
    objects: Annotated[list[SourceObject], Meta(description="Objects whose keys start with the prefix")]
    has_more: Annotated[
        bool, Meta(description="True if further objects follow. `startAfter` with the last key lists them")
    ]


SOURCE_OBJECTS = SourceObjectList(
    bucket_name="my-storage-bucket",
    objects=[SourceObject(key="clips/sample-video.mp4", size=101176289, modified_time="2025-04-23T16:49:23.885456")],
    has_more=False,
)
