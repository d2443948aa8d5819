"""Routes of assets."""

from __future__ import annotations

from typing import Annotated, cast

import msgspec
from litestar import get, patch
from litestar.params import QueryParameter

from scenedex.assets.errors import OF_ASSET, AssetBusy, KeyIsFolder
from scenedex.assets.records import Asset, AssetId, ImportStatus
from scenedex.assets.schemas import (
    ASSET_BY_BOTH_NAMES,
    ASSET_DETAIL,
    ASSET_EXAMPLE,
    IMPORT_STATUS,
    REGISTER_ASSET,
    REGISTERED_ASSET,
    AssetObject,
    AudioTrackObject,
    ImportStatusObject,
    MetaData,
    RegisterAsset,
    RegisteredAsset,
)
from scenedex.assets.service import Assets
from scenedex.audit.actor import Actor
from scenedex.audit.marks import event
from scenedex.auth.caller import Caller
from scenedex.projects.errors import ProjectNotFound
from scenedex.storage.names import is_bucket_name
from scenedex.wire.envelope import Done, Envelope, Page
from scenedex.wire.errors import FieldProblem, InvalidRequest
from scenedex.wire.parsing import PageRequest, WireTime, parse_id
from scenedex.wire.routing import (
    AssetIdText,
    Injected,
    PageNum,
    PageSize,
    ProjectIdText,
    WorkspaceName,
    answers,
    delete,
    json_body,
    post,
)
from scenedex.workspaces.errors import WorkspaceNotFound

ASSETS = "/api/v1/workspaces/{workspace_name:str}/projects/{project_id:str}/assets"
ASSET = ASSETS + "/{asset_id:str}"
_MAX_KEY_BYTES = 1024

NewProject = Annotated[
    str,
    QueryParameter(
        name="new_project_id",
        description="ID of the project to move the asset to.",
        schema_extra={"examples": ["5678"]},
    ),
]


@post(
    ASSETS + "/import/object-storage",
    tags=["assets"],
    operation_id="registerAsset",
    summary="Register a media asset",
    opt=event("Import Video Asset From Object Storage"),
    responses=answers(REGISTERED_ASSET, KeyIsFolder, WorkspaceNotFound, ProjectNotFound),
)
async def register_asset(
    assets: Injected[Assets],
    actor: Injected[Actor],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    data: Annotated[RegisterAsset, json_body(REGISTER_ASSET)],
) -> Envelope[RegisteredAsset]:
    """Add a media file of an Object Storage bucket to a project. It is copied and checked after the answer."""
    number = parse_id("project_id", project_id)
    _check_object(data.key, data.bucket_name)
    asset_id, created = await assets.register(actor, workspace_name, number, key=data.key, bucket_name=data.bucket_name)
    time = times(created)
    return Envelope(
        result=RegisteredAsset(
            asset_id=asset_id,
            create_user_name=actor.user_name,
            created_time=time,
            update_user_name=actor.user_name,
            updated_time=time,
        )
    )


@get(
    ASSETS,
    tags=["assets"],
    operation_id="listAssets",
    summary="Get media asset list",
    responses=answers(Page([ASSET_EXAMPLE], 1, 1, 1, 1000), WorkspaceNotFound, ProjectNotFound),
)
async def list_assets(
    assets: Injected[Assets],
    caller: Injected[Caller],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    page_num: PageNum,
    page_size: PageSize = 1000,
) -> Envelope[Page[AssetObject]]:
    """List the media assets of a project, oldest first."""
    page = PageRequest(page_num, page_size)
    number = parse_id("project_id", project_id)
    found = await assets.page(caller, workspace_name, number, page, str(times.zone))
    content = cast("list[AssetObject]", msgspec.Raw(found.content))  # the encoder copies it into the answer
    return Envelope(result=Page(content, found.total, page.pages_of(found.total), page.number, page.size))


@get(
    ASSET,
    tags=["assets"],
    operation_id="getAsset",
    summary="Get a media asset",
    responses=answers(ASSET_DETAIL, *OF_ASSET),
)
async def get_asset(
    assets: Injected[Assets],
    caller: Injected[Caller],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    asset_id: AssetIdText,
) -> Envelope[AssetObject]:
    """Get a media asset."""
    found = await assets.get(caller, workspace_name, *asset_path(project_id, asset_id))
    tracks = [
        AudioTrackObject(track=number, **msgspec.structs.asdict(one))
        for number, one in enumerate(found.sound_tracks or (), 1)
    ]
    result = msgspec.structs.replace(
        asset_object(found, times),
        frame_rate=found.frame_rate,
        start_timecode=found.start_timecode,
        audio_tracks=tracks or None,
    )
    return Envelope(result=result)


@get(
    ASSET + "/import-status",
    tags=["assets"],
    operation_id="getImportStatus",
    summary="Get media asset registration status",
    responses=answers(IMPORT_STATUS, *OF_ASSET),
)
async def get_import_status(
    assets: Injected[Assets],
    caller: Injected[Caller],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    asset_id: AssetIdText,
) -> Envelope[ImportStatusObject]:
    """Get the progress and result of a registration."""
    state = await assets.import_state(caller, workspace_name, *asset_path(project_id, asset_id))
    status = ImportStatus(state.status)
    return Envelope(
        result=ImportStatusObject(
            asset_id=state.asset_id,
            upload_status=status.value,
            upload_result=state.result or status.result,
            upload_reason=state.reason,
            progress_percent=state.percent,
            meta_data=meta_data(state),
        )
    )


@patch(
    ASSET,
    tags=["assets"],
    operation_id="moveAsset",
    summary="Move media asset project",
    opt=event("Update Video Asset Project"),
    responses=answers(ASSET_BY_BOTH_NAMES, *OF_ASSET),
)
async def move_asset(
    assets: Injected[Assets],
    actor: Injected[Actor],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    asset_id: AssetIdText,
    new_project_id: NewProject,
) -> Envelope[AssetObject]:
    """Move a media asset with its index to another project of the workspace."""
    target = parse_id("new_project_id", new_project_id)
    moved = await assets.move(actor, workspace_name, *asset_path(project_id, asset_id), target)
    # The vendor's page on this call documents assetId and fileName, and its example shows videoId and videoName.
    return Envelope(result=with_video_names(asset_object(moved, times)))


@delete(
    ASSET,
    tags=["assets"],
    operation_id="deleteAsset",
    summary="Delete a media asset",
    opt=event("Delete Video Asset"),
    responses=answers(Done(), *OF_ASSET, AssetBusy),
)
async def delete_asset(
    assets: Injected[Assets],
    actor: Injected[Actor],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    asset_id: AssetIdText,
) -> Done:
    """Delete a media asset with its index. The object in the user's bucket is not touched."""
    await assets.delete(actor, workspace_name, *asset_path(project_id, asset_id))
    return Done()


def asset_path(project_id: str, asset_id: str) -> tuple[int, AssetId]:
    """Parse the ids of a path."""
    return parse_id("project_id", project_id), AssetId(parse_id("asset_id", asset_id))


def asset_object(asset: Asset, times: WireTime) -> AssetObject:
    """Return the wire shape of an asset. The vendor's examples of assets have times in whole seconds."""
    return AssetObject(
        asset_id=asset.asset_id,
        file_name=asset.file_name,
        project_id=asset.project_id,
        meta_data=meta_data(asset),
        key=asset.key,
        create_user_name=asset.create_user_name,
        created_time=times.in_seconds(asset.created_time),
        update_user_name=asset.update_user_name,
        updated_time=times.in_seconds(asset.updated_time),
    )


def with_video_names(asset: AssetObject) -> AssetObject:
    """Add the older names of id and file name."""
    return msgspec.structs.replace(asset, video_id=asset.asset_id, video_name=asset.file_name)


def meta_data(asset: Asset) -> MetaData | None:
    """Return the facts about a file, or `None` before its import has completed."""
    if asset.format is None:
        return None
    return MetaData(
        resolution=f"{asset.width}x{asset.height}",
        duration_ms=asset.duration_ms or 0,
        size=asset.size_bytes or 0,
        format=asset.format,
    )


def _check_object(key: str, bucket_name: str) -> None:
    if not is_bucket_name(bucket_name):
        raise InvalidRequest(FieldProblem("bucketName", "must be a well-formed bucket name"))
    if not 0 < len(key.encode()) <= _MAX_KEY_BYTES or "\x00" in key:
        raise InvalidRequest(FieldProblem("key", "must be 1 to 1024 bytes of UTF-8 without NUL"))
    if key.endswith("/"):
        raise KeyIsFolder(FieldProblem("key", "names a folder"))


routes = [register_asset, list_assets, get_asset, get_import_status, move_asset, delete_asset]
