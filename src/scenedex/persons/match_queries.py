"""SQL statements about persons who look alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenedex.persons.queries import similarity_parameters, similarity_sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.db.database import Transaction
    from scenedex.persons.records import PersonId


@dataclass(frozen=True, slots=True)
class StoredFace:
    """A face in the database: the identity of its engine, and its vector as text."""

    engine: str
    embedding: str


@dataclass(frozen=True, slots=True)
class SimilarFace:
    """A similar face with its person.

    Attributes:
        person_id: current identity of the person.
        name: None if the person is anonymous.
        thumbnail_key: key of the primary thumbnail, if any.
        similarity: cosine to the most similar of the given vectors.
    """

    person_id: PersonId
    name: str | None
    thumbnail_key: str | None
    similarity: float


@dataclass(frozen=True, slots=True)
class FaceComparison:
    """Faces to compare with the faces of a workspace.

    Attributes:
        workspace_id: workspace of the known faces.
        engine: engine that made the vectors. Faces of other engines are not compared.
        embeddings: vectors as text, at least one.
        min_similarity: lowest similarity that counts.
        excluded_ids: rows of persons whose faces do not count.
    """

    workspace_id: int
    engine: str
    embeddings: Sequence[str]
    min_similarity: float
    excluded_ids: Sequence[int] = ()


async def faces_of(tx: Transaction, person: PersonId) -> list[StoredFace]:
    """Return all faces of a person and of those merged into it."""
    return await tx.all(
        StoredFace,
        """
        SELECT engine, embedding::text
        FROM person_faces
        JOIN persons USING (person_id)
        WHERE root_id = %(person)s
        ORDER BY face_id
        """,
        person=person,
    )


async def never_similar(tx: Transaction, person: PersonId) -> list[int]:
    """Return the rows of a person and of all persons that were rejected for it."""
    return await tx.all(
        int,
        """
        WITH own AS (
            SELECT person_id FROM persons WHERE root_id = %(person)s
        ),
        rejected AS (
            SELECT other_id AS person_id FROM person_rejections WHERE person_id IN (SELECT person_id FROM own)
            UNION
            SELECT person_id FROM person_rejections WHERE other_id IN (SELECT person_id FROM own)
        )
        SELECT person_id
        FROM own
        UNION
        SELECT merged.person_id
        FROM rejected
        JOIN persons other USING (person_id)
        JOIN persons merged ON merged.root_id = other.root_id
        """,
        person=person,
    )


async def most_similar(tx: Transaction, comparison: FaceComparison, limit: int) -> list[SimilarFace]:
    """Return the faces that are most similar to one of the vectors, best first.

    The table of faces is scanned once for all vectors, and alone. Only the result is joined with other tables.
    """
    return await tx.all(
        SimilarFace,
        f"""
        SELECT root.person_id, root.name, thumbnails.key, found.similarity
        FROM (
            SELECT person_id, similarity
            FROM (
                SELECT person_id, {similarity_sql(len(comparison.embeddings))} AS similarity
                FROM person_faces
                WHERE workspace_id = %(workspace_id)s
                  AND engine = %(engine)s
                  AND person_id <> ALL(%(excluded_ids)s)
            ) AS faces
            WHERE similarity >= %(min_similarity)s
            ORDER BY similarity DESC, person_id
            LIMIT %(limit)s
        ) AS found
        JOIN persons origin USING (person_id)
        JOIN persons root ON root.person_id = origin.root_id AND root.deleted_time IS NULL
        LEFT JOIN person_thumbnails thumbnails ON thumbnails.thumbnail_id = root.primary_thumbnail_id
        ORDER BY found.similarity DESC, root.person_id
        """,
        workspace_id=comparison.workspace_id,
        engine=comparison.engine,
        excluded_ids=list(comparison.excluded_ids),
        min_similarity=comparison.min_similarity,
        limit=limit,
        **similarity_parameters(comparison.embeddings),
    )
