"""Statements about the vectors of scenes that a reindexing makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.index.records import IndexedShot, vector_literal
from scenedex.search.records import LackingScene

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.db.database import Transaction
    from scenedex.index.records import SceneKey
    from scenedex.search.records import SceneVectors


async def count_lacking(tx: Transaction, workspace_id: int, space: str, engine: str) -> int:
    """Count the scenes of a workspace without the vectors of an engine that they should have."""
    return await tx.value(
        """
        SELECT count(*)
        FROM scenes s
        JOIN indexes i USING (index_id)
        JOIN assets a USING (asset_id)
        JOIN projects p USING (project_id)
        WHERE p.workspace_id = %(workspace_id)s
          AND NOT EXISTS (
              SELECT FROM scene_vectors v
              WHERE v.index_id = s.index_id AND v.scene_id = s.scene_id
                AND v.space = %(space)s AND v.engine = %(engine)s AND v.start_ms IS NOT NULL
          )
          AND (
              %(space)s <> 'TEXT'
              OR EXISTS (SELECT FROM texts t WHERE t.index_id = s.index_id AND t.scene_id = s.scene_id)
              OR EXISTS (SELECT FROM scripts t WHERE t.index_id = s.index_id AND t.scene_id = s.scene_id)
              OR EXISTS (
                  SELECT FROM scene_summaries t
                  WHERE t.index_id = s.index_id AND t.scene_id = s.scene_id AND t.text <> ''
              )
          )
        """,
        workspace_id=workspace_id,
        space=space,
        engine=engine,
    )


async def lacking(
    tx: Transaction, workspace_id: int, space: str, engine: str, after: tuple[int, int], max_scenes: int
) -> list[LackingScene]:
    """Return the next scenes of a workspace without the vectors of an engine that they should have.

    A vector of a whole scene, as former releases made it, does not count.
    """
    return await tx.all(
        LackingScene,
        """
        SELECT s.index_id, s.scene_id, s.start_ms, s.end_ms, s.keyframe_key
        FROM scenes s
        JOIN indexes i USING (index_id)
        JOIN assets a USING (asset_id)
        JOIN projects p USING (project_id)
        WHERE p.workspace_id = %(workspace_id)s
          AND NOT EXISTS (
              SELECT FROM scene_vectors v
              WHERE v.index_id = s.index_id AND v.scene_id = s.scene_id
                AND v.space = %(space)s AND v.engine = %(engine)s AND v.start_ms IS NOT NULL
          )
          AND (
              %(space)s <> 'TEXT'
              OR EXISTS (SELECT FROM texts t WHERE t.index_id = s.index_id AND t.scene_id = s.scene_id)
              OR EXISTS (SELECT FROM scripts t WHERE t.index_id = s.index_id AND t.scene_id = s.scene_id)
              OR EXISTS (
                  SELECT FROM scene_summaries t
                  WHERE t.index_id = s.index_id AND t.scene_id = s.scene_id AND t.text <> ''
              )
          )
          AND (s.index_id, s.scene_id) > (%(after_index)s, %(after_scene)s)
        ORDER BY s.index_id, s.scene_id
        LIMIT %(max_scenes)s
        """,
        workspace_id=workspace_id,
        space=space,
        engine=engine,
        after_index=after[0],
        after_scene=after[1],
        max_scenes=max_scenes,
    )


async def shots_of(tx: Transaction, scenes: Sequence[SceneKey]) -> dict[SceneKey, list[IndexedShot]]:
    """Return the shots of scenes. A scene without shots is missing."""
    found: dict[SceneKey, list[IndexedShot]] = {}

    def add(index_id: int, scene_id: int, shot_id: int, start_ms: int, end_ms: int, keyframe_key: str) -> None:
        shot = IndexedShot(shot_id, start_ms, end_ms, keyframe_key)
        found.setdefault((index_id, scene_id), []).append(shot)

    await tx.all(
        add,
        """
        SELECT index_id, scene_id, shot_id, start_ms, end_ms, keyframe_key
        FROM unnest(%(index_ids)s::bigint[], %(scene_ids)s::integer[]) AS lacking (index_id, scene_id)
        JOIN shots USING (index_id, scene_id)
        ORDER BY index_id, shot_id
        """,
        index_ids=[index_id for index_id, _ in scenes],
        scene_ids=[scene_id for _, scene_id in scenes],
    )
    return found


async def replace_vectors(
    tx: Transaction, workspace_id: int, space: str, engine: str, made: Sequence[SceneVectors]
) -> None:
    """Insert vectors of scenes that still exist and were not corrected, and delete those of the whole scenes.

    The caller holds the lock of `lock_persons`.
    """
    await tx.run(
        """
        DELETE FROM scene_vectors v
        USING unnest(%(indexes)s::bigint[], %(scenes)s::integer[]) AS made (index_id, scene_id)
        WHERE v.index_id = made.index_id AND v.scene_id = made.scene_id
          AND v.space = %(space)s AND v.engine = %(engine)s AND v.start_ms IS NULL
        """,
        space=space,
        engine=engine,
        indexes=[one.index_id for one in made],
        scenes=[one.scene_id for one in made],
    )
    rows = [(one, place, vector) for one in made for place, vector in enumerate(one.vectors)]
    await tx.run(
        """
        INSERT INTO scene_vectors (index_id, scene_id, workspace_id, space, engine, place, start_ms, end_ms, embedding)
        SELECT s.index_id, s.scene_id, %(workspace_id)s, %(space)s, %(engine)s,
               made.place, made.start_ms, made.end_ms, made.embedding::halfvec
        FROM unnest(
            %(indexes)s::bigint[], %(scenes)s::integer[], %(places)s::smallint[],
            %(starts)s::bigint[], %(ends)s::bigint[], %(embeddings)s::text[]
        ) AS made (index_id, scene_id, place, start_ms, end_ms, embedding)
        JOIN scenes s USING (index_id, scene_id)
        WHERE NOT (s.is_reworded AND %(space)s = 'TEXT')
        ON CONFLICT DO NOTHING
        """,
        workspace_id=workspace_id,
        space=space,
        engine=engine,
        indexes=[one.index_id for one, _, _ in rows],
        scenes=[one.scene_id for one, _, _ in rows],
        places=[place for _, place, _ in rows],
        starts=[vector.start_ms for _, _, vector in rows],
        ends=[vector.end_ms for _, _, vector in rows],
        embeddings=[vector_literal(vector.embedding) for _, _, vector in rows],
    )


async def drop_others(tx: Transaction, workspace_id: int, space: str, engine: str) -> int:
    """Delete the vectors of engines that this one replaces, and return their number."""
    return await tx.run(
        """
        DELETE FROM scene_vectors
        WHERE workspace_id = %(workspace_id)s AND space = %(space)s AND engine <> %(engine)s
        """,
        workspace_id=workspace_id,
        space=space,
        engine=engine,
    )
