"""Identities of persons: merges and their undoing, moved appearances, rejections."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from scenedex.audit.notices import Notice, NoticeSubject
from scenedex.audit.service import record
from scenedex.persons import identity_queries, queries
from scenedex.persons.appearances import move_appearances, reassign_appearances, require_seen
from scenedex.persons.counting import recount
from scenedex.persons.errors import PersonNameTaken, PersonNotFound, PersonNotMerged, SplitNameTaken
from scenedex.persons.events import EventDetails, EventType
from scenedex.persons.history import note
from scenedex.persons.identities import Merge, PersonRejection, Split
from scenedex.persons.lookup import existing_person, visible_person
from scenedex.persons.notices import PERSON_MERGED, PERSON_SPLIT
from scenedex.persons.records import PersonId
from scenedex.wire.errors import FieldProblem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.audit.actor import Actor
    from scenedex.db.database import Database, Transaction
    from scenedex.persons.records import ChosenAppearance
    from scenedex.workspaces.records import WorkspaceId


class Identities:
    """Identities in the database. A merge moves no data, so that it can be undone at any time.

    Each call raises `WorkspaceNotFound` if there is no such workspace that the caller may see, and `PersonNotFound` if
    one of the persons is not in it, or was deleted or merged into another.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def merge(self, actor: Actor, workspace_name: str, person_id: int, other_ids: Sequence[int]) -> Merge:
        """Merge other persons into this one, which keeps its name and description."""
        async with self._database.transaction() as tx:
            workspace, person = await visible_person(tx, actor, workspace_name, person_id, alone=True)
            others = await _other_persons(tx, workspace, other_ids)
            merge = await merge_persons(tx, actor, person, others)
            await record(tx, actor.entry, notice=merge_notice(person, others))
            return merge

    async def undo_merge(self, actor: Actor, workspace_name: str, person_id: int, merged_id: int) -> Split:
        """Undo the merge of a person into this one, directly or through others.

        Raises:
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
            taken = None if merged.name is None else await identity_queries.find_named(tx, workspace, merged.name)
            if taken is not None:
                raise SplitNameTaken(FieldProblem("mergedPersonId", f'person {taken} has the name "{merged.name}"'))
            await identity_queries.detach(tx, split)
            await identity_queries.restore_primary_thumbnails(tx, [person, split])
            await recount(tx, [person, split])
            count = await identity_queries.count_appearances(tx, split)
            of_split = EventDetails(name=merged.name, appearance_count=count)
            of_person = EventDetails(name=await identity_queries.name_of(tx, person))
            await note(tx, person, EventType.SPLIT, actor.user_name, other=split, details=of_split)
            await note(tx, split, EventType.SPLIT, actor.user_name, other=person, details=of_person)
            split_time = await identity_queries.touch(tx, [person, split], actor.user_name)
            subject = NoticeSubject(person_id=person, split_person_id=split)
            await record(tx, actor.entry, notice=Notice(PERSON_SPLIT, subject))
            return Split(person, split, merged.name, count, split_time)

    async def move(
        self,
        actor: Actor,
        workspace_name: str,
        person_id: int,
        chosen: Sequence[ChosenAppearance],
        target: int | str | None,
    ) -> Split:
        """Move appearances of a person to another one: by its id, or a new one of that name, anonymous with `None`.

        Raises:
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

    async def reject_persons(
        self, actor: Actor, workspace_name: str, person_id: int, other_ids: Sequence[int]
    ) -> PersonRejection:
        """Never match the person with one of these others again."""
        async with self._database.transaction() as tx:
            workspace, person = await visible_person(tx, actor, workspace_name, person_id, alone=True)
            rejection = await reject_pairs(tx, actor, person, await _other_persons(tx, workspace, other_ids))
            await record(tx, actor.entry)
            return rejection

    async def reject_appearances(
        self, actor: Actor, workspace_name: str, person_id: int, chosen: Sequence[ChosenAppearance]
    ) -> PersonRejection:
        """Move these appearances to new anonymous persons, one per asset, that are never matched with the person again.

        Raises:
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
            return PersonRejection(person, strangers, count, rejected_time)


async def merge_persons(tx: Transaction, actor: Actor, person: PersonId, others: Sequence[PersonId]) -> Merge:
    """Merge existing persons into another one. The persons of the workspace are locked."""
    absorbed = await identity_queries.to_absorb(tx, others)
    assets = await identity_queries.count_assets(tx, others)
    await identity_queries.merge(tx, person, others)
    await recount(tx, [person, *others])
    of_person = EventDetails(name=await identity_queries.name_of(tx, person))
    for one in absorbed:
        counts = EventDetails(name=one.name, asset_count=one.asset_count, thumbnail_count=one.thumbnail_count)
        await note(tx, one.person_id, EventType.MERGED, actor.user_name, other=person, details=of_person)
        await note(tx, person, EventType.MERGED, actor.user_name, other=one.person_id, details=counts)
    merged_time = await identity_queries.touch(tx, [person], actor.user_name)
    return Merge(person, assets, sum(one.thumbnail_count for one in absorbed), merged_time)


def merge_notice(person: PersonId, others: Sequence[PersonId]) -> Notice:
    """Return the notice of a merge of other persons into one."""
    return Notice(PERSON_MERGED, NoticeSubject(person_id=person, merged_person_ids=tuple(others)))


async def reject_pairs(tx: Transaction, actor: Actor, person: PersonId, others: Sequence[PersonId]) -> PersonRejection:
    """Never match an existing person with one of the others again. The persons of the workspace are locked."""
    await identity_queries.reject_persons(tx, person, others)
    for other in others:
        await note(tx, person, EventType.REJECTED, actor.user_name, other=other)
        await note(tx, other, EventType.REJECTED, actor.user_name, other=person)
    rejected_time = await identity_queries.touch(tx, [person], actor.user_name)
    return PersonRejection(person, [*others], 0, rejected_time)


async def _other_persons(tx: Transaction, workspace: WorkspaceId, person_ids: Sequence[int]) -> list[PersonId]:
    """Return the persons that a request names in ``personIds``, in one query."""
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
