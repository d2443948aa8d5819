"""Wire shapes of scenes, and of what is found in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from msgspec import Meta

from scenedex.wire import described
from scenedex.wire.envelope import Wire

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scenedex.index.records import (
        IndexedKeyword,
        IndexedPerson,
        IndexedScene,
        IndexedScript,
        IndexedShot,
        IndexedSound,
        IndexedText,
        IndexedWord,
    )


class ShotObject(Wire, frozen=True, kw_only=True):
    """An uncut run of frames."""

    shot_id: Annotated[int, Meta(ge=1, description="Shot ID, from 1 in each index")]
    start_time_ms: described.StartTimeMs
    end_time_ms: described.EndTimeMs
    keyframe_url: described.KeyframeUrl

    @classmethod
    def of(cls, shot: IndexedShot, urls: Mapping[str, str]) -> Self:
        """Convert a shot. ``urls`` has the URL of each key of a picture."""
        return cls(
            shot_id=shot.shot_id,
            start_time_ms=shot.start_ms,
            end_time_ms=shot.end_ms,
            keyframe_url=urls[shot.keyframe_key],
        )


class AppearanceObject(Wire, frozen=True, kw_only=True):
    """A time at which a person is visible."""

    start_time_ms: described.StartTimeMs
    end_time_ms: described.EndTimeMs
    confidence: described.Confidence


class ScenePersonObject(Wire, frozen=True, kw_only=True):
    """A person in a scene. An anonymous person has no name."""

    person_id: described.PersonId
    name: Annotated[str, Meta(description="Name of the person. An anonymous person has none")] | None = None
    thumbnail_url: Annotated[str, Meta(description="Presigned URL of the person's picture, a JPEG")] | None = None
    appearances: Annotated[list[AppearanceObject], Meta(description="Times at which the person is visible")]

    @classmethod
    def of(cls, person: IndexedPerson, urls: Mapping[str, str]) -> Self:
        """Convert a person in a scene. ``urls`` has the URL of each key of a picture."""
        return cls(
            person_id=person.person_id,
            name=person.name,
            thumbnail_url=None if person.thumbnail_key is None else urls[person.thumbnail_key],
            appearances=[
                AppearanceObject(start_time_ms=seen.start_ms, end_time_ms=seen.end_ms, confidence=seen.confidence)
                for seen in person.appearances
            ],
        )


class SpanObject(Wire, frozen=True, kw_only=True):
    """A range of time."""

    start_time_ms: described.StartTimeMs
    end_time_ms: described.EndTimeMs


class KeywordObject(Wire, frozen=True, kw_only=True):
    """A label of a scene."""

    keyword: Annotated[str, Meta(description="Label of the scene")]
    category: Annotated[str, Meta(description="Category of the label")]
    confidence: described.Confidence
    appearances: Annotated[list[SpanObject], Meta(description="Times to which the label applies")]

    @classmethod
    def of(cls, keyword: IndexedKeyword) -> Self:
        """Convert a keyword."""
        return cls(
            keyword=keyword.keyword,
            category=keyword.category,
            confidence=keyword.confidence,
            appearances=[SpanObject(start_time_ms=start, end_time_ms=end) for start, end in keyword.appearances],
        )


class BoundingBoxObject(Wire, frozen=True, kw_only=True):
    """Rectangle in fractions of the picture's width and height."""

    left: Annotated[float, Meta(ge=0, le=1, description="Left edge, as a fraction of the width")]
    top: Annotated[float, Meta(ge=0, le=1, description="Upper edge, as a fraction of the height")]
    width: Annotated[float, Meta(ge=0, le=1, description="Width, as a fraction of that of the picture")]
    height: Annotated[float, Meta(ge=0, le=1, description="Height, as a fraction of that of the picture")]


class ScreenTextObject(Wire, frozen=True, kw_only=True):
    """Text on screen."""

    text: Annotated[str, Meta(description="Text read on screen")]
    bounding_box: Annotated[BoundingBoxObject, Meta(description="Place of the text in the picture")]
    confidence: described.Confidence
    start_time_ms: described.StartTimeMs
    end_time_ms: described.EndTimeMs

    @classmethod
    def of(cls, text: IndexedText) -> Self:
        """Convert a text on screen."""
        return cls(
            text=text.text,
            bounding_box=BoundingBoxObject(left=text.left, top=text.top, width=text.width, height=text.height),
            confidence=text.confidence,
            start_time_ms=text.start_ms,
            end_time_ms=text.end_ms,
        )


class WordObject(Wire, frozen=True, kw_only=True):
    """A word of a spoken line."""

    text: Annotated[str, Meta(description="Word without surrounding spaces")]
    confidence: described.Confidence
    start_time_ms: described.StartTimeMs
    end_time_ms: described.EndTimeMs

    @classmethod
    def of(cls, word: IndexedWord) -> Self:
        """Convert a word."""
        return cls(text=word.text, confidence=word.confidence, start_time_ms=word.start_ms, end_time_ms=word.end_ms)


class ScriptObject(Wire, frozen=True, kw_only=True):
    """A spoken line of one speaker. Its id is unique in the index."""

    script_id: Annotated[int, Meta(ge=1, description="Script ID, unique in the index")]
    speaker: Annotated[str, Meta(description="Name or label of the speaker")]
    speaker_person_id: (
        Annotated[
            int, Meta(ge=1, description="ID of the speaking person, if a user linked one to the speaker", examples=[12])
        ]
        | None
    ) = None
    text: Annotated[str, Meta(description="Transcribed line")]
    confidence: described.Confidence
    start_time_ms: described.StartTimeMs
    end_time_ms: described.EndTimeMs
    rough: (
        Annotated[
            bool, Meta(description="True if many words are wrong. A correction removes the mark", examples=[True])
        ]
        | None
    ) = None
    words: (
        Annotated[list[WordObject], Meta(description="Words of the line by time. A corrected line has none")] | None
    ) = None
    audio_track: (
        Annotated[int, Meta(ge=1, description="Number of the sound track, if the file has several", examples=[2])]
        | None
    ) = None

    @classmethod
    def of(cls, script: IndexedScript) -> Self:
        """Convert a script."""
        return cls(
            script_id=script.script_id,
            speaker=script.speaker,
            speaker_person_id=script.speaker_person_id,
            text=script.text,
            confidence=script.confidence,
            start_time_ms=script.start_ms,
            end_time_ms=script.end_ms,
            rough=script.is_rough or None,
            words=[WordObject.of(word) for word in script.words] or None,
            audio_track=script.sound_track,
        )


class AudioEffectObject(Wire, frozen=True, kw_only=True):
    """A sound other than speech."""

    type: Annotated[Literal["APPLAUSE", "LAUGHTER", "BACKGROUND_MUSIC"], Meta(description="Kind of sound")]
    confidence: described.Confidence
    start_time_ms: described.StartTimeMs
    end_time_ms: described.EndTimeMs

    @classmethod
    def of(cls, sound: IndexedSound) -> Self:
        """Convert a sound."""
        return cls(type=sound.type, confidence=sound.confidence, start_time_ms=sound.start_ms, end_time_ms=sound.end_ms)


class SceneObject(Wire, frozen=True, kw_only=True):
    """Consecutive shots of one place and time."""

    scene_id: described.SceneId
    start_time_ms: described.StartTimeMs
    end_time_ms: described.EndTimeMs
    keyframe_url: described.KeyframeUrl
    shots: Annotated[list[ShotObject], Meta(description="Shots of the scene, which tile it")]
    persons: Annotated[list[ScenePersonObject], Meta(description="Persons seen in the scene")]
    keywords: Annotated[list[KeywordObject], Meta(description="Labels of the scene")]
    texts: Annotated[list[ScreenTextObject], Meta(description="Texts on screen")]
    scripts: Annotated[list[ScriptObject], Meta(description="Spoken lines, by time")]
    audio_effects: Annotated[list[AudioEffectObject], Meta(description="Sounds other than speech")]
    summary: (
        Annotated[str, Meta(description="Summary of the scene, once one has been made and has found words")] | None
    ) = None

    @classmethod
    def of(cls, scene: IndexedScene, urls: Mapping[str, str]) -> Self:
        """Convert a scene. ``urls`` has the URL of each key of a picture."""
        return cls(
            scene_id=scene.scene_id,
            start_time_ms=scene.start_ms,
            end_time_ms=scene.end_ms,
            keyframe_url=urls[scene.keyframe_key],
            shots=[ShotObject.of(shot, urls) for shot in scene.shots],
            persons=[ScenePersonObject.of(person, urls) for person in scene.persons],
            keywords=[KeywordObject.of(keyword) for keyword in scene.keywords],
            texts=[ScreenTextObject.of(text) for text in scene.texts],
            scripts=[ScriptObject.of(script) for script in scene.scripts],
            audio_effects=[AudioEffectObject.of(sound) for sound in scene.sounds],
            summary=None if scene.summary is None else scene.summary.text or None,
        )


_OBJECTS = "http://127.0.0.1:8600/objects"
_SIGNED = "?expires=1745428463&token=&signature=9f86d0818"
_KEYFRAME = f"{_OBJECTS}/assets/1001/index-77/1.jpg{_SIGNED}"
SCENE = SceneObject(
    scene_id=1,
    start_time_ms=0,
    end_time_ms=91565,
    keyframe_url=_KEYFRAME,
    shots=[ShotObject(shot_id=1, start_time_ms=0, end_time_ms=91565, keyframe_url=_KEYFRAME)],
    persons=[
        ScenePersonObject(
            person_id=12,
            name="Jane Doe",
            thumbnail_url=f"{_OBJECTS}/persons/12/1.jpg{_SIGNED}",
            appearances=[AppearanceObject(start_time_ms=1200, end_time_ms=8400, confidence=0.94)],
        )
    ],
    keywords=[
        KeywordObject(
            keyword="harbour",
            category="PLACE",
            confidence=0.81,
            appearances=[SpanObject(start_time_ms=0, end_time_ms=4000)],
        )
    ],
    texts=[
        ScreenTextObject(
            text="BUSAN",
            bounding_box=BoundingBoxObject(left=0.1, top=0.8, width=0.25, height=0.06),
            confidence=0.97,
            start_time_ms=500,
            end_time_ms=4000,
        )
    ],
    scripts=[
        ScriptObject(
            script_id=1,
            speaker="Speaker 1",
            text="Good morning from the harbour.",
            confidence=0.88,
            start_time_ms=1500,
            end_time_ms=3900,
            words=[
                WordObject(text="Good", confidence=0.94, start_time_ms=1500, end_time_ms=1760),
                WordObject(text="morning", confidence=0.97, start_time_ms=1760, end_time_ms=2240),
            ],
        )
    ],
    audio_effects=[AudioEffectObject(type="APPLAUSE", confidence=0.77, start_time_ms=8000, end_time_ms=9500)],
    summary="Jane Doe is seen at the harbour. She greets the viewers, and there is applause.",
)
