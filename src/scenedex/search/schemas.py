"""Wire shapes of searches."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from scenedex.index.schemas import INDEX, KeywordObject, ScenePersonObject, ScreenTextObject, ScriptObject
from scenedex.wire.envelope import Wire

_PERSONS = "at most 100 ids of persons"
_DIALOGUES = "at most 20 texts of 1-200 characters, whose words are said in sequence"

Level = Literal["LOW", "MEDIUM", "HIGH"]
AssetType = Literal["IMAGE", "VIDEO"]


class PersonQueryObject(Wire, frozen=True, kw_only=True):
    """Conditions on the persons in a scene."""

    must: Annotated[list[int], Meta(description=f"All of these are seen: {_PERSONS}")] | None = None
    any: Annotated[list[int], Meta(description=f"At least one of these is seen: {_PERSONS}")] | None = None
    not_: Annotated[list[int], Meta(description=f"None of these is seen: {_PERSONS}")] | None = msgspec.field(
        default=None, name="not"
    )


class DialogQueryObject(Wire, frozen=True, kw_only=True):
    """Conditions on the dialogue of a scene."""

    must: Annotated[list[str], Meta(description=f"All of these are said: {_DIALOGUES}")] | None = None
    any: Annotated[list[str], Meta(description=f"At least one of these is said: {_DIALOGUES}")] | None = None
    not_: Annotated[list[str], Meta(description=f"None of these is said: {_DIALOGUES}")] | None = msgspec.field(
        default=None, name="not"
    )


class QueryObject(Wire, frozen=True, kw_only=True):
    """Query: a text or a picture, or neither with at least one condition."""

    text_query: (
        Annotated[str, Meta(description="1-1000 characters. Words in double quotes are found in sequence.")] | None
    ) = None
    image_query: Annotated[str, Meta(description="assetFileKey of a completed query asset")] | None = None
    person_query: PersonQueryObject | None = None
    dialog_query: DialogQueryObject | None = None


class QueryOptionObject(Wire, frozen=True, kw_only=True):
    """Required confidence of hits."""

    confidence_level: Annotated[
        Level, Meta(description="LOW finds more scenes that are less certain, HIGH fewer that are more certain")
    ] = "MEDIUM"


class FilterObject(Wire, frozen=True, kw_only=True):
    """Scenes to search. projectIds or assetIds is required. A scene meets all given filters."""

    project_ids: Annotated[list[int], Meta(description="1-1000 ids of projects")] | None = None
    asset_ids: Annotated[list[int], Meta(description="1-1000 ids of assets")] | None = None
    asset_types: Annotated[list[AssetType], Meta(description="Types of assets, all by default")] | None = None
    index_modified_from: Annotated[str, Meta(description="ISO 8601: earliest modification of the index")] | None = None
    index_modified_to: Annotated[str, Meta(description="ISO 8601: latest modification of the index")] | None = None


class RequestSearch(Wire, frozen=True, kw_only=True):
    """Request to search."""

    query: QueryObject
    query_option: QueryOptionObject | None = None
    filter: FilterObject


class SearchStub(Wire, frozen=True, kw_only=True):
    """A requested search."""

    search_id: str
    status: Literal["RUNNING", "COMPLETED", "FAILED"]


class MatchesObject(Wire, frozen=True, kw_only=True):
    """Parts of the scene that match by words or persons. Matches by meaning are not listed."""

    keywords: list[KeywordObject]
    persons: list[ScenePersonObject]
    dialogues: list[ScriptObject]
    texts: list[ScreenTextObject]


class HitObject(Wire, frozen=True, kw_only=True):
    """A scene that was found."""

    asset_id: int
    project_id: int
    file_name: str
    asset_type: AssetType
    index_id: int
    scene_id: int
    start_time_ms: int
    end_time_ms: int
    score: (
        Annotated[
            float,
            Meta(ge=0, le=100, description="Certainty, 0-100, rounded down. Absent if there were only conditions."),
        ]
        | None
    ) = None
    keyframe_url: Annotated[str, Meta(description="Presigned URL of a JPEG")]
    matches: MatchesObject


class SearchObject(SearchStub, frozen=True, kw_only=True):
    """A search and, once it has completed, a page of its hits: highest scores first, then newest indexes."""

    status_message: Annotated[str, Meta(description="Reason of a failure, or what was not compared")] | None = None
    total_count: int | None = None
    total_page: int | None = None
    page_no: int | None = None
    page_size: int | None = None
    results: list[HitObject] | None = None


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
_SCENE = INDEX.scenes[0]
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
            scene_id=_SCENE.scene_id,
            start_time_ms=_SCENE.start_time_ms,
            end_time_ms=_SCENE.end_time_ms,
            score=91.27,
            keyframe_url=_SCENE.keyframe_url,
            matches=MatchesObject(
                keywords=_SCENE.keywords, persons=_SCENE.persons, dialogues=_SCENE.scripts, texts=_SCENE.texts
            ),
        )
    ],
)
