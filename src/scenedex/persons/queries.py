"""SQL statements about persons and the faces that identify them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, LiteralString, cast

from scenedex.persons.records import Identity, PersonId, RejectedTime, SimilarIdentity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from scenedex.db.database import Transaction
    from scenedex.persons.records import IdentificationScope, PersonCandidate

_NEAREST_FACES: Final = "256"
"""Faces among which the most similar persons are searched. A person has more only after merges."""

_PERSONS: Final = "4"
_COMPARED_FACES: Final = "3"


async def root_of(tx: Transaction, workspace_id: int, person_id: int) -> int | None:
    """Return the current identity of a person of the workspace, or `None` if it is unknown or deleted."""
    return await tx.value(
        """
        SELECT root.person_id
        FROM persons
        JOIN persons root ON root.person_id = persons.root_id
        WHERE persons.person_id = %(person_id)s
          AND persons.workspace_id = %(workspace_id)s
          AND root.deleted_time IS NULL
        """,
        person_id=person_id,
        workspace_id=workspace_id,
    )


async def most_similar(
    tx: Transaction, scope: IdentificationScope, candidate: PersonCandidate
) -> list[SimilarIdentity]:
    """Return the known persons that are most similar to a candidate, best first, at most `_PERSONS`.

    Persons that were rejected for the candidate are skipped. The table of faces is scanned once and completely: a
    database index of vectors would miss some. Only the faces of the persons with the most similar faces are read again.
    """
    if len(candidate.embeddings) == 0:
        return []
    similarity = similarity_sql(len(candidate.embeddings))
    found = await tx.all(
        _similar_identity,
        # Ends are exclusive, except that of an image, which is its start.
        f"""
        WITH rejected AS (
            SELECT merged.person_id
            FROM rejected_appearances r
            JOIN unnest(%(starts)s::bigint[], %(ends)s::bigint[]) AS seen (start_ms, end_ms)
              ON seen.start_ms = r.start_ms OR seen.start_ms < r.end_ms AND r.start_ms < seen.end_ms
            JOIN persons wrong ON wrong.person_id = r.person_id
            JOIN persons merged ON merged.root_id = wrong.root_id
            WHERE r.asset_id = %(asset_id)s AND merged.person_id IS DISTINCT FROM r.given_to
        ),
        nearest AS (
            SELECT person_id, {similarity} AS similarity
            FROM person_faces
            WHERE workspace_id = %(workspace_id)s
              AND engine = %(engine)s
              AND person_id <> ALL(ARRAY(SELECT person_id FROM rejected))
              AND (%(tag_ids)s::bigint[] IS NULL OR person_id IN (
                  SELECT p.person_id
                  FROM tags_of_persons t
                  JOIN persons tagged ON tagged.person_id = t.person_id
                  JOIN persons p ON p.root_id = tagged.root_id
                  WHERE t.tag_id = ANY(%(tag_ids)s)
              ))
            ORDER BY similarity DESC, person_id
            LIMIT {_NEAREST_FACES}
        ),
        roots AS (
            SELECT root_id
            FROM nearest
            JOIN persons USING (person_id)
            GROUP BY root_id
            ORDER BY max(similarity) DESC, root_id
            LIMIT {_PERSONS}
        ),
        faces AS (
            SELECT root_id, person_id, {similarity} AS similarity
            FROM roots
            JOIN persons USING (root_id)
            JOIN person_faces USING (person_id)
            WHERE engine = %(engine)s AND person_id <> ALL(ARRAY(SELECT person_id FROM rejected))
        )
        SELECT
            root_id,
            (array_agg(person_id ORDER BY similarity DESC, person_id))[1],
            (array_agg(similarity ORDER BY similarity DESC))[:{_COMPARED_FACES}]
        FROM faces
        GROUP BY root_id
        """,
        **_parameters(scope, candidate),
    )
    return sorted(found, key=lambda one: (-one.similarity, one.identity.person_id))


async def corrected(tx: Transaction, scope: IdentificationScope, candidate: PersonCandidate) -> SimilarIdentity | None:
    """Return the person that users named instead of a rejected one whose face the candidate has.

    The similarity is that to the face of the rejected person. `None` without a correction, or if the named person has
    been deleted.
    """
    if len(candidate.embeddings) == 0:
        return None
    return await tx.one(
        _corrected_identity,
        f"""
        SELECT given.root_id, given.person_id, {similarity_sql(len(candidate.embeddings))} AS similarity
        FROM rejected_appearances r
        JOIN unnest(%(starts)s::bigint[], %(ends)s::bigint[]) AS seen (start_ms, end_ms)
          ON seen.start_ms = r.start_ms OR seen.start_ms < r.end_ms AND r.start_ms < seen.end_ms
        JOIN persons wrong ON wrong.person_id = r.person_id
        JOIN persons merged ON merged.root_id = wrong.root_id AND merged.person_id IS DISTINCT FROM r.given_to
        JOIN person_faces ON person_faces.person_id = merged.person_id AND engine = %(engine)s
        JOIN persons given ON given.person_id = r.given_to AND given.deleted_time IS NULL
        WHERE r.asset_id = %(asset_id)s
          AND (%(tag_ids)s::bigint[] IS NULL OR given.person_id IN (
              SELECT p.person_id
              FROM tags_of_persons t
              JOIN persons tagged ON tagged.person_id = t.person_id
              JOIN persons p ON p.root_id = tagged.root_id
              WHERE t.tag_id = ANY(%(tag_ids)s)
          ))
        ORDER BY similarity DESC, given.person_id
        LIMIT 1
        """,
        **_parameters(scope, candidate),
    )


def _parameters(scope: IdentificationScope, candidate: PersonCandidate) -> Mapping[str, object]:
    return {
        "workspace_id": scope.workspace_id,
        "engine": scope.engine,
        "asset_id": scope.asset_id,
        "tag_ids": None if scope.tag_ids is None else list(scope.tag_ids),
        "starts": [start for start, _ in candidate.spans],
        "ends": [end for _, end in candidate.spans],
        **similarity_parameters([vector_text(vector) for vector in candidate.embeddings]),
    }


def _similar_identity(person_id: int, origin_id: int, similarities: list[float]) -> SimilarIdentity:
    highest, mean = similarities[0], sum(similarities) / len(similarities)
    # The second term is larger if one face is almost the same picture, which is no accident.
    similarity = max((highest + mean) / 2, 2 * highest - 1)
    return SimilarIdentity(Identity(PersonId(person_id), PersonId(origin_id)), similarity)


def _corrected_identity(person_id: int, origin_id: int, similarity: float) -> SimilarIdentity:
    return SimilarIdentity(Identity(PersonId(person_id), PersonId(origin_id)), similarity)


def similarity_sql(count: int) -> LiteralString:
    """Return the cosine of a row of ``person_faces`` to the most similar of so many vectors, as an expression.

    The vectors are constants of the expression, since comparing rows with rows takes several times as long.
    """
    distances = (f"embedding <#> %(vector_{number})s::halfvec" for number in range(count))
    return cast("LiteralString", f"-least({', '.join(distances)})")  # made of literals and numbers alone


def similarity_parameters(vectors: Sequence[str]) -> Mapping[str, str]:
    """Return the parameters of `similarity_sql`."""
    return {f"vector_{number}": vector for number, vector in enumerate(vectors)}


async def rejected_times(tx: Transaction, asset_id: int) -> list[RejectedTime]:
    """Return the times in an asset at which a face is not that of a person, by the persons' current identities."""
    return await tx.all(
        RejectedTime,
        """
        SELECT DISTINCT root_id, start_ms, end_ms
        FROM rejected_appearances
        JOIN persons USING (person_id)
        WHERE asset_id = %(asset_id)s
        """,
        asset_id=asset_id,
    )


async def insert_person(
    tx: Transaction, workspace_id: int, user_name: str, name: str | None = None, description: str | None = None
) -> PersonId:
    """Insert a person, anonymous without a name."""
    return PersonId(
        await tx.value(
            """
            INSERT INTO persons (workspace_id, name, description, created_user_name, updated_user_name)
            VALUES (%(workspace_id)s, %(name)s, %(description)s, %(user_name)s, %(user_name)s)
            RETURNING person_id
            """,
            workspace_id=workspace_id,
            name=name,
            description=description,
            user_name=user_name,
        )
    )


async def insert_thumbnail(
    tx: Transaction, scope: IdentificationScope, person: PersonId, candidate: PersonCandidate
) -> None:
    """Insert the picture of a candidate, if any, as a thumbnail of a person.

    It becomes the primary one of the person, and of the person that this one is merged into, if that has none.
    """
    place = candidate.thumbnail
    if place is None:
        return
    start_ms, end_ms = candidate.face_spans[0] if candidate.face_spans else (None, None)
    await tx.run(
        """
        WITH added AS (
            INSERT INTO person_thumbnails (person_id, folder, key, asset_id, start_ms, end_ms)
            VALUES (%(person)s, %(folder)s, %(key)s, %(asset_id)s, %(start_ms)s, %(end_ms)s)
            RETURNING person_id, thumbnail_id
        )
        UPDATE persons
        SET primary_thumbnail_id = added.thumbnail_id
        FROM added
        JOIN persons registered USING (person_id)
        WHERE persons.person_id IN (registered.person_id, registered.root_id)
          AND persons.primary_thumbnail_id IS NULL
        """,
        person=person,
        folder=place.folder,
        key=place.key,
        asset_id=scope.asset_id,
        start_ms=start_ms,
        end_ms=end_ms,
    )


async def has_primary_thumbnail(tx: Transaction, person: PersonId) -> bool:
    """Return whether a person has a primary thumbnail."""
    return await tx.value(
        "SELECT primary_thumbnail_id IS NOT NULL FROM persons WHERE person_id = %(person)s", person=person
    )


async def thumbnail_folders(tx: Transaction, folders: Sequence[str]) -> list[str]:
    """Return those of these folders that hold a thumbnail."""
    return await tx.all(
        str, "SELECT folder FROM person_thumbnails WHERE folder = ANY(%(folders)s)", folders=list(folders)
    )


async def count_faces_from_elsewhere(tx: Transaction, person: PersonId, asset_id: int) -> int | None:
    """Count the faces of a person, or return `None` if one of them is from that asset."""
    return await tx.value(
        """
        SELECT CASE WHEN count(*) FILTER (WHERE asset_id = %(asset_id)s) = 0 THEN count(*) END
        FROM person_faces
        WHERE person_id IN (SELECT person_id FROM persons WHERE root_id = %(person)s)
        """,
        asset_id=asset_id,
        person=person,
    )


async def insert_faces(
    tx: Transaction, scope: IdentificationScope, person: PersonId, candidate: PersonCandidate
) -> None:
    """Insert the faces of a candidate as faces of a person."""
    spans = candidate.face_spans or ((None, None),) * len(candidate.embeddings)
    await tx.run_many(
        """
        INSERT INTO person_faces (person_id, workspace_id, asset_id, engine, embedding, quality, start_ms, end_ms)
        VALUES (%(person)s, %(workspace_id)s, %(asset_id)s, %(engine)s, %(embedding)s::halfvec, %(quality)s,
                %(start_ms)s, %(end_ms)s)
        """,
        [
            {
                "person": person,
                "workspace_id": scope.workspace_id,
                "asset_id": scope.asset_id,
                "engine": scope.engine,
                "embedding": vector_text(embedding),
                "quality": candidate.quality,
                "start_ms": start_ms,
                "end_ms": end_ms,
            }
            for embedding, (start_ms, end_ms) in zip(candidate.embeddings, spans, strict=True)
        ],
    )


def vector_text(vector: Sequence[float] | NDArray[np.float32]) -> str:
    """Return a vector in the text form of the database."""
    return "[" + ",".join(f"{float(value):.6g}" for value in vector) + "]"


async def names_of(tx: Transaction, workspace_id: int) -> list[str]:
    """Return the names of the persons of a workspace, without those merged into others."""
    return await tx.all(
        str,
        """
        SELECT name
        FROM persons
        WHERE workspace_id = %(workspace_id)s AND name IS NOT NULL AND root_id = person_id AND deleted_time IS NULL
        """,
        workspace_id=workspace_id,
    )
