"""What was done to a person, by whom and when."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from scenedex.persons.lookup import visible_person

if TYPE_CHECKING:
    from datetime import datetime

    from scenedex.auth.caller import Caller
    from scenedex.db.database import Database, Transaction
    from scenedex.persons.records import PersonId
    from scenedex.wire.parsing import PageRequest


class EventType(StrEnum):
    """What can be done to a person."""

    REGISTERED = "REGISTERED"
    NAMED = "NAMED"
    MERGED = "MERGED"
    SPLIT = "SPLIT"
    MOVED = "MOVED"
    REJECTED = "REJECTED"
    DELETED = "DELETED"


class EventDetails(msgspec.Struct, frozen=True, omit_defaults=True):
    """What else is known of an event; what does not apply is left out.

    Attributes:
        name: of the person afterwards, or of the other person.
        former_name: of the person before.
        asset_id: where it was seen.
        asset_count: assets that came with the other person, or went.
        thumbnail_count: thumbnails that came with the other person, or went.
        appearance_count: appearances that were moved or rejected.
    """

    name: str | None = None
    former_name: str | None = None
    asset_id: int | None = None
    asset_count: int | None = None
    thumbnail_count: int | None = None
    appearance_count: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was done to a person; ``other_id`` is who else was concerned."""

    event_id: int
    person_id: int
    type: EventType
    other_id: int | None
    details: EventDetails
    user_name: str
    created_time: datetime


class PersonHistories:
    """The histories of persons in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self, caller: Caller, workspace_name: str, person_id: int, page: PageRequest
    ) -> tuple[list[Event], int]:
        """One page of what was done to a person and to those merged into it, newest first, and how much that is.

        Raises:
            WorkspaceNotFound: there is no such workspace, or the caller may not see it.
            PersonNotFound: there is no such person in it, or it was deleted or merged into another.
        """
        async with self._database.snapshot() as tx:
            _, person = await visible_person(tx, caller, workspace_name, person_id)
            return await events_of(tx, person, page.offset, page.size), await count_events(tx, person)


async def note(
    tx: Transaction,
    person: PersonId,
    kind: EventType,
    user_name: str,
    *,
    other: PersonId | None = None,
    details: EventDetails | None = None,
) -> None:
    """Write down what this transaction does to a person."""
    await tx.run(
        "INSERT INTO person_events (workspace_id, person_id, type, other_id, details, user_name)"
        " SELECT workspace_id, person_id, %s, %s, %s, %s FROM persons WHERE person_id = %s",
        kind.value,
        other,
        msgspec.json.encode(details or EventDetails()).decode(),
        user_name,
        person,
    )


async def events_of(tx: Transaction, person: PersonId, offset: int, size: int) -> list[Event]:
    """What was done to a person and to those merged into it, newest first."""

    def event(
        event_id: int,
        person_id: int,
        kind: str,
        other_id: int | None,
        details: dict[str, object],
        user_name: str,
        created_time: datetime,
    ) -> Event:
        return Event(
            event_id,
            person_id,
            EventType(kind),
            other_id,
            msgspec.convert(details, EventDetails),
            user_name,
            created_time,
        )

    return await tx.all(
        event,
        "SELECT event_id, person_id, type, other_id, details, user_name, created_time FROM person_events"
        " WHERE person_id IN (SELECT person_id FROM persons WHERE root_id = %s)"
        " ORDER BY event_id DESC OFFSET %s LIMIT %s",
        person,
        offset,
        size,
    )


async def count_events(tx: Transaction, person: PersonId) -> int:
    """How many events a person and those merged into it have."""
    return await tx.value(
        "SELECT count(*) FROM person_events WHERE person_id IN (SELECT person_id FROM persons WHERE root_id = %s)",
        person,
    )
