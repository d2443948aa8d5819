"""SQL statements about person tags."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from scenedex.persons.directory import PersonTag, TagOfPerson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.db.database import Transaction
    from scenedex.persons.directory import TagFilter
    from scenedex.persons.records import PersonId


async def page(tx: Transaction, workspace_id: int, wanted: TagFilter, offset: int, size: int) -> list[PersonTag]:
    """Return a page of the matching tags of a workspace, oldest first."""
    return await tx.all(
        PersonTag,
        """
        SELECT tag_id, name, created_user_name, created_time, updated_user_name, updated_time
        FROM person_tags
        WHERE workspace_id = %(workspace_id)s
          AND (%(tag_id)s::bigint IS NULL OR tag_id = %(tag_id)s)
          AND (%(name)s::text IS NULL OR strpos(lower(name), lower(%(name)s)) > 0)
        ORDER BY tag_id
        OFFSET %(offset)s LIMIT %(size)s
        """,
        workspace_id=workspace_id,
        **asdict(wanted),
        offset=offset,
        size=size,
    )


async def count(tx: Transaction, workspace_id: int, wanted: TagFilter) -> int:
    """Count the matching tags of a workspace."""
    return await tx.value(
        """
        SELECT count(*)
        FROM person_tags
        WHERE workspace_id = %(workspace_id)s
          AND (%(tag_id)s::bigint IS NULL OR tag_id = %(tag_id)s)
          AND (%(name)s::text IS NULL OR strpos(lower(name), lower(%(name)s)) > 0)
        """,
        workspace_id=workspace_id,
        **asdict(wanted),
    )


async def insert(tx: Transaction, workspace_id: int, name: str, user_name: str) -> PersonTag | None:
    """Insert a tag. Return `None` if the workspace has a tag of this name."""
    return await tx.one(
        PersonTag,
        """
        INSERT INTO person_tags (workspace_id, name, created_user_name, updated_user_name)
        VALUES (%(workspace_id)s, %(name)s, %(user_name)s, %(user_name)s)
        ON CONFLICT (workspace_id, name) DO NOTHING
        RETURNING tag_id, name, created_user_name, created_time, updated_user_name, updated_time
        """,
        workspace_id=workspace_id,
        name=name,
        user_name=user_name,
    )


async def touch_tagged_persons(tx: Transaction, workspace_id: int, tag_id: int, user_name: str) -> None:
    """Set the user and time of the last change of all persons with a tag."""
    await tx.run(
        """
        UPDATE persons
        SET updated_user_name = %(user_name)s, updated_time = now()
        WHERE workspace_id = %(workspace_id)s
          AND person_id IN (
              SELECT root_id
              FROM tags_of_persons
              JOIN persons USING (person_id)
              WHERE tag_id = %(tag_id)s
          )
        """,
        user_name=user_name,
        workspace_id=workspace_id,
        tag_id=tag_id,
    )


async def delete(tx: Transaction, workspace_id: int, tag_id: int) -> bool:
    """Delete a tag, also from all persons. Return `False` if the workspace has no tag of this id."""
    deleted = await tx.run(
        "DELETE FROM person_tags WHERE workspace_id = %(workspace_id)s AND tag_id = %(tag_id)s",
        workspace_id=workspace_id,
        tag_id=tag_id,
    )
    return deleted > 0


async def lock_existing(tx: Transaction, workspace_id: int, tag_ids: Sequence[int]) -> set[int]:
    """Return the ids that are tags of the workspace. They cannot be deleted until the end of the transaction."""
    return set(
        await tx.all(
            int,
            """
            SELECT tag_id
            FROM person_tags
            WHERE workspace_id = %(workspace_id)s AND tag_id = ANY(%(tag_ids)s::bigint[])
            ORDER BY tag_id
            FOR KEY SHARE
            """,
            workspace_id=workspace_id,
            tag_ids=list(tag_ids),
        )
    )


async def of_person(tx: Transaction, person: PersonId) -> tuple[TagOfPerson, ...]:
    """Return the tags of a person and of those merged into it, oldest first."""
    found = await tx.all(
        TagOfPerson,
        """
        SELECT tag_id, name
        FROM person_tags
        WHERE tag_id IN (
            SELECT tag_id
            FROM tags_of_persons
            JOIN persons USING (person_id)
            WHERE root_id = %(person)s
        )
        ORDER BY tag_id
        """,
        person=person,
    )
    return tuple(found)


async def add(tx: Transaction, person: PersonId, tag_ids: Sequence[int]) -> None:
    """Add tags to a person."""
    await tx.run(
        """
        INSERT INTO tags_of_persons (person_id, tag_id)
        SELECT %(person)s, unnest(%(tag_ids)s::bigint[])
        ON CONFLICT DO NOTHING
        """,
        person=person,
        tag_ids=list(tag_ids),
    )


async def remove(tx: Transaction, person: PersonId, tag_ids: Sequence[int]) -> bool:
    """Remove tags from a person and from those merged into it. Return `False` if they have none of these tags."""
    removed = await tx.run(
        """
        DELETE FROM tags_of_persons
        WHERE tag_id = ANY(%(tag_ids)s::bigint[])
          AND person_id IN (SELECT person_id FROM persons WHERE root_id = %(person)s)
        """,
        tag_ids=list(tag_ids),
        person=person,
    )
    return removed > 0
