"""The verbs that change what an index says: whom a scene shows, what was said, and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenedex.assets.errors import AssetNotFound
from scenedex.assets.queries import naming
from scenedex.assets.service import visible_asset
from scenedex.audit.service import record
from scenedex.index import edit_queries, queries
from scenedex.index.errors import IndexNotReady, SceneNotFound, ScriptNotFound, SpeakerNameTaken, SpeakerNotFound
from scenedex.index.findable import Place
from scenedex.index.finding import forget_meaning, rewrite_words
from scenedex.index.records import Edited, IndexedScene
from scenedex.persons import identity_queries
from scenedex.persons.errors import PersonNotFound
from scenedex.persons.history import EventDetails, EventType, note
from scenedex.persons.lookup import existing_person
from scenedex.persons.queries import insert_person
from scenedex.persons.records import ChosenAppearance, PersonId
from scenedex.persons.splitting import move_appearances
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
    """The asset whose index is edited, as a request names it."""

    workspace_name: str
    project_id: int
    asset_id: AssetId


@dataclass(frozen=True, slots=True)
class Link:
    """Who a speaker is to be; None: nobody known."""

    person_id: int | None


@dataclass(frozen=True, slots=True)
class _Edit:
    """An edit that has begun: until its end nobody else edits or replaces the index."""

    workspace_id: WorkspaceId
    asset_id: AssetId
    index_id: int
    user_name: str
    time: datetime


class IndexEdits:
    """The edits of indexes in the database.

    An edit of an index that an analysis replaces meanwhile is refused, so that no edit meets another index than the
    one it was made for.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def give_person(
        self, actor: Actor, path: AssetPath, scene_id: int, person_id: int, to: int | str
    ) -> Edited[tuple[IndexedPerson, ...]]:
        """Let what a scene shows of a person be another person, given by id or name; who is seen in the scene then.

        Of a name that nobody has, a person is created.

        Raises:
            WorkspaceNotFound: there is no such workspace, or the caller may not see it.
            ProjectNotFound: there is no such project in it.
            AssetNotFound: there is no such asset in that.
            IndexNotReady: no analysis of it has completed.
            SceneNotFound: its index has no such scene.
            PersonNotFound: the scene does not show the person, or there is no other person of that id.
            InvalidRequest: both are the same person.
        """
        async with self._database.transaction() as tx:
            edit = await _begin(tx, actor, path)
            if not await edit_queries.has_scene(tx, edit.index_id, scene_id):
                raise SceneNotFound(FieldProblem("scene_id", f"there is no scene {scene_id}"))
            source = await _seen(tx, edit, scene_id, person_id)
            target = await _target(tx, edit, to)
            if target == source:
                field = "personId" if isinstance(to, int) else "name"
                raise InvalidRequest(FieldProblem(field, "must be another person"))
            chosen = ChosenAppearance(edit.asset_id, scene_id)
            await move_appearances(tx, source, target, [chosen], edit.user_name)
            await identity_queries.touch(tx, [source, target], edit.user_name)
            persons = await queries.persons_of_scene(tx, edit.index_id, scene_id)
            return Edited(persons, edit.user_name, edit.time)

    async def correct_script(
        self, actor: Actor, path: AssetPath, script_id: int, *, text: str | None, speaker: str | None
    ) -> Edited[IndexedScript]:
        """Another text or speaker for a line; None leaves it as it is. The line then.

        A speaker is one of the index by the name that it shows or by its label, else one that it did not have.

        Raises:
            WorkspaceNotFound: there is no such workspace, or the caller may not see it.
            ProjectNotFound: there is no such project in it.
            AssetNotFound: there is no such asset in that.
            IndexNotReady: no analysis of it has completed.
            ScriptNotFound: its index has no such line.
        """
        async with self._database.transaction() as tx:
            edit = await _begin(tx, actor, path)
            label = None
            if speaker is not None:
                known = _find(await edit_queries.speakers_of(tx, edit.index_id), speaker)
                label = speaker if known is None else known[0]
            former = await edit_queries.correct_script(tx, edit.index_id, script_id, text=text, label=label)
            script = await queries.find_script(tx, edit.index_id, script_id)
            if former is None or script is None:
                raise ScriptNotFound(FieldProblem("script_id", f"there is no script {script_id}"))
            if label is not None:
                await edit_queries.forget_silent_speaker(tx, edit.index_id, former)
            if text is not None:
                await _find_by_new_words(tx, edit, script_id)
            return Edited(script, edit.user_name, edit.time)

    async def change_speaker(
        self, actor: Actor, path: AssetPath, speaker: str, *, name: str | None, link: Link | None
    ) -> Edited[IndexedSpeaker]:
        """Another label for a speaker, or who that is; None leaves it as it is. The speaker then.

        A speaker that is given a label alone is shown by it, and nobody's any more.

        The speaker is found by the name that the index shows, else by the label beneath.

        Raises:
            WorkspaceNotFound: there is no such workspace, or the caller may not see it.
            ProjectNotFound: there is no such project in it.
            AssetNotFound: there is no such asset in that.
            IndexNotReady: no analysis of it has completed.
            SpeakerNotFound: its index has no such speaker.
            SpeakerNameTaken: another speaker of it has that label, or is shown by that name.
            PersonNotFound: there is no such person in the workspace.
        """
        async with self._database.transaction() as tx:
            edit = await _begin(tx, actor, path)
            speakers = await edit_queries.speakers_of(tx, edit.index_id)
            labels = _find(speakers, speaker)
            if labels is None:
                raise SpeakerNotFound(FieldProblem("speaker", f"there is no speaker {speaker}"))
            if name is not None and _is_taken(speakers, name, but=labels):
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


async def _begin(tx: Transaction, actor: Actor, path: AssetPath) -> _Edit:
    """Count an edit, and keep who is who, the asset and its index as they are until the end of the transaction."""
    asset = await visible_asset(tx, actor, path.workspace_name, path.project_id, path.asset_id)
    index_id = await edit_queries.current_index(tx, asset.asset_id)
    if index_id is None:
        raise IndexNotReady
    workspace = await edit_queries.hold_asset(tx, asset.asset_id)
    if workspace is None:
        raise AssetNotFound
    await lock_persons(tx, workspace)
    time = await edit_queries.note_edit(tx, index_id, actor.user_name)
    if time is None:
        raise IndexNotReady(FieldProblem("asset_id", "its index was replaced or removed meanwhile"))
    await record(tx, actor.entry)
    return _Edit(WorkspaceId(workspace), asset.asset_id, index_id, actor.user_name, time)


async def _find_by_new_words(tx: Transaction, edit: _Edit, script_id: int) -> None:
    """Let the scene of a line be found by what the line says."""
    scene_id = await edit_queries.scene_of_script(tx, edit.index_id, script_id)
    named = await naming(tx, edit.asset_id)
    if scene_id is None or named is None:
        return
    findings = await queries.findings_of(tx, queries.Wanted.scenes([(edit.index_id, scene_id)]))
    scene = findings.added_to(IndexedScene(scene_id, 0, 0, "", ()), (edit.index_id, scene_id))
    await rewrite_words(tx, edit.index_id, [scene], Place(*named))
    await forget_meaning(tx, edit.index_id, scene_id)


async def _seen(tx: Transaction, edit: _Edit, scene_id: int, person_id: int) -> PersonId:
    """The person in a scene. It may be one that was deleted: its label is still there, and may be somebody's."""
    if not await edit_queries.is_seen(tx, edit.index_id, scene_id, person_id):
        await existing_person(tx, edit.workspace_id, person_id)
        raise PersonNotFound(FieldProblem("person_id", f"person {person_id} is not seen in scene {scene_id}"))
    return PersonId(person_id)


async def _target(tx: Transaction, edit: _Edit, to: int | str) -> PersonId:
    if isinstance(to, int):
        return await existing_person(tx, edit.workspace_id, to, "personId")
    known = await identity_queries.find_named(tx, edit.workspace_id, to)
    if known is not None:
        return PersonId(known)
    person = await insert_person(tx, edit.workspace_id, edit.user_name, to)
    details = EventDetails(name=to, asset_id=edit.asset_id)
    await note(tx, person, EventType.REGISTERED, edit.user_name, details=details)
    return person


def _find(speakers: Sequence[IndexedSpeaker], name: str) -> tuple[str, ...] | None:
    """The labels that are shown by this name, else the label of this name; None: there is neither."""
    for one in speakers:
        if one.speaker == name:
            return one.labels
    return (name,) if any(name in one.labels for one in speakers) else None


def _is_taken(speakers: Sequence[IndexedSpeaker], name: str, *, but: Sequence[str]) -> bool:
    """Whether a name is shown for, or is the label of, another speaker than that with these labels."""
    return any(
        name in set(one.labels).difference(but) or (one.speaker == name and not set(one.labels) & set(but))
        for one in speakers
    )
