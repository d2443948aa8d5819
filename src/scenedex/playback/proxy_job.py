"""The job that makes a proxy."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import structlog

from scenedex.assets import erasure
from scenedex.assets.events import record_end
from scenedex.assets.import_job import media_source
from scenedex.assets.records import managed_folder
from scenedex.assets.stored_media import media_of, set_codecs
from scenedex.audit.events import PROXY_FAILED, PROXY_SUCCEEDED
from scenedex.index.service import voice_tracks_of
from scenedex.jobs.attempts import AttemptHandler, Failure, Refusal, reason_of
from scenedex.jobs.errors import Superseded
from scenedex.media.errors import MediaUnreadable, max_tries
from scenedex.media.probe import probe
from scenedex.media.proxies import ProxyOptions, make_proxy
from scenedex.media.work_folder import work_folder
from scenedex.playback import notices, queries
from scenedex.playback.browsers import Obstacle, is_picture, playability_of
from scenedex.playback.records import StoredProxy
from scenedex.storage.errors import ObjectNotFound

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from pathlib import Path

    from scenedex.assets.records import StoredMedia
    from scenedex.db.database import Database
    from scenedex.media.child import ChildLimits
    from scenedex.media.machine_budget import MachineBudget
    from scenedex.media.proxies import MadeProxy, ProxyEffort
    from scenedex.playback.records import ProxyClaim
    from scenedex.storage.store import ManagedStore

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.playback")
_SECONDS_BETWEEN_NOTES: Final = 0.5
# The rest is the move to managed storage.
_PERCENT_OF_CHILD: Final = 99
# A proxy of a file that plays is asked for since it does not play after all, or plays too slowly.
_EFFORTS: Final[Mapping[Obstacle, ProxyEffort]] = {
    Obstacle.NONE: "picture",
    Obstacle.CONTAINER: "container",
    Obstacle.SOUND: "sound",
    Obstacle.PICTURE: "picture",
}
_SPARE_BYTES: Final = 64 * 1024**2
# Eight megabits, far above what the encoder needs for its small pictures.
_BYTES_PER_SECOND: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class ProxyLimits:
    """Limits of proxies.

    Attributes:
        short_side: maximum of the shorter side of encoded pictures in pixels.
        threads: threads of the decoder. 0: one per core.
        probe: limits of a process that probes a file.
        child: limits of a process that makes a proxy.
        turns: memory of this machine, which each process reserves.
        work: folder for work on this machine.
    """

    short_side: int
    threads: int
    probe: ChildLimits
    child: ChildLimits
    turns: MachineBudget
    work: Path


class ProxyHandler(AttemptHandler["ProxyClaim"]):
    """`AttemptHandler` that makes a version of an asset that browsers play."""

    def __init__(self, database: Database, managed: ManagedStore, limits: ProxyLimits) -> None:
        self._database = database
        self._managed = managed
        self._limits = limits

    async def claim(self, subject: int) -> ProxyClaim | None:
        """See `AttemptHandler`."""
        async with self._database.transaction() as tx:
            return await queries.claim(tx, subject)

    async def work(self, claim: ProxyClaim) -> None:
        """See `AttemptHandler`."""
        media = await self._media(claim)
        async with self._database.transaction() as tx:
            voice = await voice_tracks_of(tx, claim.asset_id)
        with work_folder(self._limits.work, f"proxy-{claim.asset_id}") as folder:
            made = await self._make(claim, media, voice, folder)
            stored = await self._store(claim, media, made, folder)
        _log.info("proxy.completed", asset=claim.asset_id, effort=made.effort, size_bytes=stored.size_bytes)

    def judge(self, claim: ProxyClaim, error: Exception) -> Refusal | Failure:
        """See `AttemptHandler`."""
        if isinstance(error, MediaUnreadable):
            return Refusal(str(error))
        if isinstance(error, ObjectNotFound):
            return Refusal("The copy of this file is no longer in managed storage. Import it again.")
        return Failure(reason_of(claim, error), max_tries(error))

    async def fail(self, claim: ProxyClaim, reason: str) -> None:
        """See `AttemptHandler`."""
        async with self._database.transaction() as tx:
            if await queries.fail(tx, claim, reason):
                await record_end(tx, PROXY_FAILED, claim.asset_id, claim.user_name, notice=notices.PROXY_FAILED)
        _log.info("proxy.failed", asset=claim.asset_id, reason=reason)

    async def put_back(self, claim: ProxyClaim) -> None:
        """See `AttemptHandler`."""
        async with self._database.transaction() as tx:
            await queries.release(tx, claim)

    async def _media(self, claim: ProxyClaim) -> StoredMedia:
        """Return the copy of the asset, whose codecs are probed if an earlier release imported it."""
        async with self._database.transaction() as tx:
            media = await media_of(tx, claim.asset_id)
        if media is None or media.managed_key is None or media.format is None:
            raise Superseded
        if media.video_codec is not None or is_picture(media):
            return media
        source = media_source(self._managed, media.managed_key, media.size_bytes or 0)
        found = await probe(source, self._limits.probe)
        async with self._database.transaction() as tx:
            await set_codecs(
                tx,
                claim.asset_id,
                video_codec=found.video_codec,
                pixel_format=found.pixel_format,
                audio_codec=found.audio_codec,
                frame_rate=found.frame_rate,
            )
            return await media_of(tx, claim.asset_id) or media

    async def _make(self, claim: ProxyClaim, media: StoredMedia, voice: Sequence[int], folder: Path) -> MadeProxy:
        size_bytes, limits = media.size_bytes or 0, self._limits
        # The copy of a file has about its size, and an encoded one has a size by its length.
        most = 2 * size_bytes + _BYTES_PER_SECOND * (media.duration_ms or 0) // 1000 + _SPARE_BYTES
        child = replace(limits.child, file_size_bytes=min(limits.child.file_size_bytes, most))
        effort = _EFFORTS[playability_of(media, voice).obstacle]
        options = ProxyOptions(effort, limits.short_side, limits.threads, tuple(voice))
        async with limits.turns.reserve("proxy", child.memory_bytes):
            return await make_proxy(
                media_source(self._managed, media.managed_key or "", size_bytes),
                options,
                limits=child,
                folder=folder,
                on_progress=self._notes(claim),
            )

    async def _store(self, claim: ProxyClaim, media: StoredMedia, made: MadeProxy, folder: Path) -> StoredProxy:
        """Put a proxy into managed storage, into a folder of this attempt alone."""
        target = f"{managed_folder(claim.asset_id)}/proxy-{claim.attempt}"
        async with self._database.transaction() as tx:
            await erasure.announce(tx, [target])
        info = await self._managed.put_file(f"{target}/{made.file}", folder / made.file, made.content_type)
        stored = StoredProxy(
            f"{target}/{made.file}",
            made.content_type,
            made.width or media.width or 0,
            made.height or media.height or 0,
            info.size_bytes,
            made.sound_tracks,
        )
        try:
            await self._record(claim, stored, target)
        except Superseded:
            async with self._database.transaction() as tx:
                await erasure.abandon(tx, [target])
            raise
        return stored

    async def _record(self, claim: ProxyClaim, stored: StoredProxy, folder: str) -> None:
        async with self._database.transaction() as tx:
            if not (await queries.complete(tx, claim, stored) and await erasure.claimed(tx, [folder])):
                raise Superseded
            await record_end(tx, PROXY_SUCCEEDED, claim.asset_id, claim.user_name, notice=notices.PROXY_COMPLETED)

    def _notes(self, claim: ProxyClaim) -> Callable[[float], Awaitable[None]]:
        """Return a callback that stores the progress at intervals, and raises `Superseded` after a takeover."""
        last = time.monotonic()

        async def note(fraction: float) -> None:
            nonlocal last
            if time.monotonic() - last < _SECONDS_BETWEEN_NOTES:
                return
            last = time.monotonic()
            async with self._database.transaction() as tx:
                if not await queries.set_percent(tx, claim, int(_PERCENT_OF_CHILD * fraction)):
                    raise Superseded

        return note
