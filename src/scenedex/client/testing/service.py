"""The fake service as a transport: faults, signature, routes."""

from __future__ import annotations

import hmac
import itertools
import time
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

import httpx2
import msgspec

from scenedex.client.answers import Answer, Asset, ProjectList, Registration, Workspace
from scenedex.client.audit import AuditEvent
from scenedex.client.index_answers import AnalysisOptions, AnalysisStatus
from scenedex.client.testing.answering import (
    Body,
    attached,
    gateway_refusal,
    needed,
    no_such_route,
    page,
    positive,
    read,
    service_refusal,
    success,
)
from scenedex.client.testing.catalogue import AssetState, Catalogue, RefusedError, refuse
from scenedex.client.testing.index_edits import edit_index
from scenedex.client.testing.people import People
from scenedex.client.testing.person_routes import PersonRoutes
from scenedex.client.testing.search_routes import SearchRoutes
from scenedex.client.testing.searching import Searches

if TYPE_CHECKING:
    from collections.abc import Callable

    from scenedex.client.signing import Credentials

LONGEST_CLOCK_DIFFERENCE_S: Final = 300.0
_ROOT: Final = "/api/v1/workspaces"


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it arrived: ``target`` is the raw path and query."""

    method: str
    target: str
    body: bytes


class _Moved(Answer, frozen=True, kw_only=True):
    """The answer to a move, in the spelling of the vendor's example."""

    video_id: int
    video_name: str | None
    project_id: int | None
    key: str | None


class FakeService(httpx2.BaseTransport):
    """Answers like the service, out of memory.

    Attributes:
        received: every request, in order, refused ones too.
        faults: answers to give, or errors to raise, in place of the next answers.
        catalogue: what the service holds; ``catalogue.objects`` is what its buckets hold.
        people: the persons of each workspace.
        searches: the searches, and what tests say of them.
        audit_events: what the audit log says, the latest first.
    """

    def __init__(
        self,
        credentials: Credentials,
        *,
        now: Callable[[], float] = time.time,
        questions_until_done: int = 1,
    ) -> None:
        self._credentials = credentials
        self._now = now
        self.received: list[Received] = []
        self.faults: deque[httpx2.Response | Exception] = deque()
        self.catalogue = Catalogue(questions_until_done, {}, {}, {}, itertools.count(1001))
        self.people: defaultdict[str, People] = defaultdict(lambda: People(self.catalogue.ids))
        self.searches = Searches()
        self.audit_events: list[AuditEvent] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """One answer; raises a fault that is queued as an exception."""
        body = request.read()
        target = request.url.raw_path.decode("ascii")
        self.received.append(Received(request.method, target, body))
        if self.faults:
            fault = self.faults.popleft()
            if isinstance(fault, Exception):
                raise fault
            return fault
        try:
            if request.method == "PUT":
                self.catalogue.store_upload(request.url.path.rpartition("/")[2], body)
                return httpx2.Response(200)
            if not self._is_signed(request, target):
                return gateway_refusal(401, "200", "Authentication Failed", "Invalid authentication information.")
            return self._route(request, body)
        except RefusedError as error:
            return service_refusal(error.refusal)

    def _is_signed(self, request: httpx2.Request, target: str) -> bool:
        timestamp = request.headers.get("x-ncp-apigw-timestamp", "")
        if not timestamp.isdecimal() or abs(int(timestamp) / 1000 - self._now()) > LONGEST_CLOCK_DIFFERENCE_S:
            return False
        expected = self._credentials.headers(request.method, target, int(timestamp))
        return all(
            hmac.compare_digest(request.headers.get(name, "").encode(), value.encode())
            for name, value in expected.items()
        )

    def _route(self, request: httpx2.Request, body: bytes) -> httpx2.Response:
        raw = request.url.raw_path.decode("ascii").partition("?")[0]
        if not raw.startswith(_ROOT):
            is_audit = raw == "/api/v1/audit-events"
            uploads = SearchRoutes(self.catalogue, self.searches)
            return self._audit_log(request) if is_audit else uploads.upload(request, raw, body)
        segments = [unquote(segment) for segment in raw.removeprefix(_ROOT).split("/")[1:]]
        match segments:
            case [] | [_]:
                return self._workspaces(request, segments, body)
            case [workspace, "projects"]:
                return self._projects(request, workspace, body)
            case [workspace, "projects", project]:
                return self._project(request, workspace, positive(project), body)
            case [workspace, "projects", project, "assets", *rest]:
                return self._assets(request, workspace, positive(project), rest, body)
            case _:
                return self._of_workspace(request, segments[0], segments[1:], body)

    def _audit_log(self, request: httpx2.Request) -> httpx2.Response:
        asked = request.url.params
        found = [
            event
            for event in self.audit_events
            if all(
                asked.get(name) in {None, value}
                for name, value in (
                    ("userName", event.user_name),
                    ("event", event.event),
                    ("workspaceName", event.workspace_name),
                )
            )
            and asked.get("from", "") <= event.event_time.isoformat() < asked.get("to", "9999")
        ]
        return success(page(request, found, AuditEvent))

    def _of_workspace(self, request: httpx2.Request, workspace: str, rest: list[str], body: bytes) -> httpx2.Response:
        self.catalogue.workspace(workspace)
        people = self.people[workspace]
        match rest:
            case ["assets", "search", *search]:
                return SearchRoutes(self.catalogue, self.searches).answer(request, workspace, people, search, body)
            case _:
                return PersonRoutes(self.catalogue, people).answer(request, rest, body)

    def _workspaces(self, request: httpx2.Request, names: list[str], body: bytes) -> httpx2.Response:
        catalogue = self.catalogue
        match request.method, names:
            case "GET", []:
                return success(page(request, [state.workspace for state in catalogue.workspaces.values()], Workspace))
            case "POST", []:
                given = read(body, Body)
                return success(catalogue.create_workspace(needed(given.workspace_name), given.bucket_name))
            case "GET", [name]:
                return success(catalogue.workspace(name).workspace)
            case "DELETE", [name]:
                catalogue.workspace(name)
                del catalogue.workspaces[name]
                self.people.pop(name, None)
                return success({"workspaceName": name})
            case _:
                return no_such_route()

    def _projects(self, request: httpx2.Request, workspace: str, body: bytes) -> httpx2.Response:
        if request.method == "POST":
            return success(self.catalogue.create_project(workspace, needed(read(body, Body).name)))
        return success(ProjectList(projects=tuple(self.catalogue.workspace(workspace).projects.values())))

    def _project(self, request: httpx2.Request, workspace: str, project_id: int, body: bytes) -> httpx2.Response:
        catalogue = self.catalogue
        if request.method == "GET":
            return success(catalogue.project(workspace, project_id))
        project = catalogue.editable_project(workspace, project_id)
        projects = catalogue.workspace(workspace).projects
        if request.method == "PATCH":
            projects[project_id] = msgspec.structs.replace(project, name=needed(read(body, Body).name))
            return success(projects[project_id])
        del projects[project_id]
        return success()

    def _assets(
        self,
        request: httpx2.Request,
        workspace: str,
        project_id: int,
        rest: list[str],
        body: bytes,
    ) -> httpx2.Response:
        catalogue = self.catalogue
        match request.method, rest:
            case "GET", []:
                catalogue.project(workspace, project_id)
                states = catalogue.workspace(workspace).assets.values()
                assets = [state.asset for state in states if state.asset.project_id == project_id]
                return success(page(request, assets, Asset))
            case "POST", ["import", "object-storage"]:
                given = read(body, Body)
                key = needed(given.key)
                found = catalogue.objects.get((needed(given.bucket_name), key))
                return success(_registration(catalogue.register(workspace, project_id, key, found)))
            case "POST", ["uploads", "presigned-url"]:
                base_url = str(request.url.copy_with(raw_path=b"/")).rstrip("/")
                return success(catalogue.upload_ticket(base_url, needed(read(body, Body).asset_file_name)))
            case "POST", ["uploads", "complete"]:
                key = needed(read(body, Body).asset_key)
                return success(catalogue.complete_upload(workspace, project_id, key))
            case _, [asset, *verb]:
                state = catalogue.asset(workspace, project_id, positive(asset))
                return self._asset(request, workspace, state, verb, body)
            case _:
                return no_such_route()

    def _asset(
        self,
        request: httpx2.Request,
        workspace: str,
        state: AssetState,
        verb: list[str],
        body: bytes,
    ) -> httpx2.Response:
        match request.method, verb:
            case "GET", []:
                return success(state.asset)
            case "GET", ["import-status"]:
                status = self.catalogue.import_status(state)
                state.asset = msgspec.structs.replace(state.asset, meta_data=status.meta_data)
                return success(status)
            case "PATCH", []:
                project = self.catalogue.project(workspace, positive(request.url.params.get("new_project_id", "")))
                state.asset = msgspec.structs.replace(state.asset, project_id=project.project_id)
                asset = state.asset
                moved = _Moved(
                    video_id=asset.asset_id,
                    video_name=asset.file_name,
                    project_id=asset.project_id,
                    key=asset.key,
                )
                return success(moved)
            case "DELETE", []:
                del self.catalogue.workspace(workspace).assets[state.asset.asset_id]
                return success()
            case _, ["index", *rest]:
                return self._index(request, workspace, state, rest, body)
            case _:
                return no_such_route()

    def _index(
        self, request: httpx2.Request, workspace: str, state: AssetState, rest: list[str], body: bytes
    ) -> httpx2.Response:
        match request.method, rest:
            case "PATCH", _:
                return edit_index(self.people[workspace], state, rest, body)
            case "POST", []:
                return success(self.catalogue.request_analysis(state, read(body, AnalysisOptions)))
            case "GET", ["status"]:
                return success(self.catalogue.analysis_status(state))
            case "GET", [] | ["export"]:
                if state.index is None:
                    refuse(409, "40905", "No analysis has completed.")
                return attached(state.index, request.url.params.get("format", "")) if rest else success(state.index)
            case "POST", ["cancel"]:
                self.catalogue.cancel_analysis(state)
            case "DELETE", []:
                state.index, state.analysis = None, AnalysisStatus.BEFORE_ANALYZE
            case _:
                return no_such_route()
        return success()


def _registration(asset: Asset) -> Registration:
    return Registration(
        asset_id=asset.asset_id,
        create_user_name=asset.create_user_name,
        created_time=asset.created_time,
        update_user_name=asset.update_user_name,
        updated_time=asset.updated_time,
    )
