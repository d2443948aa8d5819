"""SQL statements about analyses on arrival."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from scenedex.index.records import AnalysisSetting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.db.database import Transaction


class Arrival(msgspec.Struct, frozen=True):
    """Options of an analysis on arrival, and the user who wants it."""

    setting: AnalysisSetting
    user_name: str


def _arrival(setting: Any, user_name: str) -> Arrival:  # noqa: ANN401  # JSON of the database
    return Arrival(msgspec.convert(setting, AnalysisSetting), user_name)


async def insert(tx: Transaction, asset_ids: Sequence[int], setting: AnalysisSetting, user_name: str) -> None:
    """Set the analysis of assets on their arrival."""
    await tx.run(
        """
        INSERT INTO arrival_analyses (asset_id, setting, user_name)
        SELECT asset_id, %(setting)s, %(user_name)s
        FROM unnest(%(asset_ids)s::bigint[]) AS arriving (asset_id)
        ON CONFLICT (asset_id) DO UPDATE SET setting = excluded.setting, user_name = excluded.user_name
        """,
        asset_ids=list(asset_ids),
        setting=msgspec.json.encode(setting).decode(),
        user_name=user_name,
    )


async def take(tx: Transaction, asset_id: int) -> Arrival | None:
    """Delete and return the analysis on arrival of an asset."""
    return await tx.one(
        _arrival,
        "DELETE FROM arrival_analyses WHERE asset_id = %(asset_id)s RETURNING setting, user_name",
        asset_id=asset_id,
    )
