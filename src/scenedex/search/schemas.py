"""Wire shapes of searches."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from scenedex.index.scene_schemas import SCENE, BoundingBoxObject
from scenedex.index.schemas import INDEX
from scenedex.wire import described
from scenedex.wire.deep_links import asset_link
from scenedex.wire.envelope import Wire

_MAX_PERSONS = 100
_MAX_DIALOGUES = 20
_DIALOGUES = "texts of 1-200 characters, whose words are said in sequence"

Level = Literal["LOW", "MEDIUM", "HIGH"]
AssetType = Literal["IMAGE", "VIDEO"]
MatchKindName = Literal["DIALOGUE", "TEXT", "SUMMARY", "KEYWORD", "PERSON", "PICTURE", "MEANING"]


class PersonQueryObject(Wire, frozen=True, kw_only=True):
    """Conditions on the persons in a scene."""

    must: Annotated[
        Annotated[list[int], described.items("All of these persons are in the scene", max_count=_MAX_PERSONS)] | None,
        Meta(examples=[[12]]),
    ] = None
    any: (
        Annotated[list[int], described.items("At least one of these persons is in the scene", max_count=_MAX_PERSONS)]
        | None
    ) = None
    not_: Annotated[
        Annotated[list[int], described.items("None of these persons is in the scene", max_count=_MAX_PERSONS)] | None,
        Meta(examples=[[14]]),
    ] = msgspec.field(default=None, name="not")


class DialogQueryObject(Wire, frozen=True, kw_only=True):
    """Conditions on the dialogue of a scene."""

    must: (
        Annotated[list[str], described.items(f"All of these are said: {_DIALOGUES}", max_count=_MAX_DIALOGUES)] | None
    ) = None
    any: Annotated[
        Annotated[list[str], described.items(f"At least one of these is said: {_DIALOGUES}", max_count=_MAX_DIALOGUES)]
        | None,
        Meta(examples=[["harbour", "ship"]]),
    ] = None
    not_: Annotated[
        Annotated[list[str], described.items(f"None of these is said: {_DIALOGUES}", max_count=_MAX_DIALOGUES)] | None,
        Meta(examples=[["advertisement"]]),
    ] = msgspec.field(default=None, name="not")


class QueryObject(Wire, frozen=True, kw_only=True):
    """Query: a text or a picture, or neither with at least one condition."""

    text_query: (
        Annotated[str, described.text("Text. Words in double quotes are found in sequence", longest=1000)] | None
    ) = None
    image_query: (
        Annotated[
            str,
            Meta(description="assetFileKey of a completed query asset", examples=["c3d90b1f7a2e4c56b8d7e6f5a4b3c2d1"]),
        ]
        | None
    ) = None
    person_query: Annotated[PersonQueryObject | None, Meta(description="Conditions on the persons")] = None
    dialog_query: Annotated[DialogQueryObject | None, Meta(description="Conditions on the dialogue")] = None


class QueryOptionObject(Wire, frozen=True, kw_only=True):
    """Required confidence of hits."""

    confidence_level: Annotated[
        Level,
        Meta(
            description="LOW finds more scenes that are less certain, HIGH fewer that are more certain",
            examples=["MEDIUM"],
        ),
    ] = "MEDIUM"


class FilterObject(Wire, frozen=True, kw_only=True):
    """Scenes to search. projectIds or assetIds is required. A scene meets all given filters."""

    project_ids: Annotated[list[int], described.items("Projects to search", max_count=1000)] | None = None
    asset_ids: Annotated[
        Annotated[list[int], described.items("Assets to search", max_count=1000)] | None, Meta(examples=[[1001, 1002]])
    ] = None
    asset_types: Annotated[list[AssetType], Meta(description="Types of assets, all by default")] | None = None
    index_modified_from: (
        Annotated[
            str, Meta(description="Earliest modification of the index, ISO 8601", examples=["2025-04-01T00:00:00"])
        ]
        | None
    ) = None
    index_modified_to: (
        Annotated[str, Meta(description="Latest modification of the index, ISO 8601", examples=["2025-04-30T23:59:59"])]
        | None
    ) = None


class RequestSearch(Wire, frozen=True, kw_only=True):
    """Request to search."""

    query: Annotated[QueryObject, Meta(description="Query of the search")]
    query_option: Annotated[QueryOptionObject | None, Meta(description="Required confidence of hits")] = None
    filter: Annotated[FilterObject, Meta(description="Filter of the search")]


class SearchStub(Wire, frozen=True, kw_only=True):
    """A requested search."""

    search_id: Annotated[str, Meta(pattern="^[A-Za-z0-9]{20}$", description="Search ID")]
    status: Annotated[Literal["RUNNING", "COMPLETED", "FAILED"], Meta(description="Status of the search")]


class MatchObject(Wire, frozen=True, kw_only=True):
    """A part of the scene that answers the search: a finding of the index, or a similarity to the query."""

    kind: Annotated[
        MatchKindName,
        Meta(
            description="DIALOGUE: a spoken line. TEXT: text on screen. SUMMARY: the summary of the scene. KEYWORD: a "
            "label. PERSON: an appearance of a person. PICTURE: a similar picture. MEANING: words of similar meaning"
        ),
    ]
    text: (
        Annotated[
            str,
            Meta(
                description="Line, text on screen, summary, keyword, name of the person or words of similar meaning. "
                "An anonymous person and a picture have none"
            ),
        ]
        | None
    ) = None
    start_time_ms: described.StartTimeMs
    end_time_ms: described.EndTimeMs
    confidence: Annotated[
        float, Meta(ge=0, le=1, description="Certainty of the engine, or score of the similarity, 0 to 1")
    ]
    engine: (
        Annotated[
            str, Meta(description="Engine of the finding or of the compared vectors: name, version and weights, if any")
        ]
        | None
    ) = None
    script_id: (
        Annotated[int, Meta(ge=1, description="Script ID of a line, unique in the index", examples=[1])] | None
    ) = None
    speaker: (
        Annotated[str, Meta(description="Name or label of the speaker of a line", examples=["Speaker 1"])] | None
    ) = None
    bounding_box: Annotated[BoundingBoxObject | None, Meta(description="Place of a text on screen in the picture")] = (
        None
    )
    category: Annotated[str, Meta(description="Category of a keyword", examples=["OBJECT"])] | None = None
    person_id: Annotated[int, Meta(ge=1, description="ID of a person", examples=[12])] | None = None
    thumbnail_url: (
        Annotated[
            str,
            Meta(
                description="Presigned URL of a person's picture, a JPEG",
                examples=["http://127.0.0.1:8600/objects/persons/12/1.jpg?expires=1745428463&token=&signature=9f86"],
            ),
        ]
        | None
    ) = None


class HitPlaceObject(Wire, frozen=True, kw_only=True):
    """An asset that contains the moment of a hit."""

    asset_id: described.AssetId
    project_id: described.ProjectId
    file_name: described.FileName


class HitObject(Wire, frozen=True, kw_only=True):
    """A scene that was found."""

    asset_id: described.AssetId
    project_id: described.ProjectId
    file_name: described.FileName
    asset_type: Annotated[AssetType, Meta(description="Type of the media asset")]
    index_id: described.IndexId
    scene_id: described.SceneId
    start_time_ms: described.StartTimeMs
    end_time_ms: described.EndTimeMs
    score: (
        Annotated[
            float,
            Meta(ge=0, le=100, description="Certainty, 0-100, rounded down. Absent if there were only conditions."),
        ]
        | None
    ) = None
    keyframe_url: described.KeyframeUrl
    moment_start_ms: Annotated[
        int, Meta(ge=0, description="Start of the moment, the time of the scene at which most of the query is answered")
    ]
    moment_end_ms: Annotated[int, Meta(ge=0, description="End of the moment in milliseconds, not included")]
    moment_url: Annotated[str, Meta(description="Page of the asset in the console, opened at the moment")]
    matches: Annotated[
        list[MatchObject],
        Meta(
            description="Parts of the scene that match, best first. Empty if only the file name matches. The moment is "
            "that of the first. A person or keyword has the time that coincides with most other matches"
        ),
    ]
    places: Annotated[
        list[HitPlaceObject],
        Meta(
            description="This asset, and further assets of the search whose bytes are the same and in which the moment "
            "was found. They are no hits of their own"
        ),
    ]


class SearchObject(SearchStub, frozen=True, kw_only=True):
    """A search and, once it has completed, a page of its hits: highest scores first, then newest indexes."""

    status_message: (
        Annotated[
            str,
            Meta(
                description="Reason of a failure, or what was not compared",
                examples=["2 scenes have no vector and were not compared by meaning"],
            ),
        ]
        | None
    ) = None
    total_count: described.TotalCount | None = None
    total_page: described.TotalPage | None = None
    page_no: described.PageNo | None = None
    page_size: described.PageSize | None = None
    results: Annotated[list[HitObject], Meta(description="Hits of the page")] | None = None


_SCRIPT = SCENE.scripts[0]
_SCREEN_TEXT = SCENE.texts[0]
_LINE = MatchObject(
    kind="DIALOGUE",
    text=_SCRIPT.text,
    start_time_ms=_SCRIPT.start_time_ms,
    end_time_ms=_SCRIPT.end_time_ms,
    confidence=_SCRIPT.confidence,
    engine="faster-whisper 1 whisper-base",
    script_id=_SCRIPT.script_id,
    speaker=_SCRIPT.speaker,
)
_TEXT = MatchObject(
    kind="TEXT",
    text=_SCREEN_TEXT.text,
    start_time_ms=_SCREEN_TEXT.start_time_ms,
    end_time_ms=_SCREEN_TEXT.end_time_ms,
    confidence=_SCREEN_TEXT.confidence,
    engine="rapidocr 1",
    bounding_box=_SCREEN_TEXT.bounding_box,
)
SEARCH_ID = "Tq3f8ZkLw0aN5xYbR7Vd"
REQUEST_SEARCH = RequestSearch(
    query=QueryObject(
        text_query="ship in the harbour",
        person_query=PersonQueryObject(any=[12]),
        dialog_query=DialogQueryObject(must=["good morning"]),
    ),
    query_option=QueryOptionObject(confidence_level="MEDIUM"),
    filter=FilterObject(project_ids=[5], asset_types=["VIDEO"]),
)
SEARCH_STUB = SearchStub(search_id=SEARCH_ID, status="RUNNING")
SEARCH = SearchObject(
    search_id=SEARCH_ID,
    status="COMPLETED",
    total_count=1,
    total_page=1,
    page_no=1,
    page_size=50,
    results=[
        HitObject(
            asset_id=1001,
            project_id=5,
            file_name="sample-video.mp4",
            asset_type="VIDEO",
            index_id=INDEX.index_id,
            scene_id=SCENE.scene_id,
            start_time_ms=SCENE.start_time_ms,
            end_time_ms=SCENE.end_time_ms,
            score=91.27,
            keyframe_url=SCENE.keyframe_url,
            moment_start_ms=_LINE.start_time_ms,
            moment_end_ms=_LINE.end_time_ms,
            moment_url=asset_link("http://127.0.0.1:8600", "newsroom", 1001, _LINE.start_time_ms),
            matches=[_LINE, _TEXT],
            places=[
                HitPlaceObject(asset_id=1001, project_id=5, file_name="sample-video.mp4"),
                HitPlaceObject(asset_id=1007, project_id=6, file_name="sample-video-copy.mp4"),
            ],
        )
    ],
)
