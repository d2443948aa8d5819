"""Wire shapes of searches."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from scenedex.index.schemas import INDEX, KeywordObject, ScenePersonObject, ScreenTextObject, ScriptObject
from scenedex.wire.envelope import Wire

_PERSONS = "at most 100 ids of persons"
_LINES = "at most 20 texts of 1-200 characters; the words of each are said one after another"

Level = Literal["LOW", "MEDIUM", "HIGH"]
AssetType = Literal["IMAGE", "VIDEO"]


class PersonQueryObject(Wire, frozen=True, kw_only=True):
    """Who is seen in a scene."""

    must: Annotated[list[int], Meta(description=f"All of these are seen; {_PERSONS}")] | None = None
    any: Annotated[list[int], Meta(description=f"At least one of these is seen; {_PERSONS}")] | None = None
    not_: Annotated[list[int], Meta(description=f"None of these is seen; {_PERSONS}")] | None = msgspec.field(
        default=None, name="not"
    )


class DialogQueryObject(Wire, frozen=True, kw_only=True):
    """What is said in a scene."""

    must: Annotated[list[str], Meta(description=f"All of these are said; {_LINES}")] | None = None
    any: Annotated[list[str], Meta(description=f"At least one of these is said; {_LINES}")] | None = None
    not_: Annotated[list[str], Meta(description=f"None of these is said; {_LINES}")] | None = msgspec.field(
        default=None, name="not"
    )


class QueryObject(Wire, frozen=True, kw_only=True):
    """What is looked for: a text or a picture, or neither with at least one condition."""

    text_query: (
        Annotated[str, Meta(description="1-1000 characters; words in double quotes stand one after another")] | None
    ) = None
    image_query: Annotated[str, Meta(description="assetFileKey of a completed query asset")] | None = None
    person_query: PersonQueryObject | None = None
    dialog_query: DialogQueryObject | None = None


class QueryOptionObject(Wire, frozen=True, kw_only=True):
    """How sure hits have to be."""

    confidence_level: Annotated[
        Level, Meta(description="LOW finds more and less certain scenes, HIGH fewer and surer ones")
    ] = "MEDIUM"


class FilterObject(Wire, frozen=True, kw_only=True):
    """Where to look; projectIds or assetIds is required, and a scene meets all that is given."""

    project_ids: Annotated[list[int], Meta(description="1-1000 ids of projects")] | None = None
    asset_ids: Annotated[list[int], Meta(description="1-1000 ids of assets")] | None = None
    asset_types: Annotated[list[AssetType], Meta(description="Kinds of assets; all if not given")] | None = None
    index_modified_from: (
        Annotated[str, Meta(description="ISO 8601; the index was made or changed then or later")] | None
    ) = None
    index_modified_to: (
        Annotated[str, Meta(description="ISO 8601; the index was made or changed then or before")] | None
    ) = None


class RequestSearch(Wire, frozen=True, kw_only=True):
    """A search."""

    query: QueryObject
    query_option: QueryOptionObject | None = None
    filter: FilterObject


class SearchStub(Wire, frozen=True, kw_only=True):
    """A search that was asked for."""

    search_id: str
    status: Literal["RUNNING", "COMPLETED", "FAILED"]


class MatchesObject(Wire, frozen=True, kw_only=True):
    """What of a scene answers the search by its words, or by who is seen; what is alike in meaning is not listed."""

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
            Meta(
                ge=0, le=100, description="How sure it is, 0-100, rounded down; absent where only conditions were given"
            ),
        ]
        | None
    ) = None
    keyframe_url: Annotated[str, Meta(description="Presigned URL of a JPEG")]
    matches: MatchesObject


class SearchObject(Wire, frozen=True, kw_only=True):
    """A search and, once it has completed, a page of its hits: the surest first, of equals the newest index."""

    search_id: str
    status: Literal["RUNNING", "COMPLETED", "FAILED"]
    status_message: Annotated[str, Meta(description="Why it failed, or what was left out of consideration")] | None = (
        None
    )
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
