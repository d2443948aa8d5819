"""Every statement about persons who look alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenedex.persons.queries import similarity_sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.db.database import Transaction
    from scenedex.persons.records import PersonId


@dataclass(frozen=True, slots=True)
class StoredFace:
    """A face as the database knows it: the identity of the engine, and the vector as text."""

    engine: str
    embedding: str


@dataclass(frozen=True, slots=True)
class AlikeFace:
    """A face that is alike, with the person that it is today.

    Attributes:
        person_id: whose face it is.
        name: None where the person is anonymous.
        thumbnail_key: where the primary thumbnail is; None where there is none.
        similarity: cosine to the most alike of the vectors asked for.
    """

    person_id: PersonId
    name: str | None
    thumbnail_key: str | None
    similarity: float


@dataclass(frozen=True, slots=True)
class Look:
    """What is compared with what.

    Attributes:
        workspace_id: whose faces are looked at.
        engine: which made the vectors; no other engine's faces are looked at.
        embeddings: vectors as text, at least one.
        least: the least similarity that counts.
        without: ids of the rows of persons whose faces do not count.
    """

    workspace_id: int
    engine: str
    embeddings: Sequence[str]
    least: float
    without: Sequence[int]


async def faces_of(tx: Transaction, person: PersonId) -> list[StoredFace]:
    """All faces that a person is known by, those of the merged ones included."""
    return await tx.all(
        StoredFace,
        "SELECT f.engine, f.embedding::text FROM person_faces f JOIN persons p USING (person_id)"
        " WHERE p.root_id = %s ORDER BY f.face_id",
        person,
    )


async def never_alike(tx: Transaction, person: PersonId) -> list[int]:
    """The ids of all who are this person, or of whom it was said that they are not."""
    return await tx.all(
        int,
        "WITH own AS (SELECT person_id FROM persons WHERE root_id = %s), rejected AS ("
        "SELECT other_id AS person_id FROM person_rejections WHERE person_id IN (SELECT person_id FROM own)"
        " UNION SELECT person_id FROM person_rejections WHERE other_id IN (SELECT person_id FROM own))"
        " SELECT person_id FROM own UNION SELECT everybody.person_id FROM rejected"
        " JOIN persons other USING (person_id) JOIN persons everybody ON everybody.root_id = other.root_id",
        person,
    )


async def most_alike(tx: Transaction, look: Look, most: int) -> list[AlikeFace]:
    """The faces that are most like one of the vectors of a look, at most so many, best first.

    The table of faces is read once, whatever the number of vectors, and alone; only what is left is looked up further.
    """
    return await tx.all(
        AlikeFace,
        "SELECT root.person_id, root.name, thumbnails.key, found.similarity FROM ("
        f"SELECT person_id, similarity FROM (SELECT person_id, {similarity_sql(len(look.embeddings))} AS similarity"
        " FROM person_faces WHERE workspace_id = %s AND engine = %s AND person_id <> ALL(%s)) AS faces"
        " WHERE similarity >= %s ORDER BY similarity DESC, person_id LIMIT %s) AS found"
        " JOIN persons origin USING (person_id)"
        " JOIN persons root ON root.person_id = origin.root_id AND root.deleted_time IS NULL"
        " LEFT JOIN person_thumbnails thumbnails ON thumbnails.thumbnail_id = root.primary_thumbnail_id"
        " ORDER BY found.similarity DESC, root.person_id",
        *look.embeddings,
        look.workspace_id,
        look.engine,
        list(look.without),
        look.least,
        most,
    )
