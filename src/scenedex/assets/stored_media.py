"""Copies of assets in managed storage, for the slices that show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.assets import stored_media_queries
from scenedex.assets.errors import AssetNotFound
from scenedex.assets.records import AssetId
from scenedex.projects.service import visible_project

if TYPE_CHECKING:
    from scenedex.assets.records import StoredMedia
    from scenedex.auth.caller import Caller
    from scenedex.db.database import Transaction


media_of = stored_media_queries.find_by_id
set_codecs = stored_media_queries.set_codecs
sound_track_count = stored_media_queries.sound_track_count


async def visible_media(
    tx: Transaction, caller: Caller, workspace_name: str, project_id: int, asset_id: int
) -> StoredMedia:
    """Return the copy of the asset that a request names.

    Raises:
        WorkspaceNotFound: there is no such workspace, or the caller may not see it.
        ProjectNotFound: there is no such project in it.
        AssetNotFound: there is no such asset in that.
    """
    project = await visible_project(tx, caller, workspace_name, project_id)
    found = await stored_media_queries.find(tx, project, AssetId(asset_id))
    if found is None:
        raise AssetNotFound
    return found
