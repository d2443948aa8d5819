"""Every statement about persons."""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

from scenedex.persons.records import Identity, KnownFace, PersonId, RejectedTime

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from scenedex.db.database import Transaction
    from scenedex.persons.records import Candidate, Looking

# Where a face of a candidate is not that person's; the parameters are starts, ends and the asset. Ends are exclusive,
# but that of an image is its start.
_REJECTED_HERE: LiteralString = (
    "rejected_appearances r JOIN unnest(%s::bigint[], %s::bigint[]) AS seen (start_ms, end_ms)"
    " ON r.asset_id = %s"
    " AND (seen.start_ms = r.start_ms OR seen.start_ms < r.end_ms AND r.start_ms < seen.end_ms)"
    " JOIN persons wrong ON wrong.person_id = r.person_id"
    " JOIN persons everybody ON everybody.root_id = wrong.root_id"
    " AND everybody.person_id IS DISTINCT FROM r.given_to"
)
_TAGGED: LiteralString = (
    "IN (SELECT p.person_id FROM tags_of_persons t JOIN persons bearer ON bearer.person_id = t.person_id"
    " JOIN persons p ON p.root_id = bearer.root_id WHERE t.tag_id = ANY(%s))"
)


async def root_of(tx: Transaction, workspace_id: int, person_id: int) -> int | None:
    """Who a person of the workspace is today; None where there is none, or it was deleted."""
    return await tx.value(
        "SELECT root.person_id FROM persons p JOIN persons root ON root.person_id = p.root_id"
        " WHERE p.person_id = %s AND p.workspace_id = %s AND root.deleted_time IS NULL",
        person_id,
        workspace_id,
    )


async def nearest(tx: Transaction, looking: Looking, candidate: Candidate) -> KnownFace | None:
    """The person of the workspace with the face that is most like one of a candidate's, if any has a face.

    Somebody of whom it was said that the candidate is not that person is passed over. The table of faces is read once,
    alone and as a whole: a database index of vectors would miss some.
    """
    if len(candidate.embeddings) == 0:
        return None
    tagged = "" if looking.tag_ids is None else f" AND person_id {_TAGGED}"
    return await tx.one(
        _known_face,
        "SELECT p.root_id, found.person_id, found.similarity FROM ("
        f"SELECT person_id, {similarity_sql(len(candidate.embeddings))} AS similarity FROM person_faces"
        " WHERE workspace_id = %s AND engine = %s"
        f" AND person_id <> ALL(ARRAY(SELECT everybody.person_id FROM {_REJECTED_HERE})){tagged}"
        " ORDER BY similarity DESC, person_id LIMIT 1) AS found JOIN persons p USING (person_id)",
        *map(vector_text, candidate.embeddings),
        looking.workspace_id,
        looking.engine,
        [start for start, _ in candidate.spans],
        [end for _, end in candidate.spans],
        looking.asset_id,
        *(() if looking.tag_ids is None else (list(looking.tag_ids),)),
    )


async def corrected(tx: Transaction, looking: Looking, candidate: Candidate) -> KnownFace | None:
    """Whom people said that somebody is whose face is, or was taken for, that of a person whom it is not.

    The similarity is that to the face of the wrong person. None: nothing was said, or whoever it was has gone.
    """
    if len(candidate.embeddings) == 0:
        return None
    tagged = "" if looking.tag_ids is None else f" AND given.person_id {_TAGGED}"
    return await tx.one(
        _known_face,
        f"SELECT given.root_id, given.person_id, {similarity_sql(len(candidate.embeddings))} AS similarity"
        f" FROM {_REJECTED_HERE} JOIN person_faces f ON f.person_id = everybody.person_id AND f.engine = %s"
        " JOIN persons given ON given.person_id = r.given_to AND given.deleted_time IS NULL"
        f"{tagged} ORDER BY similarity DESC, given.person_id LIMIT 1",
        *map(vector_text, candidate.embeddings),
        [start for start, _ in candidate.spans],
        [end for _, end in candidate.spans],
        looking.asset_id,
        looking.engine,
        *(() if looking.tag_ids is None else (list(looking.tag_ids),)),
    )


def _known_face(person_id: int, origin_id: int, similarity: float) -> KnownFace:
    return KnownFace(Identity(PersonId(person_id), PersonId(origin_id)), similarity)


def similarity_sql(vectors: int) -> LiteralString:
    """The cosine of a row of ``person_faces`` to the most alike of so many vectors, which are the next parameters."""
    distances: list[LiteralString] = ["embedding <#> %s::halfvec"] * vectors
    return "-least(" + ", ".join(distances) + ")"


async def rejected_times(tx: Transaction, asset_id: int) -> list[RejectedTime]:
    """When in an asset whose face is not that person's, by the persons of today."""
    return await tx.all(
        RejectedTime,
        "SELECT DISTINCT p.root_id, r.start_ms, r.end_ms FROM rejected_appearances r JOIN persons p USING (person_id)"
        " WHERE r.asset_id = %s",
        asset_id,
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


async def insert_thumbnail(tx: Transaction, looking: Looking, person: PersonId, candidate: Candidate) -> None:
    """The picture of a candidate as a further one of a person.

    Where that, or whom it was merged into, has none, it is the primary one.
    """
    place = candidate.thumbnail
    if place is None:
        return
    await tx.run(
        "WITH added AS (INSERT INTO person_thumbnails (person_id, folder, key, asset_id, start_ms, end_ms)"
        " VALUES (%s, %s, %s, %s, %s, %s)"
        " RETURNING person_id, thumbnail_id)"
        " UPDATE persons p SET primary_thumbnail_id = added.thumbnail_id FROM added JOIN persons registered"
        " USING (person_id) WHERE p.person_id IN (registered.person_id, registered.root_id)"
        " AND p.primary_thumbnail_id IS NULL",
        person,
        place.folder,
        place.key,
        looking.asset_id,
        *(candidate.face_spans[0] if candidate.face_spans else (None, None)),
    )


async def is_pictured(tx: Transaction, person: PersonId) -> bool:
    """Whether a person has a primary thumbnail."""
    return await tx.value("SELECT primary_thumbnail_id IS NOT NULL FROM persons WHERE person_id = %s", person)


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
