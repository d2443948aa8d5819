"""SQL statements about pairs of persons that may be one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.persons.records import PersonId
from scenedex.persons.suggestion_records import Suggestion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.db.database import Transaction


async def page(tx: Transaction, workspace_id: int, person_id: int | None, offset: int, size: int) -> list[Suggestion]:
    """Return a page of the open suggestions of a workspace, best first, of one person if an id is given."""
    return await tx.all(
        Suggestion,
        """
        SELECT
            suggestion_id, score, open_suggestions.asset_id, open_suggestions.created_time,
            person.person_id, person.name, thumbnail.key,
            other.person_id, other.name, other_thumbnail.key
        FROM open_suggestions
        JOIN persons person ON person.person_id = open_suggestions.person_id
        JOIN persons other ON other.person_id = open_suggestions.other_id
        LEFT JOIN person_thumbnails thumbnail ON thumbnail.thumbnail_id = person.primary_thumbnail_id
        LEFT JOIN person_thumbnails other_thumbnail ON other_thumbnail.thumbnail_id = other.primary_thumbnail_id
        WHERE open_suggestions.workspace_id = %(workspace_id)s
          AND (%(person_id)s::bigint IS NULL OR %(person_id)s IN (person.person_id, other.person_id))
        ORDER BY score DESC, suggestion_id
        OFFSET %(offset)s LIMIT %(size)s
        """,
        workspace_id=workspace_id,
        person_id=person_id,
        offset=offset,
        size=size,
    )


async def count(tx: Transaction, workspace_id: int, person_id: int | None) -> int:
    """Count the open suggestions of a workspace, of one person if an id is given."""
    return await tx.value(
        """
        SELECT count(*)
        FROM open_suggestions
        WHERE workspace_id = %(workspace_id)s
          AND (%(person_id)s::bigint IS NULL OR %(person_id)s IN (person_id, other_id))
        """,
        workspace_id=workspace_id,
        person_id=person_id,
    )


async def pair(tx: Transaction, workspace_id: int, suggestion_id: int) -> tuple[PersonId, PersonId] | None:
    """Return the current identities of both persons of an open suggestion, or `None` if it is not open."""
    return await tx.one(
        _pair,
        """
        SELECT person_id, other_id
        FROM open_suggestions
        WHERE workspace_id = %(workspace_id)s AND suggestion_id = %(suggestion_id)s
        """,
        workspace_id=workspace_id,
        suggestion_id=suggestion_id,
    )


def _pair(person_id: int, other_id: int) -> tuple[PersonId, PersonId]:
    return PersonId(person_id), PersonId(other_id)


async def insert(
    tx: Transaction, workspace_id: int, asset_id: int, person: PersonId, others: Sequence[tuple[PersonId, float]]
) -> None:
    """Insert suggestions that a person may be one of these others, each with its score."""
    await tx.run(
        """
        INSERT INTO person_suggestions (workspace_id, person_id, other_id, score, asset_id)
        SELECT %(workspace_id)s, %(person)s, other_id, score, %(asset_id)s
        FROM unnest(%(others)s::bigint[], %(scores)s::real[]) AS others (other_id, score)
        ON CONFLICT DO NOTHING
        """,
        workspace_id=workspace_id,
        person=person,
        asset_id=asset_id,
        others=[other for other, _ in others],
        scores=[score for _, score in others],
    )


async def delete_between(tx: Transaction, person: PersonId, other: PersonId) -> None:
    """Delete the suggestions about two persons, by their current identities."""
    await tx.run(
        """
        DELETE FROM person_suggestions
        USING persons one, persons two
        WHERE one.person_id = person_suggestions.person_id
          AND two.person_id = person_suggestions.other_id
          AND (one.root_id, two.root_id) IN ((%(person)s, %(other)s), (%(other)s, %(person)s))
        """,
        person=person,
        other=other,
    )
