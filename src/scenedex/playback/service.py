"""Reading how assets play and the files that play, and requesting proxies."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from scenedex.assets.records import ImportStatus
from scenedex.assets.stored_media import visible_media
from scenedex.audit.service import record
from scenedex.index.service import preview_of, voice_tracks_of
from scenedex.playback import queries
from scenedex.playback.browsers import CONTENT_TYPES, Obstacle, is_picture, playability_of, tracks_in_words
from scenedex.playback.errors import MediaNotStored, ProxyNotFound
from scenedex.playback.records import PlayableFile, Playback
from scenedex.playback.requests import delete_proxy, request_proxy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.assets.records import StoredMedia
    from scenedex.audit.actor import Actor
    from scenedex.auth.caller import Caller
    from scenedex.db.database import Database, Transaction
    from scenedex.jobs.queue import JobQueue
    from scenedex.playback.records import MediaVersion, Proxy


class Playbacks:
    """Playback of the assets in the database.

    Calls raise `WorkspaceNotFound`, `ProjectNotFound` or `AssetNotFound` if a part of the path does not exist.
    """

    def __init__(self, database: Database, queue: JobQueue) -> None:
        self._database = database
        self._queue = queue

    async def get(self, caller: Caller, workspace_name: str, project_id: int, asset_id: int) -> Playback:
        """Return how an asset plays in browsers."""
        async with self._database.reading() as tx:
            media = await visible_media(tx, caller, workspace_name, project_id, asset_id)
            return await _playback(tx, media)

    async def file(
        self, caller: Caller, workspace_name: str, project_id: int, asset_id: int, version: MediaVersion | None
    ) -> PlayableFile:
        """Return a version of an asset's media, by default the one that plays.

        Raises:
            MediaNotStored: there is no such file.
        """
        found = await self.get(caller, workspace_name, project_id, asset_id)
        media, proxy = found.media, found.proxy
        path = PurePosixPath(media.file_name)
        match version or found.version:
            case "original" if media.managed_key is not None and media.format is not None:
                size_bytes = media.size_bytes or 0
                return PlayableFile(media.managed_key, CONTENT_TYPES[media.format], size_bytes, path.name)
            case "proxy" if proxy is not None and proxy.object_key is not None and proxy.content_type is not None:
                name = f"{path.stem}{PurePosixPath(proxy.object_key).suffix}"
                return PlayableFile(proxy.object_key, proxy.content_type, proxy.size_bytes or 0, name)
            case _:
                raise MediaNotStored

    async def request(self, actor: Actor, workspace_name: str, project_id: int, asset_id: int) -> Playback:
        """Request the proxy of an asset, unless it has one or is a picture that plays. Return how the asset plays.

        A proxy that lacks the voice is made again.

        Raises:
            MediaNotStored: the import has not completed.
        """
        async with self._database.transaction() as tx:
            media = await visible_media(tx, actor, workspace_name, project_id, asset_id)
            if media.managed_key is None or media.format is None:
                raise MediaNotStored
            is_superfluous = is_picture(media) and playability_of(media).obstacle is Obstacle.NONE
            proxy = await queries.find(tx, asset_id)
            if proxy is not None and proxy.status == "READY":
                voice = await voice_tracks_of(tx, asset_id)
                if not proxy.has_voice(voice):
                    await delete_proxy(tx, self._queue, asset_id)
            if not is_superfluous and await request_proxy(tx, self._queue, asset_id, actor.user_name):
                await record(tx, actor.entry)
            return await _playback(tx, media)

    async def delete_proxy(self, actor: Actor, workspace_name: str, project_id: int, asset_id: int) -> Playback:
        """Delete the proxy of an asset, or stop making it. Return how the asset plays without it.

        Raises:
            ProxyNotFound: there is no proxy.
        """
        async with self._database.transaction() as tx:
            media = await visible_media(tx, actor, workspace_name, project_id, asset_id)
            if not await delete_proxy(tx, self._queue, asset_id):
                raise ProxyNotFound
            await record(tx, actor.entry)
            return await _playback(tx, media)


async def _playback(tx: Transaction, media: StoredMedia) -> Playback:
    proxy, voice = await queries.find(tx, media.asset_id), await voice_tracks_of(tx, media.asset_id)
    return replace(playback_of(media, proxy, voice), preview=await preview_of(tx, media.asset_id))


def playback_of(media: StoredMedia, proxy: Proxy | None, voice: Sequence[int] = ()) -> Playback:
    """Decide how an asset plays. ``voice`` are the sound tracks with the voice, none if they are not known."""
    if media.managed_key is None:
        is_waiting = media.import_status == ImportStatus.IN_PROGRESS
        reason = "The file is being imported." if is_waiting else media.import_reason
        return Playback(media, proxy, "NONE", "WAITING" if is_waiting else "FAILED", reason)
    found = playability_of(media, voice)
    if proxy is not None and proxy.status == "READY":
        return Playback(media, proxy, "PROXY", "READY", found.reason if proxy.has_voice(voice) else _lack_of(voice))
    if found.is_worth_trying:
        return Playback(media, proxy, "ORIGINAL", "READY", found.reason)
    if proxy is None:
        return Playback(media, proxy, "NONE", "NEEDED", found.reason)
    if proxy.status == "FAILED":
        # Browsers play more than this server knows of, such as HEVC on some machines.
        return Playback(media, proxy, "ORIGINAL", "FAILED", proxy.reason)
    return Playback(media, proxy, "NONE", proxy.status, found.reason)


def _lack_of(voice: Sequence[int]) -> str:
    return f"The proxy was made without the voice, which is in sound {tracks_in_words(voice)}. Request it again."
