"""Searches over the indexes of a workspace: ask, follow, read the hits page by page, take them elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec

from scenedex.client.connection import Call, Connection
from scenedex.client.errors import SearchFailed
from scenedex.client.index_answers import ConfidenceLevel, FrameRate
from scenedex.client.query_pictures import upload_query_picture
from scenedex.client.search_answers import (
    AssetType,
    Conditions,
    RequestedSearch,
    Search,
    SearchExportFormat,
    SearchHit,
    SearchQuery,
    SearchStatus,
)
from scenedex.client.targets import target
from scenedex.client.waiting import wait

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

T = TypeVar("T")

LARGEST_HIT_PAGE: Final = 100
FIRST_LOOK_S: Final = 0.02


class _Query(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    text_query: str | None = None
    image_query: str | None = None
    person_query: Conditions[int] | None = None
    dialog_query: Conditions[str] | None = None


class _Option(msgspec.Struct, frozen=True, rename="camel"):
    confidence_level: ConfidenceLevel


class _Filter(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    project_ids: tuple[int, ...] | None = None
    asset_ids: tuple[int, ...] | None = None
    asset_types: tuple[AssetType, ...] | None = None
    index_modified_from: datetime | None = None
    index_modified_to: datetime | None = None


class _Request(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    query: _Query
    query_option: _Option | None = None
    filter: _Filter


@dataclass(frozen=True, slots=True)
class WorkspaceSearch:
    """Searches in one workspace; the methods raise NotFound when there is no such workspace or search."""

    connection: Connection
    workspace: str

    def find(
        self, query: SearchQuery, *, timeout: float | None = None, page_size: int = LARGEST_HIT_PAGE
    ) -> Iterator[SearchHit]:
        """All scenes that answer a query, the surest first, fetched page by page (1-100 each) while they are read.

        Args:
            query: what is looked for.
            timeout: seconds to wait for the search; None waits as long as it takes.
            page_size: hits a page.

        Raises:
            InvalidRequest: the query is not one that can be answered.
            SearchFailed: the search failed, and why.
            WaitTimeout: the time is over.
        """
        yield from self.hits_from(self.wait(self.request(query), timeout=timeout, page_size=page_size))

    def request(self, query: SearchQuery) -> str:
        """Asks for a search and answers with its id, by which the hits are found for some time.

        Raises:
            InvalidRequest: there is nothing to look for, or no project or asset to look in, or a picture is of no use.
        """
        # A search that nobody comes back for does no harm, so one whose answer got lost is asked for again.
        return self.connection.ask(Call("POST", self._target(), _request(query)), RequestedSearch).search_id

    def get(self, search_id: str, page_num: int = 1, page_size: int = LARGEST_HIT_PAGE) -> Search:
        """How far a search is and, once it has completed, one page of its hits, counted from 1."""
        query = [("pageNum", page_num), ("pageSize", page_size)]
        return self.connection.ask(Call("GET", self._target(search_id, query=query)), Search)

    def wait(
        self,
        search_id: str,
        *,
        on_progress: Callable[[Search], None] | None = None,
        timeout: float | None = None,
        poll: float = 1.0,
        page_size: int = LARGEST_HIT_PAGE,
    ) -> Search:
        """Waits until a search has completed and answers with the first page of its hits.

        Args:
            search_id: the search.
            on_progress: hears of every answer.
            timeout: seconds to wait; None waits as long as it takes.
            poll: longest time between two questions, in seconds; the first ones come sooner after each other.
            page_size: hits a page.

        Raises:
            SearchFailed: the search failed; carries the last answer.
            WaitTimeout: the time is over.
        """
        search = wait(
            lambda: self.get(search_id, page_size=page_size),
            lambda answer: answer.status.is_final,
            on_progress,
            self.connection.clock,
            timeout=timeout,
            poll=poll,
            first_poll=FIRST_LOOK_S,
        )
        if search.status is not SearchStatus.COMPLETED:
            raise SearchFailed(search)
        return search

    def hits_from(self, page: Search) -> Iterator[SearchHit]:
        """The hits of a page and of all that follow it, which are fetched while they are read."""
        number, page_size = page.page_no or 1, page.page_size or LARGEST_HIT_PAGE
        while page.results:
            yield from page.results
            if page.total_page is not None and number >= page.total_page:
                return
            number += 1
            page = self.get(page.search_id, number, page_size)

    def export(self, search_id: str, form: SearchExportFormat, *, frame_rate: FrameRate | None = None) -> bytes:
        """All hits of a search as a file for other programs; text is UTF-8.

        Args:
            search_id: the search.
            form: what the file is.
            frame_rate: what EDL and OTIO count in; None leaves it to the service.

        Raises:
            Conflict: the search has not completed.
        """
        query = [("format", form.value)]
        if frame_rate is not None:
            query.append(("frameRate", frame_rate.value))
        return self.connection.file(Call("GET", self._target(search_id, "export", query=query)))

    def upload_picture(self, path: Path) -> str:
        """Sends a picture, waits until it was looked at, and answers with a key to search for its like.

        A picture is a JPG, PNG, WebP or HEIC of at most 5 MB, and at least 224 pixels on its shorter side.

        Raises:
            UploadFailed: the picture is of no use, and why.
            OSError: the file cannot be read.
        """
        return upload_query_picture(self.connection, path)

    def _target(self, *segments: str, query: Sequence[tuple[str, str | int]] = ()) -> str:
        return target("api", "v1", "workspaces", self.workspace, "assets", "search", *segments, query=query)


def _request(query: SearchQuery) -> _Request:
    return _Request(
        query=_Query(
            text_query=query.text,
            image_query=query.image,
            person_query=_asking(query.persons),
            dialog_query=_asking(query.dialogues),
        ),
        query_option=None if query.level is None else _Option(query.level),
        filter=_Filter(
            project_ids=query.project_ids,
            asset_ids=query.asset_ids,
            asset_types=query.asset_types,
            index_modified_from=query.modified_from,
            index_modified_to=query.modified_to,
        ),
    )


def _asking(conditions: Conditions[T] | None) -> Conditions[T] | None:
    return None if conditions == Conditions() else conditions
