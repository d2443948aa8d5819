"""What a search asks for, and what the service says about the scenes that it finds."""

from datetime import datetime
from enum import StrEnum
from typing import Generic, Self, TypeVar

import msgspec

from scenedex.client.answers import Answer
from scenedex.client.index_answers import ConfidenceLevel, Keyword, ScenePerson, ScreenText, Script, Span

T = TypeVar("T")


class AssetType(StrEnum):
    """What an asset is."""

    IMAGE = "IMAGE"
    VIDEO = "VIDEO"


class SearchExportFormat(StrEnum):
    """What found scenes are exported as: a spreadsheet (CSV), or an edit of them (EDL, OTIO)."""

    CSV = "csv"
    EDL = "edl"
    OTIO = "otio"


class Conditions(msgspec.Struct, Generic[T], frozen=True, kw_only=True, omit_defaults=True):
    """What a scene must have, and must not; an empty tuple asks nothing.

    Attributes:
        must: all of these.
        any: at least one of these.
        none: none of these.
    """

    must: tuple[T, ...] = ()
    any: tuple[T, ...] = ()
    none: tuple[T, ...] = msgspec.field(default=(), name="not")


class SearchQuery(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for, and where: a text, or a picture, or conditions alone. What is None asks nothing.

    Attributes:
        text: what to find, 1-1000 characters.
        image: key of a picture whose like to find (see ``WorkspaceSearch.upload_picture``).
        persons: ids of who is seen.
        dialogues: what is said.
        level: LOW finds more and less certain scenes, HIGH fewer and surer ones; None leaves it to the service.
        project_ids: only in these projects; either this or the next is needed.
        asset_ids: only in these assets.
        asset_types: only in assets of these types.
        modified_from: only in indexes that were made or changed then or later; a time without a zone is in the
            time zone that the service is configured for.
        modified_to: only in indexes that were made or changed then or before.
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


class SearchStatus(StrEnum):
    """How far a search is; UNKNOWN stands for words that this SDK does not know."""

    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"

    @classmethod
    def _missing_(cls, value: object) -> Self:  # noqa: ARG003  # the protocol of enum passes the value
        return cls("UNKNOWN")

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen."""
        return self not in {SearchStatus.RUNNING, SearchStatus.UNKNOWN}


class RequestedSearch(Answer, frozen=True, kw_only=True):
    """The search that a request began."""

    search_id: str
    status: SearchStatus | None = None


class Matches(Answer, frozen=True, kw_only=True):
    """What of a scene answers a search by its words or by who is seen; what is only alike is not listed."""

    keywords: tuple[Keyword, ...] = ()
    persons: tuple[ScenePerson, ...] = ()
    dialogues: tuple[Script, ...] = ()
    texts: tuple[ScreenText, ...] = ()


class SearchHit(Span, frozen=True, kw_only=True):
    """A scene that was found.

    Attributes:
        asset_id: the asset.
        project_id: where the asset is.
        file_name: of the asset.
        asset_type: IMAGE or VIDEO.
        index_id: the index that the scene is of.
        scene_id: the scene.
        score: how sure it is, 0-100; None where only conditions were given.
        keyframe_url: address of a picture of the scene.
        matches: what answers the search.
    """

    asset_id: int
    project_id: int | None = None
    file_name: str | None = None
    asset_type: str | None = None
    index_id: int | str | None = None
    scene_id: int
    score: float | None = None
    keyframe_url: str | None = None
    matches: Matches = Matches()


class Search(Answer, frozen=True, kw_only=True):
    """A search and, once it has completed, a page of its hits, the surest first; until then there are no totals.

    ``status_message`` says why it failed, or what was left out of consideration.
    """

    search_id: str
    status: SearchStatus
    status_message: str | None = None
    total_count: int | None = None
    total_page: int | None = None
    page_no: int | None = None
    page_size: int | None = None
    results: tuple[SearchHit, ...] = ()
