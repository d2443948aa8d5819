"""Older paths of the calls about assets.

Each takes ``video_asset_id`` where today's path takes ``asset_id``, and answers with ``videoId`` and ``videoName``
beside the present names. Source: api-contract, deprecated paths.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import delete, get, patch, post
from litestar.params import QueryParameter

from scenedex.assets import routes as current
from scenedex.assets import upload_routes as current_uploads
from scenedex.assets.errors import AssetBusy, AssetNotFound, KeyIsFolder, UploadNotFound
from scenedex.assets.links import Links
from scenedex.assets.schemas import (
    ASSET_BY_BOTH_NAMES,
    COMPLETE_UPLOAD,
    IMPORT_STATUS,
    OPEN_UPLOAD,
    REGISTER_ASSET,
    REGISTERED_ASSET,
    UPLOAD_OUTCOME,
    UPLOAD_PLACE,
    AssetObject,
    CompleteUpload,
    ImportStatusObject,
    OpenUpload,
    RegisterAsset,
    RegisteredAsset,
    UploadOutcome,
    UploadPlace,
)
from scenedex.assets.service import Assets
from scenedex.assets.uploads import Uploads
from scenedex.auth.caller import Caller
from scenedex.auth.middleware import RATE
from scenedex.legacy.paths import VIDEO, VIDEOS, VideoAssetId, checked
from scenedex.projects.errors import ProjectNotFound
from scenedex.wire.envelope import Done, Envelope, Page
from scenedex.wire.parsing import WireTime
from scenedex.wire.routing import Injected, PageNum, ProjectIdText, WorkspaceName, answers, json_body
from scenedex.workspaces.errors import WorkspaceNotFound

PageSize = Annotated[int, QueryParameter(name="pageSize", ge=1, le=1000, description="Items per page, 1-1000.")]
NewProject = Annotated[
    str, QueryParameter(name="new_project_id", description="ID of the project to move the asset to.")
]


@post(
    VIDEOS + "/import/object-storage",
    status_code=200,
    tags=["deprecated"],
    operation_id="registerVideoAsset",
    summary="Register a media asset (older path)",
    deprecated=True,
    responses=answers(
        Envelope[RegisteredAsset],
        Envelope(result=msgspec.structs.replace(REGISTERED_ASSET, video_id=1001)),
        KeyIsFolder,
        WorkspaceNotFound,
        ProjectNotFound,
    ),
)
async def register_video(
    assets: Injected[Assets],
    caller: Injected[Caller],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    data: Annotated[RegisterAsset, json_body(REGISTER_ASSET)],
) -> Envelope[RegisteredAsset]:
    """Deprecated: register a media asset."""
    answer = await current.register_asset.fn(assets, caller, times, workspace_name, project_id, data)
    return Envelope(result=msgspec.structs.replace(answer.result, video_id=answer.result.asset_id))


@get(
    VIDEOS,
    tags=["deprecated"],
    operation_id="listVideoAssets",
    summary="Get media asset list (older path)",
    deprecated=True,
    responses=answers(
        Envelope[Page[AssetObject]],
        Envelope(result=Page([ASSET_BY_BOTH_NAMES], 1, 1, 1, 1000)),
        WorkspaceNotFound,
        ProjectNotFound,
    ),
)
async def list_videos(
    assets: Injected[Assets],
    caller: Injected[Caller],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    page_num: PageNum,
    page_size: PageSize = 1000,
) -> Envelope[Page[AssetObject]]:
    """Deprecated: get media asset list."""
    answer = await current.list_assets.fn(assets, caller, times, workspace_name, project_id, page_num, page_size)
    content = [current.with_video_names(asset) for asset in answer.result.content]
    return Envelope(result=msgspec.structs.replace(answer.result, content=content))


@get(
    VIDEO,
    tags=["deprecated"],
    operation_id="getVideoAsset",
    summary="Get a media asset (older path)",
    deprecated=True,
    responses=answers(
        Envelope[AssetObject], Envelope(result=ASSET_BY_BOTH_NAMES), WorkspaceNotFound, ProjectNotFound, AssetNotFound
    ),
)
async def get_video(
    assets: Injected[Assets],
    caller: Injected[Caller],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    video_asset_id: VideoAssetId,
) -> Envelope[AssetObject]:
    """Deprecated: get a media asset."""
    asset_id = checked(video_asset_id)
    answer = await current.get_asset.fn(assets, caller, times, workspace_name, project_id, asset_id)
    return Envelope(result=current.with_video_names(answer.result))


@get(
    VIDEO + "/import-status",
    tags=["deprecated"],
    operation_id="getVideoImportStatus",
    summary="Get media asset registration status (older path)",
    deprecated=True,
    responses=answers(
        Envelope[ImportStatusObject],
        Envelope(result=msgspec.structs.replace(IMPORT_STATUS, video_id=1001)),
        WorkspaceNotFound,
        ProjectNotFound,
        AssetNotFound,
    ),
)
async def get_video_import_status(
    assets: Injected[Assets],
    caller: Injected[Caller],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    video_asset_id: VideoAssetId,
) -> Envelope[ImportStatusObject]:
    """Deprecated: get media asset registration status."""
    asset_id = checked(video_asset_id)
    answer = await current.get_import_status.fn(assets, caller, workspace_name, project_id, asset_id)
    return Envelope(result=msgspec.structs.replace(answer.result, video_id=answer.result.asset_id))


@patch(
    VIDEO,
    tags=["deprecated"],
    operation_id="moveVideoAsset",
    summary="Move media asset project (older path)",
    deprecated=True,
    responses=answers(
        Envelope[AssetObject], Envelope(result=ASSET_BY_BOTH_NAMES), WorkspaceNotFound, ProjectNotFound, AssetNotFound
    ),
)
async def move_video(
    assets: Injected[Assets],
    caller: Injected[Caller],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    video_asset_id: VideoAssetId,
    new_project_id: NewProject,
) -> Envelope[AssetObject]:
    """Deprecated: move a media asset to another project."""
    asset_id = checked(video_asset_id)
    return await current.move_asset.fn(assets, caller, times, workspace_name, project_id, asset_id, new_project_id)


@delete(
    VIDEO,
    status_code=200,
    tags=["deprecated"],
    operation_id="deleteVideoAsset",
    summary="Delete a media asset (older path)",
    deprecated=True,
    responses=answers(Done, Done(), WorkspaceNotFound, ProjectNotFound, AssetNotFound, AssetBusy),
)
async def delete_video(
    assets: Injected[Assets],
    caller: Injected[Caller],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    video_asset_id: VideoAssetId,
) -> Done:
    """Deprecated: delete a media asset."""
    return await current.delete_asset.fn(assets, caller, workspace_name, project_id, checked(video_asset_id))


@post(
    VIDEOS + "/uploads/presigned-url",
    status_code=200,
    tags=["deprecated"],
    operation_id="openVideoUpload",
    summary="Get a URL to upload a media file to (older path)",
    deprecated=True,
    opt={RATE: "presigned"},
    responses=answers(Envelope[UploadPlace], Envelope(result=UPLOAD_PLACE), WorkspaceNotFound, ProjectNotFound),
)
async def open_video_upload(
    uploads: Injected[Uploads],
    links: Injected[Links],
    caller: Injected[Caller],
    base_url: Injected[str],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    data: Annotated[OpenUpload, json_body(OPEN_UPLOAD)],
) -> Envelope[UploadPlace]:
    """Deprecated: get a URL to upload a media file to."""
    return await current_uploads.open_upload.fn(uploads, links, caller, base_url, workspace_name, project_id, data)


@post(
    VIDEOS + "/uploads/complete",
    status_code=200,
    tags=["deprecated"],
    operation_id="completeVideoUpload",
    summary="Complete an upload (older path)",
    deprecated=True,
    opt={RATE: "complete"},
    responses=answers(
        Envelope[UploadOutcome],
        Envelope(result=msgspec.structs.replace(UPLOAD_OUTCOME, video_id=1001)),
        WorkspaceNotFound,
        ProjectNotFound,
        UploadNotFound,
    ),
)
async def complete_video_upload(
    uploads: Injected[Uploads],
    caller: Injected[Caller],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    data: Annotated[CompleteUpload, json_body(COMPLETE_UPLOAD)],
) -> Envelope[UploadOutcome]:
    """Deprecated: complete an upload."""
    answer = await current_uploads.complete_upload.fn(uploads, caller, workspace_name, project_id, data)
    return Envelope(result=msgspec.structs.replace(answer.result, video_id=answer.result.asset_id))


routes = [
    register_video,
    list_videos,
    get_video,
    get_video_import_status,
    move_video,
    delete_video,
    open_video_upload,
    complete_video_upload,
]
