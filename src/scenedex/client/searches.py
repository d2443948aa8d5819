"""Searches over the indexes of a workspace: request, wait, read the hits page by page, export."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.client.answers import UploadTicket
from scenedex.client.connection import Call, WorkspaceCalls, given, target
from scenedex.client.edits import query_of_handles
from scenedex.client.errors import SearchFailed
from scenedex.client.polling import wait
from scenedex.client.projects import Projects
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
from scenedex.client.uploads import upload_picture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from scenedex.client.edits import FrameRate, Handles

MAX_HIT_PAGE_SIZE: Final = 100
FIRST_POLL_S: Final = 0.02


class WorkspaceSearch(WorkspaceCalls):
    """Searches in one workspace. All methods raise NotFound if the workspace or search does not exist."""

    _path = ("assets", "search")

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
            InvalidRequest: the query is empty, or has an unusable picture.
        """
        if query.project_ids is None and query.asset_ids is None:
            projects = Projects(self.connection, self.workspace).list()
            query = msgspec.structs.replace(query, project_ids=tuple(project.project_id for project in projects))
        # An abandoned search does no harm, so the request is repeated if its answer is lost.
        return self._call("POST", RequestedSearch, body=_request(query)).search_id

    def get(self, search_id: str, page_num: int = 1, page_size: int = MAX_HIT_PAGE_SIZE) -> Search:
        """Return the state of a search and, once it has completed, one page of its hits. ``page_num`` counts from 1."""
        query = {"pageNum": page_num, "pageSize": page_size}
        return self._call("GET", Search, search_id, query=query)

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
        self,
        search_id: str,
        export_format: SearchExportFormat,
        *,
        frame_rate: FrameRate | None = None,
        handles: Handles | None = None,
    ) -> bytes:
        """Return all hits of a search as a file for other programs. Text is UTF-8.

        Args:
            search_id: id of the search.
            export_format: format of the file.
            frame_rate: frame rate of an edit. None is that of each media file.
            handles: time before and after each moment of an edit. None uses the default of the service.

        Raises:
            Conflict: the search has not completed.
        """
        query = {"format": export_format, "frameRate": frame_rate, **query_of_handles(handles)}
        return self.connection.file(Call("GET", self._target(search_id, "export", query=query)))

    def upload_picture(self, path: Path) -> str:
        """Upload a picture, wait for its check, and return its key for ``SearchQuery.image``.

        A picture is a JPG, PNG, WebP or HEIC of at most 5 MB, with at least 224 pixels on its shorter side.

        Raises:
            UploadFailed: the picture is refused.
            OSError: the file cannot be read.
        """
        new = {"assetType": AssetType.IMAGE, "assetFileName": path.name}
        return upload_picture(self.connection, target("query-assets", "uploads"), path, new, UploadTicket, "assetKey")


def _request(query: SearchQuery) -> dict[str, object]:
    words = given(
        textQuery=query.text,
        imageQuery=query.image,
        personQuery=None if query.persons == Conditions() else query.persons,
        dialogQuery=None if query.dialogues == Conditions() else query.dialogues,
    )
    scope = given(
        projectIds=query.project_ids,
        assetIds=query.asset_ids,
        assetTypes=query.asset_types,
        indexModifiedFrom=query.modified_from,
        indexModifiedTo=query.modified_to,
    )
    option = None if query.level is None else {"confidenceLevel": query.level}
    return given(query=words, queryOption=option, filter=scope)
