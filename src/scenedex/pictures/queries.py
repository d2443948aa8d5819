"""Statements about uploaded pictures."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from scenedex.jobs.queue import Work
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
    from collections.abc import Mapping, Sequence
    from datetime import timedelta

    from scenedex.db.database import Transaction
    from scenedex.jobs.queue import JobId


@dataclass(frozen=True, slots=True)
class UploadedPicture:
    """A picture that may or may not be usable."""

    state: PictureState
    message: str | None
    picture: CheckedPicture


async def insert(
    tx: Transaction, owner: PictureOwner, key: str, purpose: PicturePurpose, file_name: str, lifetime: timedelta
) -> bool:
    """Insert an upload. Return `False` if the owner's workspace does not exist."""
    inserted = await tx.run(
        """
        INSERT INTO pictures (picture_key, workspace_id, user_name, workspaces, purpose, file_name, expires_time)
        SELECT %(key)s, %(workspace_id)s, %(user_name)s, %(workspaces)s, %(purpose)s, %(file_name)s,
            now() + %(lifetime)s
        WHERE %(workspace_id)s::bigint IS NULL
        OR EXISTS (SELECT FROM workspaces WHERE workspace_id = %(workspace_id)s FOR KEY SHARE)
        """,
        key=key,
        **_owner(owner),
        purpose=purpose.value,
        file_name=file_name,
        lifetime=lifetime,
    )
    return inserted > 0


async def lock(tx: Transaction, key: str) -> Upload | None:
    """Lock and return an upload that has not expired."""
    return await tx.one(
        _upload,
        """
        SELECT picture_id, picture_key, state, message
        FROM pictures
        WHERE picture_key = %(key)s AND expires_time > now()
        FOR UPDATE
        """,
        key=key,
    )


async def lock_of(tx: Transaction, owner: PictureOwner, purpose: PicturePurpose, key: str) -> Upload | None:
    """Lock and return the owner's upload for that purpose that has not expired."""
    return await tx.one(
        _upload,
        """
        SELECT picture_id, picture_key, state, message
        FROM pictures
        WHERE picture_key = %(key)s
          AND workspace_id IS NOT DISTINCT FROM %(workspace_id)s
          AND user_name IS NOT DISTINCT FROM %(user_name)s
          AND (workspaces IS NULL OR %(workspaces)s::text[] IS NULL OR workspaces && %(workspaces)s::text[])
          AND purpose = %(purpose)s
          AND expires_time > now()
        FOR UPDATE
        """,
        key=key,
        **_owner(owner),
        purpose=purpose.value,
    )


async def find(tx: Transaction, picture_id: PictureId) -> Upload | None:
    """Return an upload."""
    return await tx.one(
        _upload,
        """
        SELECT picture_id, picture_key, state, message
        FROM pictures
        WHERE picture_id = %(picture_id)s
        """,
        picture_id=picture_id,
    )


async def uploaded(
    tx: Transaction, owner: PictureOwner, purpose: PicturePurpose, keys: Sequence[str]
) -> dict[str, UploadedPicture]:
    """Return the owner's pictures of these keys that have not expired, by key, and hold them until the commit."""
    rows = await tx.all(
        _uploaded,
        """
        SELECT
            picture_key, state, message, coalesce(object_key, ''),
            f.engines, f.embeddings, f.qualities,
            v.engines, v.embeddings
        FROM pictures p
        CROSS JOIN LATERAL (
            SELECT
                coalesce(array_agg(engine ORDER BY quality DESC), '{}') AS engines,
                coalesce(array_agg(embedding::text ORDER BY quality DESC), '{}') AS embeddings,
                coalesce(array_agg(quality ORDER BY quality DESC), '{}') AS qualities
            FROM faces_of_pictures
            WHERE picture_key = p.picture_key
        ) f
        CROSS JOIN LATERAL (
            SELECT
                coalesce(array_agg(engine ORDER BY engine), '{}') AS engines,
                coalesce(array_agg(embedding::text ORDER BY engine), '{}') AS embeddings
            FROM vectors_of_pictures
            WHERE picture_key = p.picture_key
        ) v
        WHERE picture_key = ANY(%(keys)s)
          AND workspace_id IS NOT DISTINCT FROM %(workspace_id)s
          AND user_name IS NOT DISTINCT FROM %(user_name)s
          AND (workspaces IS NULL OR %(workspaces)s::text[] IS NULL OR workspaces && %(workspaces)s::text[])
          AND purpose = %(purpose)s
          AND expires_time > now()
        FOR KEY SHARE OF p
        """,
        keys=list(keys),
        **_owner(owner),
        purpose=purpose.value,
    )
    return {row.picture.key: row for row in rows}


async def set_state(tx: Transaction, picture_id: PictureId, state: PictureState, message: str | None = None) -> None:
    """Set the state of a locked upload."""
    await tx.run(
        "UPDATE pictures SET state = %(state)s, message = %(message)s WHERE picture_id = %(picture_id)s",
        state=state.value,
        message=message,
        picture_id=picture_id,
    )


async def end_receiving(tx: Transaction, key: str, state: PictureState) -> None:
    """Set the state of an upload after a transfer, if it is still receiving."""
    await tx.run(
        "UPDATE pictures SET state = %(state)s WHERE picture_key = %(key)s AND state = 'RECEIVING'",
        state=state.value,
        key=key,
    )


async def start_check(tx: Transaction, picture_id: PictureId, job: JobId) -> None:
    """Assign a check of the picture to a job."""
    await tx.run(
        """
        UPDATE pictures
        SET state = 'CHECKING', message = NULL, job_id = %(job)s, tries = 0
        WHERE picture_id = %(picture_id)s
        """,
        job=job,
        picture_id=picture_id,
    )


async def set_job(tx: Transaction, picture_id: int, job: JobId) -> None:
    """Assign the check of the picture to another job."""
    await tx.run(
        "UPDATE pictures SET job_id = %(job)s WHERE picture_id = %(picture_id)s", job=job, picture_id=picture_id
    )


async def claim(tx: Transaction, picture_id: int) -> PictureClaim | None:
    """Start an attempt at a check that has not ended."""

    def make(number: int, key: str, purpose: str, attempt: int, tries: int) -> PictureClaim:
        return PictureClaim(PictureId(number), key, PicturePurpose(purpose), attempt, tries)

    return await tx.one(
        make,
        """
        UPDATE pictures
        SET attempt = attempt + 1, tries = tries + 1
        WHERE picture_id = %(picture_id)s AND state = 'CHECKING'
        RETURNING picture_id, picture_key, purpose, attempt, tries
        """,
        picture_id=picture_id,
    )


async def release(tx: Transaction, claim: PictureClaim) -> None:
    """Uncount an interrupted try."""
    await tx.run(
        """
        UPDATE pictures
        SET tries = tries - 1
        WHERE picture_id = %(picture_id)s AND attempt = %(attempt)s AND state = 'CHECKING'
        """,
        picture_id=claim.picture_id,
        attempt=claim.attempt,
    )


async def complete(tx: Transaction, claim: PictureClaim, picture: CheckedPicture, message: str | None = None) -> bool:
    """End a check with a usable picture and a remark for the user, if any.

    Return `False` if the check has ended or belongs to a later attempt.
    """
    changed = await tx.run(
        """
        UPDATE pictures
        SET state = 'COMPLETED', object_key = %(object_key)s, message = %(message)s
        WHERE picture_id = %(picture_id)s AND attempt = %(attempt)s AND state = 'CHECKING'
        """,
        object_key=picture.object_key,
        message=message,
        picture_id=claim.picture_id,
        attempt=claim.attempt,
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
    """End a check with a problem. Return `False` if the check has ended or belongs to a later attempt."""
    changed = await tx.run(
        """
        UPDATE pictures
        SET state = 'FAILED', message = %(message)s
        WHERE picture_id = %(picture_id)s AND attempt = %(attempt)s AND state = 'CHECKING'
        """,
        message=message,
        picture_id=claim.picture_id,
        attempt=claim.attempt,
    )
    return changed > 0


async def checks_without_job(tx: Transaction) -> list[Work]:
    """Lock and return pictures whose check has not ended although no live job serves it."""
    return await tx.all(
        Work,
        """
        SELECT picture_id, coalesce(workspace_id, 0)
        FROM pictures
        WHERE state = 'CHECKING'
          AND NOT EXISTS (SELECT FROM live_jobs WHERE live_jobs.id = job_id)
        ORDER BY picture_id
        LIMIT 1000
        FOR UPDATE SKIP LOCKED
        """,
    )


async def delete_expired(tx: Transaction) -> None:
    """Delete expired pictures."""
    await tx.run("DELETE FROM pictures WHERE expires_time < now()")


def _owner(owner: PictureOwner) -> Mapping[str, object]:
    # The database takes a list as an array, and a tuple as a record.
    return asdict(owner) | {"workspaces": None if owner.workspaces is None else list(owner.workspaces)}


def _upload(picture_id: int, key: str, state: str, message: str | None) -> Upload:
    return Upload(PictureId(picture_id), key, PictureState(state), message)


def _uploaded(  # one argument for each column
    key: str,
    state: str,
    message: str | None,
    object_key: str,
    engines: list[str],
    embeddings: list[str],
    qualities: list[float],
    picture_engines: list[str],
    picture_embeddings: list[str],
) -> UploadedPicture:
    faces = tuple(map(PictureFace, engines, embeddings, qualities))
    vectors = tuple(map(PictureVector, picture_engines, picture_embeddings))
    return UploadedPicture(PictureState(state), message, CheckedPicture(key, object_key, faces, vectors))
