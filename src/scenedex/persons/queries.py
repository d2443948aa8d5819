"""Every statement about persons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.persons.records import Identity, KnownFace, PersonId

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from scenedex.db.database import Transaction
    from scenedex.persons.records import Candidate, Looking, ThumbnailPlace

# Any constant does, as long as every release uses the same one; the second key of the lock is the workspace.
_PERSONS_LOCK = 0x5CE9DE


async def lock_persons(tx: Transaction, workspace_id: int) -> None:
    """Let no other transaction change who is who in the workspace until the end of this one.

    The database takes the same lock where the counts of persons change; see migration 0003.
    """
    await tx.run("SELECT pg_advisory_xact_lock(%s, hashint8(%s))", _PERSONS_LOCK, workspace_id)


async def root_of(tx: Transaction, workspace_id: int, person_id: int) -> int | None:
    """Who a person of the workspace is today; None where there is none, or it was deleted."""
    return await tx.value(
        "SELECT root.person_id FROM persons p JOIN persons root ON root.person_id = p.root_id"
        " WHERE p.person_id = %s AND p.workspace_id = %s AND root.deleted_time IS NULL",
        person_id,
        workspace_id,
    )


async def nearest(tx: Transaction, looking: Looking, candidate: Candidate, face: int) -> KnownFace | None:
    """The person of the workspace with the face that is most like this one of a candidate, if any has a face.

    Somebody of whom it was said that the candidate is not that person is passed over. The addition keeps the planner
    from an index that would miss faces: the scan over one workspace's faces is exact.
    """

    def known(person_id: int, origin_id: int, similarity: float) -> KnownFace:
        return KnownFace(Identity(PersonId(person_id), PersonId(origin_id)), similarity)

    tagged = (
        ""
        if looking.tag_ids is None
        else " AND EXISTS (SELECT FROM tags_of_persons t JOIN persons bearer USING (person_id)"
        " WHERE bearer.root_id = p.root_id AND t.tag_id = ANY(%s))"
    )
    vector = vector_text(candidate.embeddings[face])
    return await tx.one(
        known,
        "SELECT p.root_id, f.person_id, -(f.embedding <#> %s::halfvec)"
        " FROM person_faces f JOIN persons p USING (person_id)"
        " WHERE f.workspace_id = %s AND f.engine = %s AND NOT EXISTS ("
        "SELECT FROM rejected_appearances r JOIN persons wrong ON wrong.person_id = r.person_id"
        " JOIN unnest(%s::bigint[], %s::bigint[]) AS seen (start_ms, end_ms)"
        " ON seen.start_ms <= r.end_ms AND r.start_ms <= seen.end_ms"
        f" WHERE r.asset_id = %s AND wrong.root_id = p.root_id){tagged}"
        " ORDER BY (f.embedding <#> %s::halfvec) + 0, f.person_id LIMIT 1",
        vector,
        looking.workspace_id,
        looking.engine,
        [start for start, _ in candidate.spans],
        [end for _, end in candidate.spans],
        looking.asset_id,
        *(() if looking.tag_ids is None else (list(looking.tag_ids),)),
        vector,
    )


async def insert_person(
    tx: Transaction, workspace_id: int, user_name: str, name: str | None = None, description: str | None = None
) -> PersonId:
    """A person, anonymous unless it is given a name."""
    return PersonId(
        await tx.value(
            "INSERT INTO persons (workspace_id, name, description, created_user_name, updated_user_name)"
            " VALUES (%s, %s, %s, %s, %s) RETURNING person_id",
            workspace_id,
            name,
            description,
            user_name,
            user_name,
        )
    )


async def insert_thumbnail(tx: Transaction, person: PersonId, place: ThumbnailPlace, *, is_primary: bool) -> int:
    """A further picture of a person; its id."""
    thumbnail_id: int = await tx.value(
        "INSERT INTO person_thumbnails (person_id, folder, key) VALUES (%s, %s, %s) RETURNING thumbnail_id",
        person,
        place.folder,
        place.key,
    )
    if is_primary:
        await tx.run("UPDATE persons SET primary_thumbnail_id = %s WHERE person_id = %s", thumbnail_id, person)
    return thumbnail_id


async def shown_folders(tx: Transaction, folders: Sequence[str]) -> list[str]:
    """Those of these folders whose picture is a thumbnail."""
    return await tx.all(str, "SELECT folder FROM person_thumbnails WHERE folder = ANY(%s)", list(folders))


async def faces_from_elsewhere(tx: Transaction, person: PersonId, asset_id: int) -> int | None:
    """How many faces a person is known by; None where one of them was seen in that asset."""
    return await tx.value(
        "SELECT CASE WHEN count(*) FILTER (WHERE asset_id = %s) = 0 THEN count(*) END FROM person_faces"
        " WHERE person_id IN (SELECT person_id FROM persons WHERE root_id = %s)",
        asset_id,
        person,
    )


async def insert_faces(tx: Transaction, looking: Looking, person: PersonId, candidate: Candidate) -> None:
    """Further faces that a person is known by."""
    spans = candidate.face_spans or ((None, None),) * len(candidate.embeddings)
    await tx.run_many(
        "INSERT INTO person_faces (person_id, workspace_id, asset_id, engine, embedding, quality, start_ms, end_ms)"
        " VALUES (%s, %s, %s, %s, %s::halfvec, %s, %s, %s)",
        [
            (
                person,
                looking.workspace_id,
                looking.asset_id,
                looking.engine,
                vector_text(embedding),
                candidate.quality,
                *span,
            )
            for embedding, span in zip(candidate.embeddings, spans, strict=True)
        ],
    )


def vector_text(vector: Sequence[float] | NDArray[np.float32]) -> str:
    """A vector as the database reads it."""
    return "[" + ",".join(f"{float(value):.6g}" for value in vector) + "]"
