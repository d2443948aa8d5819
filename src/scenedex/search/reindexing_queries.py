"""The statements about making again what scenes are found by."""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

import msgspec

from scenedex.index.vectors import vector_literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.db.database import Transaction
    from scenedex.jobs import JobId

_OF_CLAIM: LiteralString = "WHERE workspace_id = %s AND attempt = %s AND state = 'RUNNING'"
_SCENES: LiteralString = (
    "scenes s JOIN indexes i USING (index_id) JOIN assets a USING (asset_id) JOIN projects p USING (project_id)"
)
_LACKING: LiteralString = (
    "NOT EXISTS (SELECT FROM scene_vectors v WHERE v.index_id = s.index_id AND v.scene_id = s.scene_id"
    " AND v.space = %s AND v.engine = %s)"
)
HAS_WORDS: LiteralString = (
    "(EXISTS (SELECT FROM texts t WHERE t.index_id = s.index_id AND t.scene_id = s.scene_id)"
    " OR EXISTS (SELECT FROM scripts t WHERE t.index_id = s.index_id AND t.scene_id = s.scene_id))"
)


class ReindexClaim(msgspec.Struct, frozen=True):
    """One try of a reindexing. Its notes count only while no later try has claimed it."""

    workspace_id: int
    attempt: int
    tries: int


class Reindexing(msgspec.Struct, frozen=True):
    """How far the reindexing of a workspace has come: scenes that are done, of so many."""

    workspace_name: str
    state: str
    message: str | None
    done: int
    total: int


class LackingScene(msgspec.Struct, frozen=True):
    """A scene that lacks something it could be found by."""

    index_id: int
    scene_id: int
    keyframe_key: str


async def begin(tx: Transaction, workspace_id: int) -> bool:
    """Note that a workspace is reindexed; False where it is already, or is gone."""
    changed = await tx.run(
        "INSERT INTO reindexings AS known (workspace_id)"
        " SELECT workspace_id FROM workspaces WHERE workspace_id = %s FOR KEY SHARE"
        " ON CONFLICT (workspace_id) DO UPDATE SET state = 'RUNNING', message = NULL, done = 0, total = 0, tries = 0,"
        " created_time = now(), updated_time = now() WHERE known.state <> 'RUNNING'",
        workspace_id,
    )
    return changed > 0


async def set_job(tx: Transaction, workspace_id: int, job: JobId) -> None:
    """Let a job do it."""
    await tx.run("UPDATE reindexings SET job_id = %s WHERE workspace_id = %s", job, workspace_id)


async def claim(tx: Transaction, workspace_id: int) -> ReindexClaim | None:
    """Begin a try of a reindexing that is not over."""
    return await tx.one(
        ReindexClaim,
        "UPDATE reindexings SET attempt = attempt + 1, tries = tries + 1 WHERE workspace_id = %s AND state = 'RUNNING'"
        " RETURNING workspace_id, attempt, tries",
        workspace_id,
    )


async def note(tx: Transaction, claim: ReindexClaim, done: int, total: int) -> bool:
    """Note how far it has come, which is success enough for another few tries; False where it is another's."""
    changed = await tx.run(
        f"UPDATE reindexings SET done = %s, total = %s, tries = 1, updated_time = now() {_OF_CLAIM}",
        done,
        total,
        claim.workspace_id,
        claim.attempt,
    )
    return changed > 0


async def end(tx: Transaction, claim: ReindexClaim, state: str, message: str | None) -> None:
    """Note that it is over."""
    await tx.run(
        f"UPDATE reindexings SET state = %s, message = %s, updated_time = now() {_OF_CLAIM}",
        state,
        message,
        claim.workspace_id,
        claim.attempt,
    )


async def release(tx: Transaction, claim: ReindexClaim) -> None:
    """Give a try back that was interrupted by a stop."""
    await tx.run(f"UPDATE reindexings SET tries = tries - 1 {_OF_CLAIM}", claim.workspace_id, claim.attempt)


async def cancel(tx: Transaction, workspace_id: int, message: str) -> JobId | None:
    """End a reindexing that goes on; the job that serves it, or None where it is over or gone."""
    return await tx.value(
        "UPDATE reindexings SET state = 'FAILED', message = %s, updated_time = now()"
        " WHERE workspace_id = %s AND state = 'RUNNING' RETURNING coalesce(job_id, 0)",
        message,
        workspace_id,
    )


async def progress(tx: Transaction, workspace_ids: Sequence[int]) -> list[Reindexing]:
    """How far these workspaces have come."""
    return await tx.all(
        Reindexing,
        "SELECT workspace_name, state, message, done, total FROM reindexings JOIN workspaces USING (workspace_id)"
        " WHERE workspace_id = ANY(%s) ORDER BY workspace_name",
        list(workspace_ids),
    )


async def without_job(tx: Transaction) -> list[int]:
    """Workspaces whose reindexing is not over although no job serves it, locked until the end of the transaction."""
    return await tx.all(
        int,
        "SELECT workspace_id FROM reindexings WHERE state = 'RUNNING' AND NOT EXISTS"
        " (SELECT FROM procrastinate_jobs j WHERE j.id = job_id AND j.status IN ('todo', 'doing'))"
        " ORDER BY workspace_id LIMIT 1000 FOR UPDATE SKIP LOCKED",
    )


async def workspaces_behind(tx: Transaction) -> list[int]:
    """Workspaces with scenes whose words were never written, or were corrected since what they mean was worked out."""
    return await tx.all(
        int,
        "SELECT DISTINCT workspace_id FROM ((SELECT DISTINCT index_id FROM scenes WHERE words IS NULL LIMIT 1000)"
        " UNION (SELECT DISTINCT index_id FROM scenes WHERE is_reworded LIMIT 1000)) behind"
        " JOIN indexes USING (index_id) JOIN assets USING (asset_id) JOIN projects USING (project_id)",
    )


async def take_note_of_reworded(tx: Transaction, workspace_id: int) -> None:
    """Forget which scenes were reworded: who does so makes the vectors that they lack. Later corrections count anew."""
    await tx.run(
        "UPDATE scenes s SET is_reworded = false FROM indexes i JOIN assets a USING (asset_id)"
        " JOIN projects p USING (project_id)"
        " WHERE i.index_id = s.index_id AND p.workspace_id = %s AND s.is_reworded",
        workspace_id,
    )


async def indexes_without_words(tx: Transaction, workspace_id: int, after: int, most: int) -> list[int]:
    """The next indexes of a workspace with scenes whose words were never written."""
    return await tx.all(
        int,
        f"SELECT DISTINCT s.index_id FROM {_SCENES} WHERE p.workspace_id = %s AND s.words IS NULL AND s.index_id > %s"
        " ORDER BY s.index_id LIMIT %s",
        workspace_id,
        after,
        most,
    )


async def scenes_without_words(tx: Transaction, workspace_id: int) -> int:
    """Scenes of a workspace whose words were never written."""
    return await tx.value(f"SELECT count(*) FROM {_SCENES} WHERE p.workspace_id = %s AND s.words IS NULL", workspace_id)


async def count_lacking(tx: Transaction, workspace_id: int, space: str, engine: str) -> int:
    """Scenes of a workspace without a vector of an engine that they should have one of."""
    has_words: LiteralString = f" AND {HAS_WORDS}" if space == "TEXT" else ""
    return await tx.value(
        f"SELECT count(*) FROM {_SCENES} WHERE p.workspace_id = %s AND {_LACKING}{has_words}",
        workspace_id,
        space,
        engine,
    )


async def lacking(
    tx: Transaction, workspace_id: int, space: str, engine: str, after: tuple[int, int], most: int
) -> list[LackingScene]:
    """The next scenes of a workspace without a vector of an engine that they should have one of."""
    has_words: LiteralString = f" AND {HAS_WORDS}" if space == "TEXT" else ""
    return await tx.all(
        LackingScene,
        f"SELECT s.index_id, s.scene_id, s.keyframe_key FROM {_SCENES} WHERE p.workspace_id = %s AND {_LACKING}"
        f"{has_words} AND (s.index_id, s.scene_id) > (%s, %s) ORDER BY s.index_id, s.scene_id LIMIT %s",
        workspace_id,
        space,
        engine,
        *after,
        most,
    )


async def add_vectors(
    tx: Transaction, workspace_id: int, space: str, engine: str, vectors: Sequence[tuple[LackingScene, bytes]]
) -> None:
    """Vectors of scenes that are still there and say what they said; the caller holds the lock of `lock_persons`."""
    await tx.run(
        "INSERT INTO scene_vectors (index_id, scene_id, workspace_id, space, engine, embedding)"
        " SELECT s.index_id, s.scene_id, %s, %s, %s, made.embedding::halfvec"
        " FROM unnest(%s::bigint[], %s::integer[], %s::text[]) AS made (index_id, scene_id, embedding)"
        " JOIN scenes s USING (index_id, scene_id) WHERE NOT (s.is_reworded AND %s = 'TEXT')"
        " ON CONFLICT DO NOTHING",
        workspace_id,
        space,
        engine,
        [scene.index_id for scene, _ in vectors],
        [scene.scene_id for scene, _ in vectors],
        [vector_literal(vector) for _, vector in vectors],
        space,
    )


async def drop_others(tx: Transaction, workspace_id: int, space: str, engine: str) -> int:
    """Remove the vectors of other engines, whose place those of this one have taken; how many there were."""
    return await tx.run(
        "DELETE FROM scene_vectors WHERE workspace_id = %s AND space = %s AND engine <> %s", workspace_id, space, engine
    )
