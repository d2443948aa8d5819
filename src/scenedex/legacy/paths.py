"""Paths that name an asset by its older name, and the id in them."""

from __future__ import annotations

from typing import Annotated

from litestar.params import PathParameter

from scenedex.wire.parsing import parse_id

VIDEOS = "/api/v1/workspaces/{workspace_name:str}/projects/{project_id:str}/video-assets"
VIDEO = VIDEOS + "/{video_asset_id:str}"

VideoAssetId = Annotated[str, PathParameter(description="Media asset ID, an integer.")]
IndexIdText = Annotated[str, PathParameter(description="Index ID, an integer.")]


def checked(video_asset_id: str) -> str:
    """The id as it is.

    Raises:
        InvalidRequest: it is no integer; named as the path names it.
    """
    parse_id("video_asset_id", video_asset_id)
    return video_asset_id
