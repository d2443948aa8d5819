"""Workspaces and their ids."""

from __future__ import annotations

from datetime import datetime  # msgspec reads the annotations
from typing import NewType

import msgspec

WorkspaceId = NewType("WorkspaceId", int)


class Workspace(msgspec.Struct, frozen=True):
    """A tenant."""

    workspace_id: WorkspaceId
    workspace_name: str
    bucket_name: str | None
    created_user_name: str
    created_time: datetime
    updated_user_name: str
    updated_time: datetime
