"""History of a person: changes with their user and time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.persons import history_queries
from scenedex.persons.events import EventDetails
from scenedex.persons.lookup import visible_person

if TYPE_CHECKING:
    from scenedex.auth.caller import Caller
    from scenedex.db.database import Database, Transaction
    from scenedex.persons.events import EventType, PersonEvent
    from scenedex.persons.records import PersonId
    from scenedex.wire.parsing import PageRequest


class PersonHistories:
    """The histories of persons in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self, caller: Caller, workspace_name: str, person_id: int, page: PageRequest
    ) -> tuple[list[PersonEvent], int]:
        """Return a page of the events of a person and of those merged into it, newest first, and their total.

        Raises:
            WorkspaceNotFound: there is no such workspace, or the caller may not see it.
            PersonNotFound: there is no such person in it, or it was deleted or merged into another.
        """
        async with self._database.snapshot() as tx:
            _, person = await visible_person(tx, caller, workspace_name, person_id)
            return (
                await history_queries.page(tx, person, page.offset, page.size),
                await history_queries.count(tx, person),
            )


async def note(
    tx: Transaction,
    person: PersonId,
    kind: EventType,
    user_name: str,
    *,
    other: PersonId | None = None,
    details: EventDetails | None = None,
) -> None:
    """Record a change that this transaction makes to a person."""
    await history_queries.insert(tx, person, kind, user_name, other, details or EventDetails())
