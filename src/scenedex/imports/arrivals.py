"""Analyses on arrival: requested in the transaction in which the import of their asset succeeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scenedex.analysis.service import begin_on_arrival
from scenedex.assets.stored_media import sound_track_count
from scenedex.imports import arrival_queries as queries

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from scenedex.assets.records import AssetId
    from scenedex.db.database import Transaction
    from scenedex.index.records import AnalysisSetting
    from scenedex.jobs.queue import JobQueue


async def analyse_on_arrival(
    tx: Transaction, asset_ids: Sequence[AssetId], setting: AnalysisSetting, user_name: str
) -> None:
    """Have assets analysed when their imports, which this transaction requests, have completed."""
    await queries.insert(tx, asset_ids, setting, user_name)


async def request_arrived(queue: JobQueue, this_month: Callable[[], date], tx: Transaction, asset_id: AssetId) -> None:
    """Request the analysis that waits for the import of an asset, which this transaction completes.

    A further version of an asset that has been analysed before is analysed with the same options, unless others wait.
    """
    arrival = await queries.take(tx, asset_id)
    setting = None if arrival is None else await _fitting(tx, asset_id, arrival.setting)
    user_name = None if arrival is None else arrival.user_name
    await begin_on_arrival(tx, queue, asset_id, setting, user_name, month=this_month())


async def _fitting(tx: Transaction, asset_id: AssetId, setting: AnalysisSetting) -> AnalysisSetting:
    """Leave out sound tracks that the file does not have. Without any, those of a request without tracks count."""
    if not isinstance(setting.audio_tracks, tuple):
        return setting
    count = await sound_track_count(tx, asset_id)
    tracks = tuple(track for track in setting.audio_tracks if count is None or track <= count)
    return msgspec.structs.replace(setting, audio_tracks=tracks or None)
