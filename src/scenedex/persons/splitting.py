"""Taking persons apart: merges that are undone, and appearances that are somebody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.audit.service import record
from scenedex.persons import identity_queries, queries
from scenedex.persons.counting import recount
from scenedex.persons.errors import PersonNameTaken, PersonNotFound, PersonNotMerged, SeenThereAlready, SplitNameTaken
from scenedex.persons.history import EventDetails, EventType, note
from scenedex.persons.identities import Split
from scenedex.persons.lookup import existing_person, visible_person
from scenedex.wire.errors import FieldProblem, InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.audit.actor import Actor
    from scenedex.db.database import Database, Transaction
    from scenedex.persons.records import ChosenAppearance, PersonId


class Splits:
    """What is taken from persons in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def undo_merge(self, actor: Actor, workspace_name: str, person_id: int, merged_id: int) -> Split:
        """Let somebody who was merged into this person, at whatever remove, be a person again, with all its own.

        Raises:
            WorkspaceNotFound: there is no such workspace, or the caller may not see it.
            PersonNotFound: one of the persons is not in it, or this one was deleted or merged into another.
            PersonNotMerged: the other is not merged into this one.
            SplitNameTaken: another person has its name.
        """
        async with self._database.transaction() as tx:
            workspace, person = await visible_person(tx, actor, workspace_name, person_id, alone=True)
            merged = await identity_queries.merged_person(tx, workspace, merged_id)
            if merged is None:
                raise PersonNotFound(FieldProblem("mergedPersonId", f"there is no person {merged_id}"))
            if merged.root_id != person:
                raise PersonNotMerged(
                    FieldProblem("mergedPersonId", f"person {merged_id} is not merged into person {person}")
                )
            split = merged.person_id
            if (
                merged.name is not None
                and (taken := await identity_queries.find_named(tx, workspace, merged.name)) is not None
            ):
                raise SplitNameTaken(FieldProblem("mergedPersonId", f'person {taken} has the name "{merged.name}"'))
            await identity_queries.detach(tx, split)
            await identity_queries.mend_primary_thumbnails(tx, [person, split])
            await recount(tx, [person, split])
            count = await identity_queries.count_appearances(tx, split)
            name = await identity_queries.name_of(tx, person)
            user_name = actor.user_name
            details = EventDetails(name=merged.name, appearance_count=count)
            await note(tx, person, EventType.SPLIT, user_name, other=split, details=details)
            await note(tx, split, EventType.SPLIT, user_name, other=person, details=EventDetails(name=name))
            split_time = await identity_queries.touch(tx, [person, split], user_name)
            await record(tx, actor.entry)
            return Split(person, split, merged.name, count, split_time)

    async def move(
        self,
        actor: Actor,
        workspace_name: str,
        person_id: int,
        chosen: Sequence[ChosenAppearance],
        target: int | str | None,
    ) -> Split:
        """Let what is seen of a person at these places be somebody else's.

        Args:
            actor: the caller.
            workspace_name: where the person is.
            person_id: the person.
            chosen: where it is not seen.
            target: the id of who is seen there, or the name of the person to be created; None: an anonymous one.

        Raises:
            WorkspaceNotFound: there is no such workspace, or the caller may not see it.
            PersonNotFound: one of the persons is not in it, or was deleted or merged into another.
            PersonNameTaken: another person has the name.
            SeenThereAlready: who is to be seen there is seen beside the person.
            InvalidRequest: the person is not seen at one of the places.
        """
        async with self._database.transaction() as tx:
            await identity_queries.hold_assets(tx, workspace_name, {one.asset_id for one in chosen})
            workspace, person = await visible_person(tx, actor, workspace_name, person_id, alone=True)
            await require_seen(tx, person, chosen)
            user_name, created = actor.user_name, None
            if isinstance(target, int):
                split = await existing_person(tx, workspace, target, "personId")
                count = await move_appearances(tx, person, split, chosen, user_name)
            else:
                if target is not None and await identity_queries.find_named(tx, workspace, target) is not None:
                    raise PersonNameTaken(FieldProblem("name", "another person of the workspace has this name"))
                split = created = await queries.insert_person(tx, workspace, user_name, target)
                count = await move_appearances(tx, person, split, chosen, user_name, kind=EventType.SPLIT)
            split_time = await identity_queries.touch(tx, [person, split], user_name)
            await record(tx, actor.entry, created=created)
            return Split(person, split, await identity_queries.name_of(tx, split), count, split_time)


async def require_seen(tx: Transaction, person: PersonId, chosen: Sequence[ChosenAppearance]) -> None:
    """Places at all of which a person is seen.

    Raises:
        InvalidRequest: it is not seen at one of them.
    """
    wrong = await identity_queries.first_not_seen(tx, person, chosen)
    if wrong is not None:
        raise InvalidRequest(FieldProblem(f"appearances[{wrong}]", f"person {person} is not seen there"))


async def move_appearances(
    tx: Transaction,
    source: PersonId,
    target: PersonId,
    chosen: Sequence[ChosenAppearance],
    user_name: str,
    *,
    kind: EventType = EventType.MOVED,
) -> int:
    """Let what is seen of a person at these places be another existing person's; how many appearances that were.

    The faces that were learned there go along, the places are never again taken for the source, both are counted anew
    and both histories say so. The caller holds the lock of `lock_persons`. Where the person is seen at none of the
    places, nothing is changed.

    Raises:
        SeenThereAlready: the target is seen beside the source, so that the two could not be told apart again.
    """
    count = await give_appearances(tx, source, target, chosen, user_name, kind)
    if count:
        await recount(tx, [source, target])
    return count


async def give_appearances(
    tx: Transaction,
    source: PersonId,
    target: PersonId,
    chosen: Sequence[ChosenAppearance],
    user_name: str,
    kind: EventType,
) -> int:
    """As `move_appearances`, but the caller counts both persons anew.

    Raises:
        SeenThereAlready: the target is seen beside the source.
    """
    if await identity_queries.is_seen_beside(tx, source, target, chosen):
        raise SeenThereAlready
    moved = await identity_queries.give_appearances(tx, source, target, chosen)
    if not moved:
        return 0
    await identity_queries.give_faces(tx, source, target, moved)
    await identity_queries.give_thumbnails(tx, source, target, moved)
    await identity_queries.mend_primary_thumbnails(tx, [source, target])
    await identity_queries.reject_appearances(tx, source, target, moved)
    assets = sorted({one.asset_id for one in moved})
    details = EventDetails(
        asset_id=assets[0] if len(assets) == 1 else None, asset_count=len(assets), appearance_count=len(moved)
    )
    await note(tx, source, kind, user_name, other=target, details=details)
    await note(tx, target, kind, user_name, other=source, details=details)
    return len(moved)
