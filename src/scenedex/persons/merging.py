"""Merges of persons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.audit.service import record
from scenedex.persons import identity_queries
from scenedex.persons.counting import recount
from scenedex.persons.errors import PersonNotFound
from scenedex.persons.events import EventDetails, EventType
from scenedex.persons.history import note
from scenedex.persons.identities import Merge
from scenedex.persons.lookup import visible_person
from scenedex.persons.records import PersonId
from scenedex.wire.errors import FieldProblem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.audit.actor import Actor
    from scenedex.db.database import Database, Transaction
    from scenedex.workspaces.records import WorkspaceId


class Merges:
    """Merges persons in the database. Their data is not moved, so that each merge can be undone at any time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def merge(self, actor: Actor, workspace_name: str, person_id: int, other_ids: Sequence[int]) -> Merge:
        """Merge other persons into this one, which keeps its name and description.

        Raises:
            WorkspaceNotFound: there is no such workspace, or the caller may not see it.
            PersonNotFound: one of the persons is not in the workspace, or was deleted or merged into another.
        """
        async with self._database.transaction() as tx:
            workspace, person = await visible_person(tx, actor, workspace_name, person_id, alone=True)
            others = await other_persons(tx, workspace, other_ids)
            absorbed = await identity_queries.to_absorb(tx, others)
            assets = await identity_queries.count_assets(tx, others)
            await identity_queries.merge(tx, person, others)
            await recount(tx, [person, *others])
            name = await identity_queries.name_of(tx, person)
            for one in absorbed:
                counts = EventDetails(name=one.name, asset_count=one.asset_count, thumbnail_count=one.thumbnail_count)
                user_name = actor.user_name
                await note(
                    tx, one.person_id, EventType.MERGED, user_name, other=person, details=EventDetails(name=name)
                )
                await note(tx, person, EventType.MERGED, user_name, other=one.person_id, details=counts)
            merged_time = await identity_queries.touch(tx, [person], actor.user_name)
            await record(tx, actor.entry)
            return Merge(person, assets, sum(one.thumbnail_count for one in absorbed), merged_time)


async def other_persons(tx: Transaction, workspace: WorkspaceId, person_ids: Sequence[int]) -> list[PersonId]:
    """Return the persons that a request names in ``personIds``, in one query.

    Raises:
        PersonNotFound: one of them is not in the workspace, or was deleted or merged into another.
    """
    roots = await identity_queries.roots_of(tx, workspace, person_ids)
    problems = [
        FieldProblem(
            f"personIds[{place}]",
            f"person {person_id} was merged into person {roots[person_id]}"
            if person_id in roots
            else f"there is no person {person_id}",
        )
        for place, person_id in enumerate(person_ids)
        if roots.get(person_id) != person_id
    ]
    if problems:
        raise PersonNotFound(*problems)
    return [PersonId(person_id) for person_id in person_ids]
