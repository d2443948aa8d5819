"""What the fake service remembers: workspaces, projects, assets, indexes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn, TypeVar

from scenedex.client.answers import (
    Asset,
    ImportStatus,
    MetaData,
    Project,
    UploadAnswer,
    UploadStatus,
    UploadTicket,
    Workspace,
)
from scenedex.client.errors import Detail, Refusal
from scenedex.client.index_answers import (
    AnalysisOptions,
    AnalysisStatus,
    Index,
    IndexStatus,
    Progress,
    RequestedIndex,
)
from scenedex.client.testing.indexing import TIME, USER, fake_index, fake_setting

if TYPE_CHECKING:
    from collections.abc import Iterator

K = TypeVar("K")
V = TypeVar("V")


class RefusedError(Exception):
    """The fake service does not do what was asked."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


def refuse(status: int, code: str, message: str, *details: Detail) -> NoReturn:
    """Ends a request with a service error."""
    raise RefusedError(Refusal(status=status, code=code, message=message, details=details))


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object of a bucket: what it is, or why it is no usable video or image."""

    meta_data: MetaData = field(
        default_factory=lambda: MetaData(resolution="1920x1080", duration_ms=25_500, size=1_000_000, format="mp4")
    )
    invalid_because: str | None = None


@dataclass(slots=True)
class AssetState:
    """An asset, what its import will find, and its analysis."""

    asset: Asset
    found: StoredObject | None
    import_questions_left: int
    analysis: AnalysisStatus = AnalysisStatus.BEFORE_ANALYZE
    analysis_questions_left: int = 0
    options: AnalysisOptions | None = None
    index: Index | None = None


@dataclass(slots=True)
class WorkspaceState:
    """A workspace and everything below it."""

    workspace: Workspace
    projects: dict[int, Project]
    assets: dict[int, AssetState]


@dataclass(slots=True)
class Catalogue:
    """The state of the fake service.

    Attributes:
        questions_until_done: how many questions for a status an import, analysis or search answers before it ends.
        objects: what the buckets hold, by bucket and key.
    """

    questions_until_done: int
    objects: dict[tuple[str, str], StoredObject]
    workspaces: dict[str, WorkspaceState]
    uploads: dict[str, bytes | None]
    ids: Iterator[int]

    def create_workspace(self, name: str, bucket_name: str | None) -> Workspace:
        """A workspace with its base project."""
        if not re.fullmatch(r"[a-z0-9-]{3,63}", name):
            refuse(400, "10001", "Invalid Request.", Detail("workspaceName", "must be 3-63 of a-z, 0-9 and -"))
        if name in self.workspaces:
            refuse(409, "40903", "The workspace exists.")
        workspace = Workspace(
            workspace_name=name,
            bucket_name=bucket_name,
            monthly_analysis_count=0,
            created_user_name=USER,
            created_time=TIME,
            updated_user_name=USER,
            updated_time=TIME,
        )
        self.workspaces[name] = WorkspaceState(workspace, {}, {})
        self.create_project(name, "base", is_base=True)
        return workspace

    def workspace(self, name: str) -> WorkspaceState:
        """The workspace of a name."""
        return _found(self.workspaces, name, "40401", "The workspace does not exist.")

    def create_project(self, workspace: str, name: str, *, is_base: bool = False) -> Project:
        """A project, with a name that the workspace does not have yet."""
        projects = self.workspace(workspace).projects
        if not name.strip() or any(character in ";|`" for character in name):
            refuse(400, "10001", "Invalid Request.", Detail("name", "must not be blank or contain ; | `"))
        if any(project.name == name for project in projects.values()):
            refuse(409, "40902", "The project exists.")
        project = Project(
            project_id=next(self.ids),
            name=name,
            is_base_project=is_base,
            created_user_name=USER,
            created_time=TIME,
            updated_user_name=USER,
            updated_time=TIME,
        )
        projects[project.project_id] = project
        return project

    def project(self, workspace: str, project_id: int) -> Project:
        """A project of a workspace."""
        return _found(self.workspace(workspace).projects, project_id, "40402", "The project does not exist.")

    def editable_project(self, workspace: str, project_id: int) -> Project:
        """A project that is not the base project."""
        project = self.project(workspace, project_id)
        if project.is_base_project:
            refuse(400, "10027", "The base project cannot be edited.")
        return project

    def register(self, workspace: str, project_id: int, key: str, found: StoredObject | None) -> Asset:
        """An asset whose import is in progress."""
        self.project(workspace, project_id)
        asset = Asset(
            asset_id=next(self.ids),
            file_name=key.rpartition("/")[2],
            project_id=project_id,
            key=key,
            create_user_name=USER,
            created_time=TIME,
            update_user_name=USER,
            updated_time=TIME,
        )
        state = AssetState(asset, found, self.questions_until_done)
        self.workspace(workspace).assets[asset.asset_id] = state
        return asset

    def asset(self, workspace: str, project_id: int, asset_id: int) -> AssetState:
        """An asset of a project."""
        self.project(workspace, project_id)
        state = _found(self.workspace(workspace).assets, asset_id, "40403", "The asset does not exist.")
        if state.asset.project_id != project_id:
            refuse(404, "40403", "The asset does not exist.")
        return state

    def import_status(self, state: AssetState) -> ImportStatus:
        """The status of an import, which this question brings nearer to its end."""
        asset_id = state.asset.asset_id
        if state.import_questions_left:
            state.import_questions_left -= 1
            done = 100 * (1 - (state.import_questions_left + 1) / (self.questions_until_done + 1))
            return ImportStatus(
                asset_id=asset_id,
                upload_status=UploadStatus.IN_PROGRESS,
                upload_result="Upload in progress",
                progress_percent=done,
            )
        if state.found is None:
            return ImportStatus(asset_id=asset_id, upload_status=UploadStatus.FILE_NOT_EXIST, upload_result="No file")
        if state.found.invalid_because:
            return ImportStatus(
                asset_id=asset_id,
                upload_status=UploadStatus.INVALID_METADATA,
                upload_result=state.found.invalid_because,
            )
        return ImportStatus(
            asset_id=asset_id,
            upload_status=UploadStatus.COMPLETED,
            upload_result="Upload completed",
            meta_data=state.found.meta_data,
        )

    def upload_ticket(self, base_url: str, file_name: str) -> UploadTicket:
        """A place for the bytes of a file, once."""
        key = f"{next(self.ids)}-{file_name}"
        self.uploads[key] = None
        url = f"{base_url}/uploads/{key.partition('-')[0]}"
        return UploadTicket(asset_file_key=key, presigned_upload_url=url, expiration_seconds=900)

    def store_upload(self, number: str, content: bytes) -> None:
        """Takes the bytes of a file."""
        for key, stored in self.uploads.items():
            if key.partition("-")[0] == number and stored is None:
                self.uploads[key] = content
                return
        refuse(403, "40301", "The address is not valid.")

    def complete_upload(self, workspace: str, project_id: int, key: str) -> UploadAnswer:
        """Registers uploaded bytes as an asset; empty files fail."""
        content = self.uploads.pop(key, None)
        if content is None:
            return UploadAnswer(asset_key=key, upload_status=UploadStatus.FAILED, upload_message="FILE_NOT_EXIST")
        asset = self.register(workspace, project_id, key.partition("-")[2], StoredObject())
        return UploadAnswer(asset_key=key, upload_status=UploadStatus.COMPLETED, asset_id=asset.asset_id)

    def request_analysis(self, state: AssetState, options: AnalysisOptions) -> RequestedIndex:
        """Begins an analysis of an imported asset."""
        if state.import_questions_left or state.found is None or state.found.invalid_because:
            refuse(400, "10014", "Select the asset you want to analyze.")
        if state.analysis in {AnalysisStatus.WAIT_ANALYZE, AnalysisStatus.ANALYZING}:
            refuse(409, "40901", "An analysis is already in progress.")
        state.analysis, state.options = AnalysisStatus.WAIT_ANALYZE, options
        state.analysis_questions_left = self.questions_until_done
        return RequestedIndex(
            index_id=state.asset.asset_id,
            status=state.analysis,
            analysis_setting=fake_setting(options),
            created_user_name=USER,
            created_time=TIME,
        )

    def analysis_status(self, state: AssetState) -> IndexStatus:
        """The status of an analysis, which this question brings nearer to its end."""
        if state.analysis in {AnalysisStatus.WAIT_ANALYZE, AnalysisStatus.ANALYZING}:
            if state.analysis_questions_left:
                state.analysis_questions_left -= 1
                state.analysis = AnalysisStatus.ANALYZING
                return IndexStatus(status=state.analysis, progress=Progress(stage="shots", percent=40.0))
            state.analysis = AnalysisStatus.ANALYZE_COMPLETED
            state.index = fake_index(state.asset.asset_id, _duration_ms(state), state.options)
        return IndexStatus(status=state.analysis, analysis_status_message=f"It is {state.analysis.value}")

    def cancel_analysis(self, state: AssetState) -> None:
        """Ends a waiting or running analysis."""
        if state.analysis not in {AnalysisStatus.WAIT_ANALYZE, AnalysisStatus.ANALYZING}:
            refuse(409, "40904", "Cannot cancel analysis in the current state")
        state.analysis = AnalysisStatus.ANALYZE_CANCEL


def _found(things: dict[K, V], key: K, code: str, message: str) -> V:
    if key not in things:
        refuse(404, code, message)
    return things[key]


def _duration_ms(state: AssetState) -> int:
    return (state.found.meta_data.duration_ms if state.found else None) or 0
