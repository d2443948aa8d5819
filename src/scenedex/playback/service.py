"""Reading how assets play, and the files that play."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from scenedex.assets.records import ImportStatus
from scenedex.assets.stored_media import visible_media
from scenedex.playback.browsers import CONTENT_TYPES, playability_of
from scenedex.playback.errors import MediaNotStored
from scenedex.playback.records import PlayableFile, Playback

if TYPE_CHECKING:
    from scenedex.assets.records import StoredMedia
    from scenedex.auth.caller import Caller
    from scenedex.db.database import Database
    from scenedex.playback.records import MediaVersion


class Playbacks:
    """Playback of the assets in the database.

    Calls raise `WorkspaceNotFound`, `ProjectNotFound` or `AssetNotFound` if a part of the path does not exist.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, caller: Caller, workspace_name: str, project_id: int, asset_id: int) -> Playback:
        """Return how an asset plays in browsers."""
        async with self._database.reading() as tx:
            return playback_of(await visible_media(tx, caller, workspace_name, project_id, asset_id))

    async def file(
        self, caller: Caller, workspace_name: str, project_id: int, asset_id: int, version: MediaVersion | None
    ) -> PlayableFile:
        """Return a version of an asset's media, by default the one that plays.

        Raises:
            MediaNotStored: there is no such file.
        """
        async with self._database.reading() as tx:
            media = await visible_media(tx, caller, workspace_name, project_id, asset_id)
        match version or playback_of(media).version:
            case "original" if media.managed_key is not None and media.format is not None:
                return PlayableFile(
                    media.managed_key,
                    CONTENT_TYPES[media.format],
                    media.size_bytes or 0,
                    PurePosixPath(media.file_name).name,
                )
            case _:
                raise MediaNotStored


def playback_of(media: StoredMedia) -> Playback:
    """Decide how an asset plays."""
    if media.managed_key is None:
        is_waiting = media.import_status == ImportStatus.IN_PROGRESS
        reason = "The file is being imported." if is_waiting else media.import_reason
        return Playback(media, "NONE", "WAITING" if is_waiting else "FAILED", reason)
    found = playability_of(media)
    if found.is_worth_trying:
        return Playback(media, "ORIGINAL", "READY", found.reason)
    return Playback(media, "NONE", "NEEDED", found.reason)
