"""Splits: undone merges, and appearances that are moved to another person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.audit.service import record
from scenedex.persons import appearance_queries, identity_queries, queries
from scenedex.persons.counting import recount
from scenedex.persons.errors import PersonNameTaken, PersonNotFound, PersonNotMerged, SeenThereAlready, SplitNameTaken
from scenedex.persons.events import EventDetails, EventType
from scenedex.persons.history import note
from scenedex.persons.identities import Split
from scenedex.persons.lookup import existing_person, visible_person
from scenedex.wire.errors import FieldProblem, InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from scenedex.audit.actor import Actor
    from scenedex.db.database import Database, Transaction
    from scenedex.persons.records import ChosenAppearance, PersonId


class Splits:
    """Splits of persons in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def undo_merge(self, actor: Actor, workspace_name: str, person_id: int, merged_id: int) -> Split:
        """Undo the merge of a person into this one, directly or through others.

        Raises:
            WorkspaceNotFound: there is no such workspace, or the caller may not see it.
            PersonNotFound: one of the persons is not in it, or this one was deleted or merged into another.
            PersonNotMerged: the other person is not merged into this one.
            SplitNameTaken: another person has the name of the other.
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
            await identity_queries.restore_primary_thumbnails(tx, [person, split])
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
        """Move appearances of a person to another one.

        Args:
            actor: the caller.
            workspace_name: workspace of the person.
            person_id: the person.
            chosen: places of the appearances.
            target: id of the other person, or name of a person to create. None creates an anonymous one.

        Raises:
            WorkspaceNotFound: there is no such workspace, or the caller may not see it.
            PersonNotFound: one of the persons is not in it, or was deleted or merged into another.
            PersonNameTaken: another person has the name.
            SeenThereAlready: the other person is seen there at the same time.
            InvalidRequest: the person is not seen at one of the places.
        """
        async with self._database.transaction() as tx:
            await identity_queries.lock_assets(tx, workspace_name, {one.asset_id for one in chosen})
            workspace, person = await visible_person(tx, actor, workspace_name, person_id, alone=True)
            await require_seen(tx, person, chosen)
            user_name, created = actor.user_name, None
            if isinstance(target, int):
                split = await existing_person(tx, workspace, target, "personId")
                count, split_time = await move_appearances(tx, person, split, chosen, user_name)
            else:
                if target is not None and await identity_queries.find_named(tx, workspace, target) is not None:
                    raise PersonNameTaken(FieldProblem("name", "another person of the workspace has this name"))
                split = created = await queries.insert_person(tx, workspace, user_name, target)
                count, split_time = await move_appearances(tx, person, split, chosen, user_name, kind=EventType.SPLIT)
            await record(tx, actor.entry, created=created)
            return Split(person, split, await identity_queries.name_of(tx, split), count, split_time)


async def require_seen(tx: Transaction, person: PersonId, chosen: Sequence[ChosenAppearance]) -> None:
    """Check that a person is seen at all of these places.

    Raises:
        InvalidRequest: the person is not seen at one of them.
    """
    wrong = await appearance_queries.first_not_seen(tx, person, chosen)
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
) -> tuple[int, datetime]:
    """Move appearances of a person at these places to another one. Return their number and the time.

    Faces and thumbnails from these places are moved as well, the places are never matched with the source again, both
    persons are recounted, and both histories get an event. The caller holds the lock of `lock_persons`.

    Raises:
        SeenThereAlready: the target is seen at the same time as the source, so that they could not be separated again.
    """
    count = await reassign_appearances(tx, source, target, chosen, user_name, kind)
    if count:
        await recount(tx, [source, target])
    return count, await identity_queries.touch(tx, [source, target], user_name)


async def reassign_appearances(
    tx: Transaction,
    source: PersonId,
    target: PersonId,
    chosen: Sequence[ChosenAppearance],
    user_name: str,
    kind: EventType,
) -> int:
    """Move appearances without the recount and the time of the last change, which are left to the caller.

    Raises:
        SeenThereAlready: the target is seen at the same time as the source.
    """
    if await appearance_queries.is_seen_beside(tx, source, target, chosen):
        raise SeenThereAlready
    moved = await appearance_queries.move_appearances(tx, source, target, chosen)
    if not moved:
        return 0
    await appearance_queries.move_faces(tx, source, target, moved)
    await appearance_queries.move_thumbnails(tx, source, target, moved)
    await identity_queries.restore_primary_thumbnails(tx, [source, target])
    await appearance_queries.reject_appearances(tx, source, target, moved)
    assets = sorted({one.asset_id for one in moved})
    details = EventDetails(
        asset_id=assets[0] if len(assets) == 1 else None, asset_count=len(assets), appearance_count=len(moved)
    )
    await note(tx, source, kind, user_name, other=target, details=details)
    await note(tx, target, kind, user_name, other=source, details=details)
    return len(moved)
