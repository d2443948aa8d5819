"""How the fake service corrects an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scenedex.client.index_answers import EditedPersons, EditedScript, EditedSpeaker, Index, ScenePerson, Script
from scenedex.client.testing.answering import no_such_route, positive, read, success
from scenedex.client.testing.catalogue import AssetState, refuse
from scenedex.client.testing.indexing import TIME, USER

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2

    from scenedex.client.testing.people import People


class _WhoItIs(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    person_id: int | None = None
    name: str | None = None


class _Correction(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    text: str | None = None
    speaker: str | None = None


class _WhoSpeaks(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    name: str | msgspec.UnsetType = msgspec.UNSET
    person_id: int | msgspec.UnsetType | None = msgspec.UNSET


def edit_index(people: People, state: AssetState, segments: list[str], body: bytes) -> httpx2.Response:
    """The answer to a correction; ``segments`` are those of the path below the index."""
    if state.index is None:
        refuse(409, "40905", "No analysis has completed.")
    match segments:
        case ["scenes", scene, "persons", person]:
            return success(_correct_person(people, state, positive(scene), positive(person), read(body, _WhoItIs)))
        case ["scripts", script]:
            return success(_correct_script(state, state.index, positive(script), read(body, _Correction)))
        case ["speakers", speaker]:
            return success(_change_speaker(people, state, state.index, speaker, read(body, _WhoSpeaks)))
        case _:
            return no_such_route()


def _correct_person(people: People, state: AssetState, scene_id: int, person_id: int, who: _WhoItIs) -> EditedPersons:
    asset_id = state.asset.asset_id
    source = people.state(person_id)
    if (asset_id, scene_id) not in people.person_places(source):
        refuse(404, "40407", "There is no person of this id in the workspace.")
    if who.person_id is not None:
        target = people.state(who.person_id)
    else:
        called = (other for other in people.existing() if other.name == who.name)
        target = next(called, None) or people.register(who.name, thumbnail_count=0)
    people.move(source, target, [(asset_id, scene_id)])
    present = (other for other in people.existing() if (asset_id, scene_id) in people.person_places(other))
    persons = tuple(ScenePerson(person_id=other.person_id, name=other.name) for other in present)
    return EditedPersons(scene_id=scene_id, persons=persons, updated_user_name=USER, updated_time=TIME)


def _correct_script(state: AssetState, index: Index, script_id: int, correction: _Correction) -> EditedScript:
    def corrected(line: Script) -> Script:
        changes = {name: value for name, value in msgspec.structs.asdict(correction).items() if value is not None}
        return msgspec.structs.replace(line, **changes)

    lines = _replace(state, index, lambda line: line.script_id == script_id, corrected)
    if not lines:
        refuse(404, "40411", "There is no line of this id in the index.")
    return EditedScript(**msgspec.structs.asdict(lines[0]), updated_user_name=USER, updated_time=TIME)


def _change_speaker(people: People, state: AssetState, index: Index, speaker: str, change: _WhoSpeaks) -> EditedSpeaker:
    person_id = change.person_id or None
    name = people.state(person_id).name if person_id else change.name or None

    def changed(line: Script) -> Script:
        return msgspec.structs.replace(line, speaker=name or speaker, speaker_person_id=person_id)

    lines = _replace(state, index, lambda line: line.speaker == speaker, changed)
    if not lines:
        refuse(404, "40412", "There is no speaker of this name in the index.")
    return EditedSpeaker(
        speaker=name or speaker,
        person_id=person_id,
        script_count=len(lines),
        updated_user_name=USER,
        updated_time=TIME,
    )


def _replace(
    state: AssetState, index: Index, is_meant: Callable[[Script], bool], change: Callable[[Script], Script]
) -> list[Script]:
    """Changes lines of the index and answers with them as they are then."""
    changed: list[Script] = []
    scenes = list(index.scenes)
    for number, scene in enumerate(scenes):
        scripts = [change(line) if is_meant(line) else line for line in scene.scripts]
        changed += [line for line, former in zip(scripts, scene.scripts, strict=True) if is_meant(former)]
        scenes[number] = msgspec.structs.replace(scene, scripts=tuple(scripts))
    state.index = msgspec.structs.replace(index, scenes=tuple(scenes))
    return changed
