"""Calls that edit an index."""

from __future__ import annotations

import re
from typing import Annotated, Any
from urllib.parse import unquote

import msgspec
from litestar import Request, patch
from litestar.params import PathParameter

from scenedex.assets.errors import OF_ASSET
from scenedex.assets.links import Links
from scenedex.assets.routes import ASSET, asset_path
from scenedex.audit.actor import Actor
from scenedex.audit.marks import event
from scenedex.index.edit_schemas import (
    CHANGE_SPEAKER,
    CORRECT_SCRIPT,
    EDITED_SCRIPT,
    GIVE_PERSON,
    SCENE_PERSONS,
    SPEAKER,
    ChangeSpeaker,
    CorrectScript,
    EditedScriptObject,
    GivePerson,
    ScenePersonsObject,
    SpeakerObject,
)
from scenedex.index.edits import AssetPath, IndexEdits, SpeakerLink
from scenedex.index.errors import (
    IndexBeingSummarised,
    IndexNotReady,
    SceneNotFound,
    ScriptNotFound,
    SpeakerNameTaken,
    SpeakerNotFound,
)
from scenedex.index.scene_schemas import ScenePersonObject, ScriptObject
from scenedex.persons.errors import PersonNotFound, SeenThereAlready
from scenedex.wire.envelope import Envelope
from scenedex.wire.errors import FieldProblem, InvalidRequest
from scenedex.wire.parsing import WireTime, check_label, parse_id
from scenedex.wire.routing import AssetIdText, Injected, ProjectIdText, WorkspaceName, answers, id_parameter, json_body

_MAX_NAME_LENGTH = 50
_MAX_TEXT_LENGTH = 4000
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")

SceneIdText = Annotated[str, id_parameter("Scene ID, an integer.", "1")]
ScriptIdText = Annotated[str, id_parameter("Script ID, an integer.", "1")]
PersonIdText = Annotated[str, id_parameter("Person ID, an integer.", "301")]
SpeakerName = Annotated[
    str,
    PathParameter(
        description="The speaker as the index shows it, or its label.", schema_extra={"examples": ["Speaker 1"]}
    ),
]


@patch(
    ASSET + "/index/scenes/{scene_id:str}/persons/{person_id:str}",
    tags=["index"],
    operation_id="giveScenePerson",
    summary="Correct a person in a scene",
    opt=event("Update Index Person"),
    responses=answers(
        SCENE_PERSONS, *OF_ASSET, SceneNotFound, PersonNotFound, SeenThereAlready, IndexNotReady, IndexBeingSummarised
    ),
)
async def give_scene_person(  # noqa: PLR0913, PLR0917  # each part of its path, and the body
    edits: Injected[IndexEdits],
    links: Injected[Links],
    actor: Injected[Actor],
    times: Injected[WireTime],
    base_url: Injected[str],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    asset_id: AssetIdText,
    scene_id: SceneIdText,
    person_id: PersonIdText,
    data: Annotated[GivePerson, json_body(GIVE_PERSON)],
) -> Envelope[ScenePersonsObject]:
    """Give the appearances of a person in a scene to another person. Later analyses do not confuse them there again."""
    path = AssetPath(workspace_name, *asset_path(project_id, asset_id))
    scene = parse_id("scene_id", scene_id)
    edited = await edits.give_person(actor, path, scene, parse_id("person_id", person_id), _other_person(data))
    keys = sorted({one.thumbnail_key for one in edited.result if one.thumbnail_key is not None})
    urls = links.readable(keys, base_url)
    return Envelope(
        result=ScenePersonsObject(
            scene_id=scene,
            persons=[ScenePersonObject.of(person, urls) for person in edited.result],
            updated_time=times(edited.time),
            updated_user_name=edited.user_name,
        )
    )


@patch(
    ASSET + "/index/scripts/{script_id:str}",
    tags=["index"],
    operation_id="correctScript",
    summary="Correct a script",
    opt=event("Update Index Script"),
    responses=answers(EDITED_SCRIPT, *OF_ASSET, ScriptNotFound, IndexNotReady, IndexBeingSummarised),
)
async def correct_script(
    edits: Injected[IndexEdits],
    actor: Injected[Actor],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    asset_id: AssetIdText,
    script_id: ScriptIdText,
    data: Annotated[CorrectScript, json_body(CORRECT_SCRIPT)],
) -> Envelope[EditedScriptObject]:
    """Correct the text or the speaker of a script, until the next analysis of the asset."""
    path = AssetPath(workspace_name, *asset_path(project_id, asset_id))
    if data.text is None and data.speaker is None:
        raise InvalidRequest(FieldProblem("body", "must have text or speaker"))
    text = None if data.text is None else _line(data.text)
    speaker = None if data.speaker is None else check_label("speaker", data.speaker, max_length=_MAX_NAME_LENGTH)
    edited = await edits.correct_script(actor, path, parse_id("script_id", script_id), text=text, speaker=speaker)
    return Envelope(
        result=EditedScriptObject(
            **msgspec.structs.asdict(ScriptObject.of(edited.result)),
            updated_time=times(edited.time),
            updated_user_name=edited.user_name,
        )
    )


@patch(
    ASSET + "/index/speakers/{speaker:path}",
    tags=["index"],
    operation_id="changeSpeaker",
    summary="Rename a speaker, or link it to a person",
    opt=event("Update Index Speaker"),
    responses=answers(
        SPEAKER, *OF_ASSET, SpeakerNotFound, PersonNotFound, IndexNotReady, IndexBeingSummarised, SpeakerNameTaken
    ),
)
async def change_speaker(
    request: Request[Any, Any, Any],
    edits: Injected[IndexEdits],
    actor: Injected[Actor],
    times: Injected[WireTime],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    asset_id: AssetIdText,
    speaker: SpeakerName,
    data: Annotated[ChangeSpeaker, json_body(CHANGE_SPEAKER)],
) -> Envelope[SpeakerObject]:
    """Rename a speaker in all scripts of the index, or show the speaker by the name of a person."""
    path = AssetPath(workspace_name, *asset_path(project_id, asset_id))
    if data.name is None and data.person_id is None:
        raise InvalidRequest(FieldProblem("body", "must have name or personId"))
    name = None if data.name is None else check_label("name", data.name, max_length=_MAX_NAME_LENGTH)
    link = None if data.person_id is None else SpeakerLink(data.person_id or None)
    edited = await edits.change_speaker(actor, path, _as_sent(request, speaker), name=name, link=link)
    shown = edited.result
    return Envelope(
        result=SpeakerObject(
            speaker=shown.speaker,
            person_id=shown.person_id,
            script_count=shown.script_count,
            updated_time=times(edited.time),
            updated_user_name=edited.user_name,
        )
    )


def _other_person(data: GivePerson) -> int | str:
    if data.name is not None and data.person_id is None:
        return check_label("name", data.name, max_length=_MAX_NAME_LENGTH)
    if data.person_id is not None and data.name is None:
        return data.person_id
    raise InvalidRequest(FieldProblem("body", "must have either personId or name"))


def _line(text: str) -> str:
    if not any(character.isprintable() and not character.isspace() for character in text):
        raise InvalidRequest(FieldProblem("text", "must not be blank"))
    if len(text) > _MAX_TEXT_LENGTH:
        raise InvalidRequest(FieldProblem("text", f"must be at most {_MAX_TEXT_LENGTH} characters long"))
    if _CONTROL.search(text):
        raise InvalidRequest(FieldProblem("text", "must not contain line breaks or control characters"))
    return text


def _as_sent(request: Request[Any, Any, Any], speaker: str) -> str:
    """Return the name from the request line. The framework removes slashes at its ends."""
    raw: bytes = request.scope["raw_path"]
    name = raw.partition(b"/index/speakers/")[2]
    return unquote(name) if name else speaker.lstrip("/")


routes = [give_scene_person, correct_script, change_speaker]
