"""How the fake service answers calls about searches, and about pictures to search with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import httpx2
import msgspec

from scenedex.client.answers import UploadAnswer, UploadStatus
from scenedex.client.errors import Detail
from scenedex.client.search_answers import (
    AssetType,
    RequestedSearch,
    Search,
    SearchExportFormat,
    SearchHit,
    SearchStatus,
)
from scenedex.client.testing.answering import attachment, no_such_route, page_of, positive, read, success
from scenedex.client.testing.catalogue import refuse
from scenedex.client.testing.searching import SearchBody, Searches, SearchState, check, hits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.client.testing.catalogue import Catalogue
    from scenedex.client.testing.people import People

LARGEST_PAGE: Final = 100


class _NewPicture(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    asset_type: AssetType
    asset_file_name: str


class _Picture(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    asset_key: str


@dataclass(frozen=True, slots=True)
class SearchRoutes:
    """The calls about searches."""

    catalogue: Catalogue
    searches: Searches

    def answer(
        self, request: httpx2.Request, workspace: str, people: People, segments: Sequence[str], body: bytes
    ) -> httpx2.Response:
        """One answer; ``segments`` are those of the path below the searches of a workspace."""
        match request.method, segments:
            case "POST", []:
                return success(self._begin(workspace, read(body, SearchBody)))
            case "GET", [search_id]:
                return success(self._look(request, search_id, self._state(workspace, search_id), people))
            case "GET", [search_id, "export"]:
                return self._export(request, self._state(workspace, search_id), people)
            case _:
                return no_such_route()

    def upload(self, request: httpx2.Request, path: str, body: bytes) -> httpx2.Response:
        """The answer to a step of the upload of a picture."""
        match request.method, path:
            case "POST", "/api/v1/query-assets/uploads/presigned-url":
                base_url = str(request.url.copy_with(raw_path=b"/")).rstrip("/")
                return success(self.catalogue.upload_ticket(base_url, read(body, _NewPicture).asset_file_name))
            case "POST", "/api/v1/query-assets/uploads/complete":
                key = read(body, _Picture).asset_key
                message = self._message(key)
                status = UploadStatus.FAILED if message else UploadStatus.COMPLETED
                return success(UploadAnswer(asset_key=key, upload_status=status, upload_message=message))
            case _:
                return no_such_route()

    def _begin(self, workspace: str, body: SearchBody) -> RequestedSearch:
        check(body)
        if body.query.image_query is not None and self._message(body.query.image_query):
            refuse(400, "10001", "Invalid Request.", Detail("imageQuery", "is not the key of a usable picture"))
        search_id = f"{next(self.catalogue.ids):020}"
        self.searches.states[search_id] = SearchState(workspace, body, self.catalogue.questions_until_done)
        return RequestedSearch(search_id=search_id, status=SearchStatus.RUNNING)

    def _state(self, workspace: str, search_id: str) -> SearchState:
        state = self.searches.states.get(search_id)
        if state is None or state.workspace != workspace:
            refuse(404, "40413", "There is no search of this id in the workspace, or its time is over.")
        return state

    def _look(self, request: httpx2.Request, search_id: str, state: SearchState, people: People) -> Search:
        """A search, which this question brings nearer to its end."""
        number = positive(request.url.params.get("pageNum", "1"), "pageNum")
        size = positive(request.url.params.get("pageSize", "50"), "pageSize")
        if size > LARGEST_PAGE:
            refuse(400, "10001", "Invalid Request.", Detail("pageSize", f"must be 1-{LARGEST_PAGE}"))
        if state.questions_left:
            state.questions_left -= 1
            return Search(search_id=search_id, status=SearchStatus.RUNNING)
        status, message = self.searches.ending, self.searches.status_message
        if status is not SearchStatus.COMPLETED:
            return Search(search_id=search_id, status=status, status_message=message)
        page = page_of(self._hits(state, people), SearchHit, number, size)
        return Search(
            search_id=search_id,
            status=status,
            status_message=message,
            total_count=page.total_count,
            total_page=page.total_page,
            page_no=page.page_no,
            page_size=page.page_size,
            results=page.content,
        )

    def _export(self, request: httpx2.Request, state: SearchState, people: People) -> httpx2.Response:
        """The hits as a file: its format, then asset and scene of each."""
        form = request.url.params.get("format", "")
        if form not in set(SearchExportFormat):
            refuse(400, "10001", "Invalid Request.", Detail("format", "is not a format"))
        if state.questions_left or self.searches.ending is not SearchStatus.COMPLETED:
            refuse(409, "40917", "The search has not completed.")
        lines = [form, *(f"{hit.asset_id} {hit.scene_id}" for hit in self._hits(state, people))]
        return attachment(f"search.{form}", "".join(f"{line}\n" for line in lines).encode())

    def _hits(self, state: SearchState, people: People) -> list[SearchHit]:
        return hits(self.catalogue.workspace(state.workspace), people, self.searches.alike, state.body)

    def _message(self, key: str) -> str | None:
        content = self.catalogue.uploads.get(key)
        return "FILE_NOT_EXIST" if content is None else self.searches.messages.get(content)
