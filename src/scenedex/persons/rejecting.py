"""Rejections: persons and appearances that are not a person."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from scenedex.audit.service import record
from scenedex.persons import identity_queries, queries
from scenedex.persons.counting import recount
from scenedex.persons.events import EventType
from scenedex.persons.history import note
from scenedex.persons.identities import PersonRejection
from scenedex.persons.lookup import visible_person
from scenedex.persons.merging import other_persons
from scenedex.persons.splitting import reassign_appearances, require_seen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.audit.actor import Actor
    from scenedex.db.database import Database
    from scenedex.persons.records import ChosenAppearance, PersonId


class Rejections:
    """Rejections in the database: pairs of different persons, and places that do not show a person."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def reject_persons(
        self, actor: Actor, workspace_name: str, person_id: int, other_ids: Sequence[int]
    ) -> PersonRejection:
        """Never match the person with one of these others again.

        Raises:
            WorkspaceNotFound: there is no such workspace, or the caller may not see it.
            PersonNotFound: one of the persons is not in it, or was deleted or merged into another.
        """
        async with self._database.transaction() as tx:
            workspace, person = await visible_person(tx, actor, workspace_name, person_id, alone=True)
            others = await other_persons(tx, workspace, other_ids)
            await identity_queries.reject_persons(tx, person, others)
            for other in others:
                await note(tx, person, EventType.REJECTED, actor.user_name, other=other)
                await note(tx, other, EventType.REJECTED, actor.user_name, other=person)
            rejected_time = await identity_queries.touch(tx, [person], actor.user_name)
            await record(tx, actor.entry)
            return PersonRejection(person, tuple(others), 0, rejected_time)

    async def reject_appearances(
        self, actor: Actor, workspace_name: str, person_id: int, chosen: Sequence[ChosenAppearance]
    ) -> PersonRejection:
        """Move these appearances to new anonymous persons, one per asset, that are never matched with the person again.

        Raises:
            WorkspaceNotFound: there is no such workspace, or the caller may not see it.
            PersonNotFound: there is no such person in it, or it was deleted or merged into another.
            InvalidRequest: the person is not seen at one of the places.
        """
        async with self._database.transaction() as tx:
            await identity_queries.lock_assets(tx, workspace_name, {one.asset_id for one in chosen})
            workspace, person = await visible_person(tx, actor, workspace_name, person_id, alone=True)
            await require_seen(tx, person, chosen)
            places: defaultdict[int, list[ChosenAppearance]] = defaultdict(list)
            for one in chosen:
                places[one.asset_id].append(one)
            count = 0
            strangers: list[PersonId] = []
            for in_asset in places.values():
                stranger = await queries.insert_person(tx, workspace, actor.user_name)
                count += await reassign_appearances(tx, person, stranger, in_asset, actor.user_name, EventType.REJECTED)
                strangers.append(stranger)
            await identity_queries.reject_persons(tx, person, strangers)
            await recount(tx, [person, *strangers])
            rejected_time = await identity_queries.touch(tx, [person], actor.user_name)
            await record(tx, actor.entry)
            return PersonRejection(person, tuple(strangers), count, rejected_time)
