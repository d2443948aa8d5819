"""Person tags of a workspace, and the tags of persons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.audit.service import record
from scenedex.persons import identity_queries, tag_queries
from scenedex.persons.errors import PersonTagNameTaken, PersonTagNotFound
from scenedex.persons.lookup import visible_person
from scenedex.wire.errors import FieldProblem
from scenedex.workspaces.locks import lock_persons, prevent_deletion
from scenedex.workspaces.service import visible_workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.audit.actor import Actor
    from scenedex.auth.caller import Caller
    from scenedex.db.database import Database, Transaction
    from scenedex.persons.directory import PersonTag, TagFilter, TagOfPerson
    from scenedex.persons.records import PersonId
    from scenedex.wire.parsing import PageRequest


class PersonTags:
    """The person tags in the database.

    Calls raise `WorkspaceNotFound` if there is no such workspace that the caller may see, and `PersonNotFound` if the
    person that they name is not in it, or was deleted or merged into another.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self, caller: Caller, workspace_name: str, wanted: TagFilter, page: PageRequest
    ) -> tuple[list[PersonTag], int]:
        """Return a page of the matching tags, oldest first, and their total."""
        async with self._database.snapshot() as tx:
            workspace = await visible_workspace(tx, caller, workspace_name)
            found = await tag_queries.page(tx, workspace, wanted, page.offset, page.size)
            return found, await tag_queries.count(tx, workspace, wanted)

    async def create(self, actor: Actor, workspace_name: str, name: str) -> PersonTag:
        """Create a tag.

        Raises:
            PersonTagNameTaken: the workspace has one of this name.
        """
        async with self._database.transaction() as tx:
            workspace = await visible_workspace(tx, actor, workspace_name)
            await prevent_deletion(tx, workspace)
            created = await tag_queries.insert(tx, workspace, name, actor.user_name)
            if created is None:
                raise PersonTagNameTaken(FieldProblem("name", "another tag of the workspace has this name"))
            await record(tx, actor.entry, created=created.id)
            return created

    async def delete(self, actor: Actor, workspace_name: str, tag_id: int) -> None:
        """Delete a tag, also from all persons.

        Raises:
            PersonTagNotFound: there is no such tag in it.
        """
        async with self._database.transaction() as tx:
            workspace = await visible_workspace(tx, actor, workspace_name)
            await lock_persons(tx, workspace)
            await tag_queries.touch_tagged_persons(tx, workspace, tag_id, actor.user_name)
            if not await tag_queries.delete(tx, workspace, tag_id):
                raise PersonTagNotFound(FieldProblem("tag_id", f"there is no person tag {tag_id}"))
            await record(tx, actor.entry)

    async def add(
        self, actor: Actor, workspace_name: str, person_id: int, tag_ids: Sequence[int]
    ) -> tuple[PersonId, tuple[TagOfPerson, ...]]:
        """Add tags to a person. Return all its tags.

        Raises:
            PersonTagNotFound: there is no such tag in it.
        """
        async with self._database.transaction() as tx:
            workspace, person = await visible_person(tx, actor, workspace_name, person_id, alone=True)
            known = await require_tags(tx, workspace, tag_ids, "tagIds")
            former = await tag_queries.of_person(tx, person)
            added = known.difference(tag.tag_id for tag in former)
            if not added:
                return person, former
            await tag_queries.add(tx, person, sorted(added))
            await identity_queries.touch(tx, [person], actor.user_name)
            await record(tx, actor.entry)
            return person, await tag_queries.of_person(tx, person)

    async def remove(
        self, actor: Actor, workspace_name: str, person_id: int, tag_ids: Sequence[int]
    ) -> tuple[PersonId, tuple[TagOfPerson, ...]]:
        """Remove tags from a person, ignoring those that it does not have. Return all its tags."""
        async with self._database.transaction() as tx:
            _, person = await visible_person(tx, actor, workspace_name, person_id, alone=True)
            if await tag_queries.remove(tx, person, tag_ids):
                await identity_queries.touch(tx, [person], actor.user_name)
                await record(tx, actor.entry)
            return person, await tag_queries.of_person(tx, person)


async def require_tags(tx: Transaction, workspace_id: int, tag_ids: Sequence[int], field: str) -> set[int]:
    """Check that tags of a request's ``field`` exist, and keep them until the end of the transaction.

    Raises:
        PersonTagNotFound: one of the tags is not in the workspace.
    """
    known = await tag_queries.lock_existing(tx, workspace_id, tag_ids)
    unknown = [tag_id for tag_id in tag_ids if tag_id not in known]
    if unknown:
        raise PersonTagNotFound(*(FieldProblem(field, f"there is no person tag {one}") for one in unknown))
    return known
