"""Statements about the bytes of assets with hits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.db.database import Transaction
    from scenedex.index.records import SceneKey


@dataclass(frozen=True, slots=True)
class IndexedContent:
    """Index of an asset with its bytes: their SHA-256, or the entity tag of their copy and their number."""

    index_id: int
    content_hash: str | None
    copy_etag: str | None
    size_bytes: int | None

    @property
    def tag(self) -> tuple[str, int] | None:
        """Entity tag and size, if both are known."""
        return None if self.copy_etag is None or self.size_bytes is None else (self.copy_etag, self.size_bytes)


async def contents_of(tx: Transaction, index_ids: Sequence[int]) -> list[IndexedContent]:
    """Return the bytes of the assets of indexes, as far as they are known."""
    return await tx.all(
        IndexedContent,
        """
        SELECT index_id, content_hash, copy_etag, size_bytes
        FROM indexes
        JOIN assets USING (asset_id)
        WHERE index_id = ANY(%(index_ids)s) AND (content_hash IS NOT NULL OR copy_etag IS NOT NULL)
        """,
        index_ids=list(index_ids),
    )


async def spans_of(tx: Transaction, keys: Sequence[SceneKey]) -> dict[SceneKey, tuple[int, int]]:
    """Return the ranges of scenes in milliseconds."""

    def make(index_id: int, scene_id: int, start_ms: int, end_ms: int) -> tuple[SceneKey, tuple[int, int]]:
        return (index_id, scene_id), (start_ms, end_ms)

    return dict(
        await tx.all(
            make,
            """
            SELECT index_id, scene_id, start_ms, end_ms
            FROM unnest(%(index_ids)s::bigint[], %(scene_ids)s::integer[]) AS hit (index_id, scene_id)
            JOIN scenes USING (index_id, scene_id)
            """,
            index_ids=[index_id for index_id, _ in keys],
            scene_ids=[scene_id for _, scene_id in keys],
        )
    )
