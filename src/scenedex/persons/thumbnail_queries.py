"""Every statement about the pictures of persons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.persons.directory import Thumbnail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.db.database import Transaction
    from scenedex.persons.records import PersonId, ThumbnailPlace
    from scenedex.pictures.records import PictureFace


async def all_of(tx: Transaction, person: PersonId) -> tuple[Thumbnail, ...]:
    """The thumbnails of a person and of those merged into it: the primary first, then oldest first."""
    found = await tx.all(
        Thumbnail,
        "SELECT thumbnail_id, key, coalesce(thumbnail_id = root.primary_thumbnail_id, false) AS is_primary"
        " FROM persons root JOIN persons shown ON shown.root_id = root.person_id"
        " JOIN person_thumbnails t ON t.person_id = shown.person_id"
        " WHERE root.person_id = %s ORDER BY is_primary DESC, thumbnail_id",
        person,
    )
    return tuple(found)


async def count(tx: Transaction, person: PersonId) -> int:
    """How many thumbnails a person and those merged into it have."""
    return await tx.value(
        "SELECT count(*) FROM persons JOIN person_thumbnails USING (person_id) WHERE root_id = %s", person
    )


async def insert(
    tx: Transaction, person: PersonId, places: Sequence[ThumbnailPlace], picture_keys: Sequence[str]
) -> list[int]:
    """Further thumbnails of a person, with the uploads that they were copied from; their ids, in the same order."""

    def made(thumbnail_id: int, folder: str) -> tuple[str, int]:
        return folder, thumbnail_id

    ids = dict(
        await tx.all(
            made,
            "INSERT INTO person_thumbnails (person_id, folder, key, picture_key)"
            " SELECT %s, folder, key, picture_key FROM unnest(%s::text[], %s::text[], %s::text[])"
            " WITH ORDINALITY AS given (folder, key, picture_key, number)"
            " ORDER BY number RETURNING thumbnail_id, folder",
            person,
            [place.folder for place in places],
            [place.key for place in places],
            list(picture_keys),
        )
    )
    return [ids[place.folder] for place in places]


async def insert_faces(
    tx: Transaction, workspace_id: int, person: PersonId, faces: Sequence[tuple[int, PictureFace]]
) -> None:
    """Faces of a person, each with the id of the thumbnail that it goes with."""
    await tx.run_many(
        "INSERT INTO person_faces (person_id, workspace_id, thumbnail_id, engine, embedding, quality)"
        " VALUES (%s, %s, %s, %s, %s::halfvec, %s)",
        [
            (person, workspace_id, thumbnail_id, face.engine, face.embedding, face.quality)
            for thumbnail_id, face in faces
        ],
    )


async def set_primary(tx: Transaction, person: PersonId, primary: int | None, *, instead_of_none: int) -> None:
    """Make a thumbnail the primary one; without one, keep the present one, or take the other where there is none."""
    await tx.run(
        "UPDATE persons SET primary_thumbnail_id = coalesce(%s, primary_thumbnail_id, %s) WHERE person_id = %s",
        primary,
        instead_of_none,
        person,
    )


async def remove(tx: Transaction, person: PersonId, thumbnail_ids: Sequence[int]) -> None:
    """Remove thumbnails of a person and of those merged into it, and let the oldest that is left succeed a primary.

    Somebody who was merged into the person keeps a primary of its own, to have it when that is undone: its oldest.
    """
    await tx.run(
        "DELETE FROM person_thumbnails WHERE thumbnail_id = ANY(%s)"
        " AND person_id IN (SELECT person_id FROM persons WHERE root_id = %s)",
        list(thumbnail_ids),
        person,
    )
    await tx.run(
        "WITH RECURSIVE below (head_id, person_id) AS ("
        "SELECT person_id, person_id FROM persons WHERE root_id = %s AND primary_thumbnail_id = ANY(%s)"
        " UNION ALL"
        " SELECT head_id, merged.person_id FROM below JOIN persons merged ON merged.merged_into = below.person_id"
        ") UPDATE persons SET primary_thumbnail_id ="
        " (SELECT min(thumbnail_id) FROM below JOIN person_thumbnails t ON t.person_id = below.person_id"
        " WHERE head_id = persons.person_id)"
        " WHERE root_id = %s AND primary_thumbnail_id = ANY(%s)",
        person,
        list(thumbnail_ids),
        person,
        list(thumbnail_ids),
    )
