"""Every statement about indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scenedex.index.records import IndexedScene, IndexedShot, IndexHead

if TYPE_CHECKING:
    from scenedex.db.database import Transaction
    from scenedex.index.records import NewIndex

_HEAD = (
    "index_id, asset_id, type, options, engines, duration_ms,"
    " created_user_name, created_time, updated_user_name, updated_time"
)


async def find_head(tx: Transaction, asset_id: int) -> IndexHead | None:
    """The index of an asset, without its scenes."""
    return await tx.one(IndexHead, f"SELECT {_HEAD} FROM indexes WHERE asset_id = %s", asset_id)


async def scenes_of(tx: Transaction, index_id: int) -> tuple[IndexedScene, ...]:
    """The scenes of an index with their shots, in order of time."""
    shots: dict[int, list[IndexedShot]] = {}

    def shot(scene_id: int, *columns: int | str) -> None:
        shots.setdefault(scene_id, []).append(IndexedShot(*columns))  # pyright: ignore[reportArgumentType]  # the columns are those of IndexedShot

    await tx.all(
        shot,
        "SELECT scene_id, shot_id, start_ms, end_ms, keyframe_key FROM shots WHERE index_id = %s ORDER BY shot_id",
        index_id,
    )

    def scene(scene_id: int, start_ms: int, end_ms: int, keyframe_key: str) -> IndexedScene:
        return IndexedScene(scene_id, start_ms, end_ms, keyframe_key, tuple(shots.get(scene_id, ())))

    found = await tx.all(
        scene,
        "SELECT scene_id, start_ms, end_ms, keyframe_key FROM scenes WHERE index_id = %s ORDER BY scene_id",
        index_id,
    )
    return tuple(found)


async def delete_of(tx: Transaction, asset_id: int) -> bool:
    """Remove the index of an asset; False where it has none."""
    return await tx.run("DELETE FROM indexes WHERE asset_id = %s", asset_id) > 0


async def insert(tx: Transaction, index: NewIndex) -> None:
    """An index with its scenes and shots."""
    await tx.run(
        "INSERT INTO indexes (index_id, asset_id, type, options, engines, duration_ms,"
        " created_user_name, updated_user_name) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        index.index_id,
        index.asset_id,
        index.type,
        msgspec.json.encode(index.setting).decode(),
        msgspec.json.encode(index.engines).decode(),
        index.duration_ms,
        index.user_name,
        index.user_name,
    )
    await tx.run_many(
        "INSERT INTO scenes (index_id, scene_id, start_ms, end_ms, keyframe_key) VALUES (%s, %s, %s, %s, %s)",
        [(index.index_id, scene.scene_id, scene.start_ms, scene.end_ms, scene.keyframe_key) for scene in index.scenes],
    )
    await tx.run_many(
        "INSERT INTO shots (index_id, shot_id, scene_id, start_ms, end_ms, keyframe_key)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        [
            (index.index_id, shot.shot_id, scene.scene_id, shot.start_ms, shot.end_ms, shot.keyframe_key)
            for scene in index.scenes
            for shot in scene.shots
        ],
    )
