"""Every statement about person tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

from scenedex.persons.directory import PersonTag, TagOfPerson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.db.database import Transaction
    from scenedex.persons.directory import TagFilter
    from scenedex.persons.records import PersonId

_COLUMNS = "tag_id, name, created_user_name, created_time, updated_user_name, updated_time"


async def page(tx: Transaction, workspace_id: int, wanted: TagFilter, offset: int, size: int) -> list[PersonTag]:
    """Tags of a workspace, oldest first."""
    where, params = _where(workspace_id, wanted)
    return await tx.all(
        PersonTag,
        f"SELECT {_COLUMNS} FROM person_tags WHERE {where} ORDER BY tag_id OFFSET %s LIMIT %s",
        *params,
        offset,
        size,
    )


async def count(tx: Transaction, workspace_id: int, wanted: TagFilter) -> int:
    """How many tags of a workspace are wanted."""
    where, params = _where(workspace_id, wanted)
    return await tx.value(f"SELECT count(*) FROM person_tags WHERE {where}", *params)


async def insert(tx: Transaction, workspace_id: int, name: str, user_name: str) -> PersonTag | None:
    """A new tag; None where the workspace has one of this name."""
    return await tx.one(
        PersonTag,
        "INSERT INTO person_tags (workspace_id, name, created_user_name, updated_user_name)"
        f" VALUES (%s, %s, %s, %s) ON CONFLICT (workspace_id, name) DO NOTHING RETURNING {_COLUMNS}",
        workspace_id,
        name,
        user_name,
        user_name,
    )


async def touch_bearers(tx: Transaction, workspace_id: int, tag_id: int, user_name: str) -> None:
    """Note on all who bear a tag who changes that, and that it is now."""
    await tx.run(
        "UPDATE persons SET updated_user_name = %s, updated_time = now() WHERE workspace_id = %s AND person_id IN"
        " (SELECT bearer.root_id FROM tags_of_persons JOIN persons bearer USING (person_id) WHERE tag_id = %s)",
        user_name,
        workspace_id,
        tag_id,
    )


async def delete(tx: Transaction, workspace_id: int, tag_id: int) -> bool:
    """Remove a tag, also from all who bear it; False where the workspace has none of this id."""
    return await tx.run("DELETE FROM person_tags WHERE workspace_id = %s AND tag_id = %s", workspace_id, tag_id) > 0


async def hold(tx: Transaction, workspace_id: int, tag_ids: Sequence[int]) -> set[int]:
    """Those of the ids that are tags of the workspace; they stay until the end of the transaction."""
    return set(
        await tx.all(
            int,
            "SELECT tag_id FROM person_tags WHERE workspace_id = %s AND tag_id = ANY(%s::bigint[])"
            " ORDER BY tag_id FOR KEY SHARE",
            workspace_id,
            list(tag_ids),
        )
    )


async def of_person(tx: Transaction, person: PersonId) -> tuple[TagOfPerson, ...]:
    """The tags of a person and of those merged into it, oldest first."""
    found = await tx.all(
        TagOfPerson,
        "SELECT tag_id, name FROM person_tags WHERE tag_id IN (SELECT tag_id FROM tags_of_persons"
        " JOIN persons bearer USING (person_id) WHERE bearer.root_id = %s) ORDER BY tag_id",
        person,
    )
    return tuple(found)


async def put_on(tx: Transaction, person: PersonId, tag_ids: Sequence[int]) -> None:
    """Let a person bear these tags."""
    await tx.run(
        "INSERT INTO tags_of_persons (person_id, tag_id) SELECT %s, unnest(%s::bigint[]) ON CONFLICT DO NOTHING",
        person,
        list(tag_ids),
    )


async def take_off(tx: Transaction, person: PersonId, tag_ids: Sequence[int]) -> bool:
    """Let neither a person nor those merged into it bear these tags; False where they did not."""
    return (
        await tx.run(
            "DELETE FROM tags_of_persons WHERE tag_id = ANY(%s::bigint[])"
            " AND person_id IN (SELECT person_id FROM persons WHERE root_id = %s)",
            list(tag_ids),
            person,
        )
        > 0
    )


def _where(workspace_id: int, wanted: TagFilter) -> tuple[LiteralString, list[object]]:
    conditions: list[LiteralString] = ["workspace_id = %s"]
    params: list[object] = [workspace_id]
    if wanted.tag_id is not None:
        conditions.append("tag_id = %s")
        params.append(wanted.tag_id)
    if wanted.name is not None:
        conditions.append("strpos(lower(name), lower(%s)) > 0")
        params.append(wanted.name)
    return " AND ".join(conditions), params
