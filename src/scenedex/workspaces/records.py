"""Workspaces and their ids."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # msgspec reads the annotations
from typing import NewType

import msgspec

WorkspaceId = NewType("WorkspaceId", int)


@dataclass(frozen=True, slots=True)
class BucketGrant:
    """Objects that the imports of a workspace may read.

    Attributes:
        workspace_name: name of the workspace.
        bucket_name: name of the bucket.
        prefix: start of the keys, compared character by character. Empty: all keys.
        is_own: whether the bucket is the one that was named when the workspace was created.
        user_name: operator, or user who created the workspace.
        created_time: time of the grant.
    """

    workspace_name: str
    bucket_name: str
    prefix: str
    is_own: bool
    user_name: str
    created_time: datetime


class Workspace(msgspec.Struct, frozen=True):
    """A tenant."""

    workspace_id: WorkspaceId
    workspace_name: str
    bucket_name: str | None
    created_user_name: str
    created_time: datetime
    updated_user_name: str
    updated_time: datetime
