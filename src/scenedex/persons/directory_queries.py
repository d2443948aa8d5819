"""SQL statements about persons as users see them: each with all that were merged into it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, LiteralString, assert_never

from msgspec import UNSET, UnsetType

from scenedex.persons.directory import Person, TagOfPerson, Thumbnail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.db.database import Transaction
    from scenedex.persons.directory import PersonChanges, PersonFilter, PersonOrder
    from scenedex.persons.records import PersonId


async def page(tx: Transaction, workspace_id: int, wanted: PersonFilter, offset: int, size: int) -> list[Person]:
    """Return a page of the matching persons of a workspace in their order, in three statements."""
    where, parameters = _conditions(workspace_id, wanted)
    order = _order(wanted.order, is_descending=wanted.is_descending)
    rows = await tx.all(
        Person,
        # The ids come from a database index of that order alone, if there is one, so that no row before the page is
        # read.
        f"""
        SELECT person_id, name, description, primary_thumbnail_id, asset_count, scene_count, created_time, updated_time
        FROM persons
        WHERE person_id = ANY (ARRAY(
            SELECT person_id
            FROM persons
            WHERE {where}
            ORDER BY {order}
            OFFSET %(offset)s LIMIT %(size)s
        ))
        ORDER BY {order}
        """,
        offset=offset,
        size=size,
        **parameters,
    )
    return await _with_details(tx, rows)


async def count(tx: Transaction, workspace_id: int, wanted: PersonFilter) -> int:
    """Count the matching persons of a workspace."""
    where, parameters = _conditions(workspace_id, wanted)
    return await tx.value(
        f"""
        SELECT count(*)
        FROM persons
        WHERE {where}
        """,
        **parameters,
    )


async def find(tx: Transaction, person: PersonId) -> Person | None:
    """Return an existing person."""
    row = await tx.one(
        Person,
        """
        SELECT person_id, name, description, primary_thumbnail_id, asset_count, scene_count, created_time, updated_time
        FROM persons
        WHERE person_id = %(person)s AND merged_into IS NULL AND deleted_time IS NULL
        """,
        person=person,
    )
    return None if row is None else (await _with_details(tx, [row]))[0]


async def change(tx: Transaction, person: PersonId, changes: PersonChanges, user_name: str) -> None:
    """Change the given fields of a person."""
    await tx.run(
        """
        UPDATE persons
        SET name = CASE WHEN %(has_name)s THEN %(name)s ELSE name END,
            description = CASE WHEN %(has_description)s THEN %(description)s ELSE description END,
            primary_thumbnail_id = coalesce(%(primary)s, primary_thumbnail_id),
            updated_user_name = %(user_name)s,
            updated_time = now()
        WHERE person_id = %(person)s
        """,
        has_name=changes.name is not UNSET,
        name=_value(changes.name),
        has_description=changes.description is not UNSET,
        description=_value(changes.description),
        primary=_value(changes.primary_thumbnail_id),
        user_name=user_name,
        person=person,
    )


async def make_nameless(tx: Transaction, person: PersonId, user_name: str) -> None:
    """Delete a person and those merged into it, with faces, pictures, tags and names. Only the appearances are kept."""
    await tx.run(
        """
        DELETE FROM person_faces
        WHERE person_id IN (SELECT person_id FROM persons WHERE root_id = %(person)s)
        """,
        person=person,
    )
    await tx.run(
        """
        DELETE FROM person_thumbnails
        WHERE person_id IN (SELECT person_id FROM persons WHERE root_id = %(person)s)
        """,
        person=person,
    )
    await tx.run(
        """
        DELETE FROM tags_of_persons
        WHERE person_id IN (SELECT person_id FROM persons WHERE root_id = %(person)s)
        """,
        person=person,
    )
    await tx.run(
        """
        DELETE FROM persons_of_speakers
        WHERE person_id IN (SELECT person_id FROM persons WHERE root_id = %(person)s)
        """,
        person=person,
    )
    await tx.run(
        """
        UPDATE persons
        SET name = NULL, description = NULL, primary_thumbnail_id = NULL, deleted_time = now(),
            updated_user_name = %(user_name)s, updated_time = now()
        WHERE root_id = %(person)s
        """,
        user_name=user_name,
        person=person,
    )


def _value(changed: int | str | UnsetType | None) -> int | str | None:
    return None if isinstance(changed, UnsetType) else changed


def _conditions(workspace_id: int, wanted: PersonFilter) -> tuple[LiteralString, dict[str, object]]:
    conditions: list[LiteralString] = [
        "workspace_id = %(workspace_id)s AND merged_into IS NULL AND deleted_time IS NULL"
    ]
    parameters: dict[str, object] = {"workspace_id": workspace_id}
    if wanted.name is not None:
        conditions.append("name ILIKE %(name)s")
        parameters["name"] = f"%{_literal(wanted.name)}%"
    if wanted.person_ids is not None:
        conditions.append("person_id = ANY(%(person_ids)s::bigint[])")
        parameters["person_ids"] = list(wanted.person_ids)
    if wanted.tag_ids is not None:
        conditions.append(
            """person_id IN (
                SELECT tagged.root_id
                FROM tags_of_persons
                JOIN persons tagged USING (person_id)
                WHERE tag_id = ANY(%(tag_ids)s::bigint[])
            )"""
        )
        parameters["tag_ids"] = list(wanted.tag_ids)
    if wanted.name_type is not None:
        conditions.append("name IS NOT NULL" if wanted.name_type == "NAMED" else "name IS NULL")
    return " AND ".join(conditions), parameters


def _literal(text: str) -> str:
    """Escape the wildcards of LIKE."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _order(order: PersonOrder, *, is_descending: bool) -> LiteralString:
    """Return the columns to sort by, in the directions of the database indexes."""
    direction: LiteralString = "DESC" if is_descending else "ASC"
    match order:
        case "PERSON_ID":
            return f"person_id {direction}"
        case "ASSET_COUNT":
            return f"asset_count {direction}, person_id {direction}"
        case "CREATED_AT":
            return f"created_time {direction}, person_id {direction}"
        case "NAME":
            return f"lower(name) {direction} NULLS LAST, name {direction}, person_id {direction}"
        case _:
            assert_never(order)


async def _with_details(tx: Transaction, rows: Sequence[Person]) -> list[Person]:
    """Return the persons of these rows with their tags and thumbnails, in two statements."""
    persons = [row.person_id for row in rows]
    primaries = {row.primary_thumbnail_id for row in rows}
    tags: defaultdict[int, list[TagOfPerson]] = defaultdict(list)
    thumbnails: defaultdict[int, list[Thumbnail]] = defaultdict(list)

    def tag(person: int, tag_id: int, name: str) -> None:
        tags[person].append(TagOfPerson(tag_id, name))

    def thumbnail(person: int, thumbnail_id: int, key: str) -> None:
        thumbnails[person].append(Thumbnail(thumbnail_id, key, thumbnail_id in primaries))

    await tx.all(
        tag,
        """
        SELECT DISTINCT persons.root_id, tag_id, person_tags.name
        FROM persons
        JOIN tags_of_persons USING (person_id)
        JOIN person_tags USING (tag_id)
        WHERE persons.root_id = ANY(%(persons)s)
        ORDER BY tag_id
        """,
        persons=persons,
    )
    await tx.all(
        thumbnail,
        """
        SELECT root_id, thumbnail_id, key
        FROM persons
        JOIN person_thumbnails USING (person_id)
        WHERE root_id = ANY(%(persons)s)
        ORDER BY thumbnail_id
        """,
        persons=persons,
    )
    return [
        replace(
            row,
            tags=tuple(tags[row.person_id]),
            thumbnails=tuple(sorted(thumbnails[row.person_id], key=lambda one: not one.is_primary)),
        )
        for row in rows
    ]
