"""SQL statements about the history of persons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scenedex.persons.events import PersonEvent

if TYPE_CHECKING:
    from scenedex.db.database import Transaction
    from scenedex.persons.events import EventDetails, EventType
    from scenedex.persons.records import PersonId


async def insert(
    tx: Transaction, person: PersonId, kind: EventType, user_name: str, other: PersonId | None, details: EventDetails
) -> None:
    """Insert an event of a person."""
    await tx.run(
        """
        INSERT INTO person_events (workspace_id, person_id, type, other_id, details, user_name)
        SELECT workspace_id, person_id, %(type)s, %(other)s, %(details)s, %(user_name)s
        FROM persons
        WHERE person_id = %(person)s
        """,
        type=kind.value,
        other=other,
        details=msgspec.json.encode(details).decode(),
        user_name=user_name,
        person=person,
    )


async def page(tx: Transaction, person: PersonId, offset: int, size: int) -> list[PersonEvent]:
    """Return a page of the events of a person and of those merged into it, newest first."""
    return await tx.all(
        PersonEvent,
        """
        SELECT event_id, person_id, type, other_id, details, user_name, created_time
        FROM person_events
        WHERE person_id IN (SELECT person_id FROM persons WHERE root_id = %(person)s)
        ORDER BY event_id DESC
        OFFSET %(offset)s LIMIT %(size)s
        """,
        person=person,
        offset=offset,
        size=size,
    )


async def count(tx: Transaction, person: PersonId) -> int:
    """Count the events of a person and of those merged into it."""
    return await tx.value(
        """
        SELECT count(*)
        FROM person_events
        WHERE person_id IN (SELECT person_id FROM persons WHERE root_id = %(person)s)
        """,
        person=person,
    )
