"""Every statement that lists, finds and changes persons as people see them: with all who were merged into them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, LiteralString, assert_never

from msgspec import UNSET, UnsetType

from scenedex.persons.directory import NameType, Person, PersonOrder, TagOfPerson, Thumbnail

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from scenedex.db.database import Transaction
    from scenedex.persons.directory import PersonChanges, PersonFilter
    from scenedex.persons.records import PersonId

_COLUMNS = "person_id, name, description, primary_thumbnail_id, asset_count, scene_count, created_time, updated_time"
_EXISTS = "merged_into IS NULL AND deleted_time IS NULL"
_ROWS_OF = "(SELECT person_id FROM persons WHERE root_id = %s)"


@dataclass(frozen=True, slots=True)
class _Row:
    person_id: PersonId
    name: str | None
    description: str | None
    primary_thumbnail_id: int | None
    asset_count: int
    scene_count: int
    created_time: datetime
    updated_time: datetime


async def page(tx: Transaction, workspace_id: int, wanted: PersonFilter, offset: int, size: int) -> list[Person]:
    """Persons of a workspace, in the order asked for, in three statements."""
    where, params = _where(workspace_id, wanted)
    order = _order(wanted.order, is_descending=wanted.is_descending)
    rows = await tx.all(
        _Row,
        # The ids come from a database index alone where there is one of that order, so that no row before the page
        # is read.
        f"SELECT {_COLUMNS} FROM persons p WHERE person_id = ANY (ARRAY("
        f"SELECT person_id FROM persons p WHERE {where} ORDER BY {order} OFFSET %s LIMIT %s)) ORDER BY {order}",
        *params,
        offset,
        size,
    )
    return await _with_details(tx, rows)


async def count(tx: Transaction, workspace_id: int, wanted: PersonFilter) -> int:
    """How many persons of a workspace are wanted."""
    where, params = _where(workspace_id, wanted)
    return await tx.value(f"SELECT count(*) FROM persons p WHERE {where}", *params)


async def find(tx: Transaction, person: PersonId) -> Person | None:
    """A person who exists."""
    row = await tx.one(_Row, f"SELECT {_COLUMNS} FROM persons WHERE person_id = %s AND {_EXISTS}", person)
    return None if row is None else (await _with_details(tx, [row]))[0]


async def change(tx: Transaction, person: PersonId, changes: PersonChanges, user_name: str) -> None:
    """Change what is given about a person."""
    texts = (changes.name, changes.description)
    primary = changes.primary_thumbnail_id
    await tx.run(
        "UPDATE persons SET name = CASE WHEN %s THEN %s ELSE name END,"
        " description = CASE WHEN %s THEN %s ELSE description END,"
        " primary_thumbnail_id = coalesce(%s, primary_thumbnail_id),"
        " updated_user_name = %s, updated_time = now() WHERE person_id = %s",
        *(value for text in texts for value in (text is not UNSET, None if isinstance(text, UnsetType) else text)),
        None if isinstance(primary, UnsetType) else primary,
        user_name,
        person,
    )


async def make_nameless(tx: Transaction, person: PersonId, user_name: str) -> None:
    """Delete a person and those merged into it, but for where they are seen: no face, picture, tag or name is left."""
    await tx.run(f"DELETE FROM person_faces WHERE person_id IN {_ROWS_OF}", person)
    await tx.run(f"DELETE FROM person_thumbnails WHERE person_id IN {_ROWS_OF}", person)
    await tx.run(f"DELETE FROM tags_of_persons WHERE person_id IN {_ROWS_OF}", person)
    await tx.run(f"DELETE FROM persons_of_speakers WHERE person_id IN {_ROWS_OF}", person)
    await tx.run(
        "UPDATE persons SET name = NULL, description = NULL, primary_thumbnail_id = NULL, deleted_time = now(),"
        " updated_user_name = %s, updated_time = now() WHERE root_id = %s",
        user_name,
        person,
    )


def _where(workspace_id: int, wanted: PersonFilter) -> tuple[LiteralString, list[object]]:
    conditions: list[LiteralString] = [f"p.workspace_id = %s AND p.{_EXISTS}"]
    params: list[object] = [workspace_id]
    if wanted.name is not None:
        conditions.append("p.name ILIKE %s")
        params.append(f"%{_literal(wanted.name)}%")
    if wanted.person_ids is not None:
        conditions.append("p.person_id = ANY(%s::bigint[])")
        params.append(list(wanted.person_ids))
    if wanted.tag_ids is not None:
        conditions.append(
            "p.person_id IN (SELECT bearer.root_id FROM tags_of_persons t JOIN persons bearer USING (person_id)"
            " WHERE t.tag_id = ANY(%s::bigint[]))"
        )
        params.append(list(wanted.tag_ids))
    if wanted.name_type is not None:
        conditions.append("p.name IS NOT NULL" if wanted.name_type is NameType.NAMED else "p.name IS NULL")
    return " AND ".join(conditions), params


def _literal(text: str) -> str:
    """Text in which nothing means anything to LIKE."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _order(order: PersonOrder, *, is_descending: bool) -> LiteralString:
    """Columns to sort by; equal ones by id in the same direction, as the database indexes have them."""
    direction: LiteralString = "DESC" if is_descending else "ASC"
    match order:
        case PersonOrder.PERSON_ID:
            return f"p.person_id {direction}"
        case PersonOrder.ASSET_COUNT:
            return f"p.asset_count {direction}, p.person_id {direction}"
        case PersonOrder.CREATED_AT:
            return f"p.created_time {direction}, p.person_id {direction}"
        case PersonOrder.NAME:
            return f"lower(p.name) {direction} NULLS LAST, p.name {direction}, p.person_id {direction}"
        case _:
            assert_never(order)


async def _with_details(tx: Transaction, rows: Sequence[_Row]) -> list[Person]:
    """The persons of these rows with their tags and thumbnails, in two statements."""
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
        "SELECT DISTINCT bearer.root_id, tag_id, tag.name FROM persons bearer JOIN tags_of_persons USING (person_id)"
        " JOIN person_tags tag USING (tag_id) WHERE bearer.root_id = ANY(%s) ORDER BY tag_id",
        persons,
    )
    await tx.all(
        thumbnail,
        "SELECT shown.root_id, thumbnail_id, key FROM persons shown JOIN person_thumbnails USING (person_id)"
        " WHERE shown.root_id = ANY(%s) ORDER BY thumbnail_id",
        persons,
    )
    return [
        Person(
            row.person_id,
            row.name,
            row.description,
            tuple(tags[row.person_id]),
            tuple(sorted(thumbnails[row.person_id], key=lambda one: not one.is_primary)),
            row.asset_count,
            row.scene_count,
            row.created_time,
            row.updated_time,
        )
        for row in rows
    ]
