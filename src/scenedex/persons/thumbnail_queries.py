"""SQL statements about the thumbnails of persons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.db.database import as_tuple
from scenedex.persons.directory import Thumbnail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.db.database import Transaction
    from scenedex.persons.records import PersonId, ThumbnailLocation
    from scenedex.pictures.records import PictureFace


async def all_of(tx: Transaction, person: PersonId) -> tuple[Thumbnail, ...]:
    """Return the thumbnails of a person and of those merged into it: the primary first, then oldest first."""
    found = await tx.all(
        Thumbnail,
        """
        SELECT thumbnail_id, key, coalesce(thumbnail_id = root.primary_thumbnail_id, false) AS is_primary
        FROM persons root
        JOIN persons shown ON shown.root_id = root.person_id
        JOIN person_thumbnails ON person_thumbnails.person_id = shown.person_id
        WHERE root.person_id = %(person)s
        ORDER BY is_primary DESC, thumbnail_id
        """,
        person=person,
    )
    return tuple(found)


async def count(tx: Transaction, person: PersonId) -> int:
    """Count the thumbnails of a person and of those merged into it."""
    return await tx.value(
        "SELECT count(*) FROM persons JOIN person_thumbnails USING (person_id) WHERE root_id = %(person)s",
        person=person,
    )


async def insert(
    tx: Transaction, person: PersonId, places: Sequence[ThumbnailLocation], picture_keys: Sequence[str]
) -> list[int]:
    """Insert thumbnails with the uploads that they were copied from. Return their ids, in the same order."""
    ids: dict[str, int] = dict(
        await tx.all(
            as_tuple,
            """
            INSERT INTO person_thumbnails (person_id, folder, key, picture_key)
            SELECT %(person)s, folder, key, picture_key
            FROM unnest(%(folders)s::text[], %(keys)s::text[], %(picture_keys)s::text[])
                WITH ORDINALITY AS given (folder, key, picture_key, number)
            ORDER BY number
            RETURNING folder, thumbnail_id
            """,
            person=person,
            folders=[place.folder for place in places],
            keys=[place.key for place in places],
            picture_keys=list(picture_keys),
        )
    )
    return [ids[place.folder] for place in places]


async def insert_faces(
    tx: Transaction, workspace_id: int, person: PersonId, faces: Sequence[tuple[int, PictureFace]]
) -> None:
    """Insert faces of a person, each with the id of its thumbnail."""
    await tx.run_many(
        """
        INSERT INTO person_faces (person_id, workspace_id, thumbnail_id, engine, embedding, quality)
        VALUES (%(person)s, %(workspace_id)s, %(thumbnail_id)s, %(engine)s, %(embedding)s::halfvec, %(quality)s)
        """,
        [
            {
                "person": person,
                "workspace_id": workspace_id,
                "thumbnail_id": thumbnail_id,
                "engine": face.engine,
                "embedding": face.embedding,
                "quality": face.quality,
            }
            for thumbnail_id, face in faces
        ],
    )


async def set_primary(tx: Transaction, person: PersonId, primary: int | None, *, default: int) -> None:
    """Set the primary thumbnail. Without one, keep the present one or set the default."""
    await tx.run(
        """
        UPDATE persons
        SET primary_thumbnail_id = coalesce(%(primary)s, primary_thumbnail_id, %(default)s)
        WHERE person_id = %(person)s
        """,
        primary=primary,
        default=default,
        person=person,
    )


async def remove(tx: Transaction, person: PersonId, thumbnail_ids: Sequence[int]) -> None:
    """Delete thumbnails of a person and of those merged into it. The oldest that is left replaces a primary one.

    A person that was merged into this one gets a primary one as well, its own oldest, for the case that the merge is
    undone.
    """
    await tx.run(
        """
        DELETE FROM person_thumbnails
        WHERE thumbnail_id = ANY(%(thumbnail_ids)s)
          AND person_id IN (SELECT person_id FROM persons WHERE root_id = %(person)s)
        """,
        thumbnail_ids=list(thumbnail_ids),
        person=person,
    )
    await tx.run(
        """
        WITH RECURSIVE below (head_id, person_id) AS (
            SELECT person_id, person_id
            FROM persons
            WHERE root_id = %(person)s AND primary_thumbnail_id = ANY(%(thumbnail_ids)s)
            UNION ALL
            SELECT head_id, merged.person_id
            FROM below
            JOIN persons merged ON merged.merged_into = below.person_id
        )
        UPDATE persons
        SET primary_thumbnail_id = (
            SELECT min(thumbnail_id)
            FROM below
            JOIN person_thumbnails ON person_thumbnails.person_id = below.person_id
            WHERE head_id = persons.person_id
        )
        WHERE root_id = %(person)s AND primary_thumbnail_id = ANY(%(thumbnail_ids)s)
        """,
        person=person,
        thumbnail_ids=list(thumbnail_ids),
    )
