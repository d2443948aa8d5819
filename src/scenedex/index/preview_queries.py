"""SQL statements about previews of indexes."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from scenedex.index.previews import IndexPreview

if TYPE_CHECKING:
    from scenedex.db.database import Transaction


async def insert(tx: Transaction, index_id: int, preview: IndexPreview) -> None:
    """Insert the preview of an index."""
    await tx.run(
        """
        INSERT INTO index_previews
            (index_id, strip_key, strip_columns, strip_rows, tile_width, tile_height, times_ms, peaks_per_second, peaks,
             poster_key)
        VALUES
            (%(index_id)s, %(strip_key)s, %(strip_columns)s, %(strip_rows)s, %(tile_width)s, %(tile_height)s,
             %(times_ms)s, %(peaks_per_second)s, %(peaks)s, %(poster_key)s)
        """,
        index_id=index_id,
        **asdict(preview),
    )


async def find(tx: Transaction, asset_id: int) -> IndexPreview | None:
    """Return the preview of the index of an asset, or `None` if it has none."""
    return await tx.one(
        IndexPreview,
        """
        SELECT strip_key, strip_columns, strip_rows, tile_width, tile_height, times_ms, peaks_per_second, peaks,
            poster_key
        FROM indexes
        JOIN index_previews USING (index_id)
        WHERE asset_id = %(asset_id)s
        """,
        asset_id=asset_id,
    )
