"""Calls that read indexes, and conversions to shapes of the wire."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
from litestar import get
from litestar.params import QueryParameter
from msgspec.structs import asdict

from scenedex.assets.errors import OF_ASSET
from scenedex.assets.links import Links
from scenedex.assets.routes import ASSET, asset_path
from scenedex.auth.caller import Caller
from scenedex.index.confidence import ConfidenceLevel
from scenedex.index.errors import IndexNotReady
from scenedex.index.records import AnalysisSetting, StageEngine
from scenedex.index.schemas import (
    INDEX,
    AnalysisSettingObject,
    AppearanceObject,
    AudioEffectObject,
    BoundingBoxObject,
    EngineObject,
    IndexHeadObject,
    IndexObject,
    KeywordObject,
    SceneObject,
    ScenePersonObject,
    ScreenTextObject,
    ScriptObject,
    ShotObject,
    SpanObject,
)
from scenedex.index.service import Indexes
from scenedex.wire.envelope import Envelope
from scenedex.wire.parsing import WireTime
from scenedex.wire.preconditions import Preconditions
from scenedex.wire.routing import AssetIdText, Injected, ProjectIdText, WorkspaceName, answers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scenedex.index.records import (
        Index,
        IndexedKeyword,
        IndexedPerson,
        IndexedScene,
        IndexedScript,
        IndexedShot,
        IndexedSound,
        IndexedText,
        IndexHead,
    )

ConfidenceLevelName = Annotated[
    Literal["LOW", "MEDIUM", "HIGH"],
    QueryParameter(
        name="confidence_level",
        description="LOW shows more and less certain keywords, HIGH fewer and surer.",
        schema_extra={"examples": ["MEDIUM"]},
    ),
]


@get(
    ASSET + "/index",
    tags=["index"],
    operation_id="getIndex",
    summary="Get the index of an asset",
    responses=answers(INDEX, *OF_ASSET, IndexNotReady),
)
async def get_index(  # noqa: PLR0913, PLR0917  # each part of its path and query
    indexes: Injected[Indexes],
    links: Injected[Links],
    caller: Injected[Caller],
    times: Injected[WireTime],
    base_url: Injected[str],
    preconditions: Injected[Preconditions],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    asset_id: AssetIdText,
    confidence_level: ConfidenceLevelName = "MEDIUM",
) -> Envelope[IndexObject]:
    """Return the latest analysis result. While another analysis runs, it is the former result."""
    path = asset_path(project_id, asset_id)
    level = ConfidenceLevel(confidence_level)
    on_revision = partial(preconditions.check, level, base_url, str(times.zone))
    index = await indexes.get(caller, workspace_name, *path, level, on_revision=on_revision)
    return Envelope(result=index_object(index, links, base_url, times))


def head_object(head: IndexHead, times: WireTime) -> IndexHeadObject:
    """Convert an index without its scenes."""
    return IndexHeadObject(
        index_id=head.index_id,
        type=head.type,
        created_time=times(head.created_time),
        created_user_name=head.created_user_name,
        updated_time=times(head.updated_time),
        updated_user_name=head.updated_user_name,
        analysis_setting=setting_object(
            msgspec.convert(head.options, AnalysisSetting), msgspec.convert(head.engines, list[StageEngine])
        ),
    )


def index_object(index: Index, links: Links, base_url: str, times: WireTime) -> IndexObject:
    """Convert an index, with URLs of its pictures."""
    urls = links.readable(sorted(set(_picture_keys(index))), base_url)
    scenes = [_scene(scene, urls) for scene in index.scenes]
    return IndexObject(**asdict(head_object(index.head, times)), scenes=scenes)


def setting_object(setting: AnalysisSetting, engines: Sequence[StageEngine] | None = None) -> AnalysisSettingObject:
    """Convert the options of an analysis."""
    return AnalysisSettingObject(
        analysis_engine="scenedex",
        **asdict(setting),
        engines=None if engines is None else msgspec.convert(engines, list[EngineObject], from_attributes=True),
    )


def _picture_keys(index: Index) -> Iterator[str]:
    for scene in index.scenes:
        yield scene.keyframe_key
        yield from (shot.keyframe_key for shot in scene.shots)
        yield from (person.thumbnail_key for person in scene.persons if person.thumbnail_key is not None)


def _scene(scene: IndexedScene, urls: Mapping[str, str]) -> SceneObject:
    return SceneObject(
        scene_id=scene.scene_id,
        start_time_ms=scene.start_ms,
        end_time_ms=scene.end_ms,
        keyframe_url=urls[scene.keyframe_key],
        shots=[_shot(shot, urls) for shot in scene.shots],
        persons=[scene_person_object(person, urls) for person in scene.persons],
        keywords=[keyword_object(keyword) for keyword in scene.keywords],
        texts=[text_object(text) for text in scene.texts],
        scripts=[script_object(script) for script in scene.scripts],
        audio_effects=[_sound(sound) for sound in scene.sounds],
    )


def _shot(shot: IndexedShot, urls: Mapping[str, str]) -> ShotObject:
    return ShotObject(
        shot_id=shot.shot_id, start_time_ms=shot.start_ms, end_time_ms=shot.end_ms, keyframe_url=urls[shot.keyframe_key]
    )


def scene_person_object(person: IndexedPerson, urls: Mapping[str, str]) -> ScenePersonObject:
    """Convert a person in a scene. ``urls`` has the URL of each key of a picture."""
    return ScenePersonObject(
        person_id=person.person_id,
        name=person.name,
        thumbnail_url=None if person.thumbnail_key is None else urls[person.thumbnail_key],
        appearances=[
            AppearanceObject(start_time_ms=seen.start_ms, end_time_ms=seen.end_ms, confidence=seen.confidence)
            for seen in person.appearances
        ],
    )


def keyword_object(keyword: IndexedKeyword) -> KeywordObject:
    """Convert a keyword."""
    return KeywordObject(
        keyword=keyword.keyword,
        category=keyword.category,
        confidence=keyword.confidence,
        appearances=[SpanObject(start_time_ms=start, end_time_ms=end) for start, end in keyword.appearances],
    )


def text_object(text: IndexedText) -> ScreenTextObject:
    """Convert a text on screen."""
    return ScreenTextObject(
        text=text.text,
        bounding_box=BoundingBoxObject(left=text.left, top=text.top, width=text.width, height=text.height),
        confidence=text.confidence,
        start_time_ms=text.start_ms,
        end_time_ms=text.end_ms,
    )


def script_object(script: IndexedScript) -> ScriptObject:
    """Convert a script."""
    return ScriptObject(
        script_id=script.script_id,
        speaker=script.speaker,
        speaker_person_id=script.speaker_person_id,
        text=script.text,
        confidence=script.confidence,
        start_time_ms=script.start_ms,
        end_time_ms=script.end_ms,
    )


def _sound(sound: IndexedSound) -> AudioEffectObject:
    return AudioEffectObject(
        type=sound.type, confidence=sound.confidence, start_time_ms=sound.start_ms, end_time_ms=sound.end_ms
    )


routes = [get_index]
