"""Wire shapes of workspaces."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from scenedex.wire import described
from scenedex.wire.envelope import Wire


class CreateWorkspace(Wire, frozen=True, kw_only=True):
    """Name and bucket of a workspace to create."""

    workspace_name: Annotated[
        str,
        described.text("Workspace name, unique: a-z, 0-9 and -", shortest=3, longest=63, pattern="^[a-z0-9-]{3,63}$"),
    ]
    bucket_name: (
        Annotated[
            str,
            described.text(
                "Object Storage bucket that belongs to the workspace. Imports may read it if the access key of this "
                "call may read every bucket, or once an operator grants it",
                shortest=3,
                longest=63,
            ),
        ]
        | None
    ) = None


class WorkspaceObject(Wire, frozen=True, kw_only=True):
    """A workspace."""

    workspace_name: described.WorkspaceName
    workspace_url: Annotated[str, Meta(description="API address of the workspace")] | None = None
    bucket_name: Annotated[str, Meta(description="Object Storage bucket that belongs to the workspace")] | None = None
    created_user_name: described.CreatedUserName
    created_time: described.CreatedTime
    updated_user_name: described.UpdatedUserName
    updated_time: described.UpdatedTime
    monthly_analysis_count: (
        Annotated[int, Meta(ge=0, description="Analyses requested in this calendar month", examples=[12])] | None
    ) = None


class DeletedWorkspace(Wire, frozen=True, kw_only=True):
    """Name of a deleted workspace."""

    workspace_name: described.WorkspaceName


CREATE_WORKSPACE = CreateWorkspace(workspace_name="my-workspace", bucket_name="my-storage-bucket")
CREATED_WORKSPACE = WorkspaceObject(
    workspace_name="my-workspace",
    bucket_name="my-storage-bucket",
    created_user_name="username",
    created_time="2025-04-23T14:15:19.563829",
    updated_user_name="username",
    updated_time="2025-04-23T14:15:19.563829",
)
LISTED_WORKSPACE = msgspec.structs.replace(
    CREATED_WORKSPACE, workspace_url="http://127.0.0.1:8600/api/v1/workspaces/my-workspace"
)
WORKSPACE = msgspec.structs.replace(LISTED_WORKSPACE, monthly_analysis_count=12)
