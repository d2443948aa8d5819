"""Wire shapes of edits of an index."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta
from msgspec.structs import asdict, replace

from scenedex.index.scene_schemas import SCENE, ScenePersonObject, ScriptObject
from scenedex.wire import described
from scenedex.wire.envelope import Wire


class GivePerson(Wire, frozen=True, kw_only=True):
    """The other person, by id or by name."""

    person_id: Annotated[int, Meta(description="Another person of the workspace", examples=[13])] | None = None
    name: (
        Annotated[
            str,
            described.text(
                "Name of the person, without `;`, `|` and backticks. The person is created if the name is new",
                longest=50,
                pattern=described.NAME_PATTERN,
            ),
        ]
        | None
    ) = None


class CorrectScript(Wire, frozen=True, kw_only=True):
    """The correct text or speaker of a script. At least one is needed."""

    text: Annotated[str, described.text("Correct text in one line", longest=4000)] | None = None
    speaker: Annotated[
        Annotated[
            str,
            described.text(
                "Speaker of the index, or a new label, without `;`, `|` and backticks",
                longest=50,
                pattern=described.NAME_PATTERN,
            ),
        ]
        | None,
        Meta(examples=["Anchor"]),
    ] = None


class ChangeSpeaker(Wire, frozen=True, kw_only=True):
    """The label of a speaker, or the person. At least one is needed."""

    name: Annotated[
        Annotated[
            str,
            described.text(
                "Label, unique in the index, without `;`, `|` and backticks", longest=50, pattern=described.NAME_PATTERN
            ),
        ]
        | None,
        Meta(examples=["Anchor"]),
    ] = None
    person_id: (
        Annotated[int, Meta(description="ID of the person whose name replaces the label, or 0 to remove the link")]
        | None
    ) = None


class ScenePersonsObject(Wire, frozen=True, kw_only=True):
    """Persons in a scene after an edit."""

    scene_id: described.SceneId
    persons: Annotated[list[ScenePersonObject], Meta(description="Persons in the scene after the edit")]
    updated_time: described.UpdatedTime
    updated_user_name: described.UpdatedUserName


class EditedScriptObject(ScriptObject, frozen=True, kw_only=True):
    """A script after an edit."""

    updated_time: described.UpdatedTime
    updated_user_name: described.UpdatedUserName


class SpeakerObject(Wire, frozen=True, kw_only=True):
    """A speaker after an edit, as the index shows it. Labels that are shown by one name count together."""

    speaker: Annotated[str, Meta(description="Speaker as the index shows it")]
    person_id: Annotated[int, Meta(ge=1, description="ID of the person who is the speaker")] | None = None
    script_count: Annotated[int, Meta(ge=0, description="Number of lines of the speaker")]
    updated_time: described.UpdatedTime
    updated_user_name: described.UpdatedUserName


_TIME = "2025-04-23T17:20:54.120031"
GIVE_PERSON = GivePerson(name="Jane Doe")
CORRECT_SCRIPT = CorrectScript(text="Good morning from the harbour!")
CHANGE_SPEAKER = ChangeSpeaker(person_id=12)
SCENE_PERSONS = ScenePersonsObject(
    scene_id=SCENE.scene_id, persons=SCENE.persons, updated_time=_TIME, updated_user_name="username"
)
EDITED_SCRIPT = EditedScriptObject(
    **asdict(replace(SCENE.scripts[0], text="Good morning from the harbour!")),
    updated_time=_TIME,
    updated_user_name="username",
)
SPEAKER = SpeakerObject(
    speaker="Jane Doe", person_id=12, script_count=1, updated_time=_TIME, updated_user_name="username"
)
