"""Statements that read and delete indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.index.finding_queries import FindingFilter, RowsByScene, all_findings_of
from scenedex.index.records import IndexedFile, IndexedScene, IndexedShot, IndexHead

if TYPE_CHECKING:
    from scenedex.db.database import Transaction


async def find_head(tx: Transaction, asset_id: int) -> IndexHead | None:
    """Return the index of an asset without its scenes."""
    return await tx.one(
        IndexHead,
        """
        SELECT index_id, asset_id, type, options, engines, duration_ms,
            created_user_name, created_time, updated_user_name, updated_time
        FROM indexes
        WHERE asset_id = %(asset_id)s
        """,
        asset_id=asset_id,
    )


async def voice_tracks(tx: Transaction, asset_id: int) -> list[int]:
    """Return the numbers of the sound tracks with the voice by the index of an asset, none if it is not known."""
    found = await tx.value("SELECT voice_tracks FROM indexes WHERE asset_id = %(asset_id)s", asset_id=asset_id)
    return found or []


async def find_file(tx: Transaction, index_id: int) -> IndexedFile | None:
    """Return the media file of an index, or `None` if the index is deleted."""
    return await tx.one(
        IndexedFile,
        """
        SELECT workspace_id, file_name
        FROM indexes
        JOIN assets USING (asset_id)
        JOIN projects USING (project_id)
        WHERE index_id = %(index_id)s
        """,
        index_id=index_id,
    )


async def scenes_of(tx: Transaction, index_id: int) -> tuple[IndexedScene, ...]:
    """Return the scenes of an index with their shots and findings, in order of time."""
    shots = await _shots(tx, index_id)
    findings = await all_findings_of(tx, FindingFilter.in_index(index_id))

    def scene(scene_id: int, start_ms: int, end_ms: int, keyframe_key: str, brightness: float | None) -> IndexedScene:
        shown = shots.of((index_id, scene_id))
        bare = IndexedScene(scene_id, start_ms, end_ms, keyframe_key, shown, brightness=brightness)
        return findings.added_to(bare, index_id)

    found = await tx.all(
        scene,
        """
        SELECT scene_id, start_ms, end_ms, keyframe_key, brightness
        FROM scenes
        WHERE index_id = %(index_id)s
        ORDER BY scene_id
        """,
        index_id=index_id,
    )
    return tuple(found)


async def delete_of(tx: Transaction, asset_id: int, index_id: int | None = None) -> int | None:
    """Delete the index of an asset, or only the index of an id. Return its number of edits, or `None` if none is."""
    return await tx.value(
        """
        DELETE FROM indexes
        WHERE asset_id = %(asset_id)s AND index_id = coalesce(%(index_id)s, index_id)
        RETURNING edit_count
        """,
        asset_id=asset_id,
        index_id=index_id,
    )


async def _shots(tx: Transaction, index_id: int) -> RowsByScene[IndexedShot]:
    shots = RowsByScene(IndexedShot)
    await tx.all(
        shots,
        """
        SELECT index_id, scene_id, shot_id, start_ms, end_ms, keyframe_key, keyframe_ms
        FROM shots
        WHERE index_id = %(index_id)s
        ORDER BY shot_id
        """,
        index_id=index_id,
    )
    return shots
