"""Projects and their ids."""

from __future__ import annotations

from datetime import datetime  # msgspec reads the annotations
from typing import NewType

import msgspec

from scenedex.workspaces.records import WorkspaceId  # msgspec reads the annotations

ProjectId = NewType("ProjectId", int)


class ProjectPlace(msgspec.Struct, frozen=True):
    """A project and its workspace."""

    workspace_id: WorkspaceId
    workspace_name: str
    project_id: ProjectId

    @property
    def path(self) -> str:
        """Path of the project in the API."""
        return f"/api/v1/workspaces/{self.workspace_name}/projects/{self.project_id}"


class Project(msgspec.Struct, frozen=True):
    """A folder of assets."""

    project_id: ProjectId
    name: str
    is_base_project: bool
    created_user_name: str
    created_time: datetime
    updated_user_name: str
    updated_time: datetime
