"""Searches over the indexes of a workspace: request, wait, read the hits page by page, export."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec

from scenedex.client.answers import UploadAnswer, UploadTicket
from scenedex.client.connection import Call, Connection
from scenedex.client.errors import SearchFailed
from scenedex.client.index_answers import ConfidenceLevel, FrameRate
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
from scenedex.client.uploading import CompleteUpload, check_picture, send_file
from scenedex.client.waiting import wait

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

T = TypeVar("T")

MAX_HIT_PAGE_SIZE: Final = 100
FIRST_POLL_S: Final = 0.02


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


class _NewPicture(msgspec.Struct, frozen=True, rename="camel"):
    asset_type: AssetType
    asset_file_name: str


@dataclass(frozen=True, slots=True)
class WorkspaceSearch:
    """Searches in one workspace. All methods raise NotFound if the workspace or search does not exist."""

    connection: Connection
    workspace: str

    def find(
        self, query: SearchQuery, *, timeout: float | None = None, page_size: int = MAX_HIT_PAGE_SIZE
    ) -> Iterator[SearchHit]:
        """Run a search and iterate over its hits, best first. Pages are fetched on demand.

        Args:
            query: query of the search.
            timeout: maximum wait for the search in seconds. None waits without a limit.
            page_size: number of hits per page, 1-100.

        Raises:
            InvalidRequest: the query is not valid.
            SearchFailed: the search failed.
            WaitTimeout: the search did not end in time.
        """
        yield from self.hits_from(self.wait(self.request(query), timeout=timeout, page_size=page_size))

    def request(self, query: SearchQuery) -> str:
        """Request a search and return its id. Its hits are kept for a limited time.

        Raises:
            InvalidRequest: the query is empty, names neither projects nor assets, or has an unusable picture.
        """
        # An abandoned search does no harm, so the request is repeated if its answer is lost.
        return self.connection.result(Call("POST", self._target(), _request(query)), RequestedSearch).search_id

    def get(self, search_id: str, page_num: int = 1, page_size: int = MAX_HIT_PAGE_SIZE) -> Search:
        """Return the state of a search and, once it has completed, one page of its hits. ``page_num`` counts from 1."""
        query = [("pageNum", page_num), ("pageSize", page_size)]
        return self.connection.result(Call("GET", self._target(search_id, query=query)), Search)

    def wait(
        self,
        search_id: str,
        *,
        on_progress: Callable[[Search], None] | None = None,
        timeout: float | None = None,
        poll: float = 1.0,
        page_size: int = MAX_HIT_PAGE_SIZE,
    ) -> Search:
        """Wait until a search has completed and return the first page of its hits.

        Args:
            search_id: id of the search.
            on_progress: callback with every answer.
            timeout: maximum wait in seconds. None waits without a limit.
            poll: maximum interval between two requests, in seconds. The first intervals are shorter.
            page_size: number of hits per page.

        Raises:
            SearchFailed: the search failed. The error carries the last answer.
            WaitTimeout: the search did not end in time.
        """
        search = wait(
            lambda: self.get(search_id, page_size=page_size),
            lambda answer: answer.status.is_final,
            on_progress,
            self.connection.clock,
            timeout=timeout,
            poll=poll,
            first_poll=FIRST_POLL_S,
        )
        if search.status is not SearchStatus.COMPLETED:
            raise SearchFailed(search)
        return search

    def hits_from(self, page: Search) -> Iterator[SearchHit]:
        """Iterate over the hits of a page and of all later pages, which are fetched on demand."""
        number, page_size = page.page_no or 1, page.page_size or MAX_HIT_PAGE_SIZE
        while page.results:
            yield from page.results
            if page.total_page is not None and number >= page.total_page:
                return
            number += 1
            page = self.get(page.search_id, number, page_size)

    def export(
        self, search_id: str, export_format: SearchExportFormat, *, frame_rate: FrameRate | None = None
    ) -> bytes:
        """Return all hits of a search as a file for other programs. Text is UTF-8.

        Args:
            search_id: id of the search.
            export_format: format of the file.
            frame_rate: frame rate of EDL and OTIO. None uses the default of the service.

        Raises:
            Conflict: the search has not completed.
        """
        query = [("format", export_format.value)]
        if frame_rate is not None:
            query.append(("frameRate", frame_rate.value))
        return self.connection.file(Call("GET", self._target(search_id, "export", query=query)))

    def upload_picture(self, path: Path) -> str:
        """Upload a picture, wait for its check, and return its key for ``SearchQuery.image``.

        A picture is a JPG, PNG, WebP or HEIC of at most 5 MB, with at least 224 pixels on its shorter side.

        Raises:
            UploadFailed: the picture is refused.
            OSError: the file cannot be read.
        """
        uploads = ("api", "v1", "query-assets", "uploads")

        def open_upload() -> tuple[str, str]:
            new = _NewPicture(AssetType.IMAGE, path.name)
            call = Call("POST", target(*uploads, "presigned-url"), new, is_repeatable=False)
            ticket = self.connection.result(call, UploadTicket)
            return ticket.asset_file_key, ticket.presigned_upload_url

        key = send_file(self.connection, path, open_upload)
        # The service keeps the result of the check, so the request is repeated if its answer is lost or late.
        answer = self.connection.result(Call("POST", target(*uploads, "complete"), CompleteUpload(key)), UploadAnswer)
        check_picture(path, answer.upload_status, answer.upload_message)
        return key

    def _target(self, *segments: str, query: Sequence[tuple[str, str | int]] = ()) -> str:
        return target("api", "v1", "workspaces", self.workspace, "assets", "search", *segments, query=query)


def _request(query: SearchQuery) -> _Request:
    return _Request(
        query=_Query(
            text_query=query.text,
            image_query=query.image,
            person_query=_non_empty(query.persons),
            dialog_query=_non_empty(query.dialogues),
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


def _non_empty(conditions: Conditions[T] | None) -> Conditions[T] | None:
    return None if conditions == Conditions() else conditions
