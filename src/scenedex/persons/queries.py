"""Every statement about persons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.persons.records import KnownFace, PersonId

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from scenedex.db.database import Transaction
    from scenedex.persons.records import Candidate, Looking, ThumbnailPlace

# Any constant does, as long as every release uses the same one; the second key of the lock is the workspace.
_PERSONS_LOCK = 0x5CE9DE


async def lock_persons(tx: Transaction, workspace_id: int) -> None:
    """Let no other transaction register persons in the workspace until the end of this one."""
    await tx.run("SELECT pg_advisory_xact_lock(%s, hashint8(%s))", _PERSONS_LOCK, workspace_id)


async def nearest(tx: Transaction, looking: Looking, embedding: NDArray[np.float32]) -> KnownFace | None:
    """The person of the workspace with the face that is most like this one, if any has a face.

    The addition keeps the planner from an index that would miss faces: the scan over one workspace's faces is exact.
    """

    def face(person_id: int, similarity: float) -> KnownFace:
        return KnownFace(PersonId(person_id), similarity)

    tagged = (
        ""
        if looking.tag_ids is None
        else " AND EXISTS (SELECT FROM tags_of_persons t WHERE t.person_id = f.person_id AND t.tag_id = ANY(%s))"
    )
    vector = vector_text(embedding)
    return await tx.one(
        face,
        "SELECT f.person_id, -(f.embedding <#> %s::halfvec) FROM person_faces f"
        f" WHERE f.workspace_id = %s AND f.engine = %s{tagged}"
        " ORDER BY (f.embedding <#> %s::halfvec) + 0, f.person_id LIMIT 1",
        vector,
        looking.workspace_id,
        looking.engine,
        *(() if looking.tag_ids is None else (list(looking.tag_ids),)),
        vector,
    )


async def insert_person(tx: Transaction, workspace_id: int, user_name: str) -> PersonId:
    """An anonymous person."""
    return PersonId(
        await tx.value(
            "INSERT INTO persons (workspace_id, created_user_name, updated_user_name)"
            " VALUES (%s, %s, %s) RETURNING person_id",
            workspace_id,
            user_name,
            user_name,
        )
    )


async def insert_thumbnail(tx: Transaction, person: PersonId, place: ThumbnailPlace) -> None:
    """The first picture of a person."""
    await tx.run(
        "INSERT INTO person_thumbnails (person_id, folder, key, is_primary) VALUES (%s, %s, %s, true)",
        person,
        place.folder,
        place.key,
    )


async def shown_folders(tx: Transaction, folders: Sequence[str]) -> list[str]:
    """Those of these folders whose picture is a thumbnail."""
    return await tx.all(str, "SELECT folder FROM person_thumbnails WHERE folder = ANY(%s)", list(folders))


async def faces_from_elsewhere(tx: Transaction, person: PersonId, asset_id: int) -> int | None:
    """How many faces a person is known by; None where one of them was seen in that asset."""
    return await tx.value(
        "SELECT CASE WHEN count(*) FILTER (WHERE asset_id = %s) = 0 THEN count(*) END"
        " FROM person_faces WHERE person_id = %s",
        asset_id,
        person,
    )


async def insert_faces(tx: Transaction, looking: Looking, person: PersonId, candidate: Candidate) -> None:
    """Further faces that a person is known by."""
    await tx.run_many(
        "INSERT INTO person_faces (person_id, workspace_id, asset_id, engine, embedding, quality)"
        " VALUES (%s, %s, %s, %s, %s::halfvec, %s)",
        [
            (
                person,
                looking.workspace_id,
                looking.asset_id,
                looking.engine,
                vector_text(embedding),
                candidate.quality,
            )
            for embedding in candidate.embeddings
        ],
    )


def vector_text(vector: Sequence[float] | NDArray[np.float32]) -> str:
    """A vector as the database reads it."""
    return "[" + ",".join(f"{float(value):.6g}" for value in vector) + "]"
