"""Call that exports an index as a file, and conversion of indexes to the content of exports."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Literal

import msgspec
from litestar import MediaType, Response, get
from litestar.params import QueryParameter

from scenedex.assets.errors import OF_ASSET
from scenedex.assets.links import Links
from scenedex.assets.routes import ASSET, asset_path
from scenedex.auth.caller import Caller
from scenedex.exports.content import (
    NO_FACTS,
    AssetScenes,
    ExportedScene,
    ExportedShot,
    ExportedWord,
    FilmFacts,
    SceneFinding,
)
from scenedex.exports.routing import (
    ASSET_FORMATS,
    AssetFormatName,
    FileOperation,
    FrameRateOfEdit,
    HandleFrames,
    HandleSeconds,
    edit_options,
    file_answer,
)
from scenedex.exports.text import attachment
from scenedex.index.confidence import ConfidenceLevel
from scenedex.index.errors import IndexNotReady
from scenedex.index.ranges import ExportRange, index_within
from scenedex.index.records import StageEngine
from scenedex.index.routes import ConfidenceLevelName, index_object
from scenedex.index.schemas import INDEX, IndexObject
from scenedex.index.service import Indexes
from scenedex.wire.errors import FieldProblem, InvalidRequest
from scenedex.wire.parsing import WireTime
from scenedex.wire.routing import AssetIdText, Injected, ProjectIdText, WorkspaceName, answers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scenedex.assets.records import StoredMedia
    from scenedex.index.records import Index, IndexedScene


class ExportOperation(FileOperation):
    """OpenAPI description of the export of an index."""

    examples: ClassVar[Mapping[str, object]] = {
        "srt": "1\n00:00:01,500 --> 00:00:03,900\nGood morning from the harbour.\n\n",
        "vtt": "WEBVTT\n\n00:00:01.500 --> 00:00:03.900\n<v Speaker 1>Good morning from the harbour.\n",
        "chapters": "WEBVTT\n\n1\n00:00:00.000 --> 00:01:31.565\nJane Doe greets the viewers.\n",
        "csv": "kind,sceneId,id,startTimeMs,endTimeMs,text\r\nkeyword,1,,0,4000,harbour\r\n",
        "edl": "TITLE: sample-video\nFCM: NON-DROP FRAME\n\n"
        "001  SAMPLEVI AA/V  C        10:00:00:00 10:01:31:14 00:00:00:00 00:01:31:14\n",
        "otio": {"OTIO_SCHEMA": "Timeline.1", "name": "sample-video"},
        "fcpxml": '<fcpxml version="1.11"><resources/></fcpxml>',
    }
    has_json = True


_SPEECH: Final = "speech"  # name of the stage

FormatName = Annotated[
    Literal["json", AssetFormatName],
    QueryParameter(
        description="Format of the file. json has the content of the index call. chapters is WebVTT with summaries.",
        schema_extra={"examples": ["srt"]},
    ),
]
RangeStart = Annotated[
    int,
    QueryParameter(
        name="startTimeMs",
        ge=0,
        le=2**31,
        description="Start of the exported range in milliseconds. Findings that reach into the range stay whole.",
        schema_extra={"examples": [60_000]},
    ),
]
RangeEnd = Annotated[
    int | None,
    QueryParameter(
        name="endTimeMs",
        ge=1,
        le=2**31,
        description="End of the exported range in milliseconds. By default, the end of the asset.",
        schema_extra={"examples": [90_000]},
    ),
]


@get(
    ASSET + "/index/export",
    tags=["index"],
    operation_id="exportIndex",
    operation_class=ExportOperation,
    summary="Export the index of an asset as a file",
    responses=answers(INDEX, *OF_ASSET, IndexNotReady, shape=IndexObject),
)
async def export_index(  # noqa: PLR0913, PLR0917  # each part of its path and query
    indexes: Injected[Indexes],
    links: Injected[Links],
    caller: Injected[Caller],
    times: Injected[WireTime],
    base_url: Injected[str],
    workspace_name: WorkspaceName,
    project_id: ProjectIdText,
    asset_id: AssetIdText,
    format: FormatName,  # noqa: A002  # the wire's name, by which a refusal calls it
    confidence_level: ConfidenceLevelName = "MEDIUM",
    frameRate: FrameRateOfEdit = None,  # noqa: N803  # the wire's name
    handleSeconds: HandleSeconds = None,  # noqa: N803  # as above
    handleFrames: HandleFrames = None,  # noqa: N803  # as above
    start_time_ms: RangeStart = 0,
    end_time_ms: RangeEnd = None,
) -> Response[Any]:
    """Return the latest analysis result for other programs: subtitles, a spreadsheet or an edit."""
    path = asset_path(project_id, asset_id)
    options = edit_options(frameRate, handleSeconds, handleFrames, default_seconds=0)
    if end_time_ms is not None and end_time_ms <= start_time_ms:
        raise InvalidRequest(FieldProblem("endTimeMs", "must be after startTimeMs"))
    index = await indexes.get(caller, workspace_name, *path, ConfidenceLevel(confidence_level))
    if start_time_ms or end_time_ms is not None:
        index = index_within(index, ExportRange(start_time_ms, end_time_ms))
    if format == "json":
        document = msgspec.json.encode(index_object(index, links, base_url, times))
        headers = {"content-disposition": attachment(index.file_name, format)}
        return Response(document, media_type=MediaType.JSON, headers=headers)
    return await file_answer(ASSET_FORMATS[format], partial(asset_scenes, index), options, index.file_name)


def asset_scenes(index: Index) -> AssetScenes:
    """Convert an index."""
    head, media = index.head, index.media
    scenes = [exported_scene(scene) for scene in index.scenes]
    film = NO_FACTS if media is None else film_facts(media)
    engines = msgspec.convert(head.engines, list[StageEngine])
    speech = next((one for one in engines if one.stage == _SPEECH), None)
    parts = () if speech is None else (speech.name, speech.version, speech.weights)
    engine = " ".join(part for part in parts if part)
    return AssetScenes(head.asset_id, head.index_id, index.file_name, head.type, head.duration_ms, scenes, film, engine)


def film_facts(media: StoredMedia) -> FilmFacts:
    """Convert the facts about a media file. A film whose codecs are not known is taken for one with sound."""
    return FilmFacts(
        media.frame_rate,
        media.start_timecode,
        media.reel,
        media.video_codec is None or media.audio_codec is not None,
        media.width,
        media.height,
    )


def exported_scene(scene: IndexedScene) -> ExportedScene:
    """Convert a scene with its shots and findings."""
    shots = tuple(ExportedShot(shot.shot_id, shot.start_ms, shot.end_ms) for shot in scene.shots)
    return ExportedScene(scene.scene_id, scene.start_ms, scene.end_ms, shots, tuple(_findings(scene)))


def _findings(scene: IndexedScene) -> Iterator[SceneFinding]:
    for person in scene.persons:
        for seen in person.appearances:
            times = seen.start_ms, seen.end_ms, seen.confidence
            yield SceneFinding("person", *times, person.name or "", person.person_id)
    for keyword in scene.keywords:
        for start_ms, end_ms in keyword.appearances:
            label = keyword.keyword
            yield SceneFinding("keyword", start_ms, end_ms, keyword.confidence, label, category=keyword.category)
    for text in scene.texts:
        box = text.left, text.top, text.width, text.height
        yield SceneFinding("text", text.start_ms, text.end_ms, text.confidence, text.text, box=box)
    for line in scene.scripts:
        times = line.start_ms, line.end_ms, line.confidence
        yield SceneFinding(
            "script",
            *times,
            line.text,
            line.script_id,
            line.speaker,
            language=line.language,
            is_rough=line.is_rough,
            words=tuple(ExportedWord(word.text, word.start_ms, word.end_ms) for word in line.words),
        )
    for sound in scene.sounds:
        yield SceneFinding("audioEffect", sound.start_ms, sound.end_ms, sound.confidence, sound.type)
    if (summary := scene.summary) is not None and summary.text:
        yield SceneFinding("summary", scene.start_ms, scene.end_ms, None, summary.text, language=summary.locale)


routes = [export_index]
