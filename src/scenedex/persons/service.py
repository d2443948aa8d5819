"""Listing, creating, changing and deleting persons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET, UnsetType

from scenedex.assets.erasure import request_erasure
from scenedex.audit.notices import Notice, NoticeSubject
from scenedex.audit.service import record
from scenedex.persons import directory_queries, identity_queries, queries
from scenedex.persons.directory import PersonChanges
from scenedex.persons.errors import PersonNameTaken, PersonNotFound
from scenedex.persons.events import EventDetails, EventType
from scenedex.persons.history import note
from scenedex.persons.lookup import visible_person
from scenedex.persons.notices import PERSON_DELETED
from scenedex.wire.errors import FieldProblem, InvalidRequest
from scenedex.workspaces.locks import lock_persons, prevent_deletion
from scenedex.workspaces.service import visible_workspace

if TYPE_CHECKING:
    from scenedex.audit.actor import Actor
    from scenedex.auth.caller import Caller
    from scenedex.db.database import Database, Transaction
    from scenedex.jobs.queue import JobQueue
    from scenedex.persons.directory import NewPerson, Person, PersonFilter
    from scenedex.persons.records import PersonId
    from scenedex.persons.thumbnails import Portraits
    from scenedex.wire.parsing import PageRequest
    from scenedex.workspaces.records import WorkspaceId


class Persons:
    """The persons in the database.

    Calls raise `WorkspaceNotFound` if there is no such workspace that the caller may see, and `PersonNotFound` if the
    person that they name is not in it, or was deleted or merged into another.
    """

    def __init__(self, database: Database, queue: JobQueue, portraits: Portraits) -> None:
        self._database = database
        self._queue = queue
        self._portraits = portraits

    async def page(
        self, caller: Caller, workspace_name: str, wanted: PersonFilter, page: PageRequest
    ) -> tuple[list[Person], int]:
        """Return a page of the matching persons and their total, in a constant number of queries."""
        async with self._database.snapshot() as tx:
            workspace = await visible_workspace(tx, caller, workspace_name)
            found = await directory_queries.page(tx, workspace, wanted, page.offset, page.size)
            return found, await directory_queries.count(tx, workspace, wanted)

    async def get(self, caller: Caller, workspace_name: str, person_id: int) -> Person:
        """Return a person."""
        async with self._database.snapshot() as tx:
            _, person = await visible_person(tx, caller, workspace_name, person_id)
            return await _shown(tx, person)

    async def create(self, actor: Actor, workspace_name: str, wanted: NewPerson) -> Person:
        """Create a person with thumbnails and the faces in them, anonymous without a name.

        Raises:
            PersonNameTaken: a person of the workspace has this name.
            InvalidRequest: a picture cannot be used.
        """
        async with self._database.transaction() as tx:
            workspace = await visible_workspace(tx, actor, workspace_name)
            await _require_free(tx, workspace, wanted.name)
            portraits = await self._portraits.announce(tx, workspace, wanted.thumbnails)
        async with self._portraits.written(portraits), self._database.transaction() as tx:
            await prevent_deletion(tx, workspace)
            await lock_persons(tx, workspace)
            await _require_free(tx, workspace, wanted.name)
            person = await queries.insert_person(tx, workspace, actor.user_name, wanted.name, wanted.description)
            await self._portraits.give(tx, workspace, person, portraits)
            details = EventDetails(name=wanted.name, thumbnail_count=len(portraits))
            await note(tx, person, EventType.REGISTERED, actor.user_name, details=details)
            await record(tx, actor.entry, created=person)
            return await _shown(tx, person)

    async def change(self, actor: Actor, workspace_name: str, person_id: int, changes: PersonChanges) -> Person:
        """Change the name, description or primary thumbnail of a person. Its own name is accepted.

        Raises:
            PersonNameTaken: another person of the workspace has this name.
            InvalidRequest: the person has no such thumbnail.
        """
        async with self._database.transaction() as tx:
            workspace, person = await visible_person(tx, actor, workspace_name, person_id, alone=True)
            former = await _shown(tx, person)
            if changes == PersonChanges():
                return former
            if not isinstance(changes.name, UnsetType):
                await _require_free(tx, workspace, changes.name, person)
            if changes.primary_thumbnail_id is not UNSET and all(
                thumbnail.thumbnail_id != changes.primary_thumbnail_id for thumbnail in former.thumbnails
            ):
                raise InvalidRequest(FieldProblem("primaryThumbnailId", "is no thumbnail of this person"))
            await directory_queries.change(tx, person, changes, actor.user_name)
            await record(tx, actor.entry)
            if not isinstance(changes.name, UnsetType) and changes.name != former.name:
                details = EventDetails(name=changes.name, former_name=former.name)
                await note(tx, person, EventType.NAMED, actor.user_name, details=details)
            return await _shown(tx, person)

    async def delete(self, actor: Actor, workspace_name: str, person_id: int) -> Person:
        """Delete a person and return it as it was. Its appearances in indexes are kept, anonymous."""
        async with self._database.transaction() as tx:
            _, person = await visible_person(tx, actor, workspace_name, person_id, alone=True)
            former = await _shown(tx, person)
            await directory_queries.make_nameless(tx, person, actor.user_name)
            details = EventDetails(asset_count=former.asset_count, thumbnail_count=len(former.thumbnails))
            await note(tx, person, EventType.DELETED, actor.user_name, details=details)
            await request_erasure(tx, self._queue)
            await record(tx, actor.entry, notice=Notice(PERSON_DELETED, NoticeSubject(person_id=person)))
            return former


async def _shown(tx: Transaction, person: PersonId) -> Person:
    """Return a person that was found in this transaction."""
    found = await directory_queries.find(tx, person)
    if found is None:
        raise PersonNotFound
    return found


async def _require_free(tx: Transaction, workspace: WorkspaceId, name: str | None, but: PersonId | None = None) -> None:
    """Check that no other person has the name.

    Raises:
        PersonNameTaken: another person has it.
    """
    if name is not None and await identity_queries.find_named(tx, workspace, name) not in {None, but}:
        raise PersonNameTaken(FieldProblem("name", "another person of the workspace has this name"))
