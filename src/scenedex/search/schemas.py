"""Wire shapes of searches."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from scenedex.index.scene_schemas import SCENE, KeywordObject, ScenePersonObject, ScreenTextObject, ScriptObject
from scenedex.index.schemas import INDEX
from scenedex.wire import described
from scenedex.wire.envelope import Wire

_MAX_PERSONS = 100
_MAX_DIALOGUES = 20
_DIALOGUES = "texts of 1-200 characters, whose words are said in sequence"

Level = Literal["LOW", "MEDIUM", "HIGH"]
AssetType = Literal["IMAGE", "VIDEO"]


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


class MatchesObject(Wire, frozen=True, kw_only=True):
    """Parts of the scene that match by words or persons. Matches by meaning are not listed."""

    keywords: Annotated[list[KeywordObject], Meta(description="Labels that match")]
    persons: Annotated[list[ScenePersonObject], Meta(description="Persons who match")]
    dialogues: Annotated[list[ScriptObject], Meta(description="Spoken lines that match")]
    texts: Annotated[list[ScreenTextObject], Meta(description="Texts on screen that match")]


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
    matches: Annotated[MatchesObject, Meta(description="Parts of the scene that match")]


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
            matches=MatchesObject(
                keywords=SCENE.keywords, persons=SCENE.persons, dialogues=SCENE.scripts, texts=SCENE.texts
            ),
        )
    ],
)
