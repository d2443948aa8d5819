"""Wire shapes of edits of an index."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta
from msgspec.structs import asdict, replace

from scenedex.index.schemas import INDEX, ScenePersonObject, ScriptObject
from scenedex.wire.envelope import Wire


class GivePerson(Wire, frozen=True, kw_only=True):
    """The other person, by id or by name."""

    person_id: Annotated[int, Meta(description="Another person of the workspace")] | None = None
    name: (
        Annotated[
            str,
            Meta(
                description="1-50 characters, none of ; | `; the person of this name, who is created if there is none"
            ),
        ]
        | None
    ) = None


class CorrectScript(Wire, frozen=True, kw_only=True):
    """The correct text or speaker of a script. At least one is needed."""

    text: Annotated[str, Meta(description="1-4000 characters in one line")] | None = None
    speaker: (
        Annotated[
            str, Meta(description="1-50 characters, none of ; | `; a speaker of the index, or one that it did not have")
        ]
        | None
    ) = None


class ChangeSpeaker(Wire, frozen=True, kw_only=True):
    """The label of a speaker, or the person. At least one is needed."""

    name: Annotated[str, Meta(description="1-50 characters, none of ; | `; unique in the index")] | None = None
    person_id: (
        Annotated[int, Meta(description="Person whose name the speaker is shown by, or 0 to remove the link")] | None
    ) = None


class ScenePersonsObject(Wire, frozen=True, kw_only=True):
    """Persons in a scene after an edit."""

    scene_id: int
    persons: list[ScenePersonObject]
    updated_time: str
    updated_user_name: str


class EditedScriptObject(ScriptObject, frozen=True, kw_only=True):
    """A script after an edit."""

    updated_time: str
    updated_user_name: str


class SpeakerObject(Wire, frozen=True, kw_only=True):
    """A speaker after an edit, as the index shows it. Labels that are shown by one name count together."""

    speaker: str
    person_id: Annotated[int, Meta(description="Who the speaker is")] | None = None
    script_count: int
    updated_time: str
    updated_user_name: str


_SCENE = INDEX.scenes[0]
_TIME = "2025-04-23T17:20:54.120031"
GIVE_PERSON = GivePerson(name="Jane Doe")
CORRECT_SCRIPT = CorrectScript(text="Good morning from the harbour!")
CHANGE_SPEAKER = ChangeSpeaker(person_id=12)
SCENE_PERSONS = ScenePersonsObject(
    scene_id=_SCENE.scene_id, persons=_SCENE.persons, updated_time=_TIME, updated_user_name="username"
)
EDITED_SCRIPT = EditedScriptObject(
    **asdict(replace(_SCENE.scripts[0], text="Good morning from the harbour!")),
    updated_time=_TIME,
    updated_user_name="username",
)
SPEAKER = SpeakerObject(
    speaker="Jane Doe", person_id=12, script_count=1, updated_time=_TIME, updated_user_name="username"
)
