"""Queries of searches, and answers about the scenes that are found."""

from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

import msgspec

from scenedex.client.answers import Answer, OpenEnum
from scenedex.client.index_answers import Appearance, ConfidenceLevel, Span

T = TypeVar("T")


class AssetType(StrEnum):
    """Type of an asset."""

    IMAGE = "IMAGE"
    VIDEO = "VIDEO"


class SearchExportFormat(StrEnum):
    """Format of exported scenes: a spreadsheet (CSV) or an edit (EDL, OTIO, FCPXML)."""

    CSV = "csv"
    EDL = "edl"
    OTIO = "otio"
    FCPXML = "fcpxml"


class Conditions(msgspec.Struct, Generic[T], frozen=True, kw_only=True, omit_defaults=True):
    """Conditions of a search. An empty tuple sets no condition.

    Attributes:
        must: values that a scene must all have.
        any: values of which a scene must have at least one.
        none: values that a scene must not have.
    """

    must: tuple[T, ...] = ()
    any: tuple[T, ...] = ()
    none: tuple[T, ...] = msgspec.field(default=(), name="not")


class SearchQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Query of a search by a text, by a picture or by conditions alone. None sets no condition.

    Attributes:
        text: text to find, 1-1000 characters.
        image: key of a picture for a search by similarity (see ``WorkspaceSearch.upload_picture``).
        persons: ids of persons in the scene.
        dialogues: lines of speech in the scene.
        level: minimum confidence of scenes. None uses the default of the service.
        project_ids: projects to search. None searches all projects, or those of ``asset_ids``.
        asset_ids: assets to search.
        asset_types: types of assets to search.
        modified_from: earliest change of an index, inclusive. A time without a zone is in the time zone that the
            service is configured for.
        modified_to: latest change of an index, inclusive.
    """

    text: str | None = None
    image: str | None = None
    persons: Conditions[int] | None = None
    dialogues: Conditions[str] | None = None
    level: ConfidenceLevel | None = None
    project_ids: tuple[int, ...] | None = None
    asset_ids: tuple[int, ...] | None = None
    asset_types: tuple[AssetType, ...] | None = None
    modified_from: datetime | None = None
    modified_to: datetime | None = None


class SearchStatus(OpenEnum):
    """State of a search."""

    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"

    @property
    def is_final(self) -> bool:
        """Return whether the search has ended."""
        return self not in {SearchStatus.RUNNING, SearchStatus.UNKNOWN}


class RequestedSearch(Answer, frozen=True, kw_only=True):
    """Answer to the request of a search."""

    search_id: str
    status: SearchStatus | None = None


class MatchKind(OpenEnum):
    """Kind of a match: a finding of the index, or a similarity of the picture or the meaning."""

    DIALOGUE = "DIALOGUE"
    TEXT = "TEXT"
    SUMMARY = "SUMMARY"
    KEYWORD = "KEYWORD"
    PERSON = "PERSON"
    PICTURE = "PICTURE"
    MEANING = "MEANING"
    UNKNOWN = "UNKNOWN"


class SearchMatch(Appearance, frozen=True, kw_only=True):
    """A part of a scene that answers a search.

    Attributes:
        text: line, text on screen, summary, keyword, name of a person or words of similar meaning. None for a picture
            or an anonymous person.
        engine: name, version and weights of the engine of the finding or of the compared vectors.
        script_id: id of a line in its index.
        speaker: name or label of the speaker of a line.
        bounding_box: place of a text on screen, as the service wrote it.
        category: category of a keyword.
        person_id: id of a person.
        thumbnail_url: URL of a picture of a person.
    """

    kind: MatchKind
    text: str | None = None
    engine: str | None = None
    script_id: int | None = None
    speaker: str | None = None
    bounding_box: object = None
    category: str | None = None
    person_id: int | None = None
    thumbnail_url: str | None = None


class HitPlace(Answer, frozen=True, kw_only=True):
    """An asset that contains the moment of a hit."""

    asset_id: int
    project_id: int | None = None
    file_name: str | None = None


class SearchHit(Span, frozen=True, kw_only=True):
    """A scene that was found.

    Attributes:
        asset_type: IMAGE or VIDEO.
        score: confidence, 0-100. None if the search has only conditions.
        keyframe_url: URL of a picture of the scene.
        moment_start_ms: start of the moment, the time of the scene at which most of the query is answered.
        moment_end_ms: end of the moment.
        moment_url: page of the asset in the console, opened at the moment.
        matches: parts of the scene that answer the search, best first.
        places: this asset, and further assets with the same bytes in which the moment was found.
    """

    asset_id: int
    project_id: int | None = None
    file_name: str | None = None
    asset_type: str | None = None
    index_id: int | str | None = None
    scene_id: int
    score: float | None = None
    keyframe_url: str | None = None
    moment_start_ms: int | None = None
    moment_end_ms: int | None = None
    moment_url: str | None = None
    matches: tuple[SearchMatch, ...] = ()
    places: tuple[HitPlace, ...] = ()


class Search(Answer, frozen=True, kw_only=True):
    """A search and, once it has completed, a page of its hits, best first. A running search has no totals.

    ``status_message`` is the reason of a failure, or a note about parts of the query that were ignored.
    """

    search_id: str
    status: SearchStatus
    status_message: str | None = None
    total_count: int | None = None
    total_page: int | None = None
    page_no: int | None = None
    page_size: int | None = None
    results: tuple[SearchHit, ...] = ()
