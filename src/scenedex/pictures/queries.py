"""Every statement about uploaded pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenedex.jobs import Work
from scenedex.pictures.records import (
    CheckedPicture,
    PictureClaim,
    PictureFace,
    PictureId,
    PictureOwner,
    PicturePurpose,
    PictureState,
    PictureVector,
    Upload,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from scenedex.db.database import Transaction
    from scenedex.jobs import JobId

_COLUMNS = "picture_id, picture_key, state, message"
_OF_OWNER = "workspace_id IS NOT DISTINCT FROM %s AND user_name IS NOT DISTINCT FROM %s AND purpose = %s"
_OF_CLAIM = "WHERE picture_id = %s AND attempt = %s AND state = 'CHECKING'"


@dataclass(frozen=True, slots=True)
class Found:
    """A picture that may or may not be of use."""

    state: PictureState
    message: str | None
    picture: CheckedPicture


async def insert(
    tx: Transaction, owner: PictureOwner, key: str, purpose: PicturePurpose, file_name: str, life: timedelta
) -> bool:
    """A new place to upload to; False where it is for a workspace that is gone."""
    made = await tx.run(
        "INSERT INTO pictures (picture_key, workspace_id, user_name, purpose, file_name, expires_time)"
        " SELECT %s, %s, %s, %s, %s, now() + %s"
        " WHERE %s::bigint IS NULL OR EXISTS (SELECT FROM workspaces WHERE workspace_id = %s FOR KEY SHARE)",
        key,
        owner.workspace_id,
        owner.user_name,
        purpose.value,
        file_name,
        life,
        owner.workspace_id,
        owner.workspace_id,
    )
    return made > 0


async def lock(tx: Transaction, key: str) -> Upload | None:
    """An upload whose time is not over, which stays as it is until the end of the transaction."""
    return await tx.one(
        _upload, f"SELECT {_COLUMNS} FROM pictures WHERE picture_key = %s AND expires_time > now() FOR UPDATE", key
    )


async def lock_of(tx: Transaction, owner: PictureOwner, purpose: PicturePurpose, key: str) -> Upload | None:
    """The same, where it is the owner's and for that purpose."""
    return await tx.one(
        _upload,
        f"SELECT {_COLUMNS} FROM pictures WHERE picture_key = %s AND {_OF_OWNER} AND expires_time > now() FOR UPDATE",
        key,
        owner.workspace_id,
        owner.user_name,
        purpose.value,
    )


async def find(tx: Transaction, picture_id: PictureId) -> Upload | None:
    """How far an upload has come."""
    return await tx.one(_upload, f"SELECT {_COLUMNS} FROM pictures WHERE picture_id = %s", picture_id)


async def checked(
    tx: Transaction, owner: PictureOwner, purpose: PicturePurpose, keys: Sequence[str]
) -> dict[str, Found]:
    """The owner's pictures of these keys whose time is not over, by key, held until the end of the transaction."""
    rows = await tx.all(
        _found,
        "SELECT picture_key, state, message, coalesce(object_key, ''),"
        " f.engines, f.embeddings, f.qualities, v.engines, v.embeddings"
        " FROM pictures p CROSS JOIN LATERAL ("
        "SELECT coalesce(array_agg(engine ORDER BY quality DESC), '{}') AS engines,"
        " coalesce(array_agg(embedding::text ORDER BY quality DESC), '{}') AS embeddings,"
        " coalesce(array_agg(quality ORDER BY quality DESC), '{}') AS qualities"
        " FROM faces_of_pictures WHERE picture_key = p.picture_key) f CROSS JOIN LATERAL ("
        "SELECT coalesce(array_agg(engine ORDER BY engine), '{}') AS engines,"
        " coalesce(array_agg(embedding::text ORDER BY engine), '{}') AS embeddings"
        " FROM vectors_of_pictures WHERE picture_key = p.picture_key) v"
        f" WHERE picture_key = ANY(%s) AND {_OF_OWNER} AND expires_time > now() FOR KEY SHARE OF p",
        list(keys),
        owner.workspace_id,
        owner.user_name,
        purpose.value,
    )
    return {row.picture.key: row for row in rows}


async def set_state(tx: Transaction, picture_id: PictureId, state: PictureState, message: str | None = None) -> None:
    """Note how far an upload has come, while it is locked."""
    await tx.run("UPDATE pictures SET state = %s, message = %s WHERE picture_id = %s", state.value, message, picture_id)


async def end_receiving(tx: Transaction, key: str, state: PictureState) -> None:
    """Note what a transfer came to, unless the upload has gone further."""
    await tx.run("UPDATE pictures SET state = %s WHERE picture_key = %s AND state = 'RECEIVING'", state.value, key)


async def begin_check(tx: Transaction, picture_id: PictureId, job: JobId) -> None:
    """Let a job check the picture."""
    await tx.run(
        "UPDATE pictures SET state = 'CHECKING', message = NULL, job_id = %s, tries = 0 WHERE picture_id = %s",
        job,
        picture_id,
    )


async def set_job(tx: Transaction, picture_id: int, job: JobId) -> None:
    """Let another job check the picture."""
    await tx.run("UPDATE pictures SET job_id = %s WHERE picture_id = %s", job, picture_id)


async def claim(tx: Transaction, picture_id: int) -> PictureClaim | None:
    """Begin a try of a check that is not over."""

    def make(number: int, key: str, purpose: str, attempt: int, tries: int) -> PictureClaim:
        return PictureClaim(PictureId(number), key, PicturePurpose(purpose), attempt, tries)

    return await tx.one(
        make,
        "UPDATE pictures SET attempt = attempt + 1, tries = tries + 1 WHERE picture_id = %s AND state = 'CHECKING'"
        " RETURNING picture_id, picture_key, purpose, attempt, tries",
        picture_id,
    )


async def release(tx: Transaction, claim: PictureClaim) -> None:
    """Give a try back that was interrupted through no fault of the file."""
    await tx.run(f"UPDATE pictures SET tries = tries - 1 {_OF_CLAIM}", claim.picture_id, claim.attempt)


async def complete(tx: Transaction, claim: PictureClaim, picture: CheckedPicture) -> bool:
    """End a check well; False where the picture is gone or claimed by a later try."""
    changed = await tx.run(
        f"UPDATE pictures SET state = 'COMPLETED', object_key = %s {_OF_CLAIM}",
        picture.object_key,
        claim.picture_id,
        claim.attempt,
    )
    if changed and picture.faces:
        await tx.run_many(
            "INSERT INTO faces_of_pictures (picture_key, engine, embedding, quality) VALUES (%s, %s, %s::halfvec, %s)",
            [(claim.key, face.engine, face.embedding, face.quality) for face in picture.faces],
        )
    if changed and picture.vectors:
        await tx.run_many(
            "INSERT INTO vectors_of_pictures (picture_key, engine, embedding) VALUES (%s, %s, %s::halfvec)",
            [(claim.key, vector.engine, vector.embedding) for vector in picture.vectors],
        )
    return changed > 0


async def fail(tx: Transaction, claim: PictureClaim, message: str) -> bool:
    """End a check with what is wrong; False where the picture is gone or claimed by a later try."""
    changed = await tx.run(
        f"UPDATE pictures SET state = 'FAILED', message = %s {_OF_CLAIM}", message, claim.picture_id, claim.attempt
    )
    return changed > 0


async def checks_without_job(tx: Transaction) -> list[Work]:
    """Pictures whose check is not over although no job serves it, locked until the end of the transaction."""
    return await tx.all(
        Work,
        "SELECT picture_id, coalesce(workspace_id, 0) FROM pictures WHERE state = 'CHECKING' AND NOT EXISTS"
        " (SELECT FROM procrastinate_jobs j WHERE j.id = job_id AND j.status IN ('todo', 'doing'))"
        " ORDER BY picture_id LIMIT 1000 FOR UPDATE SKIP LOCKED",
    )


async def drop_expired(tx: Transaction) -> int:
    """Forget pictures whose time is over; how many there were."""
    return await tx.run("DELETE FROM pictures WHERE expires_time < now()")


def _upload(picture_id: int, key: str, state: str, message: str | None) -> Upload:
    return Upload(PictureId(picture_id), key, PictureState(state), message)


def _found(  # one argument for each column
    key: str,
    state: str,
    message: str | None,
    object_key: str,
    engines: list[str],
    embeddings: list[str],
    qualities: list[float],
    picture_engines: list[str],
    picture_embeddings: list[str],
) -> Found:
    faces = tuple(map(PictureFace, engines, embeddings, qualities))
    vectors = tuple(map(PictureVector, picture_engines, picture_embeddings))
    return Found(PictureState(state), message, CheckedPicture(key, object_key, faces, vectors))
