"""Route that lists objects of users' buckets. It is an addition to the API of the vendor."""

from __future__ import annotations

from typing import Annotated

from litestar import get
from litestar.params import PathParameter, QueryParameter

from scenedex.assets.errors import BucketUnknown
from scenedex.assets.source_listing import SourceListing
from scenedex.assets.source_schemas import SOURCE_OBJECTS, SourceObject, SourceObjectList
from scenedex.auth.caller import Caller
from scenedex.storage.names import MAX_KEY_BYTES, is_bucket_name
from scenedex.wire.envelope import Envelope
from scenedex.wire.errors import FieldProblem, InvalidRequest
from scenedex.wire.parsing import WireTime
from scenedex.wire.routing import Injected, PageSize, WorkspaceName, answers
from scenedex.workspaces.errors import WorkspaceNotFound

BucketName = Annotated[
    str, PathParameter(description="Name of the bucket.", schema_extra={"examples": ["my-storage-bucket"]})
]
Prefix = Annotated[
    str, QueryParameter(name="prefix", description="Start of the keys.", schema_extra={"examples": ["clips/"]})
]
StartAfter = Annotated[
    str,
    QueryParameter(
        name="startAfter", description="List only keys after this one.", schema_extra={"examples": ["clips/a.mp4"]}
    ),
]


@get(
    "/api/v1/workspaces/{workspace_name:str}/buckets/{bucket_name:str}/objects",
    tags=["assets"],
    operation_id="listBucketObjects",
    summary="List objects of a bucket",
    responses=answers(SOURCE_OBJECTS, WorkspaceNotFound, BucketUnknown),
)
async def list_objects(
    source_listing: Injected[SourceListing],
    caller: Injected[Caller],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    bucket_name: BucketName,
    prefix: Prefix = "",
    start_after: StartAfter = "",
    page_size: PageSize = 1000,
) -> Envelope[SourceObjectList]:
    """List the objects that imports of the workspace may read, for managers. An addition of Scenedex to the API."""
    if not is_bucket_name(bucket_name):
        raise InvalidRequest(FieldProblem("bucketName", "must be a well-formed bucket name"))
    for field, text in (("prefix", prefix), ("startAfter", start_after)):
        if len(text.encode()) > MAX_KEY_BYTES or "\x00" in text:
            raise InvalidRequest(FieldProblem(field, "must be at most 1024 bytes of UTF-8 without NUL"))
    found, has_more = await source_listing.page(
        caller, workspace_name, bucket_name, prefix, start_after=start_after, size=page_size
    )
    objects = [SourceObject(key=item.key, size=item.size_bytes, modified_time=times(item.modified)) for item in found]
    return Envelope(result=SourceObjectList(bucket_name=bucket_name, objects=objects, has_more=has_more))


routes = [list_objects]
