"""Edits of indexes: persons in scenes, the text of scripts, and their speakers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from scenedex.assets.errors import AssetNotFound
from scenedex.assets.service import visible_asset
from scenedex.audit.service import record
from scenedex.index import edit_queries, finding_queries
from scenedex.index.errors import (
    IndexBeingSummarised,
    IndexNotReady,
    SceneNotFound,
    ScriptNotFound,
    SpeakerNameTaken,
    SpeakerNotFound,
)
from scenedex.index.records import Edited
from scenedex.index.search_entries import rewrite_scenes
from scenedex.persons.appearances import move_appearances
from scenedex.persons.errors import PersonNotFound
from scenedex.persons.identification import find_or_register
from scenedex.persons.lookup import existing_person
from scenedex.persons.records import ChosenAppearance, PersonId
from scenedex.wire.errors import FieldProblem, InvalidRequest
from scenedex.workspaces.locks import lock_persons
from scenedex.workspaces.records import WorkspaceId

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from scenedex.assets.records import AssetId
    from scenedex.audit.actor import Actor
    from scenedex.db.database import Database, Transaction
    from scenedex.index.records import IndexedPerson, IndexedScript, IndexedSpeaker


@dataclass(frozen=True, slots=True)
class AssetPath:
    """An asset, as a request names it."""

    workspace_name: str
    project_id: int
    asset_id: AssetId


@dataclass(frozen=True, slots=True)
class SpeakerLink:
    """Link of a speaker to a person, or its removal."""

    person_id: int | None


@dataclass(frozen=True, slots=True)
class _Edit:
    """An edit in progress. Its transaction has locked the index against other edits and analyses."""

    workspace_id: WorkspaceId
    asset_id: AssetId
    index_id: int
    user_name: str
    time: datetime


class EditLock(Protocol):
    """Knowledge of the slices above about work that an edit would falsify."""

    async def is_summarising(self, tx: Transaction, index_id: int) -> bool:
        """Return whether a scene summary of a locked index waits or runs."""
        ...


class IndexEdits:
    """Edits of indexes in the database.

    An edit is refused if an analysis replaces the index meanwhile, so that it changes only the index that it is for.
    Each may also raise `WorkspaceNotFound`, `ProjectNotFound`, `AssetNotFound`, `IndexNotReady` and
    `IndexBeingSummarised`.
    """

    def __init__(self, database: Database, lock: EditLock) -> None:
        self._database = database
        self._lock = lock

    async def give_person(
        self, actor: Actor, path: AssetPath, scene_id: int, person_id: int, to: int | str
    ) -> Edited[tuple[IndexedPerson, ...]]:
        """Give the appearances of a person in a scene to another person. Return the persons in the scene.

        ``to`` is the id or name of the other person. If no person has the name, one is created.

        Raises:
            SceneNotFound: the index has no such scene.
            PersonNotFound: the person is not in the scene, or the other person does not exist.
            InvalidRequest: both are the same person.
        """
        async with self._database.transaction() as tx:
            edit = await self._begin(tx, actor, path)
            if not await edit_queries.has_scene(tx, edit.index_id, scene_id):
                raise SceneNotFound(FieldProblem("scene_id", f"there is no scene {scene_id}"))
            source = await _seen(tx, edit, scene_id, person_id)
            target = await _target(tx, edit, to)
            if target == source:
                field = "personId" if isinstance(to, int) else "name"
                raise InvalidRequest(FieldProblem(field, "must be another person"))
            chosen = ChosenAppearance(edit.asset_id, scene_id)
            await move_appearances(tx, source, target, [chosen], edit.user_name)
            persons = await finding_queries.persons_of_scene(tx, edit.index_id, scene_id)
            return Edited(persons, edit.user_name, edit.time)

    async def correct_script(
        self, actor: Actor, path: AssetPath, script_id: int, *, text: str | None, speaker: str | None
    ) -> Edited[IndexedScript]:
        """Change the text or speaker of a script, if given. Return the script.

        A speaker is given by its shown name or by its label. Any other name is the label of another speaker.

        Raises:
            ScriptNotFound: the index has no such script.
        """
        async with self._database.transaction() as tx:
            edit = await self._begin(tx, actor, path)
            label = None
            if speaker is not None:
                known = _find(await edit_queries.speakers_of(tx, edit.index_id), speaker)
                label = speaker if known is None else known[0]
            former = await edit_queries.correct_script(tx, edit.index_id, script_id, text=text, label=label)
            script = await finding_queries.find_script(tx, edit.index_id, script_id)
            if former is None or script is None:
                raise ScriptNotFound(FieldProblem("script_id", f"there is no script {script_id}"))
            scene_id, former_label = former
            if label is not None:
                await edit_queries.unlink_silent_speaker(tx, edit.index_id, former_label)
            if text is not None:
                await rewrite_scenes(tx, edit.index_id, [scene_id])
            return Edited(script, edit.user_name, edit.time)

    async def change_speaker(
        self, actor: Actor, path: AssetPath, speaker: str, *, name: str | None, link: SpeakerLink | None
    ) -> Edited[IndexedSpeaker]:
        """Change the label of a speaker or its link to a person, if given. Return the speaker.

        The speaker is given by its shown name, else by its label. A label without a link removes the link.

        Raises:
            SpeakerNotFound: the index has no such speaker.
            SpeakerNameTaken: another speaker of the index has that label or shown name.
            PersonNotFound: the workspace has no such person.
        """
        async with self._database.transaction() as tx:
            edit = await self._begin(tx, actor, path)
            speakers = await edit_queries.speakers_of(tx, edit.index_id)
            labels = _find(speakers, speaker)
            if labels is None:
                raise SpeakerNotFound(FieldProblem("speaker", f"there is no speaker {speaker}"))
            if name is not None and _is_taken(speakers, name, by_others_than=labels):
                raise SpeakerNameTaken(FieldProblem("name", f"there is another speaker {name}"))
            person = None
            if link is not None and link.person_id is not None:
                person = await existing_person(tx, edit.workspace_id, link.person_id, "personId")
            await edit_queries.unlink_speaker(tx, edit.index_id, labels)
            if name is not None:
                await edit_queries.rename_speaker(tx, edit.index_id, labels, name)
                labels = (name,)
            if person is not None:
                await edit_queries.link_speaker(tx, edit.index_id, labels, person)
            after = await edit_queries.speakers_of(tx, edit.index_id)
            changed = next(one for one in after if labels[0] in one.labels)
            return Edited(changed, edit.user_name, edit.time)

    async def _begin(self, tx: Transaction, actor: Actor, path: AssetPath) -> _Edit:
        """Record an edit, and lock the asset, the persons of its workspace and its index."""
        asset = await visible_asset(tx, actor, path.workspace_name, path.project_id, path.asset_id)
        index_id = await edit_queries.current_index(tx, asset.asset_id)
        if index_id is None:
            raise IndexNotReady
        workspace = await edit_queries.lock_asset(tx, asset.asset_id)
        if workspace is None:
            raise AssetNotFound
        await lock_persons(tx, workspace)
        time = await edit_queries.record_edit(tx, index_id, actor.user_name)
        if time is None:
            raise IndexNotReady(FieldProblem("asset_id", "its index was replaced or removed meanwhile"))
        if await self._lock.is_summarising(tx, index_id):
            raise IndexBeingSummarised
        await record(tx, actor.entry)
        return _Edit(WorkspaceId(workspace), asset.asset_id, index_id, actor.user_name, time)


async def _seen(tx: Transaction, edit: _Edit, scene_id: int, person_id: int) -> PersonId:
    """Check that a person appears in a scene. Appearances of a deleted person can be given to another."""
    if not await edit_queries.has_person(tx, edit.index_id, scene_id, person_id):
        await existing_person(tx, edit.workspace_id, person_id)
        raise PersonNotFound(FieldProblem("person_id", f"person {person_id} does not appear in scene {scene_id}"))
    return PersonId(person_id)


async def _target(tx: Transaction, edit: _Edit, to: int | str) -> PersonId:
    if isinstance(to, int):
        return await existing_person(tx, edit.workspace_id, to, "personId")
    return await find_or_register(tx, edit.workspace_id, to, edit.user_name, edit.asset_id)


def _find(speakers: Sequence[IndexedSpeaker], name: str) -> Sequence[str] | None:
    """Return the labels of the speaker with a shown name, else the label of that name, else `None`."""
    for one in speakers:
        if one.speaker == name:
            return one.labels
    return (name,) if any(name in one.labels for one in speakers) else None


def _is_taken(speakers: Sequence[IndexedSpeaker], name: str, *, by_others_than: Sequence[str]) -> bool:
    """Return whether a speaker other than that with these labels has a name or label."""
    return any(
        name in set(one.labels).difference(by_others_than)
        or (one.speaker == name and not set(one.labels) & set(by_others_than))
        for one in speakers
    )
