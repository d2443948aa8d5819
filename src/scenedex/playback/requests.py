"""Requests for proxies: by a user, at the end of an import, and by operators and sweeps."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Literal

from scenedex.assets.erasure import erase
from scenedex.assets.service import place_of
from scenedex.assets.stored_media import media_of
from scenedex.jobs import JobKind
from scenedex.playback import queries
from scenedex.playback.browsers import Obstacle, is_picture, playability_of

if TYPE_CHECKING:
    from scenedex.db.database import Transaction
    from scenedex.jobs.queue import JobQueue

ProxyPolicy = Literal["never", "needed", "always"]

cancel_proxy = queries.cancel


async def request_proxy(tx: Transaction, queue: JobQueue, asset_id: int, user_name: str) -> bool:
    """Request the proxy of an asset. Return `False` if one is ready, waits or is being made."""
    work = await queries.begin(tx, asset_id, user_name)
    if work is None:
        return False
    await queries.set_job(tx, asset_id, await queue.defer(tx, JobKind.PROXY, work))
    return True


async def delete_proxy(tx: Transaction, queue: JobQueue, asset_id: int) -> bool:
    """Delete the proxy of an asset in any state, and have its file erased. Return `False` if there is none."""
    deleted = await queries.delete(tx, asset_id)
    if deleted is None:
        return False
    if deleted.job_id is not None:
        # An attempt that runs notices by itself. It leaves no file.
        await queue.cancel(tx, deleted.job_id)
    if deleted.object_key is not None:
        await erase(tx, queue, [str(PurePosixPath(deleted.object_key).parent)])
    return True


async def request_after_import(queue: JobQueue, policy: ProxyPolicy, tx: Transaction, asset_id: int) -> None:
    """Request the proxy of an asset whose import this transaction completes, if the policy says so.

    The proxy of a former version of its object is deleted.
    """
    await delete_proxy(tx, queue, asset_id)
    media = None if policy == "never" else await media_of(tx, asset_id)
    if media is None or media.format is None:
        return
    is_needed = playability_of(media).obstacle is not Obstacle.NONE
    if is_needed or (policy == "always" and not is_picture(media)):
        place = await place_of(tx, media.asset_id)
        await request_proxy(tx, queue, asset_id, "" if place is None else place.user_name)


async def retry_proxy(tx: Transaction, queue: JobQueue, asset_id: int, user_name: str) -> bool:
    """Request a proxy that failed once more. Return `False` if there is none."""
    return await queries.has_failed(tx, asset_id) and await request_proxy(tx, queue, asset_id, user_name)


async def requeue_lost_proxies(tx: Transaction, queue: JobQueue) -> None:
    """Give wanted proxies that have lost their job another."""
    await queue.requeue(tx, JobKind.PROXY, await queries.without_job(tx), queries.set_job)
